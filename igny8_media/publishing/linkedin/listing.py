"""Finding a post again among those LinkedIn lists of an organization.

Members' posts cannot be listed: `r_member_social` is closed (learn.microsoft.com, 2026-10).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.linkedin.body import is_same
from igny8_media.publishing.linkedin.errors import judge, post_id
from igny8_media.publishing.outcomes import Refusal, Refused, Retryable

_SKEW: Final = timedelta(minutes=5)
_PAGE: Final = 10
_PAGES: Final = 5


class NotReadableError(Exception):
    """This token may not list posts."""


class UnclearError(Exception):
    """The list does not say which post it is; the message tells why."""


class Listing:
    """An organization's posts, the last touched first."""

    def __init__(self, tools: Tools, base: str, headers: Mapping[str, str], author: str) -> None:
        self._tools, self._base, self._author = tools, base, author
        self._headers = {**headers, "X-RestLi-Method": "FINDER"}

    def find(self, body: Mapping[str, Any], since: datetime) -> str | None:
        """The URN of the post that this body made, at `since` or later.

        Raises NotReadableError, UnclearError, Refused.
        """
        found: set[str] = set()
        for page in range(_PAGES):
            elements, more = self._page(page * _PAGE)
            # On LinkedIn's clock, of which its answer told.
            earliest = since - max(self._tools.api.skew or timedelta(), timedelta()) - _SKEW
            for element in elements:
                urn, made = post_id(element.get("id")), _time(element, "createdAt", "publishedAt")
                if urn and made and made >= earliest and is_same(element, body):
                    found.add(urn)
            oldest = _time(elements[-1], "lastModifiedAt", "createdAt") if elements else None
            if not more or (oldest and oldest < earliest):
                break
        else:
            raise UnclearError("more was posted since than can be looked through")
        if len(found) > 1:
            raise UnclearError("there are two posts with this text")
        return next(iter(found), None)

    def _page(self, start: int) -> tuple[list[Mapping[str, Any]], bool]:
        """What is listed, and whether there is more: a page may be short before the last one."""

        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            if reply.status == 403:
                raise NotReadableError
            return judge(reply, self._tools.now())

        query = f"author={quote(self._author, safe='')}&q=author&count={_PAGE}&start={start}"
        reply = self._tools.api.call(
            "GET",
            f"{self._base}/rest/posts?{query}&sortBy=LAST_MODIFIED",
            headers=self._headers,
            judge=decide,
        )
        elements = reply.data.get("elements") if isinstance(reply.data, dict) else None
        if not isinstance(elements, list) or not all(isinstance(e, dict) for e in elements):
            raise Refused(Retryable("LinkedIn's list of posts cannot be read.", after=10))
        paging = reply.data.get("paging")
        links = paging.get("links") if isinstance(paging, Mapping) else None
        named = [
            one.get("rel")
            for one in (links if isinstance(links, list) else ())
            if isinstance(one, Mapping)
        ]
        return elements, len(elements) >= _PAGE or "next" in named


def _time(element: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of these times that is given, in milliseconds since 1970."""
    for name in names:
        value = element.get(name)
        if isinstance(value, int) and 0 <= value < 4e12:
            return datetime.fromtimestamp(value / 1000, UTC)
    return None

"""The Graph API as Facebook's and Instagram's adapters use it (v26.0, developers.facebook.com)."""

import html
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx

from igny8_media.accounts.app_secret import proof_of
from igny8_media.accounts.hosts import Hosts
from igny8_media.errors import StorageError
from igny8_media.publishing.api import TIMEOUT, Reply
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.meta.errors import (
    GONE,
    NO_CONTAINER,
    GraphError,
    error_in,
    judge,
)
from igny8_media.publishing.meta.usage import rest_until
from igny8_media.publishing.model import MediaFile
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Outcome,
    Permanent,
    Refusal,
    Refused,
    Retryable,
)

_PAGE: Final = 50
_MOST_PAGES: Final = 20
_TOLERANCE: Final = timedelta(minutes=2)


class Graph:
    """One account's calls to the Graph API. The token goes in a header, never in an address.

    `last_error` is the error in the reply that came last, if it held one.
    """

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        self.tools = tools
        self.label = tools.account.service.label
        self.version = hosts.graph_version
        self.upload_url = hosts.meta_upload_url
        self.last_error: GraphError | None = None
        self._url = hosts.meta_graph_url
        self._proof = partial(proof_of, secret=hosts.meta_app_secret)

    def get(self, path: str, fields: str, **params: str | int) -> dict[str, Any]:
        reply = self._call("GET", path, params={"fields": fields, **params})
        return self._object(reply, commit=False)

    def find(self, path: str, fields: str) -> dict[str, Any] | None:
        """The object, or None where the platform says that there is none."""
        reply = self._call_or_gone("GET", path, params={"fields": fields})
        return None if reply is None else self._object(reply, commit=False)

    def post(
        self,
        path: str,
        data: Mapping[str, str],
        *,
        files: Mapping[str, Any] | None = None,
        commit: bool = False,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> dict[str, Any]:
        reply = self._call("POST", path, data=data, files=files, commit=commit, timeout=timeout)
        return self._object(reply, commit=commit)

    def delete(self, object_id: str) -> Outcome:
        """Absent when it is gone, whoever took it down."""
        try:
            reply = self._call_or_gone("DELETE", object_id)
        except Refused as refused:
            return refused.outcome
        if reply is not None and self._object(reply, commit=False).get("success") is False:
            return Permanent(f"{self.label} did not take it down; do it there.")
        return Absent()

    def newest(
        self, path: str, fields: str, earliest: datetime, when: str, **more: str | int
    ) -> Iterator[dict[str, Any]]:
        """What an edge lists, newest first, down to `earliest`; `when` names the field that says
        when it came to be. Raises Refused(Retryable) where the list does not end or cannot be
        read, since what is looked for may be in the rest."""
        params: dict[str, str | int] = {"limit": _PAGE, **more}
        for _ in range(_MOST_PAGES):
            page = self.get(path, fields, **params)
            items = page.get("data")
            if not isinstance(items, list):
                raise Refused(Retryable(f"{self.label} listed nothing that can be read."))
            for item in items:
                made = time_of(item.get(when)) if isinstance(item, dict) else None
                if made is None:
                    raise self.unreadable(commit=False)
                if made < earliest:
                    return
                yield item
            following = _next_page(page)
            if following is None:
                return
            if not following:
                raise self.unreadable(commit=False)
            params |= following
        raise Refused(Retryable(f"{self.label} lists more posts than can be looked through."))

    def their_time(self, ours: datetime) -> datetime:
        """From when on a post may carry the platform's time if it was sent at `ours`.

        A platform that calls our clock slow is not believed: too early hides nothing.
        """
        return ours - max(self.tools.api.skew or timedelta(), timedelta()) - _TOLERANCE

    def path_of(self, file: MediaFile) -> Path:
        """The file on this machine. Raises Refused where it is not there now."""
        try:
            return self.tools.media.path(file)
        except StorageError as error:
            raise Refused(Retryable(str(error))) from error

    def judge(self, reply: Reply, commit: bool) -> Refusal | None:
        """What a reply means, and when to rest if its headers ask for it."""
        now = self.tools.now()
        until = rest_until(reply.headers, now)
        if until is not None:
            self.tools.api.pause = (until, f"Most of {self.label}'s limit of calls is used up.")
        self.last_error = error_in(reply)
        return judge(reply, commit, self.label, now)

    def unreadable(self, commit: bool) -> Refused:
        """What it means that a reply was fine and does not say what it should."""
        told = f"{self.label} answered something that cannot be read."
        return Refused(Ambiguous(told) if commit else Retryable(told))

    def _call(self, method: str, path: str, **more: Any) -> Reply:
        self.last_error = None
        usual = {"judge": self.judge, "sign": self._proof}
        return self.tools.api.call(method, f"{self._url}/{path}", **{**usual, **more})

    def _call_or_gone(self, method: str, path: str, **more: Any) -> Reply | None:
        last: Reply | None = None

        def judged(reply: Reply, commit: bool) -> Refusal | None:
            nonlocal last
            last = reply
            return self.judge(reply, commit)

        try:
            return self._call(method, path, judge=judged, **more)
        except Refused:
            if last is not None and is_gone(last):
                return None
            raise

    def _object(self, reply: Reply, commit: bool) -> dict[str, Any]:
        if not isinstance(reply.data, dict):
            raise self.unreadable(commit)
        return reply.data


def is_gone(reply: Reply) -> bool:
    """Whether the platform says that the object of the question is not there."""
    error = error_in(reply)
    if error is None:
        return reply.status == 404
    return (error.code == 100 and error.subcode == GONE) or error.subcode == NO_CONTAINER


def id_in(data: Mapping[str, Any], name: str = "id") -> str | None:
    """An ID as text, whichever JSON type it came as."""
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def time_of(value: Any) -> datetime | None:
    """A time such as 2026-11-20T12:00:00+0000."""
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None


def flag(value: bool) -> str:
    return "true" if value else "false"


def same_text(ours: str, theirs: Any) -> bool:
    """Whether a text that the platform gives back is the one that was sent: it trims, joins blanks
    and writes some signs as HTML does."""
    return isinstance(theirs, str) and _bare(ours) == _bare(theirs)


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())


def _next_page(page: Mapping[str, Any]) -> dict[str, str] | None:
    """What to ask for the next page; None after the last. Some edges page by cursor and some by
    time, so it is read from the page's address; without the token, which that holds."""
    paging = page.get("paging")
    following = paging.get("next") if isinstance(paging, Mapping) else None
    if not isinstance(following, str):
        return None
    return {
        name: value
        for name, value in parse_qsl(urlsplit(following).query)
        if name in ("after", "until", "__paging_token")
    }

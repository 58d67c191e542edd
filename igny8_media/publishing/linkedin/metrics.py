"""The figures of LinkedIn's posts (Organization Share Statistics and Member Post Statistics,
learn.microsoft.com/linkedin, 2026-10)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.accounts.scopes import MEMBER_ANALYTICS as MEMBER_SCOPE
from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.linkedin.errors import judge
from igny8_media.publishing.linkedin.errors import post_id as urn_of
from igny8_media.publishing.outcomes import Permanent, Refusal, Refused, Retryable
from igny8_media.publishing.readings import (
    Asked,
    NotGiven,
    Read,
    Reader,
    mapping,
    mappings,
    number,
    reading,
)
from igny8_media.publishing.retired import Retired

ORGANIZATION_SCOPE: Final = "rw_organization_admin"
_MEMBER_METRICS: Final = {
    "impressions": "IMPRESSION",
    "reach": "MEMBERS_REACHED",
    "likes": "REACTION",
    "comments": "COMMENT",
    "shares": "RESHARE",
    "saves": "POST_SAVE",
    "clicks": "LINK_CLICKS",
}
"""The last two since 202604."""
_USUAL: Final = "LinkedIn gives none"
_NO_DATA: Final = "LinkedIn has no data of this post yet"
_retired: Final = Retired()


class LinkedInReader(Reader):
    """An organization's posts in lists of 50, which keep the address below 4 KB; a member's one by
    one, with a request for each figure."""

    service: ClassVar[Service] = Service.LINKEDIN
    series: ClassVar[str] = "organic"
    batch: ClassVar[int] = 50
    shares_limits: ClassVar[bool] = True

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools, hosts)
        self._base = hosts.linkedin_api_url
        self._headers = {
            "LinkedIn-Version": hosts.linkedin_version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self._author = f"urn:li:{tools.account.kind}:{tools.account.platform_user_id}"

    @property
    def daily(self) -> int | None:
        account = self.tools.account
        if account.kind == "organization" or MEMBER_SCOPE not in account.scopes:
            return None
        # Seven requests each, of the 100 that a member has in a day on the development tier.
        return 8

    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        organization = self.tools.account.kind == "organization"
        scope = ORGANIZATION_SCOPE if organization else MEMBER_SCOPE
        if scope not in self.tools.account.scopes:
            why = NotGiven(_not_allowed(scope, self.tools.account.name))
            return {post.platform_id: why for post in lot}
        known = [post.platform_id for post in lot if urn_of(post.platform_id)]
        strange: Read = Permanent("LinkedIn's name for this post is not kept.")
        read: dict[str, Read] = {post.platform_id: strange for post in lot}
        if organization:
            return read | (self._shares(known) if known else {})
        return read | {urn: self._member(urn) for urn in known}

    def _shares(self, urns: Sequence[str]) -> dict[str, Read]:
        lists = {"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"}
        query = f"q=organizationalEntity&organizationalEntity={quote(self._author, safe='')}"
        for name, kind in lists.items():
            listed = [quote(urn, safe="") for urn in urns if urn.startswith(kind)]
            query += f"&{name}=List({','.join(listed)})" if listed else ""
        reply = self._call(f"organizationalEntityShareStatistics?{query}")
        if not isinstance(mapping(reply.data).get("elements"), list):
            raise Refused(Retryable("LinkedIn's answer about its posts cannot be read."))
        found = {
            str(one.get("share") or one.get("ugcPost")): one
            for one in mappings(reply.data["elements"])
        }
        return {urn: _share(found.get(urn)) for urn in urns}

    def _member(self, urn: str) -> Read:
        kind = "share" if urn.startswith("urn:li:share:") else "ugc"
        entity = f"({kind}:{quote(urn, safe='')})"
        given: dict[str, Any] = {}
        raw: dict[str, Any] = {}
        why: dict[str, str] = {}
        for name, metric in _MEMBER_METRICS.items():
            if metric in _retired.at(self._base):
                why[name] = f"LinkedIn no longer knows {metric}"
                continue
            query = f"q=entity&entity={entity}&queryType={metric}&aggregation=TOTAL"
            try:
                reply = self._call(f"memberCreatorPostAnalytics?{query}", metric)
            except _UnknownMetricError:
                _retired.add(self._base, metric)
                why[name] = f"LinkedIn no longer knows {metric}"
                continue
            elements = list(mappings(mapping(reply.data).get("elements")))
            first = elements[0] if elements else {}
            # Called so in older versions of the API.
            given[name] = first.get("value", first.get("count"))
            raw[metric] = first
        return reading(given, why, _USUAL if given else _NO_DATA, raw)

    def _call(self, path: str, metric: str = "") -> Reply:
        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            said = reply.body.decode("utf-8", "replace")
            if metric and reply.status == 400 and (metric in said or "queryType" in said):
                raise _UnknownMetricError
            return judge(reply, self.tools.now())

        return self.tools.api.call(
            "GET", f"{self._base}/rest/{path}", headers=self._headers, judge=decide
        )


class _UnknownMetricError(Exception):
    """This version of the API has no such metric."""


def _share(one: Mapping[str, Any] | None) -> Read:
    if one is None:
        return reading({}, {}, _NO_DATA, {})
    told = mapping(one.get("totalShareStatistics"))
    return reading(
        {
            "impressions": told.get("impressionCount"),
            "reach": number(told.get("uniqueImpressionsCount")),
            "likes": told.get("likeCount"),
            "comments": told.get("commentCount"),
            "shares": told.get("shareCount"),
            "clicks": told.get("clickCount"),
        },
        {},
        _USUAL,
        {"totalShareStatistics": dict(told)},
    )


def _not_allowed(scope: str, name: str) -> str:
    if scope == MEMBER_SCOPE:
        return (
            "LinkedIn gives no figures of a member's posts to this application (they need "
            f"{scope}, of its Community Management API; see LINKEDIN_MEMBER_ANALYTICS)."
        )
    return (
        f"LinkedIn gives no figures of {name}'s posts without {scope}; connect the organization "
        "again as its administrator and grant it."
    )

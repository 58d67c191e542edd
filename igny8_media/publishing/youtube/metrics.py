"""The figures of YouTube's videos (Data API v3 and Analytics API v2, revision 20261104).

Views, likes and comments are those of this moment; what only the analytics tell (watch time,
shares) is two to three days late. A view counts from the first frame since 2026-08-27.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import NeedsAuth, Refusal, Refused, Retryable
from igny8_media.publishing.readings import (
    Asked,
    NotThere,
    Read,
    Reader,
    mapping,
    mappings,
    number,
    reading,
)
from igny8_media.publishing.retired import Retired
from igny8_media.publishing.youtube.client import execute, reports, resources
from igny8_media.publishing.youtube.errors import judge, message_of, pacific_day

_SCOPE: Final = "yt-analytics.readonly"
_REPORTED: Final = {
    "watch_seconds": "estimatedMinutesWatched",
    "average_view_seconds": "averageViewDuration",
    "shares": "shares",
}
_LATE: Final = "YouTube's analytics have nothing yet; they are two to three days late"
_HIDDEN: Final = "the video's owner hides it"
_USUAL: Final = "YouTube gives none"
_UNKNOWN: Final = re.compile(r"Unknown identifier \((\w+)\)")
_retired: Final = Retired()


class YouTubeReader(Reader):
    """Fifty videos a request: one of the Data API (one unit of quota), one of the analytics."""

    service: ClassVar[Service] = Service.YOUTUBE
    series: ClassVar[str] = "first frame (2026-08)"
    batch: ClassVar[int] = 50

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools, hosts)
        self._hosts = hosts

    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        ids = [post.platform_id for post in lot]
        request = resources(self._hosts.google_api_url).videos()
        answer = execute(
            request.list(part="statistics", id=",".join(ids)), self.tools.api, self._judge
        )
        if not isinstance(answer.get("items"), list):
            raise Refused(Retryable("YouTube's answer about its videos cannot be read."))
        found = {str(one.get("id")): one for one in mappings(answer["items"])}
        reported, why = self._reported([post for post in lot if post.platform_id in found])
        gone = NotThere("YouTube no longer has this video.")
        return {
            id: _reading(found[id], reported.get(id, {}), why) if id in found else gone
            for id in ids
        }

    def _reported(
        self, posts: Sequence[Asked]
    ) -> tuple[dict[str, Mapping[str, Any]], dict[str, str]]:
        """The analytics of each video, and why some are not there: they never cost the rest."""
        if not posts:
            return {}, {}
        if _SCOPE not in self.tools.account.scopes:
            return {}, dict.fromkeys(_REPORTED, f"YouTube was not allowed to tell it ({_SCOPE})")
        why = dict.fromkeys(_REPORTED, _LATE)
        while names := [n for n in _REPORTED.values() if n not in self._unknown()]:
            try:
                rows = self._report(posts, names)
            except _UnknownMetricError as unknown:
                if unknown.name not in names:
                    return {}, dict.fromkeys(_REPORTED, "YouTube's analytics refused the question")
                _retired.add(self._hosts.google_analytics_url, unknown.name)
                continue
            except Refused as refused:
                if isinstance(refused.outcome, NeedsAuth) and refused.outcome.renewable:
                    raise
                told = f"YouTube's analytics did not tell: {refused.outcome.reason.rstrip('.')}"
                return {}, dict.fromkeys(_REPORTED, told)
            else:
                return rows, why | self._forgotten()
        return {}, self._forgotten()

    def _unknown(self) -> frozenset[str]:
        return _retired.at(self._hosts.google_analytics_url)

    def _forgotten(self) -> dict[str, str]:
        unknown = self._unknown()
        return {
            figure: f"YouTube no longer knows {name}"
            for figure, name in _REPORTED.items()
            if name in unknown
        }

    def _report(self, posts: Sequence[Asked], names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        request = reports(self._hosts.google_analytics_url).reports()
        query = request.query(
            ids="channel==MINE",
            startDate=_day(min(post.published_at for post in posts)),
            endDate=_day(self.tools.now()),
            metrics=",".join(names),
            dimensions="video",
            filters=f"video=={','.join(post.platform_id for post in posts)}",
            sort=f"-{names[0]}",
            maxResults=self.batch,
        )
        answer = execute(query, self.tools.api, self._judge_report)
        columns = [str(one.get("name")) for one in mappings(answer.get("columnHeaders"))]
        rows = answer.get("rows")
        listed = [
            dict(zip(columns, row, strict=False))
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, list)
        ]
        return {str(row.get("video")): row for row in listed}

    def _judge(self, reply: Reply, commit: bool) -> Refusal | None:
        return judge(reply, commit, self.tools.now())

    def _judge_report(self, reply: Reply, commit: bool) -> Refusal | None:
        unknown = _UNKNOWN.search(message_of(reply)) if reply.status == 400 else None
        if unknown:
            raise _UnknownMetricError(unknown[1])
        return self._judge(reply, commit)


class _UnknownMetricError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _reading(one: Mapping[str, Any], row: Mapping[str, Any], why: Mapping[str, str]) -> Read:
    counted = mapping(one.get("statistics"))
    minutes = number(row.get("estimatedMinutesWatched"))
    return reading(
        {
            "views": counted.get("viewCount"),
            "likes": counted.get("likeCount"),
            "comments": counted.get("commentCount"),
            "shares": row.get("shares"),
            "watch_seconds": None if minutes is None else minutes * 60,
            "average_view_seconds": row.get("averageViewDuration"),
        },
        {**dict.fromkeys(("views", "likes", "comments"), _HIDDEN), **why},
        _USUAL,
        {"statistics": dict(counted), "analytics": dict(row)},
    )


def _day(moment: datetime) -> str:
    """YouTube's days are those of California."""
    return pacific_day(moment).isoformat()

"""The figures of an Instagram account's media (Instagram insights, developers.facebook.com,
2026-09). They are up to 48 hours late, and a story's end with it, after 24 hours.

Views replaced impressions and plays in 2025: how often media were shown or played.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from igny8_media.accounts.model import Service
from igny8_media.publishing.meta.metrics import MetaReader, Node, Plan, summed
from igny8_media.publishing.readings import Asked, NotGiven, Reading, number, reading

_FEED: Final = {
    "impressions": "views",
    "reach": "reach",
    "likes": "likes",
    "comments": "comments",
    "saves": "saved",
    "shares": "shares",
}
_REEL: Final = {
    "views": "views",
    **{name: metric for name, metric in _FEED.items() if name != "impressions"},
    "watch_seconds": "ig_reels_video_view_total_time",
    "average_view_seconds": "ig_reels_avg_watch_time",
}
_STORY: Final = {
    "impressions": "views",
    "reach": "reach",
    "comments": "replies",
    "shares": "shares",
}
_COUNTS: Final = {"likes": "like_count", "comments": "comments_count"}
"""Fields of the media itself, which need no insights."""
_MILLISECONDS: Final = ("watch_seconds", "average_view_seconds")
_USUAL: Final = "Instagram gives none"


class InstagramReader(MetaReader):
    """Fifty media a request; a carousel counts as a whole."""

    service: ClassVar[Service] = Service.INSTAGRAM
    series: ClassVar[str] = "views (2025)"
    scope: ClassVar[str] = "instagram_manage_insights"

    def plan(self, post: Asked) -> Plan | NotGiven:
        metrics = tuple(dict.fromkeys(_metrics(post).values()))
        return Plan(("id", *_COUNTS.values()), "insights", metrics)

    def told(self, post: Asked, node: Node, why: Mapping[str, str]) -> Reading:
        named = _metrics(post)
        given: dict[str, Any] = {}
        for name, metric in named.items():
            value = number(summed(node.insights.get(metric)))
            given[name] = value / 1000 if value is not None and name in _MILLISECONDS else value
        for name, field in _COUNTS.items():
            if given.get(name) is None and post.kind != "story":
                given[name] = node.fields.get(field)
        reasons = {name: why.get(metric) or node.why or _USUAL for name, metric in named.items()}
        return reading(given, reasons, _USUAL, {**node.fields, "insights": dict(node.insights)})


def _metrics(post: Asked) -> dict[str, str]:
    return {"reel": _REEL, "story": _STORY}.get(post.kind, _FEED)

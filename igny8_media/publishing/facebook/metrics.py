"""The figures of a Page's posts (Graph API v26.0; insights as probed in 2026-09).

Impressions gave way to views of media on 2026-06-15: how often a post was shown or played.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from igny8_media.accounts.model import Service
from igny8_media.publishing.meta.metrics import MetaReader, Node, Plan, part, summed
from igny8_media.publishing.readings import Asked, NotGiven, Reading, mapping, number, reading

_COUNTED: Final = "pages_read_user_content"
"""The permission that the counts beside a post need."""
_POST: Final = {
    "impressions": "post_media_view",
    "reach": "post_total_media_view_unique",
    "clicks": "post_clicks",
    "likes": "post_reactions_by_type_total",
    "comments": "post_activity_by_action_type",
    "shares": "post_activity_by_action_type",
}
_VIDEO: Final = {
    "average_view_seconds": "post_video_avg_time_watched",
    "likes": "post_video_likes_by_reaction_type",
    "comments": "post_video_social_actions",
    "shares": "post_video_social_actions",
}
_PLAYS: Final = {"reel": "fb_reels_total_plays", "video": "post_video_views"}
_COUNTS: Final = ("reactions.limit(0).summary(true)", "comments.limit(0).summary(true)")
_USUAL: Final = "Facebook gives none"
_STORIES: Final = "Facebook gives no figures of stories."


class FacebookReader(MetaReader):
    """Fifty objects a request. A reaction of any sort is a like."""

    service: ClassVar[Service] = Service.FACEBOOK
    series: ClassVar[str] = "media views (2026-06)"
    scope: ClassVar[str] = "read_insights"

    def plan(self, post: Asked) -> Plan | NotGiven:
        if post.kind == "story":
            return NotGiven(_STORIES)
        counts = _COUNTS if _COUNTED in self.tools.account.scopes else ()
        metrics = tuple(dict.fromkeys(_metrics(post).values()))
        if post.kind in _PLAYS:
            return Plan(("id", *counts[1:]), "video_insights", metrics)
        return Plan(("id", "shares", *counts), "insights", metrics)

    def told(self, post: Asked, node: Node, why: Mapping[str, str]) -> Reading:
        named, got = _metrics(post), node.insights
        given: dict[str, Any] = {name: summed(got.get(metric)) for name, metric in named.items()}
        acts = got.get(named["comments"])
        given["comments"] = _first(_count(node, "comments"), part(acts, "comment", "COMMENT"))
        # A post that nobody shared has no `shares` at all.
        given["shares"] = _first(
            part(acts, "share", "SHARE"), mapping(node.fields.get("shares")).get("count")
        )
        given["likes"] = _first(given["likes"], _count(node, "reactions"))
        milliseconds = number(got.get("post_video_avg_time_watched"))
        if milliseconds is not None:
            given["average_view_seconds"] = milliseconds / 1000
        reasons = {name: why.get(metric) or node.why or _USUAL for name, metric in named.items()}
        return reading(given, reasons, _USUAL, {**node.fields, "insights": dict(got)})


def _metrics(post: Asked) -> dict[str, str]:
    plays = _PLAYS.get(post.kind)
    return {"views": plays, **_VIDEO} if plays else _POST


def _count(node: Node, name: str) -> Any:
    return mapping(mapping(node.fields.get(name)).get("summary")).get("total_count")


def _first(*values: Any) -> Any:
    return next((value for value in values if number(value) is not None), None)

"""The figures of TikTok's posts (Display API, developers.tiktok.com, 2026-08)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import NeedsAuth, Permanent, Refused, Retryable
from igny8_media.publishing.readings import (
    Asked,
    NotGiven,
    NotThere,
    Read,
    Reader,
    mappings,
    reading,
)
from igny8_media.publishing.tiktok.calls import ask, state_of

_SCOPE: Final = "video.list"
_FIELDS: Final = "id,create_time,share_url,view_count,like_count,comment_count,share_count"
_USUAL: Final = "TikTok gives none outside its Business API"
_NO_SCOPE: Final = (
    "TikTok tells figures only with the permission video.list; connect the account again and "
    "grant it."
)
_NO_ID: Final = (
    "TikTok gives figures of public posts only, and this one has no public ID: it is a draft, "
    "private, or in moderation."
)
_MODERATED: Final = timedelta(days=1)
_NAMED: Final = timedelta(days=7)
"""After which no draft is waited for any more."""


class TikTokReader(Reader):
    """Twenty posts a request, public ones only."""

    service: ClassVar[Service] = Service.TIKTOK
    series: ClassVar[str] = "views"
    batch: ClassVar[int] = 20

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools, hosts)
        self._base = hosts.tiktok_api_url

    def lots(self, posts: Sequence[Asked]) -> list[list[Asked]]:
        public = [post for post in posts if post.platform_id.isdigit()]
        rest = [post for post in posts if not post.platform_id.isdigit()]
        return super().lots(public) + super().lots(rest)

    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        if _SCOPE not in self.tools.account.scopes:
            return {post.platform_id: NotGiven(_NO_SCOPE) for post in lot}
        ids = {post.platform_id: self._public_id(post) for post in lot}
        videos = self._videos([id for id in ids.values() if id])
        if isinstance(videos, NotGiven):
            return {post.platform_id: videos for post in lot}
        read: dict[str, Read] = {}
        for post in lot:
            id = ids[post.platform_id]
            if id is None:
                fresh = self.age(post) < _MODERATED
                read[post.platform_id] = Retryable(_NO_ID) if fresh else NotGiven(_NO_ID)
            else:
                read[post.platform_id] = _read(post, id, videos.get(id))
        return read

    def _public_id(self, post: Asked) -> str | None:
        """Posts are known by their `publish_id` where moderation took longer than publishing."""
        if post.platform_id.isdigit():
            return post.platform_id
        if self.age(post) > _NAMED:
            return None
        try:
            return state_of(self.tools, self._base, post.platform_id).post_id
        except Refused as refused:
            if isinstance(refused.outcome, Permanent):
                return None  # TikTok has forgotten how it came to be
            raise

    def _videos(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]] | NotGiven:
        if not ids:
            return {}
        url = f"{self._base}/v2/video/query/?fields={_FIELDS}"
        try:
            data = ask(self.tools, url, {"filters": {"video_ids": list(ids)}})
        except Refused as refused:
            # The token is good, and still: the permission was taken away, not the account.
            if isinstance(refused.outcome, NeedsAuth) and "scope" in refused.outcome.reason:
                return NotGiven(_NO_SCOPE)
            raise
        if not isinstance(data.get("videos"), list):
            raise Refused(Retryable("TikTok's answer about its posts cannot be read."))
        return {str(video.get("id")): video for video in mappings(data["videos"])}


def _read(post: Asked, id: str, video: Mapping[str, Any] | None) -> Read:
    if video is None:
        if post.seen:
            return NotThere("TikTok no longer shows this post: it was deleted or made private.")
        return Retryable("TikTok does not show this post yet.")
    found = reading(
        {
            "likes": video.get("like_count"),
            "comments": video.get("comment_count"),
            "shares": video.get("share_count"),
            "views": video.get("view_count"),
        },
        {},
        _USUAL,
        {"video": dict(video)},
    )
    return replace(found, named="" if id == post.platform_id else id)

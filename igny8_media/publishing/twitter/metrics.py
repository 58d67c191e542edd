"""The figures of X's posts (Post lookup, X API 2.167, docs.x.com, 2026-08).

Public figures are given at any age. The owner's own (clicks) are given for 30 days; asked for
later, each is an error beside the post, so that younger and older posts are asked for apart.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import Refused, Retryable
from igny8_media.publishing.readings import (
    Asked,
    NotThere,
    Read,
    Reader,
    Reading,
    chunks,
    mapping,
    mappings,
    number,
    reading,
    total,
)
from igny8_media.publishing.twitter.client import XClient
from igny8_media.publishing.twitter.errors import judge

_OWN: Final = timedelta(days=29, hours=12)
"""X's 30 days, with room for clocks that differ."""
_USUAL: Final = "X gives none"
_PUBLIC: Final = ["public_metrics", "created_at", "attachments"]
_OWNERS: Final = ["non_public_metrics", "organic_metrics"]
_NOT_FOUND: Final = ("resource-not-found", "Not Found Error")


class XReader(Reader):
    """A hundred posts a request. A thread's figures are those of its first post."""

    service: ClassVar[Service] = Service.TWITTER
    series: ClassVar[str] = "impressions"
    batch: ClassVar[int] = 100

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools, hosts)
        self._client = XClient(
            tools, hosts.twitter_api_url, lambda reply, _: judge(reply, tools.now())
        )

    def lots(self, posts: Sequence[Asked]) -> list[list[Asked]]:
        young = [post for post in posts if self.age(post) < _OWN]
        old = [post for post in posts if self.age(post) >= _OWN]
        return chunks(young, self.batch) + chunks(old, self.batch)

    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        return self._read(lot, own=all(self.age(post) < _OWN for post in lot))

    def _read(self, lot: Sequence[Asked], *, own: bool) -> dict[str, Read]:
        answer = self._client.get_tweets(
            [post.platform_id for post in lot],
            tweet_fields=_PUBLIC + (_OWNERS if own else []),
            expansions=["attachments.media_keys"],
            media_fields=["public_metrics", "type"],
        )
        found = {str(one.get("id")): one for one in mappings(answer.get("data"))}
        media = {
            str(one.get("media_key")): one
            for one in mappings(mapping(answer.get("includes")).get("media"))
        }
        if not found and not answer.get("errors"):
            raise Refused(Retryable("X's answer about its posts cannot be read."))
        errors = list(mappings(answer.get("errors")))
        gone = {_about(error) for error in errors if _is_gone(error)}
        refused = {_about(error) for error in errors if "field" in error} - set(found)
        # Some are left out whole for a field that is not for us (a post of another account's).
        public = [post for post in lot if own and post.platform_id in refused]
        read = self._read(public, own=False) if public else {}
        for post in lot:
            if post.platform_id in found:
                read[post.platform_id] = _reading(found[post.platform_id], media, own=own)
            elif post.platform_id in gone:
                read[post.platform_id] = NotThere("X no longer has this post.")
            elif post.platform_id not in read:
                read[post.platform_id] = Retryable("X said nothing about this post.")
        return read


def _reading(one: Mapping[str, Any], media: Mapping[str, Any], *, own: bool) -> Reading:
    public, mine = mapping(one.get("public_metrics")), mapping(one.get("non_public_metrics"))
    keys = mapping(one.get("attachments")).get("media_keys")
    shown = [media[str(key)] for key in (keys if isinstance(keys, list) else ()) if key in media]
    views = total(*(mapping(each.get("public_metrics")).get("view_count") for each in shown))
    # Reposts were retweets until posts were called posts; answers come in either wording.
    reposts = number(public.get("repost_count", public.get("retweet_count")))
    shares = total(reposts, public.get("quote_count")) if reposts is not None else None
    clicks = "X tells clicks for 30 days only" if not own else "X did not tell clicks of this post"
    return reading(
        {
            "impressions": public.get("impression_count"),
            "likes": public.get("like_count"),
            "comments": public.get("reply_count"),
            "shares": shares,
            "clicks": mine.get("url_link_clicks"),
            "saves": public.get("bookmark_count"),
            "views": views,
        },
        {"clicks": clicks, "views": "this post has no video"},
        _USUAL,
        {"post": dict(one), "media": shown},
    )


def _about(error: Mapping[str, Any]) -> str:
    return str(error.get("resource_id") or error.get("value") or "")


def _is_gone(error: Mapping[str, Any]) -> bool:
    """Deleted; not merely a field of it that is not for us."""
    said = (str(error.get("type", "")).rpartition("/")[2], error.get("title"))
    return "field" not in error and any(word in _NOT_FOUND for word in said)

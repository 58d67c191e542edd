"""What is remembered of a post on its way to TikTok.

Handles: `creator` {username, closed}; `publish` {id, at} and for a video {url, chunk, count};
`next`, the chunk to send next; `sent` when TikTok has all of them; `tail` when the last chunk was
sent and did not arrive, `refused` when its address was no longer good after that.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.contract import Handles, Tools
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.outcomes import Permanent, Refused
from igny8_media.publishing.tiktok.calls import creator_of
from igny8_media.publishing.tiktok.chunks import Chunks

CHECK: Final = "Look whether it is in the TikTok app, among the posts or in the inbox."
FIRST_LOOK: Final = 2.0
"""Seconds after which a post that TikTok has is first asked about."""


def ask_creator(tools: Tools, base: str, post: Outgoing, handles: Handles) -> None:
    """What the creator may do now, put down. Raises Refused where it is not this post."""
    if post.options.draft:
        return
    creator = creator_of(tools, base)
    if post.options.privacy not in creator.privacy:
        raise Refused(
            Permanent(
                f"TikTok lets {creator.username} not post to {post.options.privacy}; choose "
                f"one of {', '.join(creator.privacy)} and plan it again with `--option "
                "tiktok:privacy=AUDIENCE`."
            )
        )
    duration = post.media[0].duration if post.kind == "video" else 0.0
    if creator.longest and duration > creator.longest:
        raise Refused(
            Permanent(
                f"TikTok takes videos of up to {creator.longest:.0f} seconds from "
                f"{creator.username}, and this one has {duration:.1f}; cut it."
            )
        )
    handles.put("creator", {"username": creator.username, "closed": creator.closed})


def closed(handles: Handles) -> tuple[str, ...]:
    """Those of comment, duet and stitch that the creator has switched off."""
    return tuple((known(handles, "creator") or {}).get("closed", ()))


def known(handles: Handles, name: str) -> Mapping[str, Any] | None:
    value = handles.get(name)
    return value if isinstance(value, Mapping) else None


def chunks_of(made: Mapping[str, Any], post: Outgoing) -> Chunks:
    """As they were announced."""
    return Chunks(post.media[0].size, int(made["chunk"]), int(made["count"]))


def age_of(made: Mapping[str, Any], tools: Tools) -> timedelta:
    return tools.now() - datetime.fromisoformat(str(made["at"]))

"""TikTok's API as the adapter asks it: one function for each question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx

from igny8_media.publishing.api import Reply, part_of
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import Refused, Retryable
from igny8_media.publishing.tiktok.chunks import Chunks
from igny8_media.publishing.tiktok.errors import judge, judge_upload

_JSON: Final = {"Content-Type": "application/json; charset=UTF-8"}
_TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0, write=60.0, read=90.0)
_LISTED: Final = "id,create_time,share_url,title,video_description"


@dataclass(frozen=True)
class Creator:
    """What TikTok lets this creator do, now. `closed` are those of comment, duet and stitch that
    are switched off; `longest` is in seconds."""

    username: str
    privacy: tuple[str, ...]
    closed: tuple[str, ...]
    longest: float


@dataclass(frozen=True)
class State:
    """How far a post is. `uploaded` is the bytes that TikTok has, where it says so; `post_id` the
    public ID, which only public posts get, after moderation."""

    status: str
    reason: str = ""
    uploaded: int | None = None
    post_id: str | None = None


def creator_of(tools: Tools, base: str) -> Creator:
    """To be asked before each direct post (Content Sharing Guidelines). Raises Refused."""
    data = ask(tools, f"{base}/v2/post/publish/creator_info/query/", {})
    privacy = data.get("privacy_level_options")
    if not isinstance(privacy, list):
        raise Refused(Retryable("TikTok does not say who may see posts of this account."))
    longest = data.get("max_video_post_duration_sec")
    return Creator(
        username=str(data.get("creator_username") or ""),
        privacy=tuple(map(str, privacy)),
        closed=tuple(n for n in ("comment", "duet", "stitch") if data.get(f"{n}_disabled") is True),
        longest=float(longest) if isinstance(longest, int | float) else 0.0,
    )


def state_of(tools: Tools, base: str, publish_id: str) -> State:
    """Raises Refused. (Get Post Status, developers.tiktok.com, 2026; the field's name is theirs.)

    Public IDs are numbers beyond 2^53: Python's JSON keeps every digit.
    """
    data = ask(tools, f"{base}/v2/post/publish/status/fetch/", {"publish_id": publish_id})
    status, uploaded = data.get("status"), data.get("uploaded_bytes")
    if not isinstance(status, str):
        raise Refused(Retryable("TikTok does not say how far the post is."))
    public = data.get("publicaly_available_post_id")
    first = public[0] if isinstance(public, list) and public else None
    return State(
        status=status,
        reason=str(data.get("fail_reason") or ""),
        uploaded=uploaded if type(uploaded) is int else None,
        post_id=str(first) if type(first) is int or isinstance(first, str) else None,
    )


def public_videos(tools: Tools, base: str) -> list[Mapping[str, Any]]:
    """The twenty newest that everybody sees, newest first. Raises Refused."""
    data = ask(tools, f"{base}/v2/video/list/?fields={_LISTED}", {"max_count": 20})
    videos = data.get("videos")
    return [v for v in videos if isinstance(v, Mapping)] if isinstance(videos, list) else []


def ask(
    tools: Tools, url: str, body: Mapping[str, Any], *, commit: bool = False
) -> Mapping[str, Any]:
    """The `data` of the envelope that answers. Raises Refused."""
    reply = tools.api.call(
        "POST", url, judge=partial(judge, now=tools.now()), commit=commit, json=body, headers=_JSON
    )
    data = reply.data.get("data") if isinstance(reply.data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def send_chunk(
    tools: Tools, url: str, path: Path, mime: str, chunks: Chunks, index: int, *, commit: bool
) -> Reply:
    """Raises Refused, with `afresh` where the address has expired. The address is a secret."""
    first, length = chunks.bounds(index)
    return tools.api.call(
        "PUT",
        url,
        judge=judge_upload,
        commit=commit,
        auth=None,
        content=part_of(path, first, length),
        headers={
            "Content-Type": mime,
            "Content-Length": str(length),
            "Content-Range": f"bytes {first}-{first + length - 1}/{chunks.total}",
        },
        secret=True,
        timeout=_TIMEOUT,
    )

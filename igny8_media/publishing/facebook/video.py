"""Facebook's videos: reels and video stories in one piece, long videos in chunks.

Sources: Reels publishing, Page stories and video publishing (developers.facebook.com, 2026-07),
Graph API v26.0.
"""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final, Literal

from igny8_media.publishing.contract import Handles
from igny8_media.publishing.meta.graph import Graph, flag, id_in
from igny8_media.publishing.meta.handles import keep, kept
from igny8_media.publishing.meta.video import TIMEOUT, send
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Outcome,
    Permanent,
    Published,
    Ready,
    Refused,
    Retryable,
)

STATUS: Final = "status,published,permalink_url"
_HANDLE: Final = "video"
_SENT: Final = "video:sent"
_BROKEN: Final = ("error", "upload_failed", "expired")
_UNFINISHED: Final = ("upload_complete", "ready")
_PHASES: Final = ("uploading_phase", "processing_phase", "publishing_phase")
_AGAIN: Final = 10.0


def send_whole(
    graph: Graph,
    page: str,
    edge: Literal["video_reels", "video_stories"],
    post: Outgoing,
    handles: Handles,
) -> Outcome:
    """Start a reel or video story and send its file; what is missing of it, the second time."""
    begun = kept(graph, handles, _HANDLE)
    resume = begun is not None
    if begun is None:
        data = graph.post(f"{page}/{edge}", {"upload_phase": "start"})
        begun = keep(graph, handles, _HANDLE, {"id": _required(graph, data, "video_id")})
    video = begun["id"]
    if handles.get(_SENT) != video:
        send(graph, "video-upload", video, post.media[0], resume=resume)
        handles.put(_SENT, video)
    return Ready()


def send_chunks(graph: Graph, page: str, post: Outgoing, handles: Handles) -> Outcome:
    """Send a long video in the chunks that Facebook asks for, from the first it does not have."""
    file = post.media[0]
    path = graph.path_of(file)
    begun = kept(graph, handles, _HANDLE)
    resumed = begun is not None
    if begun is None:
        start = {"upload_phase": "start", "file_size": str(file.size)}
        data = graph.post(f"{page}/videos", start)
        made = {
            "id": _required(graph, data, "video_id"),
            "session": _required(graph, data, "upload_session_id"),
            **_range(graph, data),
        }
        begun = keep(graph, handles, _HANDLE, made)
    while begun["start"] < begun["end"]:
        try:
            asked = _transfer(graph, page, path, begun)
        except Refused as refused:
            asked = _instead(graph, handles, refused, resumed)
        if asked["start"] <= begun["start"]:
            raise graph.unreadable(commit=False)
        begun = {**begun, **asked}
        handles.put(_HANDLE, begun)
    return Ready()


def _instead(graph: Graph, handles: Handles, refused: Refused, resumed: bool) -> dict[str, Any]:
    """What is wanted instead of a chunk that was refused: the one after it, where only the answer
    to it was lost."""
    error = graph.last_error
    if error is not None and "start_offset" in error.data:
        return _range(graph, error.data)
    if resumed and isinstance(refused.outcome, Permanent):
        # The session of an earlier time, not the file, is what is wrong.
        handles.drop(_HANDLE)
        raise Refused(Retryable(refused.outcome.reason, afresh=True)) from None
    raise refused


def finish(
    graph: Graph,
    page: str,
    edge: Literal["video_reels", "video_stories"],
    post: Outgoing,
    handles: Handles,
) -> dict[str, Any]:
    """The commit of a reel or video story."""
    data = {
        "upload_phase": "finish",
        "video_id": video_of(handles),
        "video_state": "PUBLISHED",
        **_said(post),
    }
    return graph.post(f"{page}/{edge}", data, commit=True)


def finish_chunks(graph: Graph, page: str, post: Outgoing, handles: Handles) -> dict[str, Any]:
    """The commit of a long video; its picture goes with it."""
    begun = handles.get(_HANDLE)
    data = {
        "upload_phase": "finish",
        "upload_session_id": str(begun["session"]),
        "published": flag(True),
        **_said(post),
    }
    if post.thumbnail is None:
        return graph.post(f"{page}/videos", data, commit=True)
    picture = post.thumbnail
    with graph.path_of(picture).open("rb") as file:
        thumb = {"thumb": (picture.name, file, picture.mime)}
        return graph.post(f"{page}/videos", data, files=thumb, commit=True)


def video_of(handles: Handles) -> str:
    """The ID of the video that was sent."""
    return str(handles.get(_HANDLE)["id"])


def read_status(graph: Graph, video: str, data: Mapping[str, Any]) -> Outcome:
    """What a video's status says: Published, Accepted while Facebook works on it, Permanent where
    it cannot, and Absent where it lies there unpublished with nothing more to come."""
    status = data.get("status")
    if not isinstance(status, Mapping):
        return Retryable(f"{graph.label} did not say how far the video is.")
    phases = {name: _phase(status.get(name)) for name in _PHASES}
    word, publishing = status.get("video_status"), phases["publishing_phase"]
    if publishing.get("status") == "complete" or (
        word == "ready" and data.get("published") is True
    ):
        return Published(video, link_of(data))
    broken = [phase for phase in phases.values() if phase.get("status") == "error"]
    if word in _BROKEN or broken:
        return Permanent(
            f"{graph.label} could not process the video{_reason(broken)}; export it anew as MP4 "
            "with H.264 and AAC."
        )
    waits = publishing.get("status") in (None, "not_started") and not publishing.get(
        "publish_status"
    )
    if word in _UNFINISHED and waits and data.get("published") is not True:
        return Absent()
    return Accepted(after=_AGAIN, id=video)


def link_of(data: Mapping[str, Any]) -> str | None:
    """Where people see it; Facebook gives videos' addresses without its host."""
    url = data.get("permalink_url")
    if not isinstance(url, str) or not url:
        return None
    return f"https://www.facebook.com{url}" if url.startswith("/") else url


class Slice(io.RawIOBase):
    """A part of a file that httpx takes for a whole one, so that it is never read at once."""

    def __init__(self, file: IO[bytes], first: int, length: int) -> None:
        self._file, self._first, self._length, self._at = file, first, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._length - self._at)
        self._file.seek(self._first + self._at)
        piece = self._file.read(left if size < 0 else min(size, left))
        self._at += len(piece)
        return piece


def _transfer(graph: Graph, page: str, path: Path, begun: Mapping[str, Any]) -> dict[str, Any]:
    first, end = int(begun["start"]), int(begun["end"])
    data = {
        "upload_phase": "transfer",
        "upload_session_id": str(begun["session"]),
        "start_offset": str(first),
    }
    with path.open("rb") as file:
        chunk = Slice(file, first, end - first)
        files = {"video_file_chunk": (path.name, chunk, "application/octet-stream")}
        return _range(graph, graph.post(f"{page}/videos", data, files=files, timeout=TIMEOUT))


def _said(post: Outgoing) -> dict[str, str]:
    said = {"description": post.text, "title": post.title}
    said = {name: text for name, text in said.items() if text.strip()}
    return said | ({"is_ai_generated": flag(True)} if post.options.made_with_ai else {})


def _required(graph: Graph, data: Mapping[str, Any], name: str) -> str:
    found = id_in(data, name)
    if found is None:
        raise graph.unreadable(commit=False)
    return found


def _range(graph: Graph, data: Mapping[str, Any]) -> dict[str, Any]:
    """The bytes that are wanted next; equal when there are no more. Facebook gives them as text."""
    try:
        return {"start": int(data["start_offset"]), "end": int(data["end_offset"])}
    except (KeyError, TypeError, ValueError):
        raise graph.unreadable(commit=False) from None


def _phase(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _reason(broken: list[Mapping[str, Any]]) -> str:
    for phase in broken:
        errors = phase.get("errors", phase.get("error"))
        for error in errors if isinstance(errors, list) else [errors]:
            if isinstance(error, Mapping) and isinstance(error.get("message"), str):
                return f" ({' '.join(error['message'].split())[:200]})"
    return ""

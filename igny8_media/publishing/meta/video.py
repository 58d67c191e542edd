"""Videos to Meta's upload server, streamed, and taken up again where the connection broke off.

Reels and video stories of Facebook and Instagram's containers go this way (Reels publishing and
resumable uploads, developers.facebook.com, 2026-07): one POST with `offset` and `file_size`.
"""

from collections.abc import Mapping
from typing import Final, Literal

import httpx

from igny8_media.publishing.api import Reply, part_of
from igny8_media.publishing.meta.graph import Graph
from igny8_media.publishing.model import MediaFile
from igny8_media.publishing.outcomes import NeedsAuth, Refusal, Refused, Retryable

# The answer comes when the whole file was taken in and looked at.
TIMEOUT: Final = httpx.Timeout(300.0, connect=10.0, write=60.0)


def send(
    graph: Graph,
    place: Literal["video-upload", "ig-api-upload"],
    upload_id: str,
    file: MediaFile,
    *,
    resume: bool,
) -> None:
    """Send a video's bytes into an upload that was started; `resume` asks first how far it came.

    Raises Refused; Retryable with `afresh` says that the upload is lost.
    """
    address = f"{graph.upload_url}/{place}/{graph.version}/{upload_id}"

    def judge(reply: Reply, commit: bool) -> Refusal | None:
        return graph.judge(reply, commit) or _judge(graph, reply)

    call = graph.tools.api.call
    path = graph.path_of(file)
    offset = 0
    if resume:
        offset = _offset(call("GET", address, auth="OAuth", judge=judge))
        if offset >= file.size:
            return
    reply = call(
        "POST",
        address,
        auth="OAuth",
        judge=judge,
        content=part_of(path, offset, file.size - offset),
        headers={
            "offset": str(offset),
            "file_size": str(file.size),
            "Content-Length": str(file.size - offset),
            "Content-Type": "application/octet-stream",
        },
        timeout=TIMEOUT,
    )
    if not isinstance(reply.data, dict) or reply.data.get("success") is not True:
        raise Refused(Retryable(f"{graph.label} did not confirm the upload."))


def _offset(reply: Reply) -> int:
    """How many bytes are there; none where the answer cannot be read."""
    said = reply.data.get("offset") if isinstance(reply.data, Mapping) else None
    if isinstance(said, str) and said.isascii() and said.isdigit():
        return int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0


def _judge(graph: Graph, reply: Reply) -> Refusal | None:
    """The upload server has errors of its own shape: debug_info with retriable, type, message."""
    found = reply.data.get("debug_info") if isinstance(reply.data, Mapping) else None
    if reply.status < 400 and not isinstance(found, Mapping):
        return None
    info = found if isinstance(found, Mapping) else {}
    told = f"{graph.label}'s upload server answered {reply.status}"
    if isinstance(info.get("message"), str):
        told += f": {' '.join(info['message'].split())[:200]}"
    if reply.status == 401 or "NotAuthorized" in str(info.get("type")):
        return NeedsAuth(f"{told}; connect the account again.")
    if reply.status == 429 or reply.status >= 500 or reply.status == 408:
        return None
    return Retryable(told, afresh=info.get("retriable") is not True)

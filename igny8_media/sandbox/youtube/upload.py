"""Google's resumable uploads: a session, chunks with their ranges, 308 until the last byte is
there (developers.google.com/youtube/v3/guides/using_resumable_upload_protocol; contract 7.2)."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.receiving import receive
from igny8_media.sandbox.youtube.rules import BLOCK, GoogleError, content_range
from igny8_media.sandbox.youtube.session import unauthenticated

_WEEK: Final = 7 * 86400.0
Finish = Callable[[Call, Mapping[str, Any], Blob], Awaitable[dict[str, Any]]]
"""Makes the resource of all its bytes; the session is what `begin` was told."""


def begin(call: Call, what: str, account: str, most: int, **kept: Any) -> Response:
    """A new session, whose address is the Location; only its address is needed from then on."""
    size = call.header("x-upload-content-length")
    if size and (not size.isdigit() or not 0 < int(size) <= most):
        raise GoogleError(
            413, "uploadTooLarge", f"Media is too large. Limit: {most}", domain="global"
        )
    upload_id = secrets.token_urlsafe(48)
    call.world.shelf("youtube", "sessions")[upload_id] = {
        "what": what,
        "account": account,
        "size": int(size) if size else None,
        "most": most,
        "ends": call.world.now() + _WEEK,
        "reply": None,
        **kept,
    }
    address = call.request.url.include_query_params(upload_id=upload_id)
    return Response(
        status_code=200, headers={"Location": str(address), "X-GUploader-UploadID": upload_id}
    )


async def role(call: Call) -> str:
    """The last bytes of a video make it exist; a thumbnail's or a caption's publish nothing."""
    session = call.world.shelf("youtube", "sessions").get(call.query("upload_id"))
    header = call.header("content-range")
    if header.startswith("bytes */"):
        return "probe"
    if session is None or session["what"] != "video":
        return "upload"
    if not header:
        return "commit"
    try:
        _, last, size = content_range(header)
    except GoogleError:
        return "upload"
    return "commit" if size is not None and last == size - 1 else "upload"


async def put(call: Call, finish: Mapping[str, Finish]) -> Response:
    """Some of the bytes, all of them, or none: the question how many are there."""
    upload_id = call.query("upload_id")
    session = call.world.shelf("youtube", "sessions").get(upload_id)
    if session is None or call.world.now() >= session["ends"]:
        return Response("Not Found", status_code=404)
    if call.bearer() and call.token() is None:
        raise unauthenticated()
    if session["reply"] is not None:
        return JSONResponse(session["reply"])
    blob = call.world.blobs.open(f"youtube-{upload_id}")
    header = call.header("content-range")
    if not header:
        length = call.header("content-length")
        first, last, size = 0, int(length or 0) - 1, int(length) if length else None
    else:
        given_first, given_last, size = content_range(header)
        if given_first is None or given_last is None:
            _agree(session, size)
            return _more(blob)
        first, last = given_first, given_last
    _agree(session, size)
    _fits(call, blob, first, last, size, session["most"])
    ends = size is not None and last == size - 1
    await receive(call, blob, first, last - first + 1, block=BLOCK, last=ends)
    if not ends:
        return _more(blob)
    session["reply"] = await finish[session["what"]](call, session, blob)
    return JSONResponse(session["reply"])


def _fits(call: Call, blob: Blob, first: int, last: int, size: int | None, most: int) -> None:
    length = last - first + 1
    if length < 1:
        raise GoogleError(400, "mediaBodyRequired", "The request does not include the content.")
    if call.header("content-length") and call.header("content-length") != str(length):
        raise GoogleError(
            400, "badRequest", "Content-Length and Content-Range disagree.", domain="global"
        )
    if last >= most:
        raise GoogleError(
            413, "uploadTooLarge", f"Media is too large. Limit: {most}", domain="global"
        )
    if first > blob.size:
        raise GoogleError(
            400,
            "badRequest",
            f"Invalid request. There are {blob.size} bytes; the chunk begins at {first}.",
            domain="global",
        )
    if (size is None or last < size - 1) and length < BLOCK:
        raise GoogleError(
            400,
            "badRequest",
            "Invalid request.  The number of bytes uploaded is required to be equal or greater "
            f"than {BLOCK}, except for the final request (it's recommended to be the exact "
            f"multiple of {BLOCK}).  The received request contained {length} bytes, which does "
            "not meet this requirement.",
            domain="global",
        )


def _agree(session: dict[str, Any], size: int | None) -> None:
    """The first size that is said is the upload's."""
    if size is not None and session["size"] not in (None, size):
        raise GoogleError(
            400, "badRequest", "The size differs from the one announced.", domain="global"
        )
    session["size"] = session["size"] if size is None else size


def _more(blob: Blob) -> Response:
    headers = {"Range": f"bytes=0-{blob.size - 1}"} if blob.size else {}
    return Response(status_code=308, headers=headers)

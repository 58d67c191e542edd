"""Meta's upload server: one POST with `offset` and `file_size`, or the address of the file, and a
GET that says how far it came (contract 4 and 5.1)."""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call, Refuse
from igny8_media.sandbox.fetch import FetchError, opened
from igny8_media.sandbox.meta.people import may
from igny8_media.sandbox.receiving import receive


class UploadError(Refuse):
    """A refusal in the upload server's own form."""

    def __init__(
        self,
        message: str,
        type: str = "ProcessingFailedError",
        *,
        retriable: bool = False,
        status: int = 400,
    ) -> None:
        info = {"retriable": retriable, "type": type, "message": message}
        super().__init__(JSONResponse({"debug_info": info}, status_code=status))


Done = Callable[[Call, dict[str, Any], Blob], None]


async def take(call: Call, shelf: str, done: Done) -> Response:
    """Bytes for an upload of `shelf` (a thing with `account`, `uploaded` and perhaps `file_size`);
    `done` is told when all are there."""
    job, blob = _upload(call, shelf)
    if job["complete"]:
        raise UploadError("The upload is complete already.", "DuplicateRequestError")
    if call.header("file_url"):
        try:
            async with opened(call.header("file_url")) as (_, pieces):
                async for piece in pieces:
                    blob.write(piece)
        except FetchError as error:
            raise UploadError(f"The file could not be downloaded: {error}") from None
        job["file_size"] = blob.size
    else:
        offset, size = _figure(call, "offset"), _figure(call, "file_size")
        if job["file_size"] not in (None, size) or not 0 <= offset < size:
            raise UploadError("file_size and offset do not fit.", "PartialRequestError")
        job["file_size"] = size
        if offset != blob.size:
            raise UploadError(
                f"The offset {offset} is not {blob.size}.", "OffsetInvalidError", retriable=True
            )
        length = call.header("content-length")
        if length and not (length.isdigit() and 0 < int(length) <= size - offset):
            raise UploadError("Content-Length does not fit.", "PartialRequestError")
        await receive(call, blob, offset, int(length) if length else size - offset)
    if blob.size < job["file_size"]:
        return JSONResponse({"success": False, "offset": blob.size})
    job["complete"] = True
    done(call, job, blob)
    return JSONResponse({"success": True, "message": "Upload successful."})


async def far(call: Call, shelf: str) -> Response:
    """How many bytes are there."""
    _, blob = _upload(call, shelf)
    return JSONResponse({"offset": blob.size})


def _upload(call: Call, shelf: str) -> tuple[dict[str, Any], Blob]:
    token = call.world.token(call.bearer("oauth"))
    alive = token is not None and call.world.alive(token)
    if token is None or not alive:
        raise UploadError("unauthorized user request", "NotAuthorizedError", status=401)
    id = call.path("upload")
    job = call.world.shelf(call.service, shelf).get(id)
    if job is None or not may(call.world, token, job["account"]) or "complete" not in job:
        raise UploadError("The upload does not exist.", "RequestNotFoundError", status=404)
    return job, call.world.blobs.open(f"{call.service}-{id}")


def _figure(call: Call, name: str) -> int:
    value = call.header(name)
    if not (value.isascii() and value.isdigit()):
        raise UploadError(f"The header {name} is missing or no number.", "PartialRequestError")
    return int(value)

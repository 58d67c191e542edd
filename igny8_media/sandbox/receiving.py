"""Taking the body of an upload as it comes, also when it breaks off or repeats itself."""

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call, Refuse


async def receive(
    call: Call, blob: Blob, at: int, length: int, *, block: int = 1, last: bool = True
) -> None:
    """Write `length` bytes of the body to their place; those that are there already are skipped.

    Only whole blocks are kept, and what remains after them if these are the `last` bytes. A body
    that breaks off leaves what came of it, and ends the request.
    """
    place, ends, pending = at, at + length, bytearray()
    try:
        async for data in call.request.stream():
            pending += data[max(0, blob.size - place) : max(0, ends - place)]
            place += len(data)
            _flush(blob, pending, len(pending) // block * block)
    except ClientDisconnect:
        # Nobody reads this reply.
        raise Refuse(Response(status_code=400)) from None
    if place != ends:
        raise Refuse(Response("The body is not as long as its headers say.", status_code=400))
    if last:
        _flush(blob, pending, len(pending))


def _flush(blob: Blob, pending: bytearray, count: int) -> None:
    if count:
        blob.write(bytes(pending[:count]))
        del pending[:count]

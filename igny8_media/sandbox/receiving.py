"""Taking the body of an upload as it comes, also when it breaks off or repeats itself."""

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call, Refuse


async def receive(call: Call, blob: Blob, at: int, length: int) -> None:
    """Write `length` bytes of the body to their place; those that are there already are skipped.

    A body that breaks off leaves what came of it, and ends the request.
    """
    place, ends = at, at + length
    try:
        async for data in call.request.stream():
            new = data[max(0, blob.size - place) : max(0, ends - place)]
            if new:
                blob.write(new)
            place += len(data)
    except ClientDisconnect:
        # Nobody reads this reply.
        raise Refuse(Response(status_code=400)) from None
    if place != ends:
        raise Refuse(Response("The body is not as long as its headers say.", status_code=400))

"""The pictures before a Page's videos (Video Thumbnails, developers.facebook.com, v25.0)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.meta.graph import Asked, parameter
from igny8_media.sandbox.meta.people import permitted
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.state import Token

_MOST: Final = 10_000_000
_MIMES: Final = ("image/jpeg", "image/png")


async def thumbnails(call: Call, ask: Asked, token: Token) -> Response:
    """One more picture for a video; the preferred one is shown before it."""
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    if "source" not in ask.files:
        raise parameter("The parameter source is required")
    cover = keep_cover(call, ask.node, await ask.files["source"].read(_MOST + 1))
    post = call.world.post("facebook", ask.node)
    if post and ask.flag("is_preferred", False):
        post.extra["thumbnail"] = cover
    return JSONResponse({"success": True})


def keep_cover(call: Call, video: str, data: bytes) -> dict[str, Any]:
    """The picture as a post lists it. Raises GraphError unless Facebook takes it."""
    picture = picture_of(data)
    if picture is None or picture.mime not in _MIMES or len(data) > _MOST:
        raise parameter("The thumbnail must be a JPEG or PNG file of at most 10 MB")
    blob = call.world.blobs.open(f"facebook-{video}-cover-{call.world.number()}")
    blob.write(data)
    return blob.describe("image")

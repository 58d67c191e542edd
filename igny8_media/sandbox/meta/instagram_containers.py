"""Instagram's containers: made invisibly, worked on, published once or expired (contract 5.1)."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.fetch import FetchError, fetched, opened
from igny8_media.sandbox.meta import rupload
from igny8_media.sandbox.meta.graph import Asked, GraphError, parameter, shown
from igny8_media.sandbox.meta.instagram_rules import (
    CHILDREN,
    DOWNLOAD,
    IMAGE_BYTES,
    NOT_READY,
    check_picture,
    check_story_picture,
    check_words,
    kind_of,
    unreachable,
    video_trouble,
)
from igny8_media.sandbox.meta.people import permitted
from igny8_media.sandbox.state import NEVER, Post, Token, World

_DAY: Final = 86400.0
_CONTAINERS_A_DAY: Final = 400
# A carousel of ten; only so that a larger `daily_limit` can be used up.
_CONTAINERS_A_POST: Final = 11
POSTS_A_DAY: Final = 100
_UNKNOWN: Final = 2207053
_WORDS: Final = {
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "PUBLISHED": "Published: Media has been published.",
    "EXPIRED": "Expired: Media was not published within 24 hours and has expired.",
}


async def create(call: Call, ask: Asked, token: Token) -> Response:
    """A container. A picture is fetched at once, and refused at once."""
    permitted(token, "instagram_content_publish")
    kind = kind_of(ask)
    check_words(ask)
    world = call.world
    wanted = world.config.daily_limit.get("instagram", 0) * _CONTAINERS_A_POST
    most = max(_CONTAINERS_A_DAY, wanted)
    if not world.use(f"instagram/{ask.node}/containers", most, _DAY)[0]:
        raise GraphError(9, "(#9) Too many containers were made.", subcode=2207042, status=403)
    id = str(world.number())
    made: dict[str, Any] = {
        "account": ask.node,
        "kind": kind,
        "child": ask.flag("is_carousel_item", False),
        "caption": ask.get("caption"),
        "made_at": world.now(),
        "ready_at": None,
        "trouble": 0,
        "published": "",
        "media": [],
        "options": {
            name: ask.flag(name, usual)
            for name, usual in (("share_to_feed", True), ("is_ai_generated", False))
            if ask.get(name)
        },
    }
    answer = {"id": id}
    blob = world.blobs.open(f"instagram-{id}")
    if kind == "CAROUSEL":
        made["media"] = _children(call, ask)
        _work(call, made)
    elif ask.get("upload_type") == "resumable":
        if kind not in ("REELS", "VIDEO", "STORIES"):
            raise parameter("Only videos can be uploaded with upload_type=resumable.")
        made |= {"file_size": None, "complete": False}
        answer["uri"] = f"{call.origin}/rupload/ig-api-upload/v26.0/{id}"
    elif kind == "IMAGE" or (kind == "STORIES" and not ask.get("video_url")):
        await _fetch_picture(ask.need("image_url"), kind, blob)
        alt = ask.get("alt_text")
        made["media"] = [blob.describe("image", **({"alt_text": alt} if alt else {}))]
        _work(call, made)
    else:
        await _fetch_video(call, ask.need("video_url"), made, blob)
    made["options"] |= await _cover(call, ask, kind, f"instagram-{id}-cover")
    world.shelf("instagram", "containers")[id] = made
    return JSONResponse(answer)


async def _cover(call: Call, ask: Asked, kind: str, name: str) -> dict[str, Any]:
    """A reel's picture, or its moment in the video where it has none; of both the picture counts
    (IG User Media reference)."""
    offset = ask.get("thumb_offset")
    if offset and (kind != "REELS" or not offset.isdigit()):
        raise GraphError(1, "Thumbnail offset must be a number of ms.", subcode=2207057)
    if kind == "REELS" and ask.get("cover_url"):
        blob = call.world.blobs.open(name)
        await _fetch_picture(ask.get("cover_url"), "STORIES", blob)
        return {"thumbnail": blob.describe("image")}
    return {"cover_at": int(offset) / 1000} if offset else {}


async def _fetch_picture(url: str, kind: str, blob: Blob) -> None:
    try:
        mime, data = await fetched(url, IMAGE_BYTES)
    except FetchError as error:
        if "larger" in str(error):
            raise GraphError(
                36000, "The image is too large to download.", subcode=2207004
            ) from None
        raise unreachable(str(error)) from None
    (check_story_picture if kind == "STORIES" else check_picture)(mime, data)
    blob.write(data)


async def _fetch_video(call: Call, url: str, made: dict[str, Any], blob: Blob) -> None:
    """Whatever is wrong with a video is told by the container's status only."""
    try:
        async with opened(url) as (_, pieces):
            async for piece in pieces:
                blob.write(piece)
    except FetchError:
        _work(call, made, DOWNLOAD)
        return
    _take_video(call, made, blob)


def _take_video(call: Call, made: dict[str, Any], blob: Blob) -> None:
    made["media"] = [blob.describe("video")]
    _work(call, made, video_trouble(blob, made["kind"]))


def _work(call: Call, made: dict[str, Any], trouble: int = 0) -> None:
    """Processing begins; what is wrong shows when it ends."""
    fate = call.processing()
    failed = fate["failed"] and fate["ready_at"] < NEVER
    made["ready_at"], made["trouble"] = fate["ready_at"], trouble or (_UNKNOWN if failed else 0)


def _children(call: Call, ask: Asked) -> list[dict[str, Any]]:
    """The media of a carousel's items, each of them finished."""
    given = ask.need("children")
    ids = (
        [str(id) for id in ask.listed("children")]
        if given.startswith("[")
        else [id.strip() for id in given.split(",")]
    )
    fewest, most = CHILDREN
    if not fewest <= len(ids) <= most:
        raise parameter(
            "Your post won't work as a carousel. Carousels need at least 2 photos/videos and no "
            "more than 10 photos/videos.",
            subcode=2207028,
        )
    media = []
    for id in ids:
        child = call.world.shelf("instagram", "containers").get(id)
        if child is None or child["account"] != ask.node or not child["child"]:
            raise parameter(f"Invalid children: {id} is no carousel item of this account.")
        state = status_of(call.world, child)
        if state != "FINISHED":
            raise _not_ready(state)
        media += child["media"]
    return media


async def look(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "instagram_basic")
    made = call.world.shelf("instagram", "containers")[ask.node]
    state = status_of(call.world, made)
    words = _WORDS.get(state, f"Error: Media upload has failed with error code {made['trouble']}")
    values = {"id": ask.node, "status_code": state, "status": words}
    return JSONResponse(shown(values, ask, "IGContainer", (), "copyright_check_status"))


def status_of(world: World, made: Mapping[str, Any]) -> str:
    """IN_PROGRESS, FINISHED, ERROR, PUBLISHED, or EXPIRED after a day."""
    now = world.now()
    if made["published"]:
        return "PUBLISHED"
    if now - made["made_at"] >= _DAY:
        return "EXPIRED"
    if made["ready_at"] is None or now < made["ready_at"]:
        return "IN_PROGRESS"
    return "ERROR" if made["trouble"] else "FINISHED"


async def publish(call: Call, ask: Asked, token: Token) -> Response:
    """The one request that shows it. A container serves once."""
    permitted(token, "instagram_content_publish")
    world = call.world
    made = world.shelf("instagram", "containers").get(ask.need("creation_id"))
    if made is None or made["account"] != ask.node:
        raise GraphError(
            24,
            "The requested resource does not exist",
            subcode=2207006,
            title="Media Not Found",
        )
    if made["child"]:
        raise parameter("A carousel item cannot be published by itself.")
    state = status_of(world, made)
    if state == "EXPIRED":
        raise GraphError(-2, "The media has expired.", subcode=2207020, title="Media Expired")
    if state == "ERROR":
        raise GraphError(-1, "Media upload has failed.", subcode=made["trouble"])
    if state != "FINISHED":
        raise _not_ready(state)
    if used(call, ask.node) >= quota(world):
        raise GraphError(
            9,
            "(#9) Application request limit reached",
            subcode=2207042,
            status=403,
            title="You reached the maximum number of posts that may be published per 24 hours.",
        )
    id = str(world.number())
    made["published"] = id
    kind = made["kind"]
    name = {"REELS": "reel", "STORIES": "story", "CAROUSEL": "images"}.get(kind, "image")
    place = {"REELS": "reel", "STORIES": "stories"}.get(kind, "p")
    code = _shortcode(int(id))
    world.posts.append(
        Post(
            service="instagram",
            id=id,
            url=f"https://www.instagram.com/{place}/{code}/",
            account=ask.node,
            kind=name,
            text="" if kind == "STORIES" else made["caption"],
            created_at=world.now(),
            media=made["media"],
            extra={"container": ask.get("creation_id"), "shortcode": code, **made["options"]},
        )
    )
    return JSONResponse({"id": id})


def _not_ready(state: str) -> GraphError:
    told = "Media ID is not available"
    if state == "IN_PROGRESS":
        told += ": The media is not ready for publishing, please wait for a moment"
    return GraphError(9007, told, subcode=NOT_READY, title="Media Not Ready")


def quota(world: World) -> int:
    return world.config.daily_limit.get("instagram", POSTS_A_DAY)


def used(call: Call, account: str) -> int:
    """Posts of the last 24 hours, also those that were deleted; a carousel counts once."""
    since = call.world.now() - _DAY
    containers = call.world.shelf("instagram", "containers").values()
    # A container's post is at most a day younger than it; nearly always seconds.
    published = [c for c in containers if c["account"] == account and c["published"]]
    return sum(int(c["published"]) // 10**9 >= since for c in published)


async def upload(call: Call) -> Response:
    return await rupload.take(call, "containers", _take_video)


async def uploaded(call: Call) -> Response:
    return await rupload.far(call, "containers")


def _shortcode(number: int) -> str:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    code = ""
    while number:
        number, rest = divmod(number, 64)
        code = signs[rest] + code
    return code

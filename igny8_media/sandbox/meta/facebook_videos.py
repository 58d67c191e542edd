"""A Page's reels, video stories and long videos (contract section 4)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.fetch import FetchError, opened
from igny8_media.sandbox.meta import rupload
from igny8_media.sandbox.meta.facebook_covers import keep_cover
from igny8_media.sandbox.meta.facebook_posts import add_post, daily
from igny8_media.sandbox.meta.facebook_video_state import judged, status
from igny8_media.sandbox.meta.graph import (
    Asked,
    GraphError,
    missing,
    moment,
    parameter,
    shown,
    written,
)
from igny8_media.sandbox.meta.people import permitted
from igny8_media.sandbox.state import NEVER, Token

_CHUNK: Final = 4 << 20
_DAY: Final = 86400.0
_REELS_A_DAY: Final = 30
_STATES: Final = ("PUBLISHED", "SCHEDULED", "DRAFT")
_FIELDS: Final = (
    "source picture length from thumbnails views likes comments embed_html format icon "
    "content_category"
)


async def reels(call: Call, ask: Asked, token: Token) -> Response:
    return await _phases(call, ask, token, "reel")


async def stories(call: Call, ask: Asked, token: Token) -> Response:
    return await _phases(call, ask, token, "story")


def phase_role(ask: Asked) -> str:
    roles = {"start": "prepare", "transfer": "upload", "cancel": "other"}
    finishes = ask.get("upload_phase") in ("", "finish")
    hidden = ask.get("video_state") == "DRAFT" or ask.get("published") == "false"
    return roles.get(ask.get("upload_phase"), "commit" if finishes and not hidden else "prepare")


async def _phases(call: Call, ask: Asked, token: Token, kind: str) -> Response:
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    match ask.need("upload_phase"):
        case "start":
            id = _begin(call, ask.node, kind, None)
            url = f"{call.origin}/rupload/video-upload/v26.0/{id}"
            return JSONResponse({"video_id": id, "upload_url": url})
        case "finish":
            return _finish(call, ask, ask.need("video_id"), kind)
    raise parameter('Param upload_phase must be one of {"start", "finish"}')


async def videos(call: Call, ask: Asked, token: Token) -> Response:
    """A long video: in chunks, or whole in one request."""
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    match ask.get("upload_phase"):
        case "":
            return await _whole(call, ask)
        case "start":
            size = ask.number("file_size")
            if size < 1:
                raise parameter("Param file_size must be larger")
            id = _begin(call, ask.node, "video", size)
            session = str(call.world.number())
            call.world.shelf("facebook", "sessions")[session] = {"video": id, "page": ask.node}
            told = {"video_id": id, "upload_session_id": session}
            return JSONResponse({**told, **_wanted(0, size)})
        case "transfer":
            return await _transfer(call, ask)
        case "finish":
            id = _session(call, ask)
            return _finish(call, ask, id, "video")
        case "cancel":
            id = _session(call, ask)
            call.world.shelf("facebook", "videos").pop(id)
            call.world.blobs.forget(f"facebook-{id}")
            return JSONResponse({"success": True})
    raise parameter('Param upload_phase must be one of {"start", "transfer", "finish", "cancel"}')


async def _transfer(call: Call, ask: Asked) -> Response:
    id = _session(call, ask)
    video, blob = _video(call, id), call.world.blobs.open(f"facebook-{id}")
    size, first = video["file_size"], ask.number("start_offset")
    wanted = _wanted(blob.size, size)
    if first != blob.size:
        raise GraphError(
            6001,
            "There was a problem uploading your video. Please try again with the right offset.",
            subcode=1363037,
            transient=True,
            data=wanted,
        )
    chunk = ask.files.get("video_file_chunk")
    if chunk is None or chunk.size != int(wanted["end_offset"]) - first:
        raise GraphError(
            6001,
            "The video file chunk is missing, or not as large as was asked for.",
            subcode=1363019,
            data=wanted,
        )
    while data := await chunk.read(1 << 20):
        blob.write(data)
    video["complete"] = blob.size == size
    return JSONResponse(_wanted(blob.size, size))


async def _whole(call: Call, ask: Asked) -> Response:
    id = _begin(call, ask.node, "video", None)
    blob = call.world.blobs.open(f"facebook-{id}")
    if "source" in ask.files:
        while data := await ask.files["source"].read(1 << 20):
            blob.write(data)
    else:
        try:
            async with opened(ask.need("file_url")) as (_, pieces):
                async for piece in pieces:
                    blob.write(piece)
        except FetchError as error:
            raise GraphError(
                389, f"(#389) Unable to fetch video file from URL: {error}", subcode=2069018
            ) from None
    video = _video(call, id)
    video |= {"complete": True, "file_size": blob.size}
    _finish(call, ask, id, "video")
    return JSONResponse({"id": id})


def _finish(call: Call, ask: Asked, id: str, kind: str) -> Response:
    """All bytes are there: the video is accepted, and published when it is processed."""
    video = _video(call, id)
    if video["account"] != ask.node or video["kind"] != kind:
        raise parameter(f"The video_id {id} is no upload of this Page.")
    if not video["complete"]:
        raise GraphError(
            6000, "The video was not uploaded yet.", subcode=1363130, title="Upload Incomplete"
        )
    if kind == "video":
        state = "PUBLISHED" if ask.flag("published", True) else "DRAFT"
        if ask.get("scheduled_publish_time"):
            state = "SCHEDULED"
    else:
        state = ask.need("video_state")
    if state not in _STATES:
        raise parameter(f"Param video_state must be one of {_STATES}")
    if video["finished_at"] is None:
        if kind == "reel":
            most = call.world.config.daily_limit.get("facebook", _REELS_A_DAY)
            if not call.world.use(f"facebook/{ask.node}/reels", most, _DAY)[0]:
                raise GraphError(
                    1390008, "You're posting too fast. Please slow down.", subcode=1390008
                )
        elif state == "PUBLISHED":
            daily(call, ask.node)
        _settle(call, ask, id, video, state)
    answer: dict[str, Any] = {"success": True}
    if kind == "story":
        answer["post_id"] = video["post_id"].partition("_")[2]
    return JSONResponse(answer)


def _settle(call: Call, ask: Asked, id: str, video: dict[str, Any], state: str) -> None:
    world = call.world
    fate, blob = call.processing(), world.blobs.open(f"facebook-{id}")
    wrong = judged(blob, video["kind"])
    if fate["failed"] and fate["ready_at"] < NEVER:
        wrong = "The video could not be processed."
    ready_at = fate["ready_at"]
    if state == "SCHEDULED":
        ready_at = max(ready_at, moment(ask, "scheduled_publish_time", 0.0))
    video |= {
        "finished_at": world.now(),
        "ready_at": fate["ready_at"],
        "out_at": ready_at,
        "state": state,
        "wrong": wrong,
        "title": ask.get("title"),
        "description": ask.get("description"),
    }
    if wrong or state == "DRAFT":
        return
    cover = ask.files.get("thumb") if video["kind"] == "video" else None
    shown_too = {
        "title": ask.get("title"),
        "thumbnail": keep_cover(call, id, cover.file.read()) if cover else None,
    }
    post = add_post(
        call,
        ask.node,
        kind=video["kind"],
        text=ask.get("description"),
        media=[blob.describe("video")],
        ready_at=ready_at,
        id=id,
        extra={name: known for name, known in shown_too.items() if known},
    )
    video["post_id"] = post.extra["post_id"]


async def look(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_read_engagement")
    video = _video(call, ask.node)
    now = call.world.now()
    out = video["finished_at"] is not None and not video["wrong"] and now >= video["out_at"]
    place = "reel" if video["kind"] == "reel" else f"{video['account']}/videos"
    values = {
        "id": ask.node,
        "title": video["title"] or None,
        "description": video["description"] or None,
        "created_time": written(video["made_at"]),
        "updated_time": written(video["finished_at"] or video["made_at"]),
        "status": status(call.world, ask.node, video),
        "published": bool(out and video["state"] != "DRAFT"),
        "post_id": video["post_id"].partition("_")[2] or None,
        # Of videos Facebook gives the address without its host.
        "permalink_url": f"/{place}/{ask.node}/",
    }
    usual = ("updated_time", "description")
    return JSONResponse(shown(values, ask, "Video", usual, _FIELDS))


async def delete(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_manage_posts")
    _video(call, ask.node)
    del call.world.shelf("facebook", "videos")[ask.node]
    post = call.world.post("facebook", ask.node)
    if post:
        call.world.remove(post)
    return JSONResponse({"success": True})


async def upload(call: Call) -> Response:
    return await rupload.take(call, "videos", lambda _call, _video, _blob: None)


async def uploaded(call: Call) -> Response:
    return await rupload.far(call, "videos")


def _begin(call: Call, page: str, kind: str, size: int | None) -> str:
    id = str(call.world.number())
    call.world.shelf("facebook", "videos")[id] = {
        "account": page,
        "kind": kind,
        "file_size": size,
        "complete": False,
        "made_at": call.world.now(),
        "finished_at": None,
        "wrong": "",
        "title": "",
        "description": "",
        "post_id": "",
    }
    return id


def _wanted(first: int, size: int) -> dict[str, str]:
    """The bytes that are wanted next, as text; equal when there are no more."""
    return {"start_offset": str(first), "end_offset": str(min(size, first + _CHUNK))}


def _video(call: Call, id: str) -> dict[str, Any]:
    video = call.world.shelf("facebook", "videos").get(id)
    if video is None:
        raise missing("GET", id)
    return video


def _session(call: Call, ask: Asked) -> str:
    session = call.world.shelf("facebook", "sessions").get(ask.need("upload_session_id"))
    if session is None or session["page"] != ask.node:
        raise GraphError(6001, "The upload session does not exist.", subcode=1363041)
    return str(session["video"])

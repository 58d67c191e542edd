"""YouTube's videos: from their last byte on, through processing, to what everybody sees."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import NEVER, Post
from igny8_media.sandbox.videos import facts_of
from igny8_media.sandbox.youtube import upload as youtube_upload
from igny8_media.sandbox.youtube.resource import moment, privacy, publish_time, resource
from igny8_media.sandbox.youtube.rules import (
    MOST_BYTES,
    PARTS,
    GoogleError,
    parts_of,
    video_body,
)
from igny8_media.sandbox.youtube.session import FORCE_SSL, READONLY, UPLOAD, authorised

_SHORT: Final = 180.0
_MOST_IDS: Final = 50


async def insert(call: Call) -> Response:
    """The beginning of an upload; nothing exists until its last byte came."""
    person = authorised(call, UPLOAD, FORCE_SSL, bucket="inserts")
    if call.query("uploadType") != "resumable":
        raise GoogleError(
            400,
            "badRequest",
            "The sandbox takes videos by resumable upload only (uploadType=resumable).",
            domain="global",
        )
    parts = parts_of(call.query("part"), PARTS)
    mime = call.header("x-upload-content-type") or "application/octet-stream"
    if not mime.startswith("video/") and mime != "application/octet-stream":
        raise GoogleError(
            400,
            "badRequest",
            f"Media type '{mime}' is not supported. Valid media types: [video/*, "
            "application/octet-stream]",
            domain="global",
        )
    body = video_body(await call.json(), parts, moment(call.world.now()))
    return youtube_upload.begin(call, "video", person.id, MOST_BYTES, body=body, parts=list(parts))


async def finish(call: Call, session: Mapping[str, Any], blob: Blob) -> dict[str, Any]:
    """The last byte is there: the video exists, and is processed."""
    world = call.world
    id = secrets.token_urlsafe(8)[:11]
    fate, facts = call.processing(), facts_of(blob.head)
    readable = blob.mime.startswith("video/")
    body, status = session["body"], session["body"]["status"]
    video = {
        **body,
        "account": session["account"],
        "uploaded_at": world.now(),
        "ready_at": fate["ready_at"],
        "failure": ""
        if readable and not (fate["failed"] and fate["ready_at"] < NEVER)
        else "conversion"
        if readable
        else "invalidFile",
        "seconds": facts.seconds,
        "ratio": facts.ratio,
        "size": blob.size,
        "thumbnail": None,
    }
    world.shelf("youtube", "videos")[id] = video
    if not video["failure"]:
        goes_out = publish_time(status)
        world.posts.append(
            Post(
                service="youtube",
                id=id,
                url=f"https://www.youtube.com/{'shorts/' if is_short(video) else 'watch?v='}{id}",
                account=session["account"],
                kind="video",
                text=body["snippet"]["description"],
                created_at=world.now(),
                media=[blob.describe("video")],
                state="private"
                if status["privacyStatus"] == "private" and not goes_out
                else "published",
                ready_at=max(fate["ready_at"], goes_out or 0.0),
                extra={
                    "title": body["snippet"]["title"],
                    "privacy": status["privacyStatus"],
                    "tags": body["snippet"].get("tags", []),
                    "short": is_short(video),
                },
            )
        )
    return resource(world, id, session["parts"])


async def list_videos(call: Call) -> Response:
    """Those of the given IDs that the channel may see; others are left out without a word."""
    person = authorised(call, READONLY, FORCE_SSL)
    parts = parts_of(call.query("part"), PARTS)
    ids = [id for id in call.query("id").split(",") if id]
    if not ids:
        raise GoogleError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected one of: id, chart, myRating",
            domain="youtube.parameter",
            location="parameters.",
        )
    if len(ids) > _MOST_IDS:
        raise GoogleError(
            400, "invalidFilters", "Too many IDs were given.", domain="youtube.parameter"
        )
    videos = call.world.shelf("youtube", "videos")
    seen = [
        id
        for id in ids
        if id in videos
        and (videos[id]["account"] == person.id or privacy(call.world, videos[id]) != "private")
    ]
    return JSONResponse(
        {
            "kind": "youtube#videoListResponse",
            "etag": secrets.token_urlsafe(20),
            "items": [resource(call.world, id, parts) for id in seen],
            "pageInfo": {"totalResults": len(seen), "resultsPerPage": len(seen)},
        }
    )


async def list_role(call: Call) -> str:
    return "metrics" if "statistics" in call.query("part") else "status"


async def update(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=50)
    parts = parts_of(call.query("part"), PARTS)
    body = await call.json()
    given = body if isinstance(body, dict) else {}
    id = str(given.get("id", ""))
    video = own(call, person.id, id)
    # A part that is not sent stays as it was; one that is sent is replaced whole.
    whole = {name: video[name] for name in ("snippet", "status")} | {
        name: value for name, value in given.items() if name != "id"
    }
    sent = tuple({*parts, "snippet", "status"})
    video.update(video_body(whole, sent, moment(call.world.now())))
    post = call.world.post("youtube", id)
    if post:
        status = video["status"]
        goes_out = publish_time(status)
        hidden = status["privacyStatus"] == "private" and not goes_out
        post.state = "private" if hidden else "published"
        post.ready_at = max(video["ready_at"], goes_out or 0.0)
        post.text = video["snippet"]["description"]
        post.extra |= {"title": video["snippet"]["title"], "privacy": status["privacyStatus"]}
    return JSONResponse(resource(call.world, id, parts))


async def delete(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=50)
    id = call.query("id")
    own(call, person.id, id)
    del call.world.shelf("youtube", "videos")[id]
    post = call.world.post("youtube", id)
    if post:
        call.world.remove(post)
    return Response(status_code=204)


def own(call: Call, account: str, id: str) -> dict[str, Any]:
    """The account's own video, or GoogleError."""
    video = call.world.shelf("youtube", "videos").get(id)
    if video is None:
        raise GoogleError(
            404,
            "videoNotFound",
            "The video that you are trying to change cannot be found. Check the value of the "
            "request's id parameter to ensure that it is correct.",
            location="id",
        )
    if video["account"] != account:
        raise GoogleError(
            403, "forbidden", "The request is not properly authorized to change this video."
        )
    return video


def is_short(video: Mapping[str, Any]) -> bool:
    """Square or vertical, and of at most three minutes; nothing in the API says so."""
    seconds, ratio = video["seconds"], video["ratio"]
    return bool(seconds and ratio and seconds <= _SHORT and ratio <= 1)

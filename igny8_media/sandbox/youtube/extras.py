"""What is added to a YouTube video once it is there: its thumbnail and its captions."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.youtube import upload as youtube_upload
from igny8_media.sandbox.youtube.resource import processed
from igny8_media.sandbox.youtube.rules import (
    CAPTION_BYTES,
    THUMBNAIL_BYTES,
    GoogleError,
    caption_body,
    is_captions,
    parts_of,
)
from igny8_media.sandbox.youtube.session import FORCE_SSL, UPLOAD, authorised
from igny8_media.sandbox.youtube.videos import is_short, own

_CAPTION_PARTS = frozenset(("id", "snippet"))


async def set_thumbnail(call: Call) -> Response:
    """For Shorts only once they are processed (revision history, 2026-11-03)."""
    person = authorised(call, UPLOAD, FORCE_SSL, cost=50)
    id = call.query("videoId")
    video = own(call, person.id, id)
    early = is_short(video) and not processed(call.world, video)
    if early or person.details.get("phone_verified") is False:
        raise GoogleError(
            403,
            "forbidden",
            "The thumbnail can't be set for the specified video. The request might not be "
            "properly authorized.",
            domain="youtube.thumbnail",
        )
    if call.query("uploadType") == "resumable":
        return youtube_upload.begin(call, "thumbnail", person.id, THUMBNAIL_BYTES, video=id)
    name = f"youtube-thumbnail-{id}-{call.world.number()}"
    blob = call.world.blobs.open(name)
    blob.write(await _body(call, THUMBNAIL_BYTES))
    return JSONResponse(await finish_thumbnail(call, {"video": id}, blob))


async def finish_thumbnail(call: Call, session: Mapping[str, Any], blob: Blob) -> dict[str, Any]:
    if not blob.size:
        raise GoogleError(
            400,
            "mediaBodyRequired",
            "The request does not include the image content.",
            domain="youtube.thumbnail",
        )
    picture = picture_of(blob.head)
    if picture is None or picture.mime not in ("image/jpeg", "image/png"):
        raise GoogleError(
            400,
            "invalidImage",
            "The provided image content is invalid.",
            domain="youtube.thumbnail",
        )
    id = session["video"]
    call.world.shelf("youtube", "videos")[id]["thumbnail"] = blob.describe("image")
    post = call.world.post("youtube", id)
    if post:
        post.extra["thumbnail"] = blob.describe("image")
    size = {"width": picture.width, "height": picture.height}
    return {
        "kind": "youtube#thumbnailSetResponse",
        "etag": secrets.token_urlsafe(20),
        "items": [{"default": {"url": f"https://i.ytimg.com/vi/{id}/default.jpg", **size}}],
    }


async def insert_captions(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=400)
    parts_of(call.query("part"), _CAPTION_PARTS)
    body, content = await _related(call)
    snippet = caption_body(body)
    own(call, person.id, snippet["videoId"])
    for track in call.world.shelf("youtube", "captions").values():
        if all(track["snippet"][key] == snippet[key] for key in ("videoId", "language", "name")):
            raise GoogleError(
                409,
                "captionExists",
                "The specified video already has a caption track with the given snippet.language "
                "and snippet.name. A video can have multiple tracks for the same language, but "
                "each track must have a different name.",
                domain="youtube.caption",
            )
    id = f"AUieDa{secrets.token_urlsafe(20)}"
    kept = {"id": id, "account": person.id, "snippet": snippet}
    if content is None:
        return youtube_upload.begin(call, "caption", person.id, CAPTION_BYTES, track=kept)
    blob = call.world.blobs.open(f"youtube-caption-{id}")
    blob.write(content)
    return JSONResponse(await finish_caption(call, {"track": kept}, blob))


async def update_captions(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=450)
    parts_of(call.query("part"), _CAPTION_PARTS)
    body, content = await _related(call)
    given = body if isinstance(body, dict) else {}
    track = _track(call, person.id, str(given.get("id", "")))
    snippet = given.get("snippet")
    if isinstance(snippet, dict) and isinstance(snippet.get("isDraft"), bool):
        track["snippet"]["isDraft"] = snippet["isDraft"]
    if content is None and call.query("uploadType") == "resumable":
        return youtube_upload.begin(call, "caption", person.id, CAPTION_BYTES, track=track)
    if content is None:
        return JSONResponse(_shown(track))
    blob = call.world.blobs.open(f"youtube-caption-{track['id']}-{call.world.number()}")
    blob.write(content)
    return JSONResponse(await finish_caption(call, {"track": track}, blob))


async def finish_caption(call: Call, session: Mapping[str, Any], blob: Blob) -> dict[str, Any]:
    if not blob.size:
        raise GoogleError(
            400,
            "contentRequired",
            "The request does not contain the caption track contents.",
            domain="youtube.caption",
        )
    track = dict(session["track"])
    good = is_captions(blob.head)
    now = datetime.fromtimestamp(call.world.now(), UTC)
    track["snippet"] |= {
        "lastUpdated": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "status": "serving" if good else "failed",
    }
    track["snippet"].pop("failureReason", None)
    if not good:
        track["snippet"]["failureReason"] = "unknownFormat"
    call.world.shelf("youtube", "captions")[track["id"]] = track
    post = call.world.post("youtube", track["snippet"]["videoId"])
    if post:
        others = [c for c in post.extra.get("captions", []) if c["id"] != track["id"]]
        shown = {key: track["snippet"][key] for key in ("language", "name", "status")}
        post.extra["captions"] = [*others, {"id": track["id"], **shown, **blob.describe("text")}]
    return _shown(track)


async def list_captions(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=50)
    parts_of(call.query("part"), _CAPTION_PARTS)
    own(call, person.id, call.query("videoId"))
    tracks = call.world.shelf("youtube", "captions").values()
    return JSONResponse(
        {
            "kind": "youtube#captionListResponse",
            "etag": secrets.token_urlsafe(20),
            "items": [
                _shown(track)
                for track in tracks
                if track["snippet"]["videoId"] == call.query("videoId")
            ],
        }
    )


async def delete_captions(call: Call) -> Response:
    person = authorised(call, FORCE_SSL, cost=50)
    track = _track(call, person.id, call.query("id"))
    del call.world.shelf("youtube", "captions")[track["id"]]
    return Response(status_code=204)


def _track(call: Call, account: str, id: str) -> dict[str, Any]:
    track = call.world.shelf("youtube", "captions").get(id)
    if track is None or track["account"] != account:
        raise GoogleError(
            404,
            "captionNotFound",
            "The caption track could not be found.",
            domain="youtube.caption",
        )
    return track


def _shown(track: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "youtube#caption",
        "etag": secrets.token_urlsafe(20),
        "id": track["id"],
        "snippet": {
            "trackKind": "standard",
            "audioTrackType": "unknown",
            "isCC": False,
            "isLarge": False,
            "isEasyReader": False,
            "isAutoSynced": False,
            **track["snippet"],
        },
    }


async def _related(call: Call) -> tuple[Any, bytes | None]:
    """The metadata and the content of a multipart/related body (RFC 2387); content None where
    only metadata came."""
    if call.content_type == "application/json":
        return await call.json(), None
    kind, options = parse_options_header(call.header("content-type"))
    boundary = options.get(b"boundary", b"")
    body = await _body(call, CAPTION_BYTES)
    pieces = body.split(b"--" + boundary) if boundary else []
    if kind != b"multipart/related" or len(pieces) != 4:
        raise GoogleError(
            400, "badRequest", "Bad content type. Please use media upload.", domain="global"
        )
    # Each part: the end of the boundary's line, headers, an empty line, content, an end of line.
    metadata, content = (
        re.split(rb"\r?\n\r?\n", piece.lstrip(b"\r\n"), maxsplit=1)[-1] for piece in pieces[1:3]
    )
    try:
        return json.loads(metadata), re.sub(rb"\r?\n\Z", b"", content)
    except ValueError:
        raise GoogleError(400, "parseError", "Parse Error", domain="global") from None


async def _body(call: Call, most: int) -> bytes:
    body = bytearray()
    async for data in call.request.stream():
        body += data
        if len(body) > most:
            raise GoogleError(
                413, "uploadTooLarge", f"Media is too large. Limit: {most}", domain="global"
            )
    return bytes(body)

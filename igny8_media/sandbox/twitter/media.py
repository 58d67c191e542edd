"""X's media, version 2: one request for pictures, segments for videos and GIFs, alternative text.

Sources: openapi.json 2.167 and media best practices, docs.x.com, 2026-08.
"""

import base64
import math
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Refuse, Route
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.twitter.rest import body, enter, forbidden, id_of, invalid, missing, only
from igny8_media.sandbox.videos import facts_of

_LIVES: Final = 86400.0
_SEGMENT: Final = 5 << 20
_SEGMENTS: Final = 1000
_ALT: Final = 1000
_CATEGORIES: Final = {
    "tweet_image": (5_000_000, ("image/jpeg", "image/png", "image/webp", "image/gif")),
    "tweet_gif": (15_000_000, ("image/gif",)),
    "tweet_video": (512_000_000, ("video/mp4", "video/quicktime", "video/webm", "video/mp2t")),
}
_VIDEO_SECONDS: Final = (0.5, 140.0)
_GIF_PIXELS: Final = (1280, 1080)
_KEYS: Final = {"tweet_image": 3, "tweet_gif": 16, "tweet_video": 13}
_KINDS: Final = {"tweet_image": "image", "tweet_gif": "gif", "tweet_video": "video"}


async def _simple(call: Call) -> Response:
    token = enter(call, "simple_upload", "media.write")
    if call.content_type == "multipart/form-data":
        given: dict[str, Any] = dict(await call.form())
    else:
        given = await body(call)
    only(given, "", dict.fromkeys(("media", "media_category", "additional_owners"), object))
    category = given.get("media_category")
    if category not in ("tweet_image", "tweet_gif"):
        raise invalid("media_category", category, "$.media_category: must be of a picture here")
    data = await _bytes(given.get("media"))
    most, mimes = _CATEGORIES[category]
    id = _new(call, token.user_id, category, len(data))
    kept = _kept(call, id, token.user_id)
    blob = call.world.blobs.open(kept["blob"])
    blob.write(data, 0)
    if not data or len(data) > most or blob.mime not in mimes:
        raise invalid("media", f"{len(data)} bytes", "media type unrecognized or file too large.")
    kept["ready_at"], kept["described"] = call.world.now(), blob.describe(_KINDS[category])
    return JSONResponse({"data": _data(call, id, kept)})


async def _initialize(call: Call) -> Response:
    token = enter(call, "upload", "media.write")
    given = only(
        await body(call),
        "",
        {
            "additional_owners": list,
            "media_category": str,
            "media_type": str,
            "shared": bool,
            "total_bytes": int,
        },
    )
    category, size = given.get("media_category"), given.get("total_bytes", 0)
    if category not in _CATEGORIES:
        raise invalid("media_category", category, "$.media_category: is not one of its values")
    most, mimes = _CATEGORIES[category]
    if given.get("media_type") not in mimes:
        raise invalid("media_type", given.get("media_type"), f"$.media_type: not for {category}")
    if not 0 < size <= most:
        raise invalid("total_bytes", size, f"$.total_bytes: must be from 1 to {most}")
    id = _new(call, token.user_id, category, size)
    kept = _kept(call, id, token.user_id)
    kept["mime"] = given["media_type"]
    return JSONResponse({"data": _data(call, id, kept)})


async def _append(call: Call) -> Response:
    token = enter(call, "upload", "media.write")
    kept = _kept(call, call.path("id"), token.user_id)
    if call.content_type == "multipart/form-data":
        given: dict[str, Any] = dict(await call.form())
        only(given, "", {"media": UploadFile, "segment_index": str})
        number = given.get("segment_index", "")
        index = int(number) if number.isascii() and number.isdigit() else -1
    else:
        given = only(await body(call), "", {"media": str, "segment_index": int})
        index = given.get("segment_index", -1)
    sizes: list[int] = kept["segments"]
    data = await _bytes(given.get("media"))
    if not 0 <= index < _SEGMENTS:
        raise invalid("segment_index", index, "$.segment_index: must be from 0 to 999")
    if not 0 < len(data) <= _SEGMENT:
        raise invalid("media", f"{len(data)} bytes", f"A segment has 1 to {_SEGMENT} bytes.")
    if kept["ready_at"] is not None:
        raise invalid("id", call.path("id"), "The upload was finalized already.")
    again = index < len(sizes)
    if index > len(sizes) or (again and sizes[index] != len(data)):
        raise invalid("segment_index", index, "Segments do not fit together.")
    if sum(sizes) + (0 if again else len(data)) > kept["size"]:
        raise invalid("media", f"{len(data)} bytes", "More bytes than total_bytes announced.")
    call.world.blobs.open(kept["blob"]).write(data, sum(sizes[:index]))
    if not again:
        sizes.append(len(data))
    return JSONResponse({"data": {"expires_at": round(kept["ends"])}})


async def _finalize(call: Call) -> Response:
    token = enter(call, "upload", "media.write")
    id = call.path("id")
    kept = _kept(call, id, token.user_id)
    if sum(kept["segments"]) != kept["size"]:
        raise invalid("id", id, f"{sum(kept['segments'])} of {kept['size']} bytes were uploaded.")
    if kept["ready_at"] is None:
        blob = call.world.blobs.open(kept["blob"])
        fate = call.processing()
        kept["ready_at"] = fate["ready_at"]
        kept["failed"] = fate["failed"] or not _fits(kept, blob.mime, blob.head)
        kept["described"] = blob.describe(_KINDS[kept["category"]])
    return JSONResponse({"data": _data(call, id, kept)})


def _fits(kept: dict[str, Any], mime: str, head: bytes) -> bool:
    if kept["mime"] not in (mime, "video/mp2t"):
        return False
    seconds = facts_of(head).seconds
    if seconds is not None and not _VIDEO_SECONDS[0] <= seconds <= _VIDEO_SECONDS[1]:
        return False
    picture = picture_of(head) if mime == "image/gif" else None
    return picture is None or (picture.width <= _GIF_PIXELS[0] and picture.height <= _GIF_PIXELS[1])


async def _status(call: Call) -> Response:
    token = enter(call, "upload", "media.write")
    if call.query("command", "STATUS") != "STATUS":
        raise invalid("command", call.query("command"), "The command must be STATUS.")
    id = id_of(call.query("media_id"), "media_id")
    return JSONResponse({"data": _data(call, id, _kept(call, id, token.user_id))})


async def _describe(call: Call) -> Response:
    token = enter(call, "metadata", "media.write")
    given = await body(call)
    id = id_of(given.get("id"), "id")
    metadata = given.get("metadata", {})
    alt = metadata.get("alt_text", {}) if isinstance(metadata, dict) else None
    text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(text, str) or len(text) > _ALT:
        raise invalid("metadata.alt_text.text", text, "$.metadata.alt_text.text: at most 1000")
    kept = _kept(call, id, token.user_id)
    kept["alt_text"] = text
    return JSONResponse({"data": {"id": id, "associated_metadata": {"alt_text": {"text": text}}}})


def usable(call: Call, ids: list[Any], user: str) -> list[dict[str, Any]]:
    """What a post may attach, as it lists it: four pictures, or one GIF, or one video."""
    found: list[dict[str, Any]] = []
    for id in ids:
        kept = call.world.shelf("twitter", "media").get(id_of(id, "media.media_ids"))
        if kept is None or kept["user"] != user or not _ready(call, kept):
            raise invalid("media.media_ids", id, "Your media IDs are invalid.")
        alt = {"alt_text": kept["alt_text"]} if kept["alt_text"] else {}
        found.append({**kept["described"], **alt, "id": id, "media_key": kept["key"]})
    if len(found) != len(set(ids)):
        raise invalid("media.media_ids", ids, "$.media.media_ids: has duplicates")
    single = any(media["kind"] != "image" for media in found)
    if not 1 <= len(found) <= 4 or (single and len(found) > 1):
        raise invalid("media.media_ids", ids, "A post takes four pictures, one GIF or one video.")
    return found


def _new(call: Call, user: str, category: str, size: int) -> str:
    id = str(call.world.number())
    call.world.shelf("twitter", "media")[id] = {
        "user": user,
        "category": category,
        "mime": "",
        "size": size,
        "key": f"{_KEYS[category]}_{id}",
        "blob": f"twitter-{id}",
        "segments": [],
        "ends": call.world.now() + _LIVES,
        "ready_at": None,
        "failed": False,
        "alt_text": "",
    }
    return id


def _kept(call: Call, id: str, user: str) -> dict[str, Any]:
    kept = call.world.shelf("twitter", "media").get(id_of(id, "id"))
    if kept is None or call.world.now() >= kept["ends"]:
        raise Refuse(missing("media", id, "id"))
    if kept["user"] != user:
        raise forbidden("You are not permitted to use this media.")
    return kept


def _ready(call: Call, kept: dict[str, Any]) -> bool:
    now = call.world.now()
    done = kept["ready_at"] is not None and now >= kept["ready_at"]
    return done and not kept["failed"] and now < kept["ends"]


def _data(call: Call, id: str, kept: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": id,
        "media_key": kept["key"],
        "size": kept["size"],
        "expires_after_secs": max(0, round(kept["ends"] - call.world.now())),
    }
    if kept["ready_at"] is not None and kept["category"] != "tweet_image":
        left = kept["ready_at"] - call.world.now()
        if left > 0:
            state = {"state": "in_progress", "progress_percent": 50}
            data["processing_info"] = {**state, "check_after_secs": min(5, math.ceil(left))}
        elif kept["failed"]:
            data["processing_info"] = {"state": "failed", "progress_percent": 50}
        else:
            data["processing_info"] = {"state": "succeeded", "progress_percent": 100}
    return data


async def _bytes(media: Any) -> bytes:
    """A file of a multipart body, or base64 in a JSON body."""
    if isinstance(media, UploadFile):
        return await media.read()
    try:
        return base64.b64decode(media, validate=True)
    except (TypeError, ValueError):
        raise invalid("media", "", "$.media: is required, as a file or in base64") from None


routes: Final = [
    Route("POST", "/twitter/2/media/upload", _simple, "upload"),
    Route("GET", "/twitter/2/media/upload", _status, "status"),
    Route("POST", "/twitter/2/media/upload/initialize", _initialize, "prepare"),
    Route("POST", "/twitter/2/media/upload/{id}/append", _append, "upload"),
    Route("POST", "/twitter/2/media/upload/{id}/finalize", _finalize, "prepare"),
    Route("POST", "/twitter/2/media/metadata", _describe, "prepare"),
]

"""LinkedIn's pictures, videos and documents: announced, uploaded, processed.

Sources: Images, Videos and Documents APIs, learn.microsoft.com/linkedin, 2026-10.
"""

import hashlib
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.linkedin.rest import (
    body,
    fields,
    may_act,
    refuse,
    rest,
    signed_in,
    urn_in_path,
)
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.videos import facts_of

_NAMES: Final = {"images": "image", "videos": "video", "documents": "document"}
_MIMES: Final = {
    "image": ("image/jpeg", "image/png", "image/gif"),
    "video": ("video/mp4",),
    # DOCX and PPTX are ZIP files; DOC and PPT carry the old compound file's mark.
    "document": ("application/pdf", "application/zip", "application/octet-stream"),
}
_PART: Final = 4 << 20
_MOST: Final = {"image": 100_000_000, "document": 100_000_000}
_VIDEO_BYTES: Final = (75_000, 500_000_000)
_VIDEO_SECONDS: Final = (3.0, 1800.0)
_PIXELS: Final = 36_152_320
_URL_SECONDS: Final = 86400.0


async def _announce_or_finish(call: Call) -> Response:
    token = rest(call)
    kind = _kind(call)
    action = call.query("action")
    if action == "initializeUpload":
        given = fields(await body(call), "", {"initializeUploadRequest": dict})
        return _announce(call, kind, token.user_id, given["initializeUploadRequest"])
    if action == "finalizeUpload" and kind == "video":
        given = fields(await body(call), "", {"finalizeUploadRequest": dict})
        return _finish(call, token.user_id, given["finalizeUploadRequest"])
    raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"There is no action {action!r} on {kind}s")


def _announce(call: Call, kind: str, user: str, given: Any) -> Response:
    if kind == "video":
        wanted = {"owner": str, "fileSizeBytes": int}
        fields(
            given,
            "/initializeUploadRequest",
            wanted,
            {"uploadCaptions": bool, "uploadThumbnail": bool},
        )
        least, most = _VIDEO_BYTES
        if not least <= given["fileSizeBytes"] <= most:
            raise refuse(
                400, "INVALID_VALUE_FOR_FIELD", f"fileSizeBytes must be from {least} to {most}"
            )
    else:
        fields(given, "/initializeUploadRequest", {"owner": str})
    token = signed_in(call)
    may_act(call, token, given["owner"])
    number, world = call.world.number(), call.world
    urn = f"urn:li:{kind}:D4E{number}"
    ends = world.now() + _URL_SECONDS
    size = given.get("fileSizeBytes")
    world.shelf("linkedin", "media")[urn] = {
        "owner": given["owner"],
        "user": user,
        "kind": kind,
        "size": size,
        "blob": f"linkedin-{number}",
        "ends": ends,
        "parts": {},
        "covered": bool(given.get("uploadThumbnail")),
        "cover": None,
        "token": f"upload-{number}" if kind == "video" else "",
        "ready_at": None,
        "failure": "",
    }
    address = f"{call.origin}/linkedin/dms-uploads/{number}/{kind}"
    until = round(ends * 1000)
    if kind == "video":
        parts = range(0, size, _PART)
        value = {
            "video": urn,
            "uploadToken": f"upload-{number}",
            "uploadInstructions": [
                {
                    "uploadUrl": f"{address}?part={index}",
                    "firstByte": first,
                    "lastByte": min(first + _PART, size) - 1,
                }
                for index, first in enumerate(parts)
            ],
            "uploadUrlsExpireAt": until,
        }
        if given.get("uploadThumbnail"):
            value["thumbnailUploadUrl"] = f"{call.origin}/linkedin/dms-uploads/{number}/cover"
    else:
        value = {"uploadUrl": address, "uploadUrlExpiresAt": until, kind: urn}
    return JSONResponse({"value": value})


async def _upload(call: Call) -> Response:
    kind, number = call.path("kind"), call.path("number")
    what = "video" if kind == "cover" else kind
    kept = call.world.shelf("linkedin", "media").get(f"urn:li:{what}:D4E{number}")
    if kept is None:
        raise refuse(404, "NOT_FOUND", "There is no such upload")
    if call.world.now() >= kept["ends"]:
        raise refuse(400, "EXPIRED_UPLOAD_URL", "The upload URL has expired")
    if kept["ready_at"] is not None and what == "video":
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "The upload was finalized already")
    if kind == "cover":
        return await _cover(call, kept)
    blob = call.world.blobs.open(kept["blob"])
    if kind == "video":
        return await _part(call, kept, blob)
    if signed_in(call).user_id != kept["user"]:
        raise refuse(403, "ACCESS_DENIED", "The upload belongs to another account")
    came = await blob.receive(call.request.stream(), 0)
    if came == 0 or came > _MOST[kind]:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{came} bytes are no {kind}")
    _process(call, kept, blob)
    return Response(status_code=201)


async def _cover(call: Call, kept: dict[str, Any]) -> Response:
    blob = call.world.blobs.open(f"{kept['blob']}-cover")
    await blob.receive(call.request.stream(), 0)
    if not kept["covered"] or blob.mime not in ("image/jpeg", "image/png"):
        call.world.blobs.forget(blob.name)
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{blob.mime} is no thumbnail")
    kept["cover"] = blob.describe("image")
    return Response(status_code=201)


async def _part(call: Call, kept: dict[str, Any], blob: Blob) -> Response:
    if call.content_type != "application/octet-stream":
        raise refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/octet-stream")
    index = call.query("part")
    first = int(index) * _PART if index.isdigit() else kept["size"]
    wanted = min(_PART, kept["size"] - first)
    data = await call.request.body()
    if wanted <= 0 or len(data) != wanted:
        raise refuse(
            400,
            "INVALID_VALUE_FOR_FIELD",
            f"Part {index} has {len(data)} bytes and not the {wanted} of its instruction",
        )
    blob.write(data, first)
    etag = f"/ambry-video/{hashlib.sha256(data).hexdigest()[:24]}-{index}"
    kept["parts"][index] = etag
    return Response(status_code=200, headers={"ETag": etag})


def _finish(call: Call, user: str, given: Any) -> Response:
    fields(
        given,
        "/finalizeUploadRequest",
        {"video": str, "uploadToken": str, "uploadedPartIds": list},
    )
    kept = call.world.shelf("linkedin", "media").get(given["video"])
    if kept is None or kept["kind"] != "video":
        raise refuse(400, "INVALID_URN_ID", f"There is no video {given['video']}")
    if kept["user"] != user:
        raise refuse(403, "ACCESS_DENIED", "The video belongs to another account")
    count = -(-kept["size"] // _PART)
    etags = [kept["parts"].get(str(index)) for index in range(count)]
    if given["uploadToken"] != kept["token"] or given["uploadedPartIds"] != etags:
        raise refuse(
            400,
            "INVALID_VALUE_FOR_FIELD",
            "uploadToken or uploadedPartIds are not those of the parts that were uploaded",
        )
    if kept["covered"] and not kept["cover"]:  # no page says what becomes of it: the strict reading
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "The announced thumbnail was not uploaded")
    if kept["ready_at"] is None:
        _process(call, kept, call.world.blobs.open(kept["blob"]))
    return Response(status_code=200)


def _process(call: Call, kept: dict[str, Any], blob: Blob) -> None:
    fate = call.processing()
    kept["ready_at"] = fate["ready_at"]
    kept["failure"] = "PROCESSING_FAILED" if fate["failed"] else _unfit(kept["kind"], blob)
    kept["described"] = blob.describe(kept["kind"])


def _unfit(kind: str, blob: Blob) -> str:
    """Why LinkedIn cannot process these bytes; empty where it can."""
    if blob.mime not in _MIMES[kind]:
        return f"UNSUPPORTED_FORMAT {blob.mime}"
    if kind == "image":
        picture = picture_of(blob.head)
        if picture and picture.width * picture.height >= _PIXELS:
            return "IMAGE_TOO_LARGE"
    if kind == "video":
        seconds = facts_of(blob.head).seconds
        if seconds is not None and not _VIDEO_SECONDS[0] <= seconds <= _VIDEO_SECONDS[1]:
            return "DURATION_OUT_OF_RANGE"
    return ""


async def _status(call: Call) -> Response:
    token = rest(call)
    kind, urn = _kind(call), urn_in_path(call)
    kept = call.world.shelf("linkedin", "media").get(urn)
    # A member's token is write-only for pictures and documents (seen in practice).
    reads = kind == "video" or "r_organization_social" in token.scopes
    if not reads or (kept and kept["user"] != token.user_id):
        raise refuse(403, "ACCESS_DENIED", f"Not enough permissions to access {kind}s")
    if kept is None or kept["kind"] != kind:
        raise refuse(404, "NOT_FOUND", f"There is no {kind} {urn}")
    status = status_of(call, kept)
    answer = {"id": urn, "owner": kept["owner"], "status": status}
    if status == "PROCESSING_FAILED":
        answer["processingFailureReason"] = kept["failure"]
    return JSONResponse(answer)


def status_of(call: Call, kept: dict[str, Any]) -> str:
    if kept["ready_at"] is None:
        return "WAITING_UPLOAD"
    if call.world.now() < kept["ready_at"]:
        return "PROCESSING"
    return "PROCESSING_FAILED" if kept["failure"] else "AVAILABLE"


def usable(
    call: Call, urn: Any, kinds: tuple[str, ...], owner: str, alt: str = ""
) -> dict[str, Any]:
    """What a post may attach, as it lists it; refuses what is missing, foreign or unfinished."""
    parts = urn.split(":") if isinstance(urn, str) else []
    if len(parts) != 4 or parts[2] not in kinds:
        raise refuse(400, "INVALID_URN_TYPE", f"{urn!r} is no {' or '.join(kinds)}")
    kept = call.world.shelf("linkedin", "media").get(urn)
    if kept is None:
        raise refuse(400, "INVALID_URN_ID", f"{urn} does not exist")
    if kept["owner"] != owner:
        raise refuse(403, "ACCESS_DENIED", f"{urn} belongs to another account")
    status = status_of(call, kept)
    if status in ("WAITING_UPLOAD", "PROCESSING"):
        raise refuse(400, "MEDIA_ASSET_WAITING_UPLOAD", f"{urn} is in state {status}")
    if status == "PROCESSING_FAILED":
        raise refuse(400, "MEDIA_ASSET_PROCESSING_FAILED", f"{urn} could not be processed")
    return {**kept["described"], **({"alt_text": alt} if alt else {})}


def cover_of(call: Call, urn: str) -> dict[str, Any] | None:
    """The picture before a video, as a post lists it."""
    found: dict[str, Any] | None = call.world.shelf("linkedin", "media")[urn].get("cover")
    return found


def _kind(call: Call) -> str:
    return _NAMES[call.request.url.path.split("/")[3]]


routes: Final = [
    *(Route("POST", f"/linkedin/rest/{name}", _announce_or_finish, "prepare") for name in _NAMES),
    *(Route("GET", f"/linkedin/rest/{name}/{{urn}}", _status, "status") for name in _NAMES),
    Route("PUT", "/linkedin/dms-uploads/{number}/{kind}", _upload, "upload"),
]

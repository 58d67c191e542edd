"""Bytes on their way into TikTok, and what becomes of them there (contract 6.2)."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.fetch import FetchError, fetched, opened
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.receiving import receive
from igny8_media.sandbox.state import NEVER, Post, World
from igny8_media.sandbox.tiktok.rules import (
    MIMES,
    TikTokError,
    chunk_bounds,
    content_range,
    enveloped,
)
from igny8_media.sandbox.tiktok.session import ask, authorised, creator, limit
from igny8_media.sandbox.videos import facts_of

_PHOTO_BYTES: Final = 20_000_000
_PHOTO_SIDE: Final = 1080


async def upload_role(call: Call) -> str:
    """The last chunk is what publishes: TikTok asks for nothing after it."""
    try:
        _, last, size = content_range(call.header("content-range"))
    except TikTokError:
        return "upload"
    return "commit" if last == size - 1 else "upload"


async def upload(call: Call) -> Response:
    """One chunk, in its order; 206 where more must come, 201 with the last."""
    world = call.world
    job = world.shelf("tiktok", "publish").get(call.query("upload_id"))
    if job is None or call.query("upload_token") != job.get("secret"):
        return Response(status_code=404)
    if world.now() >= job["upload_ends"]:
        return Response(status_code=403)
    if call.content_type not in MIMES:
        raise TikTokError(400, "invalid_params", "Content-Type is not that of a video.")
    first, last, size = content_range(call.header("content-range"))
    if size != job["size"] or first != job["uploaded_bytes"]:
        # What is there already, and what leaves a gap, are refused alike.
        return Response(
            status_code=416, headers={"Content-Range": f"bytes 0-{job['uploaded_bytes']}/{size}"}
        )
    if chunk_bounds(size, job["chunk"], job["count"], first // job["chunk"])[1] != last:
        raise TikTokError(400, "invalid_params", "The chunk is not as large as was announced.")
    if call.header("content-length") != str(last - first + 1):
        raise TikTokError(400, "invalid_params", "Content-Length and Content-Range disagree.")
    blob = world.blobs.open(_blob(call.query("upload_id")))
    await receive(call, blob, first, last - first + 1)
    job["uploaded_bytes"] = last + 1
    headers = {"Content-Range": f"bytes 0-{last}/{size}"}
    if last + 1 < size:
        return Response(status_code=206, headers=headers)
    _finish_video(call, call.query("upload_id"), job)
    return Response(status_code=201, headers=headers)


async def status(call: Call) -> Response:
    person = authorised(call, "video.publish", "video.upload")
    limit(call, person, "status", 30)
    body = await ask(call)
    publish_id = body.get("publish_id")
    job = call.world.shelf("tiktok", "publish").get(str(publish_id))
    if job is None:
        raise TikTokError(400, "invalid_publish_id", "The publish_id does not exist.")
    if job["account"] != person.id:
        raise TikTokError(
            403,
            "token_not_authorized_for_specified_publish_id",
            "The access_token does not have authorization for the publish_id.",
        )
    return JSONResponse(enveloped(_progress(call.world, job)))


def _progress(world: World, job: Mapping[str, Any]) -> dict[str, Any]:
    now = world.now()
    bytes_ = {key: job[key] for key in ("uploaded_bytes", "downloaded_bytes") if key in job}
    if "ready_at" not in job or now < job["ready_at"]:
        pulled = "downloaded_bytes" in job
        return {"status": "PROCESSING_DOWNLOAD" if pulled else "PROCESSING_UPLOAD", **bytes_}
    if job["fail_reason"]:
        return {"status": "FAILED", "fail_reason": job["fail_reason"], **bytes_}
    if job["mode"] == "inbox":
        return {"status": "SEND_TO_USER_INBOX", **bytes_}
    found: dict[str, Any] = {"status": "PUBLISH_COMPLETE", **bytes_}
    moderated = job["ready_at"] + world.config.processing_seconds
    if job["info"].get("privacy_level") == "PUBLIC_TO_EVERYONE" and now >= moderated:
        # The misspelling is TikTok's, and so is a number that JavaScript cannot hold.
        found["publicaly_available_post_id"] = [int(job["post_id"])]
    return found


async def pull_video(call: Call, publish_id: str, job: dict[str, Any], url: str) -> None:
    blob = call.world.blobs.open(_blob(publish_id))
    job["downloaded_bytes"] = 0
    try:
        async with opened(url) as (_, pieces):
            async for piece in pieces:
                blob.write(piece)
                job["downloaded_bytes"] = blob.size
    except FetchError:
        _settle(call, publish_id, job, [], "video_pull_failed")
        return
    _finish_video(call, publish_id, job)


def _finish_video(call: Call, publish_id: str, job: dict[str, Any]) -> None:
    blob = call.world.blobs.open(_blob(publish_id))
    person = call.world.person("tiktok", job["account"])
    longest = creator(person)["max_video_post_duration_sec"] if person else 0
    facts, reason = facts_of(blob.head), ""
    sides = (facts.width or 720, facts.height or 720)
    if blob.mime not in MIMES:
        reason = "file_format_check_failed"
    elif facts.seconds and facts.seconds > longest:
        reason = "duration_check_failed"
    elif min(sides) < 360 or max(sides) > 4096:
        reason = "picture_size_check_failed"
    _settle(call, publish_id, job, [blob.describe("video")], reason)


async def pull_photos(call: Call, publish_id: str, job: dict[str, Any], urls: list[str]) -> None:
    media, reason = [], ""
    job["downloaded_bytes"] = 0
    for index, url in enumerate(urls):
        try:
            _, data = await fetched(url, _PHOTO_BYTES)
        except FetchError:
            reason = "photo_pull_failed"
            break
        picture = picture_of(data)
        if picture is None or picture.mime not in ("image/jpeg", "image/webp"):
            reason = "file_format_check_failed"
            break
        if min(picture.width, picture.height) > _PHOTO_SIDE:
            reason = "picture_size_check_failed"
            break
        blob = call.world.blobs.open(_blob(f"{publish_id}.{index}"))
        blob.write(data)
        job["downloaded_bytes"] += len(data)
        media.append(blob.describe("image"))
    _settle(call, publish_id, job, media, reason)


def _settle(
    call: Call, publish_id: str, job: dict[str, Any], media: list[dict[str, Any]], reason: str
) -> None:
    """All bytes are there: from now on only TikTok decides."""
    world = call.world
    fate = call.processing()
    job["ready_at"] = fate["ready_at"]
    job["fail_reason"] = reason or (
        "internal" if fate["failed"] and fate["ready_at"] < NEVER else ""
    )
    job["post_id"] = str(world.number())
    if job["fail_reason"]:
        return
    person = world.person("tiktok", job["account"])
    info, photos = job["info"], publish_id.startswith("p_")
    public = info.get("privacy_level") == "PUBLIC_TO_EVERYONE"
    username = creator(person)["creator_username"] if person else ""
    cover = info.get("video_cover_timestamp_ms")
    world.posts.append(
        Post(
            service="tiktok",
            id=job["post_id"],
            url=f"https://www.tiktok.com/@{username}/"
            f"{'photo' if photos else 'video'}/{job['post_id']}",
            account=job["account"],
            kind="image" if photos else "video",
            text=info.get("description" if photos else "title", ""),
            created_at=world.now(),
            media=media,
            state="inbox" if job["mode"] == "inbox" else "published" if public else "private",
            ready_at=fate["ready_at"],
            extra={
                "publish_id": publish_id,
                "privacy": info.get("privacy_level"),
                **({"title": info.get("title", "")} if photos else {}),
                **({"cover_at": cover / 1000} if cover is not None else {}),
            },
        )
    )


def _blob(publish_id: str) -> str:
    return "tiktok-" + publish_id.replace("~", "-")

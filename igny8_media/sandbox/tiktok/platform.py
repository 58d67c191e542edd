"""TikTok's Content Posting API v2, played by its contract (section 6)."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Platform, Route
from igny8_media.sandbox.state import Person, World
from igny8_media.sandbox.tiktok import oauth as tiktok_oauth
from igny8_media.sandbox.tiktok.lookup import user_info, video_list, video_query
from igny8_media.sandbox.tiktok.rules import (
    TikTokError,
    enveloped,
    photo_info,
    photo_source,
    video_info,
    video_source,
)
from igny8_media.sandbox.tiktok.session import ask, authorised, creator, limit
from igny8_media.sandbox.tiktok.work import pull_photos, pull_video, status, upload, upload_role

_DAY: Final = 86400.0
_UPLOAD_SECONDS: Final = 3600.0
_POSTS_A_DAY: Final = 15
_DRAFTS_A_DAY: Final = 5


async def creator_info(call: Call) -> Response:
    person = authorised(call, "video.publish")
    limit(call, person, "creator_info", 20)
    await ask(call, empty=True)
    return JSONResponse(enveloped(creator(person)))


async def init_video(call: Call) -> Response:
    """A direct post: told whole, then its bytes are sent or pulled."""
    person = authorised(call, "video.publish")
    limit(call, person, "init", 6)
    body = await ask(call)
    source = video_source(body.get("source_info"))
    info = video_info(body.get("post_info"), tuple(creator(person)["privacy_level_options"]))
    _audited(person, info)
    _daily(call, person)
    return await _begin_video(call, person, source, "direct", info)


async def init_draft(call: Call) -> Response:
    """A video for the creator's inbox."""
    person = authorised(call, "video.upload")
    limit(call, person, "init", 6)
    body = await ask(call)
    source = video_source(body.get("source_info"))
    _pending(call, person)
    return await _begin_video(call, person, source, "inbox", {})


async def init_photos(call: Call) -> Response:
    body = await ask(call)
    mode = body.get("post_mode")
    if body.get("media_type") != "PHOTO" or mode not in ("DIRECT_POST", "MEDIA_UPLOAD"):
        raise TikTokError(
            400,
            "invalid_params",
            "media_type must be PHOTO, and post_mode DIRECT_POST or MEDIA_UPLOAD.",
        )
    direct = mode == "DIRECT_POST"
    person = authorised(call, "video.publish" if direct else "video.upload")
    limit(call, person, "init", 6)
    source = photo_source(body.get("source_info"))
    options = tuple(creator(person)["privacy_level_options"])
    info = photo_info(body.get("post_info"), options, direct=direct)
    for url in source["photo_images"]:
        _owned(person, url)
    if direct:
        _audited(person, info)
        _daily(call, person)
    else:
        _pending(call, person)
    publish_id = f"p_{'pub' if direct else 'inbox'}_url~v2.{call.world.number()}"
    job = _job(person, "direct" if direct else "inbox", info)
    call.world.shelf("tiktok", "publish")[publish_id] = job
    await pull_photos(call, publish_id, job, source["photo_images"])
    return JSONResponse(enveloped({"publish_id": publish_id}))


async def _begin_video(
    call: Call, person: Person, source: Mapping[str, Any], mode: str, info: Mapping[str, Any]
) -> Response:
    world = call.world
    way = "file" if source["source"] == "FILE_UPLOAD" else "url"
    if way == "url":
        _owned(person, source["video_url"])
    publish_id = f"v_{'pub' if mode == 'direct' else 'inbox'}_{way}~v2-1.{world.number()}"
    job = _job(person, mode, info)
    world.shelf("tiktok", "publish")[publish_id] = job
    if way == "url":
        await pull_video(call, publish_id, job, source["video_url"])
        return JSONResponse(enveloped({"publish_id": publish_id}))
    secret = secrets.token_urlsafe(24)
    job |= {
        "size": source["video_size"],
        "chunk": source["chunk_size"],
        "count": source["total_chunk_count"],
        "uploaded_bytes": 0,
        "secret": secret,
        "upload_ends": world.now() + _UPLOAD_SECONDS,
    }
    url = f"{call.origin}/tiktok/upload/?upload_id={publish_id}&upload_token={secret}"
    return JSONResponse(enveloped({"publish_id": publish_id, "upload_url": url}))


def _job(person: Person, mode: str, info: Mapping[str, Any]) -> dict[str, Any]:
    return {"account": person.id, "mode": mode, "info": dict(info), "fail_reason": ""}


def _audited(person: Person, info: Mapping[str, Any]) -> None:
    if person.details.get("unaudited") and info.get("privacy_level") != "SELF_ONLY":
        raise TikTokError(
            403,
            "unaudited_client_can_only_post_to_private_accounts",
            "Unaudited clients can only post to a private account. The publish attempt will be "
            "blocked when calling /publish/video/init/.",
        )


def _owned(person: Person, url: str) -> None:
    """Addresses must begin with one that was verified; sandbox accounts have them all unless
    their details name `verified_urls`."""
    verified = person.details.get("verified_urls")
    if verified is not None and not any(url.startswith(prefix) for prefix in verified):
        raise TikTokError(
            403,
            "url_ownership_unverified",
            "To use PULL_FROM_URL as the transfer method, developer must verify the ownership of "
            "the URL prefix or domain.",
        )


def _daily(call: Call, person: Person) -> None:
    most = call.world.config.daily_limit.get("tiktok", _POSTS_A_DAY)
    if not call.world.use(f"tiktok/{person.id}/posts", most, _DAY)[0]:
        raise TikTokError(
            403,
            "spam_risk_too_many_posts",
            "The daily post cap from the API is reached for the current user.",
        )


def _pending(call: Call, person: Person) -> None:
    most = call.world.config.daily_limit.get("tiktok", _DRAFTS_A_DAY)
    if not call.world.use(f"tiktok/{person.id}/drafts", most, _DAY)[0]:
        raise TikTokError(
            403,
            "spam_risk_too_many_pending_share",
            "There may be at most 5 pending shares within any 24-hour period.",
        )


async def init_role(call: Call) -> str:
    """Only an announcement where bytes must follow; what is pulled is published by it."""
    body = await call.json()
    source = body.get("source_info") if isinstance(body, dict) else None
    way = source.get("source") if isinstance(source, dict) else None
    return "commit" if way == "PULL_FROM_URL" else "prepare"


def _limited(_: Call, after: float | None) -> Response:
    headers = {} if after is None else {"Retry-After": str(max(1, round(after)))}
    body = enveloped({}, "rate_limit_exceeded", "The API rate limit was exceeded.")
    return JSONResponse(body, status_code=429, headers=headers)


def _unauthorized(_: Call) -> Response:
    return JSONResponse(
        enveloped(
            {},
            "access_token_invalid",
            "The access token is invalid or not found in the request.",
        ),
        status_code=401,
    )


def _broken(_: Call) -> Response:
    return JSONResponse(
        enveloped({}, "internal_error", "Something went wrong. Please try again later."),
        status_code=500,
    )


def _identify(_: World, __: str) -> str:
    return f"-000{secrets.token_hex(16)}"


def _describe(person: Person) -> dict[str, Any]:
    return {"username": "".join(c for c in person.name.lower() if c.isalnum() or c in "._")}


_V2: Final = "/tiktok/v2"
platform = Platform(
    "tiktok",
    routes=(
        Route("POST", f"{_V2}/post/publish/creator_info/query/", creator_info, "status"),
        Route("POST", f"{_V2}/post/publish/video/init/", init_video, init_role),
        Route("POST", f"{_V2}/post/publish/inbox/video/init/", init_draft, init_role),
        Route("POST", f"{_V2}/post/publish/content/init/", init_photos, init_role),
        Route("PUT", "/tiktok/upload/", upload, upload_role),
        Route("POST", f"{_V2}/post/publish/status/fetch/", status, "status"),
        Route("POST", f"{_V2}/video/list/", video_list, "probe"),
        Route("POST", f"{_V2}/video/query/", video_query, "metrics"),
        Route("GET", f"{_V2}/user/info/", user_info),
        *tiktok_oauth.routes,
    ),
    kinds={"creator": tiktok_oauth.SCOPES},
    lifetime=tiktok_oauth.ACCESS_SECONDS,
    identify=_identify,
    describe=_describe,
    limited=_limited,
    unauthorized=_unauthorized,
    broken=_broken,
)

"""YouTube's Data API v3, played by its contract (section 7)."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Platform, Route
from igny8_media.sandbox.state import Person, World
from igny8_media.sandbox.youtube import extras as youtube_extras
from igny8_media.sandbox.youtube import oauth as youtube_oauth
from igny8_media.sandbox.youtube import reports as youtube_reports
from igny8_media.sandbox.youtube import upload as youtube_upload
from igny8_media.sandbox.youtube import videos as youtube_videos
from igny8_media.sandbox.youtube.rules import GoogleError, parts_of
from igny8_media.sandbox.youtube.session import (
    FORCE_SSL,
    READONLY,
    SCOPES,
    authorised,
    unauthenticated,
)

_CHANNEL_PARTS: Final = frozenset(("id", "snippet", "contentDetails", "statistics", "status"))
_FINISH: Final[Mapping[str, youtube_upload.Finish]] = {
    "video": youtube_videos.finish,
    "thumbnail": youtube_extras.finish_thumbnail,
    "caption": youtube_extras.finish_caption,
}


async def _put(call: Call) -> Response:
    return await youtube_upload.put(call, _FINISH)


async def _put_captions(call: Call) -> Response:
    """Bytes of an upload, or a caption track's new content."""
    if call.query("upload_id"):
        return await _put(call)
    return await youtube_extras.update_captions(call)


async def _channels(call: Call) -> Response:
    """Only the token's own channel."""
    person = authorised(call, READONLY, FORCE_SSL)
    parts = parts_of(call.query("part"), _CHANNEL_PARTS)
    if call.query("mine") != "true" and call.query("id") != person.id:
        raise GoogleError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected one of: mine, id",
            domain="youtube.parameter",
            location="parameters.",
        )
    known: dict[str, Any] = {
        "snippet": {
            "title": person.name,
            "description": "",
            "publishedAt": "2026-01-01T00:00:00Z",
            "thumbnails": {},
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{person.id[2:]}"}},
        "statistics": {
            "viewCount": "0",
            "subscriberCount": "0",
            "hiddenSubscriberCount": False,
            "videoCount": str(len(call.world.posts_of("youtube", person.id))),
        },
        "status": {
            "privacyStatus": "public",
            "isLinked": True,
            "longUploadsStatus": "allowed",
            "madeForKids": False,
        },
    }
    item = {"kind": "youtube#channel", "etag": secrets.token_urlsafe(20), "id": person.id}
    return JSONResponse(
        {
            "kind": "youtube#channelListResponse",
            "etag": secrets.token_urlsafe(20),
            "pageInfo": {"totalResults": 1, "resultsPerPage": 5},
            "items": [{**item, **{part: known[part] for part in parts if part in known}}],
        }
    )


def _limited(_: Call, after: float | None) -> Response:
    response = GoogleError(
        429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota).", domain="global"
    ).response
    if after is not None:
        response.headers["Retry-After"] = str(max(1, round(after)))
    return response


def _broken(_: Call) -> Response:
    return GoogleError(500, "backendError", "Internal error encountered.", domain="global").response


def _identify(_: World, __: str) -> str:
    return f"UC{secrets.token_urlsafe(16)}"


def _describe(person: Person) -> dict[str, Any]:
    return {"title": person.name}


_API: Final = "/google/youtube/v3"
_UPLOAD: Final = ("/google/upload/youtube/v3", "/google/resumable/upload/youtube/v3")
platform = Platform(
    "youtube",
    routes=(
        Route("GET", f"{_API}/channels", _channels),
        Route("GET", f"{_API}/videos", youtube_videos.list_videos, youtube_videos.list_role),
        Route("GET", "/google/v2/reports", youtube_reports.query, "metrics"),
        Route("PUT", f"{_API}/videos", youtube_videos.update),
        Route("DELETE", f"{_API}/videos", youtube_videos.delete),
        Route("GET", f"{_API}/captions", youtube_extras.list_captions),
        Route("PUT", f"{_API}/captions", youtube_extras.update_captions),
        Route("DELETE", f"{_API}/captions", youtube_extras.delete_captions),
        *(
            route
            for base in _UPLOAD
            for route in (
                Route("POST", f"{base}/videos", youtube_videos.insert, "prepare"),
                Route("PUT", f"{base}/videos", _put, youtube_upload.role),
                Route("POST", f"{base}/thumbnails/set", youtube_extras.set_thumbnail, "upload"),
                Route("PUT", f"{base}/thumbnails/set", _put, "upload"),
                Route("POST", f"{base}/captions", youtube_extras.insert_captions, "upload"),
                Route("PUT", f"{base}/captions", _put_captions, "upload"),
            )
        ),
        *youtube_oauth.routes,
    ),
    kinds={"channel": SCOPES},
    lifetime=youtube_oauth.ACCESS_SECONDS,
    identify=_identify,
    describe=_describe,
    limited=_limited,
    unauthorized=lambda _: unauthenticated().response,
    broken=_broken,
)

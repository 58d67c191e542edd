"""TikTok's lists of what a creator published (Display API; contract 6.4)."""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.audience import reached
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import Person, Post
from igny8_media.sandbox.tiktok.rules import TikTokError, enveloped
from igny8_media.sandbox.tiktok.session import ask, authorised, creator, limit

_MOST: Final = 20
_VIDEO: Final[dict[str, Callable[[Post, float], Any]]] = {
    "id": lambda post, _: post.id,
    "create_time": lambda post, _: int(post.created_at),
    "share_url": lambda post, _: post.url,
    "title": lambda post, _: post.text,
    "video_description": lambda post, _: post.text,
    "cover_image_url": lambda post, _: f"{post.url}/cover",
    "duration": lambda post, _: 0,
    "height": lambda post, _: 0,
    "width": lambda post, _: 0,
    "embed_html": lambda post, _: "",
    "embed_link": lambda post, _: post.url,
    "view_count": lambda post, now: reached(post, now).plays,
    "like_count": lambda post, now: reached(post, now).likes,
    "comment_count": lambda post, now: reached(post, now).comments,
    "share_count": lambda post, now: reached(post, now).shares,
}
_USER: Final = {
    "open_id": "user.info.basic",
    "union_id": "user.info.basic",
    "avatar_url": "user.info.basic",
    "display_name": "user.info.basic",
    "username": "user.info.profile",
    "profile_deep_link": "user.info.profile",
    "bio_description": "user.info.profile",
    "is_verified": "user.info.profile",
    "follower_count": "user.info.stats",
    "following_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}


async def video_list(call: Call) -> Response:
    """Public videos, newest first; `cursor` is the moment, in ms, before which they were made."""
    person = authorised(call, "video.list")
    limit(call, person, "lists", 600)
    fields = _fields(call)
    body = await ask(call, empty=True)
    most, cursor = body.get("max_count", 10), body.get("cursor")
    if not isinstance(most, int) or not 1 <= most <= _MOST:
        raise TikTokError(400, "invalid_params", "max_count must be between 1 and 20.")
    if cursor is not None and not isinstance(cursor, int):
        raise TikTokError(400, "invalid_params", "cursor must be a timestamp in milliseconds.")
    found = [
        post for post in _public(call, person) if not cursor or int(post.created_at * 1e3) < cursor
    ]
    page = found[:most]
    return JSONResponse(
        enveloped(
            {
                "videos": [_shown(call, post, fields) for post in page],
                "cursor": int(page[-1].created_at * 1e3) if page else 0,
                "has_more": len(found) > most,
            }
        )
    )


async def video_query(call: Call) -> Response:
    person = authorised(call, "video.list")
    limit(call, person, "lists", 600)
    fields = _fields(call)
    filters = (await ask(call)).get("filters")
    ids = filters.get("video_ids") if isinstance(filters, dict) else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= _MOST:
        raise TikTokError(400, "invalid_params", "filters.video_ids must name 1 to 20 videos.")
    wanted = {str(id) for id in ids}
    found = [_shown(call, post, fields) for post in _public(call, person) if post.id in wanted]
    return JSONResponse(enveloped({"videos": found}))


async def user_info(call: Call) -> Response:
    person = authorised(call, "user.info.basic", "user.info.profile", "user.info.stats")
    token = call.token()
    known = creator(person)
    values = {
        "open_id": person.id,
        "union_id": person.id,
        "avatar_url": known["creator_avatar_url"],
        "display_name": person.name,
        "username": known["creator_username"],
        "profile_deep_link": f"https://www.tiktok.com/@{known['creator_username']}",
        "bio_description": "",
        "is_verified": False,
        "video_count": len(_public(call, person)),
    }
    fields = [name for name in call.query("fields").split(",") if name]
    for name in fields or [""]:
        if name not in _USER:
            raise TikTokError(400, "invalid_params", f"The field {name or 'list'} is not valid.")
        if token is None or _USER[name] not in token.scopes:
            raise TikTokError(
                401,
                "scope_not_authorized",
                "The user did not authorize the scope required for completing this request.",
            )
    return JSONResponse(enveloped({"user": {name: values.get(name, 0) for name in fields}}))


def _public(call: Call, person: Person) -> list[Post]:
    """What everybody sees: neither drafts nor what is private or still in moderation."""
    now = call.world.now() - call.world.config.processing_seconds
    return [
        post
        for post in call.world.posts_of("tiktok", person.id)
        if post.state_at(now) == "published" and post.kind == "video"
    ]


def _fields(call: Call) -> list[str]:
    fields = [name for name in call.query("fields").split(",") if name]
    unknown = [name for name in fields if name not in _VIDEO or name in call.world.config.retired]
    if not fields or unknown:
        raise TikTokError(400, "invalid_params", "fields is missing, or names one unknown.")
    return fields


def _shown(call: Call, post: Post, fields: list[str]) -> dict[str, Any]:
    return {name: _VIDEO[name](post, call.world.now()) for name in fields}

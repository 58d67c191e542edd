"""What an Instagram account has published, and its quota (contract 5.1)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.meta.graph import Asked, missing, paged, parameter, shown, within, written
from igny8_media.sandbox.meta.instagram_containers import quota, used
from igny8_media.sandbox.meta.people import permitted
from igny8_media.sandbox.state import Post, Token

_DAY: Final = 86400.0
_FIELDS: Final = (
    "media_url thumbnail_url children owner boost_eligibility_info comments view_count saved_count "
    "shares_count reposts_count copyright_check_information legacy_instagram_media_id insights"
)


async def account(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "instagram_basic")
    person = call.world.person("instagram", ask.node)
    if person is None:
        raise missing("GET", ask.node)
    values = {
        "id": person.id,
        "username": person.details.get("username", ""),
        "name": person.name,
        "media_count": len(call.world.posts_of("instagram", person.id)),
        "followers_count": 0,
        "follows_count": 0,
    }
    return JSONResponse(
        shown(values, ask, "IGUser", (), "biography website profile_picture_url ig_id")
    )


async def media(call: Call, ask: Asked, token: Token) -> Response:
    """Everything but stories, newest first."""
    permitted(token, "instagram_basic")
    found = [
        post
        for post in call.world.posts_of("instagram", ask.node)
        if post.kind != "story" and within(ask, post.created_at)
    ]
    return paged(call, ask, found, lambda post: _shown(call, post, ask))


async def stories(call: Call, ask: Asked, token: Token) -> Response:
    """Those of the last 24 hours."""
    permitted(token, "instagram_basic")
    since = call.world.now() - _DAY
    found = [
        post
        for post in call.world.posts_of("instagram", ask.node)
        if post.kind == "story" and post.created_at >= since
    ]
    return paged(call, ask, found, lambda post: _shown(call, post, ask))


async def look(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "instagram_basic")
    post = call.world.post("instagram", ask.node)
    if post is None:
        raise missing("GET", ask.node)
    return JSONResponse(_shown(call, post, ask))


async def delete(call: Call, ask: Asked, token: Token) -> Response:
    """Possible since 2025-12, with a scope of its own."""
    permitted(token, "instagram_manage_contents")
    post = call.world.post("instagram", ask.node)
    if post is None:
        raise missing("DELETE", ask.node)
    call.world.remove(post)
    return JSONResponse({"success": True, "deleted_id": ask.node})


async def publishing_limit(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "instagram_content_publish")
    values: dict[str, Any] = {
        "quota_usage": used(call, ask.node),
        "config": {"quota_total": quota(call.world), "quota_duration": round(_DAY)},
    }
    names = [name for name in ask.get("fields").split(",") if name] or ["quota_usage"]
    for name in names:
        if name not in values:
            raise parameter(f"Tried accessing nonexisting field ({name})")
    return JSONResponse({"data": [{name: values[name] for name in names}]})


def _shown(call: Call, post: Post, ask: Asked) -> dict[str, Any]:
    kinds = {"reel": "VIDEO", "images": "CAROUSEL_ALBUM", "image": "IMAGE"}
    product = {"reel": "REELS", "story": "STORY"}.get(post.kind, "FEED")
    person = call.world.person("instagram", post.account)
    first = post.media[0] if post.media else {}
    usual = "VIDEO" if first.get("kind") == "video" else "IMAGE"
    values = {
        "id": post.id,
        "caption": post.text or None,
        "media_type": kinds.get(post.kind, usual),
        "media_product_type": product,
        "permalink": post.url,
        "shortcode": post.extra["shortcode"],
        "timestamp": written(post.created_at),
        "username": person.details.get("username") if person else None,
        "like_count": 0,
        "comments_count": 0,
        "alt_text": first.get("alt_text"),
        "is_shared_to_feed": post.extra.get("share_to_feed"),
        "is_ai_generated": post.extra.get("is_ai_generated"),
        "is_comment_enabled": True,
    }
    return shown(values, ask, "IGMedia", (), _FIELDS)

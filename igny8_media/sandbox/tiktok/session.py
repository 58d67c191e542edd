"""Whom a TikTok token speaks for, what it may, and what this creator may choose."""

from typing import Any, Final

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import Person
from igny8_media.sandbox.tiktok.rules import TikTokError

_OPTIONS: Final = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
_PRIVATE: Final = ("FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")


def authorised(call: Call, *scopes: str) -> Person:
    """The creator whose token came, if it has one of these scopes; TikTokError otherwise."""
    token = call.token()
    if token is None:
        raise TikTokError(
            401,
            "access_token_invalid",
            "The access token is invalid or not found in the request.",
        )
    if not set(scopes) & set(token.scopes):
        raise TikTokError(
            401,
            "scope_not_authorized",
            "The user did not authorize the scope required for completing this request.",
        )
    return call.owner(token)


def limit(call: Call, person: Person, what: str, usual: int) -> None:
    """Count a request of this kind; TikTokError when the minute has no more."""
    most = call.world.config.rate_limit.get("tiktok", usual)
    if not call.world.use(f"tiktok/{person.id}/{what}", most, 60.0)[0]:
        raise TikTokError(429, "rate_limit_exceeded", "The API rate limit was exceeded.")


async def ask(call: Call, *, empty: bool = False) -> dict[str, Any]:
    """The JSON object that came, or TikTokError; `empty` allows a request without a body."""
    if empty and not await call.request.body():
        return {}
    if call.content_type != "application/json":
        raise TikTokError(
            400, "invalid_params", "Content-Type must be application/json; charset=UTF-8."
        )
    body = await call.json()
    if not isinstance(body, dict):
        raise TikTokError(400, "invalid_params", "The request body is not a JSON object.")
    return body


def creator(person: Person) -> dict[str, Any]:
    """What TikTok says of a creator; an account's details change any of it, `private` makes the
    account a private one."""
    options = _PRIVATE if person.details.get("private") else _OPTIONS
    name = str(person.details.get("username", person.name))
    usual: dict[str, Any] = {
        "creator_avatar_url": f"https://p16-sign.tiktokcdn.example/{person.id}.webp",
        "creator_username": name,
        "creator_nickname": person.name,
        "privacy_level_options": list(options),
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 600,
    }
    return {key: person.details.get(key, value) for key, value in usual.items()}

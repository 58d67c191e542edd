"""X's posts: created, found in a timeline, read, deleted.

Sources: openapi.json 2.167, docs.x.com, 2026-08; duplicates and replies as practitioners report.
"""

import hashlib
import json
import re
import unicodedata
from datetime import datetime
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Refuse, Route
from igny8_media.sandbox.state import Person, Post
from igny8_media.sandbox.twitter.lookup import read_several, role
from igny8_media.sandbox.twitter.media import usable
from igny8_media.sandbox.twitter.rest import (
    body,
    enter,
    forbidden,
    id_of,
    invalid,
    missing,
    only,
    use_day,
)
from igny8_media.sandbox.twitter.text import weight
from igny8_media.sandbox.twitter.timeline import listed, read_fields

_FIELDS: Final[dict[str, type]] = {
    "card_uri": str,
    "community_id": str,
    "direct_message_deep_link": str,
    "edit_options": dict,
    "for_super_followers_only": bool,
    "geo": dict,
    "made_with_ai": bool,
    "media": dict,
    "nullcast": bool,
    "paid_partnership": bool,
    "poll": dict,
    "quote_tweet_id": str,
    "reply": dict,
    "reply_settings": str,
    "share_with_followers": bool,
    "text": str,
}
_REPLIERS: Final = ("following", "mentionedUsers", "subscribers", "verified")
_LONG_TEXT: Final = 25_000
_SAME_SECONDS: Final = 86_400.0
_CASHTAG: Final = re.compile(r"(?<!\w)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


async def _create(call: Call) -> Response:
    token = enter(call, "create", "tweet.write", "tweet.read", "users.read")
    given = only(await body(call), "", _FIELDS)
    owner = call.owner(token)
    text = unicodedata.normalize("NFC", given.get("text", "")).strip()
    if given.get("reply_settings", "verified") not in _REPLIERS:
        raise invalid("reply_settings", given["reply_settings"], "$.reply_settings: not a value")
    if "quote_tweet_id" in given:
        raise forbidden("Quoting posts is for Enterprise; you are not permitted to do this.")
    media = _media(call, given, token.user_id)
    poll = _poll(given)
    parent = _parent(call, given, owner)
    if not text and not media:
        raise invalid("text", "", "$.text: is required without media")
    if media and poll:
        raise invalid("poll", "", "A post cannot have media and a poll.")
    _check_text(text, owner)
    mark = hashlib.sha256(
        json.dumps([text, sorted(one["id"] for one in media), poll, parent]).encode()
    ).hexdigest()
    key = f"{token.user_id}/{mark}"
    _refuse_duplicate(call, key)
    use_day(call, token.user_id)
    id = str(call.world.number())
    extra = {"poll": poll, "reply_to": parent, "made_with_ai": given.get("made_with_ai")}
    call.world.posts.append(
        Post(
            service="twitter",
            id=id,
            url=f"https://x.com/i/web/status/{id}",
            account=token.user_id,
            kind="poll" if poll else _kind(media),
            text=text,
            created_at=call.world.now(),
            media=media,
            extra={name: value for name, value in extra.items() if value},
        )
    )
    marks = call.world.shelf("twitter", "marks")
    marks[key] = {"id": id, "until": call.world.now() + _SAME_SECONDS}
    data = {"id": id, "text": text, "edit_history_post_ids": [id]}
    return JSONResponse({"data": data}, status_code=201)


def _kind(media: list[dict[str, Any]]) -> str:
    return "text" if not media else "images" if len(media) > 1 else str(media[0]["kind"])


def _media(call: Call, given: dict[str, Any], user: str) -> list[dict[str, Any]]:
    if "media" not in given:
        return []
    names = {"media_ids": list, "tagged_user_ids": list, "embeddable": bool, "title": str}
    media = only(
        given["media"], "media", {**names, "call_to_actions": dict, "preview_media_id": str}
    )
    if not media.get("media_ids") or len(media.get("tagged_user_ids", ())) > 10:
        raise invalid("media", media, "$.media.media_ids: 1 to 4, tagged_user_ids: at most 10")
    return usable(call, media["media_ids"], user)


def _poll(given: dict[str, Any]) -> dict[str, Any] | None:
    if "poll" not in given:
        return None
    poll = only(
        given["poll"], "poll", {"options": list, "duration_minutes": int, "reply_settings": str}
    )
    options, minutes = poll.get("options", []), poll.get("duration_minutes", 0)
    fits = all(isinstance(option, str) and 1 <= len(option) <= 25 for option in options)
    if not 2 <= len(options) <= 4 or not fits:
        raise invalid("poll.options", options, "$.poll.options: 2 to 4 of 1 to 25 characters")
    if not 5 <= minutes <= 10_080:
        raise invalid("poll.duration_minutes", minutes, "$.poll.duration_minutes: 5 to 10080")
    return {"options": options, "duration_minutes": minutes}


def _parent(call: Call, given: dict[str, Any], owner: Person) -> str | None:
    """The post that this one replies to: one's own, unless the account's details forbid even that
    (`self_replies`: X does not say whether threads need a summons)."""
    if "reply" not in given:
        return None
    names = {"in_reply_to_tweet_id": str, "exclude_reply_user_ids": list}
    reply = only(given["reply"], "reply", {**names, "auto_populate_reply_metadata": bool})
    id = id_of(reply.get("in_reply_to_tweet_id"), "reply.in_reply_to_tweet_id")
    parent = call.world.post("twitter", id)
    if parent is None:
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    if parent.account != owner.id or not owner.details.get("self_replies", True):
        raise forbidden("You are not permitted to perform this action.")
    return id


def _check_text(text: str, owner: Person) -> None:
    if weight(text) > (_LONG_TEXT if owner.details.get("premium") else 280):
        raise forbidden("Your Tweet text is too long.")
    if len(_CASHTAG.findall(text)) > 1:
        raise forbidden("A post can have at most one cashtag.")


def _refuse_duplicate(call: Call, key: str) -> None:
    """Refuses what the same user posted within a day, as long as it is there."""
    known = call.world.shelf("twitter", "marks").get(key)
    if not known or not call.world.config.dedupes or call.world.now() >= known["until"]:
        return
    if call.world.post("twitter", known["id"]):
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")


async def _delete(call: Call) -> Response:
    token = enter(call, "delete", "tweet.write")
    id = id_of(call.path("id"), "id")
    post = call.world.post("twitter", id)
    if post is None:
        return missing("tweet", id, "id")
    if post.account != token.user_id:
        raise forbidden("You are not authorized to delete this Tweet.")
    call.world.remove(post)
    return JSONResponse({"data": {"deleted": True}})


async def _read(call: Call) -> Response:
    enter(call, "lookup", "tweet.read", "users.read")
    fields, id = read_fields(call), id_of(call.path("id"), "id")
    post = call.world.post("twitter", id)
    return (
        missing("tweet", id, "id")
        if post is None
        else JSONResponse({"data": listed(post, fields, call.world)})
    )


async def _timeline(call: Call) -> Response:
    enter(call, "timeline", "tweet.read", "users.read")
    fields, user = read_fields(call), id_of(call.path("id"), "id")
    if call.world.person("twitter", user) is None:
        raise Refuse(missing("user", user, "id"))
    size = call.query("max_results", "10")
    if not size.isdigit() or not 5 <= int(size) <= 100:
        raise invalid("max_results", size, "max_results is from 5 to 100")
    left_out = set(filter(None, call.query("exclude").split(",")))
    if left_out - {"replies", "retweets"}:
        raise invalid("exclude", call.query("exclude"), "exclude: replies, retweets")
    first, last = _time(call, "start_time"), _time(call, "end_time")
    since, until = call.query("since_id"), call.query("until_id")
    posts = [
        post
        for post in call.world.posts_of("twitter", user)
        if (first is None or post.created_at >= first)
        and (last is None or post.created_at < last)
        and (not since or int(post.id) > int(id_of(since, "since_id")))
        and (not until or int(post.id) < int(id_of(until, "until_id")))
        and not ("replies" in left_out and post.extra.get("reply_to"))
    ]
    page = call.query("pagination_token", "0")
    if not page.isdigit():
        raise invalid("pagination_token", page, "pagination_token is not one of ours")
    start = int(page)
    shown = posts[start : start + int(size)]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if start + len(shown) < len(posts):
        meta["next_token"] = str(start + len(shown))
    data = [listed(post, fields, call.world) for post in shown]
    return JSONResponse({**({"data": data} if data else {}), "meta": meta})


def _time(call: Call, name: str) -> float | None:
    text = call.query(name)
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", text):
        raise invalid(name, text, f"{name} is a time like 2026-01-31T12:00:00Z")
    return datetime.fromisoformat(text).timestamp()


routes: Final = [
    Route("POST", "/twitter/2/tweets", _create, "commit", dedupes=True),
    Route("GET", "/twitter/2/tweets", read_several, role),
    Route("GET", "/twitter/2/tweets/{id}", _read, "probe"),
    Route("DELETE", "/twitter/2/tweets/{id}", _delete),
    Route("GET", "/twitter/2/users/{id}/tweets", _timeline, "probe"),
]

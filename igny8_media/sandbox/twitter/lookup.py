"""X's posts, several at once, with their figures (Post lookup, openapi.json 2.167, 2026-08).

Public figures are everybody's. The owner's own are told for 30 days, and are an error beside the
post afterwards.
"""

import json
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.audience import Reached, reached
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import Post
from igny8_media.sandbox.twitter.rest import PROBLEMS, enter, id_of, invalid, missing
from igny8_media.sandbox.twitter.timeline import listed, read_fields

_MOST: Final = 100
_OWN_SECONDS: Final = 30 * 86400.0
_OWNERS: Final = ("non_public_metrics", "organic_metrics")
_METRICS: Final = ("public_metrics", *_OWNERS)
_MEDIA: Final = {
    *("alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics"),
    *("preview_image_url", "public_metrics", "type", "url", "variants", "width"),
}


async def role(call: Call) -> str:
    return "metrics" if "metrics" in call.query("tweet.fields") else "probe"


async def read_several(call: Call) -> Response:
    token = enter(call, "lookup", "tweet.read", "users.read")
    fields = read_fields(call)
    ids = [id_of(id, "ids") for id in call.query("ids").split(",")]
    if len(ids) > _MOST:
        raise invalid("ids", len(ids), f"The number of values in the `ids` is at most {_MOST}")
    for name in sorted(fields & set(call.world.config.retired)):
        raise invalid("tweet.fields", name, f"The `tweet.fields` query parameter value [{name}]")
    known = call.world.by_id("twitter")
    posts = [known[id] for id in ids if id in known]
    errors = [_lost(id) for id in ids if id not in known]
    data = []
    for post in posts:
        told = listed(post, fields, call.world)
        figures = reached(post, call.world.now())
        young = call.world.now() - post.created_at <= _OWN_SECONDS
        for name in (name for name in _METRICS if name in fields):
            if name in _OWNERS and not (young and post.account == token.user_id):
                errors.append(_not_yours(post.id, name))
            else:
                told[name] = _told(name, figures)
        data.append(told)
    answer = {"data": data, "includes": _includes(call, posts), "errors": errors}
    return JSONResponse({name: value for name, value in answer.items() if value})


def _told(name: str, figures: Reached) -> dict[str, int]:
    clicks = {"url_link_clicks": figures.clicks, "user_profile_clicks": figures.clicks // 5}
    public = {
        "retweet_count": figures.shares,
        "reply_count": figures.comments,
        "like_count": figures.likes,
    }
    engaged = figures.likes + figures.comments + figures.shares + figures.clicks
    return {
        "public_metrics": {
            **public,
            "quote_count": figures.shares // 4,
            "bookmark_count": figures.saves,
            "impression_count": figures.shown,
        },
        "non_public_metrics": {
            "impression_count": figures.shown,
            **clicks,
            "engagements": engaged,
        },
        "organic_metrics": {"impression_count": figures.shown, **public, **clicks},
    }[name]


def _includes(call: Call, posts: list[Post]) -> dict[str, Any]:
    """The media of the posts, where they were asked for."""
    fields = set(filter(None, call.query("media.fields").split(",")))
    for name in sorted(fields - _MEDIA):
        raise invalid("media.fields", name, f"The `media.fields` query parameter value [{name}]")
    if "attachments.media_keys" not in call.query("expansions").split(","):
        return {}
    media = []
    for post in posts:
        for one in post.media:
            told: dict[str, Any] = {
                "media_key": one["media_key"],
                "type": "video" if one["kind"] == "video" else "photo",
            }
            if "public_metrics" in fields and told["type"] == "video":
                plays = reached(post, call.world.now()).plays
                told["public_metrics"] = {"view_count": plays}
            media.append(told)
    return {"media": media} if media else {}


def _lost(id: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bytes(missing("tweet", id, "ids").body))
    return told


def _not_yours(id: str, name: str) -> dict[str, Any]:
    return {
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{name}' on the Post with ids: [{id}].",
        "type": f"{PROBLEMS}not-authorized-for-field",
        "resource_type": "tweet",
        "resource_id": id,
        "parameter": "ids",
        "value": id,
        "section": "data",
        "field": name,
    }

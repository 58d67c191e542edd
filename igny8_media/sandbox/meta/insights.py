"""Figures of posts on the Graph API (contracts 4 and 5.3): as an edge of one object, and as a field
of several that one request names."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.audience import Reached, reached
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.meta.graph import (
    VERSIONS,
    Asked,
    GraphError,
    asked,
    field_names,
    missing,
    parameter,
)
from igny8_media.sandbox.meta.people import authorised, count, may, permitted
from igny8_media.sandbox.state import Post, Token, World

_MOST: Final = 50
_DAY: Final = 86400.0
_EDGE: Final = re.compile(r"\b(insights|video_insights)\.metric\(([^()]*)\)")


async def several(call: Call) -> Response:
    """`?ids=a,b&fields=...`: all of them, or an error for the first that is not there."""
    ask = await asked(call)
    if call.path("version") not in VERSIONS:
        raise GraphError(2500, f"Unknown path components: /{call.path('version')}")
    token = authorised(call, ask)
    ids = [id for id in ask.get("ids").split(",") if id]
    if not ids:
        raise GraphError(2500, "An active access token must be used to query information.")
    if len(ids) > _MOST:
        raise parameter(f"Too many IDs were requested. The maximum is {_MOST}.")
    known = _known(call.world)
    posts: dict[str, Post] = {}
    for id in ids:
        post = known.get(id)
        if post is None or not may(call.world, token, post.account):
            raise missing("GET", id)
        posts[id] = post
    count(call, token, next(iter(posts.values())).account)
    return JSONResponse({id: _shown(call, ask, token, post, id) for id, post in posts.items()})


async def role(call: Call) -> tuple[str, str]:
    """Whose figures they are is told by the first object that is known."""
    known = _known(call.world)
    ids = call.query("ids").split(",")
    service = next((known[id].service for id in ids if id in known), "facebook")
    return service, "metrics"


async def edge(call: Call, ask: Asked, token: Token) -> Response:
    post = _known(call.world).get(ask.node)
    if post is None:
        raise missing("GET", ask.node)
    names = ask.need("metric").split(",")
    name = str(call.request.path_params["edge"])
    return JSONResponse({"data": _insights(call, token, post, name, names)})


def _known(world: World) -> dict[str, Post]:
    """Everything on Facebook and Instagram by all its IDs."""
    found = {**world.by_id("instagram"), **world.by_id("facebook")}
    found |= {
        post.extra["post_id"]: post for post in world.by_id("facebook").values() if post.extra
    }
    return found


def _shown(call: Call, ask: Asked, token: Token, post: Post, id: str) -> dict[str, Any]:
    figures = reached(post, call.world.now())
    if post.service == "instagram":
        permitted(token, "instagram_basic")
        values: dict[str, Any] = {
            "like_count": figures.likes,
            "comments_count": figures.comments,
            "media_product_type": _product(post),
        }
    else:
        permitted(token, "pages_read_engagement")
        values = _of_page(figures)
    given: dict[str, Any] = {}
    edges = dict(_EDGE.findall(ask.get("fields")))
    for name in field_names(ask.get("fields")):
        if name in edges:
            given[name] = {"data": _insights(call, token, post, name, edges[name].split(","))}
        elif name in ("reactions", "comments") and post.service == "facebook":
            permitted(token, "pages_read_user_content")
            given[name] = values[name]
        elif name == "shares" and not figures.shares:
            continue
        elif name in values:
            given[name] = values[name]
        elif name != "id":
            raise parameter(f"Tried accessing nonexisting field ({name})")
    return {**given, "id": id}


def _of_page(figures: Reached) -> dict[str, Any]:
    return {
        "shares": {"count": figures.shares},
        "reactions": {"data": [], "summary": {"total_count": figures.likes}},
        "comments": {"data": [], "summary": {"total_count": figures.comments}},
    }


def _insights(
    call: Call, token: Token, post: Post, edge: str, names: list[str]
) -> list[dict[str, Any]]:
    video = post.service == "facebook" and post.kind in ("reel", "video")
    permitted(token, "read_insights" if post.service == "facebook" else "instagram_manage_insights")
    if edge != ("video_insights" if video else "insights"):
        raise parameter(f"Tried accessing nonexisting field ({edge})")
    if post.kind == "story" and call.world.now() - post.created_at > _DAY:
        raise GraphError(10, "(#10) Not enough viewers for the media to show insights", status=403)
    figures = reached(post, call.world.now())
    values = _of_media(post, figures) if post.service == "instagram" else _of_post(post, figures)
    for place, name in enumerate(names):
        if name not in values or name in call.world.config.retired:
            if post.service == "facebook":
                raise parameter("The value must be a valid insights metric")
            raise parameter(
                f"metric[{place}] must be one of the following values: {', '.join(values)}"
            )
    return [
        {
            "name": name,
            "period": "lifetime",
            "values": [{"value": values[name]}],
            "title": name.replace("_", " ").capitalize(),
            "id": f"{post.id}/insights/{name}/lifetime",
        }
        for name in names
    ]


def _of_post(post: Post, figures: Reached) -> Mapping[str, Any]:
    """What Facebook told in 2026-09; only what happened is in a split figure."""
    acts = {"like": figures.likes, "comment": figures.comments, "share": figures.shares}
    reactions = {"like": figures.likes - figures.likes // 5, "love": figures.likes // 5}
    if post.kind in ("reel", "video"):
        plays = "fb_reels_total_plays" if post.kind == "reel" else "post_video_views"
        social = {"COMMENT": figures.comments, "SHARE": figures.shares}
        return {
            plays: figures.plays,
            "post_video_avg_time_watched": round(figures.average * 1000),
            "post_video_likes_by_reaction_type": _happened(
                {f"REACTION_{name.upper()}": value for name, value in reactions.items()}
            ),
            "post_video_social_actions": _happened(social),
        }
    return {
        "post_media_view": figures.shown,
        "post_total_media_view_unique": figures.people,
        "post_clicks": figures.clicks,
        "post_clicks_by_type": _happened({"link clicks": figures.clicks}),
        "post_reactions_by_type_total": _happened(reactions),
        "post_reactions_like_total": reactions["like"],
        "post_activity_by_action_type": _happened(acts),
        "post_video_views": 0,
    }


def _happened(split: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in split.items() if value}


def _of_media(post: Post, figures: Reached) -> Mapping[str, Any]:
    """By the kind of media; times in milliseconds."""
    product = _product(post)
    seen = figures.plays if product == "REELS" else figures.shown
    values: dict[str, Any] = {"reach": figures.people, "views": seen, "shares": figures.shares}
    if product == "STORY":
        return {**values, "replies": figures.comments, "navigation": 0, "follows": 0}
    acts = figures.likes + figures.comments + figures.saves + figures.shares
    values |= {
        "likes": figures.likes,
        "comments": figures.comments,
        "saved": figures.saves,
        "total_interactions": acts,
    }
    if product == "REELS":
        return {
            **values,
            "ig_reels_avg_watch_time": round(figures.average * 1000),
            "ig_reels_video_view_total_time": round(figures.seconds * 1000),
            "reposts": 0,
        }
    return {**values, "follows": 0, "profile_visits": figures.clicks, "profile_activity": 0}


def _product(post: Post) -> str:
    return {"reel": "REELS", "story": "STORY"}.get(post.kind, "FEED")

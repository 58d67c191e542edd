"""The Graph API's addresses: an object, and what hangs on it. Facebook's and Instagram's share
them, so which service and role a request has is told by the object that it names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.meta import (
    facebook_covers,
    facebook_posts,
    facebook_videos,
    insights,
    instagram_containers,
    instagram_media,
)
from igny8_media.sandbox.meta import oauth as graph_oauth
from igny8_media.sandbox.meta.graph import VERSIONS, Asked, GraphError, asked, missing, shown
from igny8_media.sandbox.meta.people import authorised, count, given_token, may
from igny8_media.sandbox.state import Token, World

Handler = Callable[[Call, Asked, Token], Awaitable[Response]]


@dataclass(frozen=True)
class _Edge:
    handler: Handler
    role: str | Callable[[Asked], str]


@dataclass(frozen=True)
class _Node:
    """An object: its kind, and the account whose token may see it."""

    service: str
    kind: str
    owner: str


async def _page(call: Call, ask: Asked, _: Token) -> Response:
    page = call.world.person("facebook", ask.node)
    if page is None:
        raise missing("GET", ask.node)
    values = graph_oauth.page_fields(call, page, ask)
    return JSONResponse(shown(values, ask, "Page", ("name",), "about website picture tasks"))


async def _user(call: Call, ask: Asked, _: Token) -> Response:
    person = call.world.person("facebook", ask.node)
    values = {"id": ask.node, "name": person.name if person else ""}
    return JSONResponse(shown(values, ask, "User", ("name",), "email picture"))


_EDGES: Final[dict[tuple[str, str, str], _Edge]] = {
    ("GET", "user", ""): _Edge(_user, "other"),
    ("GET", "user", "accounts"): _Edge(graph_oauth.accounts, "other"),
    ("GET", "page", ""): _Edge(_page, "other"),
    ("POST", "page", "feed"): _Edge(facebook_posts.feed, facebook_posts.feed_role),
    ("POST", "page", "photos"): _Edge(facebook_posts.photos, facebook_posts.photos_role),
    ("POST", "page", "photo_stories"): _Edge(facebook_posts.photo_story, "commit"),
    ("POST", "page", "video_reels"): _Edge(facebook_videos.reels, facebook_videos.phase_role),
    ("POST", "page", "video_stories"): _Edge(facebook_videos.stories, facebook_videos.phase_role),
    ("POST", "page", "videos"): _Edge(facebook_videos.videos, facebook_videos.phase_role),
    ("GET", "page", "published_posts"): _Edge(facebook_posts.published_posts, "probe"),
    ("GET", "page", "posts"): _Edge(facebook_posts.published_posts, "probe"),
    ("GET", "page", "feed"): _Edge(facebook_posts.published_posts, "probe"),
    ("GET", "post", "insights"): _Edge(insights.edge, "metrics"),
    ("GET", "video", "video_insights"): _Edge(insights.edge, "metrics"),
    ("GET", "media", "insights"): _Edge(insights.edge, "metrics"),
    ("GET", "post", ""): _Edge(facebook_posts.look, "other"),
    ("DELETE", "post", ""): _Edge(facebook_posts.delete, "other"),
    ("GET", "photo", ""): _Edge(facebook_posts.look_at_photo, "other"),
    ("GET", "video", ""): _Edge(facebook_videos.look, "status"),
    ("POST", "video", "thumbnails"): _Edge(facebook_covers.thumbnails, "upload"),
    ("DELETE", "video", ""): _Edge(facebook_videos.delete, "other"),
    ("GET", "ig", ""): _Edge(instagram_media.account, "other"),
    ("POST", "ig", "media"): _Edge(instagram_containers.create, "prepare"),
    ("POST", "ig", "media_publish"): _Edge(instagram_containers.publish, "commit"),
    ("GET", "ig", "media"): _Edge(instagram_media.media, "probe"),
    ("GET", "ig", "stories"): _Edge(instagram_media.stories, "probe"),
    ("GET", "ig", "content_publishing_limit"): _Edge(instagram_media.publishing_limit, "other"),
    ("GET", "container", ""): _Edge(instagram_containers.look, "status"),
    ("GET", "media", ""): _Edge(instagram_media.look, "other"),
    ("DELETE", "media", ""): _Edge(instagram_media.delete, "other"),
}


async def _role(call: Call) -> tuple[str, str]:
    """The service and role; also what nobody can answer has one."""
    try:
        ask = await asked(call)
        node = _find(call, ask)
        edge = _EDGES.get((call.request.method, node.kind, _edge_name(call)))
        if edge is None:
            return node.service, "other"
        return node.service, edge.role if isinstance(edge.role, str) else edge.role(ask)
    except GraphError:
        return "facebook", "other"


async def _serve(call: Call) -> Response:
    ask = await asked(call)
    if call.path("version") not in VERSIONS:
        raise GraphError(2500, f"Unknown path components: /{call.path('version')}")
    token = authorised(call, ask)
    node = _find(call, ask)
    if not may(call.world, token, node.owner):
        raise missing(call.request.method, ask.node)
    count(call, token, node.owner)
    edge = _EDGES.get((call.request.method, node.kind, _edge_name(call)))
    if edge is None and _edge_name(call):
        raise GraphError(2500, f"Unknown path components: /{_edge_name(call)}")
    if edge is None:
        raise missing(call.request.method, ask.node)
    if ask.node == "me":
        ask = Asked(node.owner, ask.params, ask.files)
    return await edge.handler(call, ask, token)


def _edge_name(call: Call) -> str:
    return str(call.request.path_params.get("edge", ""))


def _find(call: Call, ask: Asked) -> _Node:
    """What the ID names. Raises GraphError where there is nothing."""
    world, id = call.world, ask.node
    if id == "me":
        token = world.token(given_token(call, ask))
        id = token.user_id if token else ""
    for service in ("facebook", "instagram"):
        person = world.person(service, id)
        if person:
            kind = "ig" if service == "instagram" else person.kind
            return _Node(service, kind, id)
    thing = _thing(world, id)
    if thing:
        return thing
    post = facebook_posts.find(call, id)
    if post is None:
        raise missing(call.request.method, ask.node)
    return _Node("facebook", "post", post.account)


def _thing(world: World, id: str) -> _Node | None:
    for service, shelf, kind in (
        ("facebook", "photos", "photo"),
        ("facebook", "videos", "video"),
        ("instagram", "containers", "container"),
    ):
        found = world.shelf(service, shelf).get(id)
        if found:
            return _Node(service, kind, found["account"])
    post = world.post("instagram", id)
    return _Node("instagram", "media", post.account) if post else None


routes: Final = (
    *graph_oauth.routes,
    Route("GET", "/graph/{version}/", insights.several, insights.role),
    *(
        Route(method, path, _serve, _role)
        for path in ("/graph/{version}/{node}", "/graph/{version}/{node}/{edge}")
        for method in ("GET", "POST", "DELETE")
    ),
    Route("POST", "/rupload/video-upload/{version}/{upload}", facebook_videos.upload, "upload"),
    Route("GET", "/rupload/video-upload/{version}/{upload}", facebook_videos.uploaded, "status"),
)

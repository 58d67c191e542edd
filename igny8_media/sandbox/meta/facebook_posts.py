"""A Page's posts, photos and photo stories (contract section 4)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.fetch import FetchError, fetched
from igny8_media.sandbox.meta.graph import (
    Asked,
    GraphError,
    missing,
    moment,
    paged,
    parameter,
    shown,
    within,
    written,
)
from igny8_media.sandbox.meta.people import permitted
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.state import Post, Token

_PHOTO_BYTES: Final = 10_000_000
_PICTURES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp")
_MOST_PHOTOS: Final = 10
_MESSAGE: Final = 63_206
_SOONEST, _LATEST = 600.0, 30 * 86400.0
_DAY: Final = 86400.0
_FIELDS: Final = (
    "from full_picture attachments shares reactions comments likes updated_time is_hidden "
    "is_expired story actions privacy scheduled_publish_time status_type"
)


async def feed(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    message, link = ask.get("message"), ask.get("link")
    photos = _attached(call, ask)
    if not (message.strip() or link or photos):
        raise parameter("Missing message or attachment", title="Missing Message Or Attachment")
    if len(message) > _MESSAGE:
        raise parameter("Param message is too long")
    if link:
        _check_link(link)
    ready_at = _when(call, ask, photos)
    daily(call, ask.node)
    post = add_post(
        call,
        ask.node,
        kind="images" if len(photos) > 1 else "image" if photos else "link" if link else "text",
        text=message,
        media=[photo["media"] for photo in photos],
        ready_at=ready_at or 0.0,
        public=ask.flag("published", True) or ready_at is not None,
        extra={"link": {"url": link, "title": ""}} if link else {},
    )
    for photo in photos:
        photo["post"] = post.id
    return JSONResponse({"id": post.id})


def feed_role(ask: Asked) -> str:
    scheduled = ask.get("scheduled_publish_time")
    return "commit" if ask.flag("published", True) or scheduled else "prepare"


def _attached(call: Call, ask: Asked) -> list[dict[str, Any]]:
    """The unpublished photos that a post attaches, each of them for the first time."""
    ids = []
    for item in ask.listed("attached_media"):
        if not isinstance(item, Mapping) or set(item) - {"media_fbid", "message"}:
            raise parameter("Param attached_media must hold objects with media_fbid.")
        ids.append(str(item.get("media_fbid", "")))
    if len(ids) > _MOST_PHOTOS:
        raise parameter(f"A post may have at most {_MOST_PHOTOS} photos here.")
    shelf = call.world.shelf("facebook", "photos")
    photos = []
    for id in ids:
        photo = shelf.get(id)
        if photo is None or photo["account"] != ask.node or ids.count(id) > 1:
            raise parameter(f"Invalid media_fbid: {id}")
        photos.append(photo)
    if call.world.config.dedupes and any(photo["post"] for photo in photos):
        raise GraphError(
            506,
            "These photos were already posted.",
            subcode=1366051,
            title="Already Posted",
        )
    return photos


def _check_link(link: str) -> None:
    try:
        host = urlsplit(link).hostname or ""
        scheme = urlsplit(link).scheme
    except ValueError:
        host, scheme = "", ""
    if scheme not in ("http", "https") or "." not in host:
        raise parameter("The url you supplied is invalid", subcode=2061006)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise parameter("Links to Facebook cannot be shared this way", subcode=1609008)


def _when(call: Call, ask: Asked, photos: list[dict[str, Any]]) -> float | None:
    """When a scheduled post goes out; None for one that is not scheduled."""
    if not ask.get("scheduled_publish_time"):
        return None
    when, now = moment(ask, "scheduled_publish_time", 0.0), call.world.now()
    if ask.flag("published", True):
        raise parameter("scheduled_publish_time needs published=false")
    if not now + _SOONEST <= when <= now + _LATEST:
        raise parameter(
            "The specified scheduled publish time is invalid.",
            title="Invalid Scheduled Publish Time",
        )
    if len(photos) > 1:
        # So since 2025-10, without a better word for it.
        raise GraphError(1, "An unknown error occurred", status=500)
    return when


async def photos(call: Call, ask: Asked, token: Token) -> Response:
    """A photo, published at once or kept for a post or a story."""
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    published = ask.flag("published", True)
    blob = call.world.blobs.open(f"facebook-photo-{call.world.number()}")
    blob.write(await _picture(ask))
    if published:
        daily(call, ask.node)
    alt = ask.get("alt_text_custom")
    media = blob.describe("image", **({"alt_text": alt} if alt else {}))
    id = str(call.world.number())
    photo = {"id": id, "account": ask.node, "media": media, "made_at": call.world.now(), "post": ""}
    call.world.shelf("facebook", "photos")[id] = photo
    if not published:
        return JSONResponse({"id": id})
    text = ask.get("message") or ask.get("caption")
    post = add_post(call, ask.node, kind="image", text=text, media=[media])
    photo["post"] = post.id
    return JSONResponse({"id": id, "post_id": post.id})


def photos_role(ask: Asked) -> str:
    return "commit" if ask.flag("published", True) else "upload"


async def _picture(ask: Asked) -> bytes:
    if "source" in ask.files:
        data = await ask.files["source"].read(_PHOTO_BYTES + 1)
    else:
        try:
            _, data = await fetched(ask.need("url"), _PHOTO_BYTES)
        except FetchError as error:
            raise GraphError(
                324, f"(#324) Missing or invalid image file: {error}", subcode=2069019
            ) from None
    picture = picture_of(data)
    if picture is None or picture.mime not in _PICTURES or len(data) > _PHOTO_BYTES:
        raise GraphError(
            100,
            "Your photos couldn't be uploaded. Photos should be less than 10 MB and saved as JPG, "
            "PNG, GIF, TIFF, HEIF or WebP files.",
            subcode=1366046,
            title="Can't Read Files",
        )
    return data


async def photo_story(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_manage_posts", "pages_read_engagement")
    photo = call.world.shelf("facebook", "photos").get(ask.need("photo_id"))
    if photo is None or photo["account"] != ask.node or photo["post"]:
        raise parameter("The photo_id is no unpublished photo of this Page.")
    daily(call, ask.node)
    post = add_post(call, ask.node, kind="story", text="", media=[photo["media"]])
    photo["post"] = post.id
    return JSONResponse({"success": True, "post_id": post.id.partition("_")[2]})


async def published_posts(call: Call, ask: Asked, token: Token) -> Response:
    """What the Page shows now, newest first; stories are not among it."""
    permitted(token, "pages_read_engagement")
    now = call.world.now()
    found = [
        post
        for post in call.world.posts_of("facebook", ask.node)
        if post.kind != "story" and post.state_at(now) == "published" and within(ask, _out(post))
    ]
    return paged(call, ask, found, lambda post: _shown(post, ask))


async def look(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_read_engagement")
    post = find(call, ask.node)
    if post is None or post.state_at(call.world.now()) == "processing":
        raise missing("GET", ask.node)
    return JSONResponse(_shown(post, ask))


async def look_at_photo(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_read_engagement")
    photo = call.world.shelf("facebook", "photos")[ask.node]
    values = {
        "id": ask.node,
        "created_time": written(photo["made_at"]),
        "page_story_id": photo["post"] or None,
        "link": f"https://www.facebook.com/photo.php?fbid={ask.node}",
        "alt_text_custom": photo["media"].get("alt_text"),
    }
    return JSONResponse(shown(values, ask, "Photo", ("created_time",), "name images from picture"))


async def delete(call: Call, ask: Asked, token: Token) -> Response:
    permitted(token, "pages_manage_posts")
    post = find(call, ask.node)
    if post is None:
        raise missing("DELETE", ask.node)
    call.world.remove(post)
    call.world.shelf("facebook", "videos").pop(post.id, None)
    return JSONResponse({"success": True})


def find(call: Call, id: str) -> Post | None:
    """A post by its ID, by the one it has on the Page, or the latter without the Page's."""
    for post in reversed(call.world.posts):
        on_page = post.extra.get("post_id", post.id)
        if post.service == "facebook" and id in (post.id, on_page, on_page.partition("_")[2]):
            return post
    return None


def add_post(
    call: Call,
    page: str,
    *,
    kind: str,
    text: str,
    media: list[dict[str, Any]],
    ready_at: float = 0.0,
    public: bool = True,
    id: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Post:
    """What the Page shows from `ready_at` on. A video's post has the video's ID, with the one
    that the Page's list calls it by beside it."""
    number = call.world.number()
    place = "stories" if kind == "story" else "reel" if kind == "reel" else f"{page}/posts"
    post = Post(
        service="facebook",
        id=id or f"{page}_{number}",
        url=f"https://www.facebook.com/{place}/{id or number}/",
        account=page,
        kind=kind,
        text=text,
        created_at=call.world.now(),
        media=media,
        state="published" if public else "private",
        ready_at=ready_at,
        extra={**(extra or {}), "post_id": f"{page}_{number}"},
    )
    call.world.posts.append(post)
    return post


def daily(call: Call, page: str) -> None:
    """Count a post against `daily_limit`, where one is set."""
    most = call.world.config.daily_limit.get("facebook")
    if most is not None and not call.world.use(f"facebook/{page}/posts", most, _DAY)[0]:
        raise GraphError(
            1390008,
            "You're posting too fast. Please slow down.",
            subcode=1390008,
            title="Posting Too Fast",
        )


def _out(post: Post) -> float:
    return max(post.created_at, post.ready_at)


def _shown(post: Post, ask: Asked) -> dict[str, Any]:
    values = {
        "id": post.extra["post_id"],
        "message": post.text or None,
        "created_time": written(_out(post)),
        "permalink_url": post.url,
        "is_published": post.state == "published",
    }
    return shown(values, ask, "Post", ("created_time", "message"), _FIELDS)

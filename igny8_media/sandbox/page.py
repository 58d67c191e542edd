"""The page that shows what was published, in each platform's manner, newest first."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from igny8_media.sandbox.state import Post, World

LABELS: Final = {
    "linkedin": "LinkedIn",
    "twitter": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "youtube": "YouTube",
}
_MOST: Final = 200
_MARKED: Final = re.compile(
    r"(?P<link>https?://[^\s<]+[^\s<.,;:!?)\]])|(?P<tag>(?<![\w&/])#\w+)|(?P<name>(?<![\w/])@\w+)"
)
_SHOWN: Final = ("image/", "video/", "application/pdf")
# Nothing comes from elsewhere, and what was uploaded cannot run.
_POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'"
)


class Page:
    """The page, its feed alone (which it polls), and the media."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._templates = Environment(
            loader=PackageLoader("igny8_media.sandbox"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(social=_marked_up, size=_size, when=_when, host=_host)

    def routes(self) -> list[Route]:
        return [
            Route("/", self._page),
            Route("/_sandbox", self._page),
            Route("/_sandbox/feed", self._feed),
            Route("/_sandbox/media/{name}", self._media),
        ]

    async def _page(self, request: Request) -> Response:
        return self._render("page.html.j2", request)

    async def _feed(self, request: Request) -> Response:
        return self._render("feed.html.j2", request)

    def _render(self, template: str, request: Request) -> Response:
        service = request.query_params.get("service", "")
        posts = [post for post in self._world.posts if service in ("", post.service)]
        counts = {name: sum(post.service == name for post in self._world.posts) for name in LABELS}
        page = self._templates.get_template(template).render(
            cards=_cards(posts, self._world)[:_MOST],
            labels=LABELS,
            counts=counts,
            service=service,
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    async def _media(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self._world.blobs.path(name)
        if path is None:
            return PlainTextResponse("It is not kept here.", status_code=404)
        mime = self._world.blobs.open(name).mime
        safe = mime.startswith(_SHOWN)
        return FileResponse(
            path,
            media_type=mime if safe else "application/octet-stream",
            filename=None if safe else name,
            headers={
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )


def _cards(posts: Sequence[Post], world: World) -> list[dict[str, Any]]:
    """What the template shows, newest first; a thread is one card with its parts."""
    now = world.now()
    cards: dict[str, dict[str, Any]] = {}
    for post in posts:
        person = world.person(post.service, post.account)
        shown = {
            "id": post.id,
            "keys": [
                _key(post.service, id) for id in (post.id, post.extra.get("publish_id")) if id
            ],
            "text": post.text,
            "extra": post.extra,
            "media": [
                {**media, "kept": world.blobs.path(media.get("blob", "")) is not None}
                for media in post.media
            ],
        }
        thread = cards.get(f"{post.service}/{post.extra.get('reply_to')}")
        if thread:
            thread["parts"].append(shown)
            thread["at"] = max(thread["at"], post.created_at)
            cards[f"{post.service}/{post.id}"] = thread
            continue
        cards[f"{post.service}/{post.id}"] = {
            "key": _key(post.service, post.id),
            "service": post.service,
            "label": LABELS[post.service],
            "kind": post.kind,
            "name": person.name if person else post.account,
            "handle": (person.details.get("username") or "") if person else "",
            "at": post.created_at,
            "state": post.state_at(now),
            "privacy": post.extra.get("privacy") or post.extra.get("visibility") or "",
            "parts": [shown],
        }
    unique = {id(card): card for card in cards.values()}
    return sorted(unique.values(), key=lambda card: card["at"], reverse=True)


def _key(service: str, id: str) -> str:
    """What leads to a post on the page, after the #."""
    return re.sub(r"\W+", "-", f"{service}-{id}")


def _marked_up(text: str) -> Markup:
    """Links, hashtags and names in colour; everything else as it is."""
    pieces: list[Markup] = []
    end = 0
    for found in _MARKED.finditer(text):
        pieces.append(escape(text[end : found.start()]))
        if found["link"]:
            pieces.append(
                Markup('<a href="{0}" rel="noreferrer noopener" target="_blank">{0}</a>').format(
                    found[0]
                )
            )
        else:
            pieces.append(Markup("<b>{}</b>").format(found[0]))
        end = found.end()
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

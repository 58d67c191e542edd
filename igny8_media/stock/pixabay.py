"""Pixabay: photographs and clips (Pixabay API documentation, 2026-11)."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from igny8_media.stock.asking import ask
from igny8_media.stock.model import Provider, Search, StockClip, StockError, StockPicture

BASE_URL = "https://pixabay.com"
LICENCE = "Pixabay Content License"
_PER_PAGE = 30  # of 3 to 200
_LANGUAGES = frozenset(
    (
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "fi",
        "fr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sv",
        "th",
        "tr",
        "vi",
        "zh",
    )
)


class _Hit(BaseModel):
    id: int
    pageURL: str  # the API's own name
    tags: str
    user: str
    user_id: int


class _Photo(_Hit):
    largeImageURL: str
    imageWidth: int
    imageHeight: int


class _File(BaseModel):
    url: str
    width: int
    height: int


class _Video(_Hit):
    duration: float
    videos: dict[str, _File]


class _Photos(BaseModel):
    hits: tuple[_Photo, ...]


class _Videos(BaseModel):
    hits: tuple[_Video, ...]


# `largeImageURL` is scaled to at most this width and height, `imageWidth` is the original's.
_LARGE = 1280


class Pixabay:
    """The Pixabay API: 100 questions in 60 seconds for each key.

    Its terms ask that answers be kept for 24 hours (`RememberingFinder` does) and that files be
    downloaded instead of linked to.
    """

    def __init__(self, api_key: str, base_url: str, client: httpx.Client) -> None:
        self._key, self._base, self._client = api_key, base_url.rstrip("/"), client

    @property
    def name(self) -> Provider:
        return "Pixabay"

    def __repr__(self) -> str:
        return f"Pixabay({self._base!r})"

    def pictures(self, search: Search) -> tuple[StockPicture, ...]:
        answer = self._ask("/api/", search, {"image_type": "photo"})
        try:
            hits = _Photos.model_validate(answer).hits
        except ValidationError:
            raise StockError("Pixabay answered something that is no list of pictures.") from None
        return tuple(_picture(hit, self._base) for hit in hits)

    def clips(self, search: Search) -> tuple[StockClip, ...]:
        # The API cannot be asked for upright clips; those that lie are judged by their size later.
        answer = self._ask("/api/videos/", search, {"video_type": "film"})
        try:
            hits = _Videos.model_validate(answer).hits
        except ValidationError:
            raise StockError("Pixabay answered something that is no list of videos.") from None
        found = (_clip(hit, search, self._base) for hit in hits)
        return tuple(clip for clip in found if clip)

    def _ask(self, path: str, search: Search, more: Mapping[str, str]) -> Any:
        language = search.language[:2]
        upright = search.orientation == "portrait"
        params: dict[str, str | int] = {
            "q": search.query,
            "lang": language if language in _LANGUAGES else "en",
            "safesearch": "true",
            "per_page": _PER_PAGE,
            **more,
        }
        if path == "/api/":
            params["orientation"] = "vertical" if upright else "horizontal"
        return ask(self._client, "Pixabay", self._base + path, params, secret={"key": self._key})


def _author_url(hit: _Hit, base: str) -> str:
    """The answer has no address for the author; profiles lie at `/users/{name}-{id}/`."""
    name = re.sub(r"[^\w-]+", "-", hit.user.lower()).strip("-") or "user"
    return f"{base}/users/{name}-{hit.user_id}/"


def _picture(hit: _Photo, base: str) -> StockPicture:
    scale = min(1.0, _LARGE / max(hit.imageWidth, hit.imageHeight))
    return StockPicture(
        provider="Pixabay",
        id=str(hit.id),
        page_url=hit.pageURL,
        author=hit.user,
        author_url=_author_url(hit, base),
        licence=LICENCE,
        words=hit.tags,
        width=max(1, round(hit.imageWidth * scale)),
        height=max(1, round(hit.imageHeight * scale)),
        link=hit.largeImageURL,
    )


def _clip(hit: _Video, search: Search, base: str) -> StockClip | None:
    """The clip in the smallest of its files that fills the frame; None if none has an address."""
    usable = [f for f in hit.videos.values() if f.url and f.width > 0 and f.height > 0]
    if not usable or not hit.duration > 0:
        return None

    def fills(file: _File) -> float:
        return min(file.width / search.width, file.height / search.height)

    enough = [f for f in usable if fills(f) >= 1]
    chosen = min(enough, key=lambda f: f.width) if enough else max(usable, key=fills)
    return StockClip(
        provider="Pixabay",
        id=str(hit.id),
        page_url=hit.pageURL,
        author=hit.user,
        author_url=_author_url(hit, base),
        licence=LICENCE,
        words=hit.tags,
        width=chosen.width,
        height=chosen.height,
        link=chosen.url,
        duration=hit.duration,
    )

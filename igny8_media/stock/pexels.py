"""Pexels: photographs and clips (Pexels API documentation, 2026-11)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from igny8_media.stock.asking import ask
from igny8_media.stock.model import Provider, Search, StockClip, StockError, StockPicture

BASE_URL = "https://api.pexels.com"
LICENCE = "Pexels License"
_PER_PAGE = 30  # of at most 80

# The locales that a search may name; a language without one is searched in English.
_LOCALES = {
    "ca": "ca-ES",
    "cs": "cs-CZ",
    "da": "da-DK",
    "de": "de-DE",
    "el": "el-GR",
    "en": "en-US",
    "es": "es-ES",
    "fi": "fi-FI",
    "fr": "fr-FR",
    "hu": "hu-HU",
    "id": "id-ID",
    "it": "it-IT",
    "ja": "ja-JP",
    "ko": "ko-KR",
    "nb": "nb-NO",
    "nl": "nl-NL",
    "no": "nb-NO",
    "pl": "pl-PL",
    "pt": "pt-BR",
    "ro": "ro-RO",
    "ru": "ru-RU",
    "sk": "sk-SK",
    "sv": "sv-SE",
    "th": "th-TH",
    "tr": "tr-TR",
    "uk": "uk-UA",
    "vi": "vi-VN",
    "zh": "zh-CN",
}


class _Source(BaseModel):
    original: str


class _Photo(BaseModel):
    id: int
    width: int
    height: int
    url: str
    alt: str | None
    photographer: str
    photographer_url: str
    src: _Source


class _File(BaseModel):
    quality: str | None
    file_type: str
    width: int | None
    height: int | None
    link: str


class _User(BaseModel):
    name: str
    url: str


class _Video(BaseModel):
    id: int
    width: int
    height: int
    url: str
    duration: float
    user: _User
    video_files: tuple[_File, ...]


class _Photos(BaseModel):
    photos: tuple[_Photo, ...]


class _Videos(BaseModel):
    videos: tuple[_Video, ...]


class Pexels:
    """The Pexels API: 200 questions an hour and 20,000 a month for each key."""

    def __init__(self, api_key: str, base_url: str, client: httpx.Client) -> None:
        self._key, self._base, self._client = api_key, base_url.rstrip("/"), client

    @property
    def name(self) -> Provider:
        return "Pexels"

    def __repr__(self) -> str:
        return f"Pexels({self._base!r})"

    def pictures(self, search: Search) -> tuple[StockPicture, ...]:
        answer = self._ask("/v1/search", search, {"size": "small"})
        try:
            photos = _Photos.model_validate(answer).photos
        except ValidationError:
            raise StockError("Pexels answered something that is no list of photos.") from None
        return tuple(_picture(photo, search) for photo in photos)

    def clips(self, search: Search) -> tuple[StockClip, ...]:
        answer = self._ask("/videos/search", search, {"size": "small"})
        try:
            videos = _Videos.model_validate(answer).videos
        except ValidationError:
            raise StockError("Pexels answered something that is no list of videos.") from None
        found = (_clip(video, search) for video in videos)
        return tuple(clip for clip in found if clip)

    def _ask(self, path: str, search: Search, more: Mapping[str, str]) -> Any:
        return ask(
            self._client,
            "Pexels",
            self._base + path,
            {
                "query": search.query,
                "orientation": search.orientation,
                "locale": _LOCALES.get(search.language[:2], "en-US"),
                "per_page": _PER_PAGE,
                **more,
            },
            headers={"Authorization": self._key},
        )


def _picture(photo: _Photo, search: Search) -> StockPicture:
    """The photo a little larger than the frame: the originals have up to 50 megapixels.

    The image server scales to fit `w` and `h`, which is how the answer's own `large2x` is made.
    """
    scale = min(1.0, 1.25 * max(search.width / photo.width, search.height / photo.height))
    width, height = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    link = httpx.URL(photo.src.original).copy_merge_params(
        {"auto": "compress", "cs": "tinysrgb", "w": width, "h": height}
    )
    return StockPicture(
        provider="Pexels",
        id=str(photo.id),
        page_url=photo.url,
        author=photo.photographer,
        author_url=photo.photographer_url,
        licence=LICENCE,
        words=(photo.alt or "").strip() or _slug(photo.url),
        width=width,
        height=height,
        link=str(link),
    )


def _clip(video: _Video, search: Search) -> StockClip | None:
    """The clip in the smallest of its files that fills the frame; None if there is no MP4."""
    file = _file(video.video_files, search)
    if file is None or not video.duration > 0:
        return None
    return StockClip(
        provider="Pexels",
        id=str(video.id),
        page_url=video.url,
        author=video.user.name,
        author_url=video.user.url,
        licence=LICENCE,
        words=_slug(video.url),
        width=file.width or video.width,
        height=file.height or video.height,
        link=file.link,
        duration=video.duration,
    )


def _file(files: Iterable[_File], search: Search) -> _File | None:
    usable = [f for f in files if f.file_type == "video/mp4" and f.width and f.height]

    def fills(file: _File) -> float:
        return min((file.width or 0) / search.width, (file.height or 0) / search.height)

    enough = [f for f in usable if fills(f) >= 1]
    if enough:
        return min(enough, key=lambda f: ((f.width or 0) * (f.height or 0), f.link))
    return max(usable, key=lambda f: (fills(f), f.link), default=None)


def _slug(url: str) -> str:
    """What a page's address says: `/video/waves-at-a-beach-857251/` is "waves at a beach"."""
    name = url.rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"-?\d+$", "", name).replace("-", " ").strip()

"""What Facebook would refuse, told before anything is sent.

Sources: Pages API, Reels publishing, Page stories and video publishing (developers.facebook.com,
2026-07). Ten photos a post is not documented; more was refused in practice.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.meta import limits as check
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

_NAME: Final = Service.FACEBOOK.label
_SCOPES: Final = ("pages_manage_posts", "pages_read_engagement")
_TASK: Final = "CREATE_CONTENT"
_FILES: Final = {
    "text": (0, 0),
    "link": (0, 0),
    "image": (1, 1),
    "images": (2, 10),
    "video": (1, 1),
    "reel": (1, 1),
    "story": (1, 1),
}
_TAKES: Final = {
    "image": ("image",),
    "images": ("image",),
    "video": ("video",),
    "reel": ("video",),
    "story": ("image", "video"),
}
_PICTURES: Final = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")
_COVERS: Final = ("image/jpeg", "image/png")
_PICTURE_BYTES: Final = 10_000_000
_REEL_SECONDS: Final = (3.0, 90.0)
_STORY_SECONDS: Final = (3.0, 60.0)
_TALL: Final = 9 / 16
_LEAST: Final = (540, 960)
_CODECS: Final = ("h264", "hevc", "vp9", "av1")
_RATES: Final = (23.0, 60.0)
_VIDEO_BYTES: Final = 10_000_000_000
_VIDEO_SECONDS: Final = (1.0, 4 * 3600.0)


def problems(post: Outgoing, account: Account) -> list[str]:
    """Every reason for which Facebook would not publish this post, with its remedy."""
    return [*_of_account(post, account), *_of_text(post), *_of_kind(post)]


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    yield from check.of_account(post, account, Service.FACEBOOK, "page", _SCOPES)
    tasks = account.details.get("page_tasks")
    if isinstance(tasks, list | tuple) and tasks and _TASK not in tasks:
        yield (
            f"Who connected the Page {account.name} may not create content on it; let somebody "
            "connect it who may, or change the role."
        )


def _of_text(post: Outgoing) -> Iterator[str]:
    yield from check.of_text(post, RULES[Platform.FACEBOOK].limit, _NAME)
    if post.kind == "text" and not post.text.strip():
        yield "The text is empty; write one."


def _of_kind(post: Outgoing) -> Iterator[str]:
    if post.kind not in _FILES:
        yield f"{_NAME} takes no {post.kind}; choose one of {', '.join(_FILES)}."
        return
    yield from check.of_count(post, *_FILES[post.kind], _NAME)
    yield from check.of_kinds(post, _TAKES.get(post.kind, ()), _NAME)
    for file in post.media:
        if file.kind == "image":
            yield from _of_picture(file)
        elif file.kind == "video" and post.kind == "video":
            yield from _of_long_video(file)
        elif file.kind == "video":
            yield from _of_upright(file, _REEL_SECONDS if post.kind == "reel" else _STORY_SECONDS)
    if post.kind == "video" and post.thumbnail is not None:
        yield from _of_picture(post.thumbnail)
    if post.kind == "reel" and post.thumbnail is not None:
        yield from _of_cover(post.thumbnail)
    if post.kind == "link":
        yield from _of_link(post)


def _of_picture(file: MediaFile) -> Iterator[str]:
    if file.mime not in _PICTURES:
        yield (
            f"{file.name} is {file.mime}; {_NAME} takes JPEG, PNG, GIF, BMP and TIFF pictures: "
            "convert it."
        )
    yield from check.of_size(file, _PICTURE_BYTES, _NAME)


def _of_cover(file: MediaFile) -> Iterator[str]:
    """Facebook asks for the video's own shape."""
    if file.mime not in _COVERS:
        yield f"The cover {file.name} is {file.mime}; {_NAME} takes JPEG and PNG: convert it."
    yield from check.of_size(file, _PICTURE_BYTES, _NAME)
    yield from check.of_ratio(file, _TALL, _TALL, "upright 9:16 covers", _NAME)


def _of_upright(file: MediaFile, seconds: tuple[float, float]) -> Iterator[str]:
    yield from check.of_duration(file, *seconds, _NAME)
    yield from check.of_ratio(file, _TALL, _TALL, "upright 9:16 videos", _NAME)
    if (file.width and file.width < _LEAST[0]) or (file.height and file.height < _LEAST[1]):
        yield (
            f"{file.name} is {file.width}x{file.height}; {_NAME} takes at least "
            f"{_LEAST[0]}x{_LEAST[1]} there: export it larger."
        )
    yield from check.of_coding(file, _NAME, codecs=_CODECS, rates=_RATES)


def _of_long_video(file: MediaFile) -> Iterator[str]:
    yield from check.of_size(file, _VIDEO_BYTES, _NAME)
    yield from check.of_duration(file, *_VIDEO_SECONDS, _NAME)
    yield from check.of_ratio(file, _TALL, 1 / _TALL, "videos between 9:16 and 16:9", _NAME)


def _of_link(post: Outgoing) -> Iterator[str]:
    url = post.link.url if post.link is not None else ""
    if not re.match(r"https?://[^/\s]+\S*\Z", url):
        yield "A link post needs a web address that starts with https://; give it one."
        return
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        yield f"'{url}' is no web address; give one that starts with https://."
        return
    if host == "facebook.com" or host.endswith(".facebook.com"):
        yield f"{_NAME} takes no link to {host} in a post; link to another page."

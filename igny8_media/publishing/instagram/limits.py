"""What Instagram would refuse, told before anything is sent.

Source: IG User Media reference and content publishing (developers.facebook.com, 2026-09/10), Graph
API v26.0.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.meta import limits as check
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

_NAME: Final = Service.INSTAGRAM.label
_RULES: Final = RULES[Platform.INSTAGRAM]
_SCOPES: Final = ("instagram_basic", "instagram_content_publish")
_FILES: Final = {"image": (1, 1), "images": (2, 10), "reel": (1, 1), "story": (1, 1)}
_TAKES: Final = {
    "image": ("image",),
    "images": ("image", "video"),
    "reel": ("video",),
    "story": ("image", "video"),
}
_HASHTAG: Final = re.compile(r"(?<![\w&#])#\w+")
_MENTION: Final = re.compile(r"(?<![\w@])@\w[\w.]*")
_MENTIONS: Final = 20
_PICTURE_BYTES: Final = 8_000_000
_WIDTHS: Final = (320, 1440)
_RATIOS: Final = (4 / 5, 1.91)
_COVER: Final = 9 / 16
_VIDEOS: Final = ("video/mp4", "video/quicktime")
_VIDEO_WIDTH: Final = 1920
_BITS: Final = 25_000_000
_RATES: Final = (23.0, 60.0)
_SAMPLE_RATE: Final = 48_000
_CHANNELS: Final = 2


class _Video(NamedTuple):
    """Seconds, bytes, and width by height."""

    shortest: float
    longest: float
    most: int
    narrowest: float


_REEL: Final = _Video(3.0, 900.0, 300_000_000, 0.01)
_STORY: Final = _Video(3.0, 60.0, 100_000_000, 0.1)
_ITEM: Final = _Video(3.0, 60.0, 300_000_000, 0.01)
"""Of a carousel."""
_LIMITS: Final = {"reel": _REEL, "story": _STORY, "images": _ITEM}
_WIDEST: Final = 10.0


def problems(post: Outgoing, account: Account) -> list[str]:
    """Every reason for which Instagram would not publish this post, with its remedy."""
    return [*_of_account(post, account), *_of_text(post), *_of_kind(post)]


def hosted(post: Outgoing) -> tuple[MediaFile, ...]:
    """The files that Instagram fetches from a public address. A reel is sent as bytes."""
    return () if post.kind == "reel" else post.media


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    yield from check.of_account(post, account, Service.INSTAGRAM, "business", _SCOPES)
    if account.details.get("login") == "instagram":
        yield (
            f"{account.name} was connected with Instagram's own login, which cannot publish from "
            "here; connect it through Facebook and the Page it is linked to."
        )


def _of_text(post: Outgoing) -> Iterator[str]:
    yield from check.of_text(post, _RULES.limit, _NAME)
    hashtags = len(_HASHTAG.findall(post.text))
    if hashtags > _RULES.hashtag_limit:
        yield (
            f"The text has {hashtags} hashtags and {_NAME} takes {_RULES.hashtag_limit}; remove "
            "some."
        )
    mentions = len(_MENTION.findall(post.text))
    if mentions > _MENTIONS:
        yield f"The text mentions {mentions} accounts and {_NAME} takes {_MENTIONS}; remove some."


def _of_kind(post: Outgoing) -> Iterator[str]:
    if post.kind not in _FILES:
        yield f"{_NAME} takes no {post.kind}; choose one of {', '.join(_FILES)}."
        return
    yield from check.of_count(post, *_FILES[post.kind], _NAME)
    yield from check.of_kinds(post, _TAKES[post.kind], _NAME)
    for file in post.media:
        if file.kind == "image":
            yield from _of_picture(file, whole_screen=post.kind == "story")
        elif file.kind == "video":
            yield from _of_video(file, _LIMITS.get(post.kind, _REEL))
    if post.kind == "reel" and post.thumbnail is not None:
        yield from _of_cover(post.thumbnail)
    cover_at = post.options.cover_at
    length = post.media[0].duration if post.media else 0.0
    if post.kind == "reel" and cover_at is not None and not 0 <= cover_at <= length:
        yield (
            f"The cover is to be taken at second {cover_at:g}, and the reel has {length:.1f}; "
            "choose an earlier one."
        )


def _of_picture(file: MediaFile, whole_screen: bool) -> Iterator[str]:
    if file.mime != "image/jpeg":
        yield f"{file.name} is {file.mime}; {_NAME} takes JPEG pictures only: convert it."
    yield from check.of_size(file, _PICTURE_BYTES, _NAME)
    if file.width and not _WIDTHS[0] <= file.width <= _WIDTHS[1]:
        yield (
            f"{file.name} is {file.width} pixels wide; {_NAME} takes {_WIDTHS[0]} to "
            f"{_WIDTHS[1]}: scale it."
        )
    # A story fills the screen, which is narrower than what the feed shows.
    if not whole_screen:
        yield from check.of_ratio(file, *_RATIOS, "pictures between 4:5 and 1.91:1", _NAME)
    if len(file.alt_text) > _RULES.alt_text_limit:
        yield (
            f"The alternative text of {file.name} has {len(file.alt_text)} characters; {_NAME} "
            f"takes {_RULES.alt_text_limit}: shorten it."
        )


def _of_cover(file: MediaFile) -> Iterator[str]:
    """Of another shape it would not be refused, but shown without its sides and what stands there
    (IG User Media reference, reel cover photo, 2026-10)."""
    if file.mime != "image/jpeg":
        yield f"The cover {file.name} is {file.mime}; {_NAME} takes JPEG covers only: convert it."
    yield from check.of_size(file, _PICTURE_BYTES, _NAME)
    yield from check.of_ratio(file, _COVER, _COVER, "upright 9:16 covers", _NAME)


def _of_video(file: MediaFile, limit: _Video) -> Iterator[str]:
    if file.mime not in _VIDEOS:
        yield f"{file.name} is {file.mime}; {_NAME} takes MP4 and MOV videos: convert it."
    yield from check.of_size(file, limit.most, _NAME)
    yield from check.of_duration(file, limit.shortest, limit.longest, _NAME)
    told = f"videos between {limit.narrowest:g}:1 and {_WIDEST:g}:1, best 9:16,"
    yield from check.of_ratio(file, limit.narrowest, _WIDEST, told, _NAME)
    if file.width > _VIDEO_WIDTH:
        yield (f"{file.name} is {file.width} pixels wide; {_NAME} takes {_VIDEO_WIDTH}: scale it.")
    if file.duration and file.size * 8 / file.duration > _BITS:
        yield (
            f"{file.name} has {file.size * 8 / file.duration / 1e6:.0f} Mbit a second; {_NAME} "
            f"takes {_BITS // 10**6}: export it anew."
        )
    if file.sample_rate > _SAMPLE_RATE or file.channels > _CHANNELS:
        yield (
            f"The sound of {file.name} has {file.channels} channels and {file.sample_rate} samples "
            f"a second; {_NAME} takes {_CHANNELS} and {_SAMPLE_RATE}: export it anew."
        )
    if not file.faststart:
        yield (
            f"{file.name} has its index at its end; {_NAME} wants it first: export it for the web "
            "(in FFmpeg: -movflags +faststart)."
        )
    # Meta's guide rules edit lists out too, but every phone writes them and every encoder unless
    # told otherwise, and media that Instagram cannot read cost no more than a failed container.
    yield from check.of_coding(file, _NAME, codecs=("h264", "hevc"), audio=("aac",), rates=_RATES)

"""What YouTube would refuse, told before anything is sent.

Sources: YouTube Data API v3 discovery document (revision 20261104), its reference pages
(developers.google.com/youtube, 2026) and YouTube Help.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import CaptionTrack, MediaFile, Options, Outgoing
from igny8_media.publishing.unseen import of_words
from igny8_media.publishing.youtube.body import is_short
from igny8_media.publishing.youtube.chapters import chapter_problems

_TITLE: Final = 100
_DESCRIPTION: Final = 5000
_TAGS: Final = 500
_VIDEO_BYTES: Final = 274_877_906_944
_VIDEO_SECONDS: Final = 12 * 3600.0
_THUMBNAIL_BYTES: Final = 52_428_800
_THUMBNAIL_PIXELS: Final = 1280 * 720
_THUMBNAIL_OFF: Final = 0.02
_CAPTION_BYTES: Final = 104_857_600
_CAPTION_NAME: Final = 150
_PRIVACY: Final = ("public", "unlisted", "private")
_CATEGORIES: Final = frozenset(map(str, (1, 2, 10, 15, 17, 19, 20, *range(22, 30))))
"""Those that a video may be put into (videoCategories.list, assignable)."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LATE: Final = timedelta(hours=1)
"""How late a video may appear because its upload waited; it then appears at once."""
_AHEAD: Final = timedelta(days=3653)

_AUTH: Final = "https://www.googleapis.com/auth/"
_ALL: Final = {"youtube", "youtube.force-ssl"}
_UPLOAD: Final = _ALL | {"youtube.upload"}
_LOOK: Final = _ALL | {"youtube.readonly"}
_CAPTIONS: Final = {"youtube.force-ssl"}


def problems(post: Outgoing, account: Account, now: datetime) -> list[str]:
    """Every reason for which YouTube would not publish this post, with its remedy."""
    return [
        *_of_account(post, account),
        *_of_words(post),
        *_of_video(post),
        *_of_options(post.options, now),
        *_of_thumbnail(post),
        *_of_captions(post.captions),
    ]


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    if account.service is not Service.YOUTUBE or post.service is not Service.YOUTUBE:
        yield (
            f"The post is for {post.service.label} and the account {account.name} is on "
            f"{account.service.label}; choose a YouTube channel for a YouTube video."
        )
        return
    if account.kind != "channel":
        yield (
            f"YouTube videos go out on a channel, and {account.name} is a {account.kind}; choose "
            "another account."
        )
    granted = {scope.removeprefix(_AUTH) for scope in account.scopes}
    needed = {"youtube.upload": _UPLOAD, "youtube.readonly": _LOOK}
    if post.captions:
        needed["youtube.force-ssl"] = _CAPTIONS
    for scope, enough in needed.items():
        # Accounts added with a token by hand may not say what was granted; YouTube then judges.
        if granted and not granted & enough:
            yield f"{account.name} has not granted {scope}; connect the account again and allow it."


def _of_words(post: Outgoing) -> Iterator[str]:
    title, size = post.title.strip(), len(post.text.encode("utf-8", "surrogatepass"))
    if not title:
        yield "A YouTube video needs a title; give it one."
    if len(title) > _TITLE:
        yield f"The title is {len(title)} characters long; YouTube takes {_TITLE}: shorten it."
    if size > _DESCRIPTION:
        yield (
            f"The description has {size} bytes, {size - _DESCRIPTION} over YouTube's limit of "
            f"{_DESCRIPTION}; shorten it."
        )
    for name, text in (("title", title), ("description", post.text)):
        if "<" in text or ">" in text:
            yield f"The {name} has < or >, which YouTube refuses; remove them."
    yield from of_words(post)
    if post.language and not _LANGUAGE.fullmatch(post.language):
        yield f"'{post.language}' is no language tag; write one such as en or pt-BR."


def _of_video(post: Outgoing) -> Iterator[str]:
    if post.kind != "video":
        yield f"YouTube takes no {post.kind}; choose the kind video."
        return
    if len(post.media) != 1 or post.media[0].kind != "video":
        yield "A YouTube post is exactly one video file; add it or remove the other files."
        return
    file = post.media[0]
    if not file.mime.startswith("video/"):
        yield f"{file.name} is {file.mime}; YouTube takes videos: convert it."
    if not 0 < file.size <= _VIDEO_BYTES:
        yield f"{file.name} has {file.size:,} bytes; YouTube takes 1 byte to 256 GiB."
    if file.duration > _VIDEO_SECONDS:
        yield f"{file.name} is {file.duration / 3600:.1f} hours long; YouTube takes 12: cut it."
    if not is_short(file):
        yield from chapter_problems(post.text, file.duration)


def _of_options(options: Options, now: datetime) -> Iterator[str]:
    if options.privacy is not None and options.privacy not in _PRIVACY:
        yield f"YouTube knows no privacy {options.privacy}; choose one of {', '.join(_PRIVACY)}."
    at = options.publish_at
    if at is not None and at.tzinfo is None:
        yield "The time to publish has no time zone; add one."
    elif at is not None and at < now - _LATE:
        yield f"The time to publish, {at:%Y-%m-%d %H:%M %Z}, has passed; choose a later one."
    elif at is not None and at > now + _AHEAD:
        yield f"The time to publish, {at:%Y-%m-%d %H:%M %Z}, is years away; choose an earlier one."
    if at is not None and options.privacy == "unlisted":
        yield "A video that YouTube publishes later becomes public, not unlisted; choose one."
    if options.category_id not in _CATEGORIES:
        yield (
            f"YouTube has no category {options.category_id} for videos; choose one of "
            f"{', '.join(sorted(_CATEGORIES, key=int))}."
        )
    size = tags_length(options.tags)
    if size > _TAGS:
        yield f"The tags are {size} characters long together; YouTube takes {_TAGS}: remove some."
    for tag in options.tags:
        if not tag.strip() or "<" in tag or ">" in tag or "," in tag:
            yield f"'{tag}' is no tag for YouTube: it must have letters, and no comma, < or >."


def tags_length(tags: tuple[str, ...]) -> int:
    """Characters, as YouTube counts: commas between them, and quotes around those with a space."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)


def _of_thumbnail(post: Outgoing) -> Iterator[str]:
    file = post.thumbnail
    if file is None:
        return
    if file.mime not in ("image/jpeg", "image/png"):
        yield f"The thumbnail {file.name} is {file.mime}; YouTube takes JPEG and PNG: convert it."
    if file.size > _THUMBNAIL_BYTES:
        yield f"The thumbnail {file.name} has {file.size:,} bytes; YouTube takes 50 MiB."
    if file.width * file.height < _THUMBNAIL_PIXELS or not _is_wide(file, post.media):
        yield (
            f"The thumbnail {file.name} has {file.width}x{file.height} pixels; YouTube wants "
            "1280x720 or more in 16:9 (9:16 also for a Short)."
        )


def _is_wide(file: MediaFile, media: tuple[MediaFile, ...]) -> bool:
    ratios = [16 / 9, 9 / 16] if media and is_short(media[0]) else [16 / 9]
    ratio = file.width / max(1, file.height)
    return any(abs(ratio - wanted) <= _THUMBNAIL_OFF * wanted for wanted in ratios)


def _of_captions(tracks: tuple[CaptionTrack, ...]) -> Iterator[str]:
    seen = set()
    for track in tracks:
        name = track.file.name
        if track.file.kind != "captions":
            yield f"{name} holds no captions; give an SRT or VTT file."
        if not 0 < track.file.size <= _CAPTION_BYTES:
            yield f"The captions {name} have {track.file.size:,} bytes; YouTube takes 100 MiB."
        if not _LANGUAGE.fullmatch(track.language):
            yield f"'{track.language}' is no language tag; write one such as en or pt-BR."
        if len(track.name) > _CAPTION_NAME:
            yield f"The name of the captions {name} is longer than {_CAPTION_NAME}; shorten it."
        if (track.language, track.name) in seen:
            yield f"There are two caption tracks '{track.language}' of one name; rename one."
        seen.add((track.language, track.name))

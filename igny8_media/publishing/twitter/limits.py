"""What X would refuse, or charge more for, told before anything is sent.

Sources: X API 2.167 (openapi.json), media best practices and pricing, docs.x.com, 2026-08.
"""

import re
from collections.abc import Iterator
from typing import Final

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.unseen import UNSEEN, of_other_words
from igny8_media.social.length import is_valid_on_x, links_on_x, weighted_length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

_KINDS: Final = ("text", "image", "video", "poll", "thread")
_SCOPES: Final = ("tweet.read", "tweet.write", "users.read")
_PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
_VIDEOS: Final = ("video/mp4", "video/quicktime", "video/webm", "video/mp2t")
_PICTURE_BYTES: Final = 5_000_000
_GIF_BYTES: Final = 15_000_000
_GIF_PIXELS: Final = (1280, 1080)
_GIF_FRAMES: Final = 350
_ALT: Final = RULES[Platform.TWITTER].alt_text_limit
_VIDEO_BYTES: Final = 512_000_000
_VIDEO_SECONDS: Final = (0.5, 140.0)
# The longer and the shorter side. 1280x1024 is what everybody may send; X takes 1080p too, and
# tells accounts that may not when it processes the video.
_VIDEO_PIXELS: Final = (1920, 1200)
_VIDEO_LEAST: Final = 32
_RATIO: Final = 3.0
_FPS: Final = 60.0
_CHOICE: Final = 25
_POLL_MINUTES: Final = (5, 10080)
_CASHTAG: Final = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


def is_animated(file: MediaFile) -> bool:
    """Whether X takes it as its one GIF rather than as one of four pictures."""
    return file.mime == "image/gif" and file.frames > 1


def texts_of(post: Outgoing) -> tuple[str, ...]:
    """The texts of the posts that it takes."""
    return post.parts if post.kind == "thread" else (post.text,)


def problems(post: Outgoing, account: Account) -> list[str]:
    """Every reason for which X would not publish this post, with its remedy."""
    found = [*_of_account(post, account)]
    if post.kind not in _KINDS:
        instead = (
            "write the link into a text post"
            if post.kind == "link"
            else f"choose one of {', '.join(_KINDS)}"
        )
        return [*found, f"X takes no {post.kind}; {instead}."]
    words = [*_of_texts(post), *of_other_words(post)]
    return [*found, *words, *_of_thread(post), *_of_media(post), *_of_poll(post)]


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    if account.service is not Service.TWITTER or post.service is not Service.TWITTER:
        yield (
            f"The post is for {post.service.label} and the account {account.name} is on "
            f"{account.service.label}; choose an X account for an X post."
        )
        return
    if account.kind != "person":
        yield f"{account.name} is a {account.kind}; X posts go out from an X account."
    needed = (*_SCOPES, "media.write") if post.media else _SCOPES
    # Accounts added with a token by hand may not say what was granted; X then judges.
    missing = [scope for scope in needed if account.scopes and scope not in account.scopes]
    if missing:
        yield (
            f"{account.name} has not granted {', '.join(missing)}; connect the account again and "
            "allow it."
        )


def _of_texts(post: Outgoing) -> Iterator[str]:
    texts, limit = texts_of(post), RULES[Platform.TWITTER].limit
    for number, text in enumerate(texts, 1):
        where = f"Part {number} of the thread" if post.kind == "thread" else "The text"
        if UNSEEN.search(text):
            yield f"{where} has characters that X refuses; remove them."
            continue  # half a character cannot be measured
        size = weighted_length(text)
        if not text.strip():
            if post.kind not in ("image", "video"):
                yield f"{where} is empty; write one."
        elif size > limit:
            yield (
                f"{where} is {size} long as X counts, {size - limit} over the limit of {limit}; "
                "shorten it."
            )
        elif not is_valid_on_x(text):
            yield f"{where} has characters that X refuses; remove them."
        cashtags = {tag.upper() for tag in _CASHTAG.findall(text)}
        if len(cashtags) > 1:
            yield f"{where} names {', '.join(sorted(cashtags))}; X takes one cashtag a post."
        links = links_on_x(text)
        if links and not post.options.links_cost_extra:
            yield (
                f"{where} has a link ({links[0]}), and X charges $0.20 for a post with a link "
                "instead of $0.015; take the link out, or allow it with `--option "
                "twitter:links_cost_extra=true`."
            )
    if post.link is not None and not any(post.link.url in text for text in texts):
        yield "X shows a link only where it stands in the text; write it there or leave it out."


def _of_thread(post: Outgoing) -> Iterator[str]:
    if post.kind != "thread":
        if post.parts:
            yield f"A post of kind {post.kind} has no parts; choose the kind thread."
        return
    if len(post.parts) < 2:
        yield "A thread needs two parts at least; write more, or choose the kind text."
    elif post.parts[0] != post.text:
        yield "The text of a thread is its first part; make them the same."
    seen: dict[str, int] = {}
    for number, text in enumerate(post.parts, 1):
        first = seen.setdefault(" ".join(text.split()), number)
        if first != number and text.strip():
            yield f"Parts {first} and {number} of the thread are the same; X refuses duplicates."


def _of_media(post: Outgoing) -> Iterator[str]:
    count, animated = len(post.media), sum(map(is_animated, post.media))
    if post.kind == "image" and not 1 <= count <= 4:
        yield f"X takes 1 to 4 pictures and the post has {count}; add or remove some."
    if post.kind == "video" and count != 1:
        yield f"X takes one video and the post has {count} files; keep one."
    if post.kind in ("text", "poll") and count:
        yield f"A {post.kind} post on X has no files; choose the kind image or video."
    if post.kind == "thread" and count > 4:
        yield f"The first post of a thread takes 4 pictures and has {count}; remove some."
    if animated and count > 1:
        yield "X takes one animated GIF and nothing beside it; remove the other files."
    videos = sum(file.kind == "video" for file in post.media)
    if post.kind == "thread" and videos and count > 1:
        yield "X takes one video and nothing beside it; remove the other files."
    for file in post.media:
        if file.kind == "video" and post.kind != "image":
            yield from _of_video(file)
        elif post.kind == "video":
            yield f"{file.name} is {file.mime}, no video; choose the kind image."
        else:
            yield from _of_picture(file)


def _of_picture(file: MediaFile) -> Iterator[str]:
    if file.mime not in _PICTURES:
        yield f"{file.name} is {file.mime}; X takes JPEG, PNG, WebP and GIF pictures: convert it."
        return
    if is_animated(file):
        if file.size > _GIF_BYTES:
            yield f"{file.name} has {file.size:,} bytes; X takes GIFs of 15 MB: make it smaller."
        widest, highest = _GIF_PIXELS
        if file.width > widest or file.height > highest:
            yield (
                f"{file.name} has {file.width}x{file.height} pixels; X takes GIFs of "
                f"{widest}x{highest}: make it smaller."
            )
        if file.frames > _GIF_FRAMES:
            yield f"{file.name} has {file.frames} frames; X takes {_GIF_FRAMES}: shorten it."
    elif file.size > _PICTURE_BYTES:
        yield f"{file.name} has {file.size:,} bytes; X takes pictures of 5 MB: make it smaller."
    if len(file.alt_text) > _ALT:
        yield (
            f"The alternative text of {file.name} is {len(file.alt_text)} characters long; X takes "
            f"{_ALT}: shorten it."
        )


def _of_video(file: MediaFile) -> Iterator[str]:
    name = file.name
    if file.mime not in _VIDEOS:
        yield f"{name} is {file.mime}; X takes MP4, QuickTime, WebM and MPEG-TS: convert it."
    if file.size > _VIDEO_BYTES:
        yield f"{name} has {file.size:,} bytes; X takes videos of 512 MB: make it smaller."
    shortest, longest = _VIDEO_SECONDS
    if not shortest <= file.duration <= longest:
        yield f"{name} is {file.duration:.1f} seconds long; X takes 0.5 to 140 seconds: cut it."
    sides = sorted((file.width, file.height))
    if sides[0] < _VIDEO_LEAST or sides[1] > _VIDEO_PIXELS[0] or sides[0] > _VIDEO_PIXELS[1]:
        yield (
            f"{name} has {file.width}x{file.height} pixels; X takes 32x32 to "
            f"{_VIDEO_PIXELS[0]}x{_VIDEO_PIXELS[1]}: render it at another size."
        )
    elif sides[1] > sides[0] * _RATIO:
        yield f"{name} has {file.width}x{file.height} pixels; X takes shapes from 1:3 to 3:1."
    if file.fps > _FPS:
        yield f"{name} has {file.fps:g} frames a second; X takes 60: render it with fewer."
    if file.codec and file.codec != "h264":
        yield f"{name} holds {file.codec}; X takes H.264: convert it."
    if file.audio_codec and file.audio_codec != "aac":
        yield f"{name} holds {file.audio_codec} sound; X takes AAC: convert it."


def _of_poll(post: Outgoing) -> Iterator[str]:
    if post.kind != "poll":
        return
    poll = post.poll
    if poll is None or not 2 <= len(poll.options) <= 4:
        yield "A poll on X needs 2 to 4 answers to choose from; add or remove some."
        return
    for option in poll.options:
        if not 1 <= len(option) <= _CHOICE or not option.strip():
            yield (
                f"The answer '{option}' has {len(option)} characters; X takes 1 to {_CHOICE}: "
                "reword it."
            )
    least, most = _POLL_MINUTES
    if not least <= poll.minutes <= most:
        yield f"Polls on X run {least} to {most} minutes, not {poll.minutes}; choose another time."

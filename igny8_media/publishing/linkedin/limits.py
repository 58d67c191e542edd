"""What LinkedIn would refuse, told before anything is sent.

Sources: Posts API, MultiImage, Documents, Videos, Poll and little text format,
learn.microsoft.com, 2026-10; the length of a text is practice (its page names none).
"""

import re
from collections.abc import Iterator
from typing import Final

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.unseen import of_words
from igny8_media.social.length import length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

DURATIONS: Final = {
    1440: "ONE_DAY",
    4320: "THREE_DAYS",
    10080: "SEVEN_DAYS",
    20160: "FOURTEEN_DAYS",
}
"""How long a poll may run, in minutes, and LinkedIn's words for it."""

DOCUMENTS: Final = {
    "application/pdf": "PDF",
    "application/msword": "DOC",
    "application/vnd.ms-powerpoint": "PPT",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
}
_KINDS: Final = ("text", "link", "image", "images", "document", "video", "poll")
_WITH_FILES: Final = {"image": (1, 1), "images": (2, 20), "document": (1, 1), "video": (1, 1)}
_PICTURES: Final = ("image/jpeg", "image/png", "image/gif")
_COVERS: Final = ("image/jpeg", "image/png")
_PIXELS: Final = 36_152_320
_FRAMES: Final = 250
_ALT: Final = RULES[Platform.LINKEDIN].alt_text_limit
_DOCUMENT_BYTES: Final = 100_000_000
_PAGES: Final = 300
_VIDEO_BYTES: Final = (75_000, 500_000_000)
_VIDEO_SECONDS: Final = (3.0, 1800.0)
_QUESTION: Final = 140
_CHOICE: Final = 30
_VISIBLE: Final = ("PUBLIC", "CONNECTIONS", "LOGGED_IN")


def problems(post: Outgoing, account: Account) -> list[str]:
    """Every reason for which LinkedIn would not publish this post, with its remedy."""
    return [*_of_account(post, account), *_of_text(post), *_of_kind(post), *_of_options(post)]


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    if account.service is not Service.LINKEDIN or post.service is not Service.LINKEDIN:
        yield (
            f"The post is for {post.service.label} and the account {account.name} is on "
            f"{account.service.label}; choose a LinkedIn account for a LinkedIn post."
        )
        return
    if account.kind not in ("person", "organization"):
        yield (
            f"LinkedIn posts go out as a person or an organization, and {account.name} is a "
            f"{account.kind}; choose another account."
        )
    needed = "w_organization_social" if account.kind == "organization" else "w_member_social"
    # Accounts added with a token by hand may not say what was granted; LinkedIn then judges.
    if account.scopes and needed not in account.scopes:
        yield f"{account.name} has not granted {needed}; connect the account again and allow it."


def _of_text(post: Outgoing) -> Iterator[str]:
    limit = RULES[Platform.LINKEDIN].limit
    size = length(post.text, Platform.LINKEDIN)
    if post.kind == "text" and not post.text.strip():
        yield "The text is empty; write one."
    if size > limit:
        yield (
            f"The text is {size} characters long as LinkedIn counts (reserved characters count "
            f"twice), {size - limit} over the limit of {limit}; shorten it."
        )
    yield from of_words(post)


def _of_kind(post: Outgoing) -> Iterator[str]:
    if post.kind not in _KINDS:
        yield f"LinkedIn takes no {post.kind}; choose one of {', '.join(_KINDS)}."
        return
    fewest, most = _WITH_FILES.get(post.kind, (0, 0))
    count = len(post.media)
    if not fewest <= count <= most:
        asked = "no files" if not most else str(most) if fewest == most else f"{fewest} to {most}"
        yield (
            f"A LinkedIn post of kind {post.kind} takes {asked}"
            f"{' of them' if most > 1 else ' file' if most else ''} and has {count}; "
            "add or remove files, or choose another kind."
        )
    for file in post.media:
        if post.kind in ("image", "images"):
            yield from _of_picture(file)
        elif post.kind == "document":
            yield from _of_document(file)
        elif post.kind == "video":
            yield from _of_video(file)
    if post.kind == "video" and post.thumbnail is not None:
        yield from _of_cover(post.thumbnail)
    if post.kind == "document" and not post.title.strip():
        yield "LinkedIn shows a document under its title; give it one."
    if post.kind == "link":
        yield from _of_link(post)
    if post.kind == "poll":
        yield from _of_poll(post)


def _of_picture(file: MediaFile) -> Iterator[str]:
    if file.mime not in _PICTURES:
        yield f"{file.name} is {file.mime}; LinkedIn takes JPEG, PNG and GIF pictures: convert it."
    if file.width * file.height >= _PIXELS:
        yield (
            f"{file.name} has {file.width}x{file.height} pixels; LinkedIn takes fewer than "
            f"{_PIXELS:,}: make it smaller."
        )
    if file.frames > _FRAMES:
        yield f"{file.name} has {file.frames} frames; LinkedIn takes {_FRAMES}: shorten it."
    if len(file.alt_text) > _ALT:
        yield (
            f"The alternative text of {file.name} is {len(file.alt_text)} characters long; "
            f"LinkedIn takes {_ALT}: shorten it."
        )


def _of_document(file: MediaFile) -> Iterator[str]:
    if file.mime not in DOCUMENTS:
        yield f"{file.name} is {file.mime}; LinkedIn takes PDF, DOC(X) and PPT(X): convert it."
    if file.size > _DOCUMENT_BYTES:
        yield f"{file.name} has {file.size:,} bytes; LinkedIn takes 100 MB: make it smaller."
    if file.pages > _PAGES:
        yield f"{file.name} has {file.pages} pages; LinkedIn takes {_PAGES}: shorten it."


def _of_video(file: MediaFile) -> Iterator[str]:
    if file.mime != "video/mp4":
        yield f"{file.name} is {file.mime}; LinkedIn takes MP4 videos: convert it."
    least, most = _VIDEO_BYTES
    if not least <= file.size <= most:
        yield f"{file.name} has {file.size:,} bytes; LinkedIn takes 75 KB to 500 MB."
    shortest, longest = _VIDEO_SECONDS
    if not shortest <= file.duration <= longest:
        yield (
            f"{file.name} is {file.duration:.1f} seconds long; LinkedIn takes 3 seconds to 30 "
            "minutes: cut it."
        )


def _of_cover(file: MediaFile) -> Iterator[str]:
    if file.mime not in _COVERS:
        yield f"The cover {file.name} is {file.mime}; LinkedIn takes JPEG and PNG: convert it."
    else:
        yield from _of_picture(file)


def _of_link(post: Outgoing) -> Iterator[str]:
    link = post.link
    if link is None or not re.match(r"https?://[^/\s]+\.[^/\s]+\S*\Z", link.url):
        yield "A link post needs a web address that starts with https://; give it one."
        return
    if not link.title.strip():
        yield "LinkedIn does not read the page behind a link; give the link a title."
    if post.thumbnail is not None:
        yield from _of_picture(post.thumbnail)


def _of_poll(post: Outgoing) -> Iterator[str]:
    poll = post.poll
    if poll is None or not 2 <= len(poll.options) <= 4:
        yield "A LinkedIn poll needs 2 to 4 answers to choose from; add or remove some."
        return
    if not 1 <= len(poll.question.strip()) <= _QUESTION:
        yield f"A LinkedIn poll needs a question of at most {_QUESTION} characters."
    for option in poll.options:
        if not 1 <= len(option.strip()) <= _CHOICE:
            yield (
                f"The answer '{option}' has {len(option)} characters; LinkedIn takes 1 to "
                f"{_CHOICE}: reword it."
            )
    if poll.minutes not in DURATIONS:
        yield (
            f"LinkedIn's polls run 1, 3, 7 or 14 days ({', '.join(map(str, DURATIONS))} minutes), "
            f"not {poll.minutes} minutes; choose one of these."
        )


def _of_options(post: Outgoing) -> Iterator[str]:
    privacy = post.options.privacy
    if privacy is not None and privacy not in _VISIBLE:
        yield f"LinkedIn knows no audience {privacy}; choose one of {', '.join(_VISIBLE)}."

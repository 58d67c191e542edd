"""A LinkedIn post as its Posts API takes it, and how to know it again."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from igny8_media.publishing.linkedin.limits import DURATIONS
from igny8_media.publishing.model import Outgoing
from igny8_media.social.littletext import escape, unescape


def body_of(post: Outgoing, author: str, media: Sequence[str], thumbnail: str | None) -> str:
    """The request's JSON (Posts API, learn.microsoft.com, 2026-10).

    `author`, `media` and `thumbnail` are URNs. The same post gives the same bytes: LinkedIn tells
    duplicates by them.
    """
    body: dict[str, Any] = {
        "author": author,
        "commentary": escape(post.text),
        "visibility": post.options.privacy or "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    content = _content(post, media, thumbnail)
    if content:
        body["content"] = content
    return json.dumps(body, ensure_ascii=False)


def is_same(element: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a post that LinkedIn lists is the one this body made.

    Hashtags come back as templates, and spaces may differ. What was attached is compared where
    the listed post names it.
    """
    said = element.get("commentary")
    if not isinstance(said, str) or _plain(said) != _plain(str(body["commentary"])):
        return False
    theirs, ours = set(_marks(element.get("content"))), set(_marks(body.get("content")))
    return theirs == ours if theirs else not ours or bool(_plain(said))


def _content(post: Outgoing, media: Sequence[str], thumbnail: str | None) -> dict[str, Any]:
    if post.kind == "images":
        images = [
            {"id": urn, **({"altText": file.alt_text} if file.alt_text else {})}
            for urn, file in zip(media, post.media, strict=True)
        ]
        return {"multiImage": {"images": images}}
    if post.kind in ("image", "document", "video"):
        alt = post.media[0].alt_text if post.kind == "image" else ""
        return {
            "media": {
                "id": media[0],
                **({"title": post.title} if post.title and post.kind != "image" else {}),
                **({"altText": alt} if alt else {}),
            }
        }
    if post.kind == "link" and post.link:
        return {
            "article": {
                "source": post.link.url,
                "title": post.link.title,
                **({"description": post.link.description} if post.link.description else {}),
                **({"thumbnail": thumbnail} if thumbnail else {}),
            }
        }
    if post.kind == "poll" and post.poll:
        return {
            "poll": {
                "question": post.poll.question,
                "options": [{"text": option} for option in post.poll.options],
                "settings": {"duration": DURATIONS[post.poll.minutes]},
            }
        }
    return {}


def _marks(content: Any) -> Iterator[str]:
    """What tells attachments apart: URNs, a link's address, a poll's question."""
    if not isinstance(content, Mapping):
        return
    for name, mark in (("media", "id"), ("article", "source"), ("poll", "question")):
        part = content.get(name)
        if isinstance(part, Mapping) and isinstance(part.get(mark), str):
            yield part[mark]
    several = content.get("multiImage")
    images = several.get("images") if isinstance(several, Mapping) else None
    for image in images if isinstance(images, list) else ():
        if isinstance(image, Mapping) and isinstance(image.get("id"), str):
            yield image["id"]


def _plain(commentary: str) -> str:
    text = re.sub(r"\{hashtag\|\\#\|([^{}|\\]+)\}", r"#\1", commentary)
    return " ".join(unicodedata.normalize("NFC", unescape(text)).split())

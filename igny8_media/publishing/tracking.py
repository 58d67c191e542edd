"""Marks on links to an article, by which the site's own analytics know the post that led there.

The names are those of Google's Urchin, which every analytics product reads.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from igny8_media.accounts.model import Service
from igny8_media.publishing.model import Outgoing

_SIGNS: Final = r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%\[\]]"
_ENDS: Final = ".,;:!?')]"
"""Signs that a sentence ends with, and addresses hardly ever."""
_GOES_ON: Final = re.compile(r"[A-Za-z0-9_~%/\-@&=+$*#?]|[.:,;!'(][A-Za-z0-9]")
_IDEOGRAPHS: Final = 0x2E80
"""From here on letters stand beside an address without a blank."""
_NOT_CLICKED: Final = (Service.INSTAGRAM, Service.TIKTOK)
"""Where addresses in captions are words that nobody can follow."""


def tags_of(service: Service, form: str, content_id: str, post_id: int) -> dict[str, str]:
    return {
        "utm_source": service.value,
        "utm_medium": "video" if form == "video" else "social",
        "utm_campaign": content_id,
        "utm_content": str(post_id),
    }


def tracked(post: Outgoing, address: str, tags: Mapping[str, str]) -> Outgoing:
    """The post with the links to the article at `address` marked, and no others."""
    if post.service in _NOT_CLICKED:
        return post
    link = post.link
    return post.model_copy(
        update={
            "text": marked(post.text, address, tags),
            "parts": tuple(marked(part, address, tags) for part in post.parts),
            "link": link.model_copy(update={"url": marked(link.url, address, tags)})
            if link
            else None,
        }
    )


def marked(text: str, address: str, tags: Mapping[str, str]) -> str:
    """The text with these added to every address of that page.

    What the address has already stays as it is, marks of its own too. Addresses of other pages,
    also of the same site, are nobody's business here.
    """
    pattern = _pattern(address)
    if pattern is None:
        return text
    pieces, at = [], 0
    for found in pattern.finditer(text):
        whole = found[0]
        if found["more"] or found["fragment"]:
            whole = whole.rstrip(_ENDS)
        elif _goes_on(text, found.end()):
            continue
        pieces += [text[at : found.start()], _with_tags(whole, tags)]
        at = found.start() + len(whole)
    return "".join([*pieces, text[at:]])


def _pattern(address: str) -> re.Pattern[str] | None:
    """What the page's address looks like in a text; None for what is no web address."""
    try:
        parts = urlsplit(address.partition("#")[0])
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    more = rf"(?P<more>&{_SIGNS}*)?" if parts.query else rf"/?(?P<more>\?{_SIGNS}*)?"
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path.rstrip("/")
    return re.compile(
        rf"(?<![A-Za-z0-9_@/.\-])(?i:https?://{re.escape(parts.netloc)}){re.escape(path)}{more}"
        rf"(?P<fragment>#{_SIGNS}*)?"
    )


def _goes_on(text: str, end: int) -> bool:
    """Whether what follows belongs to the address, which is then another one."""
    follows = text[end : end + 1]
    if follows and ord(follows) > 127:
        return follows.isalnum() and ord(follows) < _IDEOGRAPHS
    return _GOES_ON.match(text, end) is not None


def _with_tags(url: str, tags: Mapping[str, str]) -> str:
    before, sign, fragment = url.partition("#")
    page, _, query = before.partition("?")
    names = {part.partition("=")[0] for part in query.split("&")}
    added = [f"{name}={quote(value, safe='')}" for name, value in tags.items() if name not in names]
    parts = [query.rstrip("&")] if query.rstrip("&") else []
    return f"{page}?{'&'.join([*parts, *added])}{sign}{fragment}" if added else url

"""Pictures in HTML: which address to take, and which pictures are only decoration."""

import re

from selectolax.lexbor import LexborNode

from igny8_media.articles.dom import classes
from igny8_media.articles.text import clean_value

# Wide enough for a 1920-pixel frame with some slow movement; more is only bytes.
_WIDEST = 2600
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-original-src")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)([wx]))?\s*(?:,|$)")
_SMALLEST = 48


def source(image: LexborNode) -> str | None:
    """The address as written: the widest usable of `srcset`, else the real one of a lazy image."""
    attributes = image.attributes
    for name in ("srcset", *_LAZY_SETS):
        if best := _widest(attributes.get(name) or ""):
            return best
    written = (attributes.get("src") or "").strip()
    lazy = next((value.strip() for key in _LAZY if (value := attributes.get(key))), None)
    if lazy and (not written or _is_placeholder(written)):
        return lazy
    return written or None


def is_decoration(image: LexborNode) -> bool:
    """Tracking pixels, icons, avatars, emoji and badges say nothing about the article."""
    attributes = image.attributes
    sizes = [int(value) for key in ("width", "height") if (value := _pixels(attributes.get(key)))]
    if sizes and min(sizes) < _SMALLEST:
        return True
    if attributes.get("role") == "presentation":
        return True
    names = {token.lower() for token in classes(image)}
    if not names.isdisjoint({"emoji", "wp-smiley", "avatar", "icon", "logo"}):
        return True
    address = attributes.get("src") or ""
    return bool(
        re.match(r"https?://(?:img\.shields\.io|badge\.fury\.io|[\w.]*gravatar\.com)/", address)
    )


def alt_text(image: LexborNode) -> str:
    return clean_value(image.attributes.get("alt") or "")


def title(image: LexborNode) -> str | None:
    """The title attribute, which Markdown uses for captions, unless it repeats the alt text."""
    text = clean_value(image.attributes.get("title") or "")
    return text if text and text.casefold() != alt_text(image).casefold() else None


def _is_placeholder(address: str) -> bool:
    return address.startswith("data:") or bool(
        re.search(
            r"(?:placeholder|blank|spacer|lazy|loading|1x1|pixel)[\w.-]*\.(?:gif|png|svg|jpe?g)",
            address,
            re.I,
        )
    )


def _widest(srcset: str) -> str | None:
    if not srcset or len(srcset) > 20_000 or "data:" in srcset:
        return None
    widths = [
        (float(number), address)
        for address, number, unit in _CANDIDATE.findall(srcset)
        if unit == "w" and float(number) <= _WIDEST
    ]
    return max(widths)[1] if widths else None


def _pixels(value: str | None) -> str | None:
    found = re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", value or "")
    return found[1] if found else None

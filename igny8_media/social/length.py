"""How long a text is in the eyes of a platform."""

import importlib.resources
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType

from igny8_media.social.littletext import escape
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

# Text whose weight is its length: characters of weight 1, none of them an emoji ("©"), and no dot
# inside a word, without which there is no link. The parser gives the same and takes 2 ms for it.
_LIGHT = re.compile(
    r"(?:[\x20-\x2d\x2f-\xa8\xaa-\xad\xaf-\u0fff\n\u2010-\u201f]|\.(?=[\s\"”’)]|\Z))+"
)


def length(text: str, platform: Platform) -> int:
    """The length of `text` in the unit that `RULES[platform].limit` is given in."""
    return _MEASURES[RULES[platform].measure](text)


def weighted_length(text: str) -> int:
    """X's weighted length: links count 23, emoji 2, most scripts outside Latin 2 a character."""
    return _weigh(text)[0]


def is_valid_on_x(text: str) -> bool:
    """Whether X takes this text: between 1 and 280 weighted, no invalid characters."""
    return _weigh(text)[1]


def links_on_x(text: str) -> list[str]:
    """What X makes links of in this text, bare domains among them."""
    _parser()  # with it the library is imported whole
    from twitter_text.extract_urls import extract_urls

    return [str(url) for url in extract_urls(text)]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=2048)
def _weigh(text: str) -> tuple[int, bool]:
    if not text.strip():
        return 0, False
    if _LIGHT.fullmatch(text):
        size = len(unicodedata.normalize("NFC", text))
        return size, size <= RULES[Platform.TWITTER].limit
    result = _parser()(text)
    return int(result.weightedLength), bool(result.valid)


@lru_cache(maxsize=1)
def _parser() -> Callable[[str], "_Parsed"]:
    """twitter-text-parser's entry point.

    The library reads one data file through `pkg_resources`, which setuptools no longer has since
    version 82, so it gets the one function that it wants while it is imported.
    """
    name = "pkg_resources"
    standin = ModuleType(name)
    standin.resource_string = _resource_string  # type: ignore[attr-defined]  # made here
    before = sys.modules.get(name)
    sys.modules[name] = standin
    try:
        from twitter_text.parse_tweet import parse_tweet
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
    found: Callable[[str], _Parsed] = parse_tweet
    return found


def _resource_string(module: str, name: str) -> bytes:
    package = module.rpartition(".")[0]
    return importlib.resources.files(package).joinpath(name).read_bytes()


class _Parsed:
    """The part of twitter-text-parser's result that we read."""

    weightedLength: int
    valid: bool


_MEASURES: dict[str, Callable[[str], int]] = {
    "characters": len,
    "weighted": weighted_length,
    "utf16": utf16_length,
    "little_text": lambda text: len(escape(text)),
}

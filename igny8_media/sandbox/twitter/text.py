"""X's weighted length and its links, by the library that passes X's own conformance vectors."""

import importlib.resources
import sys
from functools import lru_cache
from types import ModuleType
from typing import Any


def weight(text: str) -> int:
    """The weighted length: links count 23, emoji 2, most scripts outside Latin 2 a character."""
    return int(_library().parse_tweet(text).weightedLength) if text.strip() else 0


def links(text: str) -> list[tuple[int, int]]:
    """Where the links are, bare domains among them: beginnings and ends."""
    if "." not in text:
        return []
    found = _library().extract_urls_with_indices(text)
    return [(link["indices"][0], link["indices"][1]) for link in found]


@lru_cache(maxsize=1)
def _library() -> Any:
    """twitter-text-parser, which wants one function of a module that setuptools 82 dropped."""
    name = "pkg_resources"
    standin = ModuleType(name)
    standin.resource_string = _resource_string  # type: ignore[attr-defined]  # made here
    before = sys.modules.get(name)
    sys.modules[name] = standin
    try:
        import twitter_text
        from twitter_text.extract_urls import extract_urls_with_indices
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
    twitter_text.extract_urls_with_indices = extract_urls_with_indices
    return twitter_text


def _resource_string(module: str, name: str) -> bytes:
    package = module.rpartition(".")[0]
    return importlib.resources.files(package).joinpath(name).read_bytes()

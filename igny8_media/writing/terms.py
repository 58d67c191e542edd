"""The words that carry meaning, made comparable."""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from igny8_media.writing.sentences import UNSPACED

WORD = re.compile(r"[^\W_][\w'’-]*", re.UNICODE)
# Truncation is the stemmer that needs no grammar: it joins most inflected forms in any language.
_STEM = 6
_LIST_NAMES = {"cs": "cz", "nb": "no", "nn": "no"}


@lru_cache(maxsize=32)
def stop_words(language: str) -> frozenset[str]:
    """The stop words that YAKE ships for a language (34 of them); empty if it has none."""
    code = language[:2].lower()
    spec = find_spec("yake")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("yake is not installed; run `make setup`")
    folder = Path(spec.origin).parent / "core" / "StopwordsList"
    file = folder / f"stopwords_{_LIST_NAMES.get(code, code)}.txt"
    if not re.fullmatch("[a-z]{2}", code) or not file.is_file():
        return frozenset()
    return frozenset(file.read_text(encoding="utf-8").lower().split())


def terms(text: str, stop: frozenset[str]) -> tuple[str, ...]:
    """The meaningful words of a text, lower case and cut to a common stem, repeats kept.

    Unspaced scripts give overlapping pairs of characters.
    """
    found: list[str] = []
    for word in WORD.findall(text.lower()):
        if UNSPACED.search(word):
            found += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        elif word not in stop and len(word) > 1:
            found.append(word[:_STEM])
    return tuple(found)

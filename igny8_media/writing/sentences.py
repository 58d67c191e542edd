"""Clean text, and the sentences in it."""

import re
import unicodedata
from functools import lru_cache

import sentencex

from igny8_media.writing.abbreviations import parted

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FOOTNOTE = re.compile(r"(?<=\S)\s?\[\d{1,3}\]")
_SPACE = re.compile(r"\s+")
_SPACE_BEFORE_STOP = re.compile(r"(?<=\w) +(?=[.,](?:\s|$))")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
_SHORT_WORD_STOP = re.compile(r"(?:^|\s|\()\w{1,2}\.$")

# Scripts written without spaces: a character is about half a word, and breaks are anywhere.
UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)


def clean(text: str) -> str:
    """One line of NFC text: no control characters, lone surrogates or footnote marks."""
    text = _SURROGATE.sub("", text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub(" ", text))
    text = _SPACE.sub(" ", _FOOTNOTE.sub("", text))
    return _SPACE_BEFORE_STOP.sub("", text).strip()


@lru_cache(maxsize=4096)
def split(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one paragraph, cleaned, in order; joined by spaces they are the paragraph.

    >>> split("Dr. Smith paid $3.50. He left.", "en")
    ('Dr. Smith paid $3.50.', 'He left.')
    """
    sentences: list[str] = []
    for piece in sentencex.segment(language[:2].lower(), clean(text)):
        piece = piece.strip()
        if not piece:
            continue
        if sentences and _belongs_to(sentences[-1], piece):
            glue = "" if UNSPACED.match(piece) else " "
            sentences[-1] = f"{sentences[-1]}{glue}{piece}"
        else:
            sentences.append(piece)
    return tuple(sentences)


def _belongs_to(before: str, piece: str) -> bool:
    """Whether the splitter cut too early: after "M.", "т. е." or a list number."""
    if _LIST_NUMBER.fullmatch(before) or not any(c.isalnum() for c in piece):
        return True
    if parted(before, piece):
        return True
    if piece[0].islower() and before[-1] in ".…":
        return True
    return before[-1] == "." and bool(_SHORT_WORD_STOP.search(before)) and before[-2].isupper()


def word_count(text: str) -> float:
    """Words as spoken: two characters of an unspaced script count as one word."""
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + unspaced / 2 if unspaced else len(text.split())

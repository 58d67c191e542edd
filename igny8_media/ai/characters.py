"""From the times of characters to those of words."""

import math
import unicodedata
from collections.abc import Sequence

from igny8_media.ai.speech import Word

Timed = tuple[str, float, float]
"""A character, or several that are one to the eye, with its start and end in seconds."""


def words_of_characters(
    text: str, timed: Sequence[Timed], tempo: float, duration: float
) -> tuple[Word, ...] | None:
    """The white-space separated words of `text` with their times, `tempo` times as fast.

    `timed` spells the same text; white space and the way in which accents are composed may differ.
    None where it spells another text, or its times run backwards: then they are not to be believed.
    Words lie within `duration` seconds.
    """
    spelt: list[Timed] = []
    for piece, start, end in timed:
        marks = _letters(piece)
        # One piece may be several letters; what they share is divided.
        share = (end - start) / max(1, len(marks))
        spelt += [(m, start + i * share, start + (i + 1) * share) for i, m in enumerate(marks)]
    spelt = _ordered(spelt)
    words = [(word, _letters(word)) for word in text.split()]
    if [mark for mark, *_ in spelt] != [mark for _, marks in words for mark in marks]:
        return None
    found: list[Word] = []
    at, before = 0, 0.0
    for word, marks in words:
        own = spelt[at : at + len(marks)]
        at += len(marks)
        start = own[0][1] / tempo if own else before
        end = max((stop / tempo for _, _, stop in own), default=before)
        if not (math.isfinite(start) and math.isfinite(end)) or start < before - _SLACK:
            return None
        start = min(max(start, before), duration)
        before = start
        found.append(Word(text=word, start=start, end=min(max(start, end), duration)))
    return _apart(found)


_SLACK = 0.05
"""Seconds by which the times of neighbours may overlap."""


def _letters(text: str) -> str:
    """Without white space, in one composition."""
    return "".join(unicodedata.normalize("NFD", text).split())


def _ordered(spelt: list[Timed]) -> list[Timed]:
    """Marks on one letter in the order of Unicode, which pieces cut apart may not have."""
    found: list[Timed] = []
    for mark in spelt:
        at, rank = len(found), unicodedata.combining(mark[0])
        while rank and at and unicodedata.combining(found[at - 1][0]) > rank:
            at -= 1
        found.insert(at, mark)
    return found


def _apart(words: Sequence[Word]) -> tuple[Word, ...]:
    """No word ends after the next begins."""
    nexts = [word.start for word in words[1:]]
    return tuple(
        word
        if index == len(nexts)
        else word.model_copy(update={"end": min(word.end, nexts[index])})
        for index, word in enumerate(words)
    )

"""The cards of a section that stands long on type alone, and the words that they say."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from igny8_media.ai.speech import Word
from igny8_media.video.model import Section, SpokenSection
from igny8_media.video.wording import opening_of
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.passages import join

LONG: Final = 8.5
"""Seconds that one card of type may stand; beyond that others follow it."""
_STANDS: Final = 4.0
"""Seconds that each of several stands at least, the last of them a little less."""
_LAST_STANDS: Final = 2.5
_SENTENCE: Final = re.compile(r"[.!?…。！？؟]['\"”’»)]*$")
_CLAUSE: Final = re.compile(r"[,;:،؛、，；：–—]['\"”’»)]*$")
_BY_ITSELF: Final = frozenset({"list", "code_snippet"})
"""What goes on by itself, line by line, for as long as it is spoken of."""


class Card(NamedTuple):
    """A text on screen from `start` to `end`, in seconds of its section, over these words."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...]


def later_cards(section: Section, spoken: SpokenSection, language: str) -> tuple[Card, ...]:
    """What follows the first card of a section without a picture: its later sentences, as spoken.

    None for a section that is short enough for one card. Sentences too long for a card are parted
    at a comma.
    """
    total = spoken.end - spoken.start
    if section.visual_cue in _BY_ITSELF or total <= LONG:
        return ()
    words = spoken.words
    turns = _turns(words, spoken, total, _plain(section.text_overlay), language)
    edges = [0, *turns, len(words)]
    for first, end in pairwise(edges):
        begin = words[first].start - spoken.start if first else 0.0
        stop = words[end].start - spoken.start if end < len(words) else total
        if stop - begin > LONG:
            turns += _middle(words, spoken, (first, end), (begin, stop), language)
    if not turns:
        return ()
    turns.sort()
    times = [words[turn].start - spoken.start for turn in turns]
    return tuple(
        Card(_shown(words[turn:after], language), at, until, tuple(words[turn:after]))
        for turn, after, at, until in zip(
            turns, [*turns[1:], len(words)], times, [*times[1:], total], strict=True
        )
    )


def _turns(
    words: Sequence[Word],
    spoken: SpokenSection,
    total: float,
    shown: str,
    language: str,
) -> list[int]:
    """The words with which another card begins: the first of a sentence, none too soon."""
    found: list[int] = []
    last = 0.0
    for number in range(1, len(words)):
        at = words[number].start - spoken.start
        if not _SENTENCE.search(words[number - 1].text):
            continue
        if at - last < _STANDS or total - at < _LAST_STANDS:
            continue
        # What the first card says already is not shown twice in a row.
        if shown and shown in _plain(_shown(words[number:], language)):
            continue
        found.append(number)
        last = at
    return found


def _middle(
    words: Sequence[Word],
    spoken: SpokenSection,
    part: tuple[int, int],
    times: tuple[float, float],
    language: str,
) -> list[int]:
    """The clause nearest to the middle of a part, if both halves stand long enough.

    One that only says more of the clause before ("which nobody reads") is no card.
    """
    begin, stop = times
    adding = lexicon(language).subordinators
    fit = [
        number
        for number in range(part[0] + 1, part[1])
        if _CLAUSE.search(words[number - 1].text)
        and words[number].text.casefold() not in adding
        and words[number].start - spoken.start - begin >= _STANDS
        and stop - (words[number].start - spoken.start) >= _LAST_STANDS
    ]
    middle = (begin + stop) / 2
    near = sorted(fit, key=lambda n: abs(words[n].start - spoken.start - middle))
    return near[:1]


def _shown(words: Sequence[Word], language: str) -> str:
    """What a card shows of these words: their beginning, without the "and" that joins it."""
    if len(words) > 1 and words[0].text.casefold() in lexicon(language).conjunctions:
        words = words[1:]
    text = opening_of(join(*(word.text for word in words))).rstrip(" .,;:،。，；：–—")
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())

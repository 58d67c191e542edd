"""The cards of an upright video's section without a picture, each in time with what is said.

Who scrolls leaves a picture that stands still for some seconds, so a short goes on to another card
with every sentence. Such a card shows the very words that are spoken over it: it is the caption,
and may use its room.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from igny8_media.ai.speech import Word
from igny8_media.video.model import Section, SpokenSection
from igny8_media.video.timeline import item_times
from igny8_media.video.wording import cue_of, figure_of
from igny8_media.writing.abbreviations import held
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.passages import join

_MOST: Final = 4.4
"""Seconds that one card stands, where there is a comma to go on to another."""
_FAR: Final = 6.0
"""Seconds that one stands with a short sentence more; a longer one is parted in the middle of a
thought too ("..., because ...")."""
_LEAST: Final = 1.5
"""Seconds that a card stands at least."""
_OWN_LEAST: Final = 2.2
"""The same for a card that says something else than the voice: both want to be taken in."""
_ITEM: Final = 2.0
"""Seconds an item of a list takes on average where each gets a card of its own; shorter ones
gather on one."""
_SENTENCE: Final = re.compile(r"[.!?…。！？؟]['\"”’»)“]*$")
_CLAUSE: Final = re.compile(r"[,;:،؛、，；：–—]['\"”’»)“]*$")
_END: Final = " .,;:،。，；：–—"


class Turn(NamedTuple):
    """What is on screen from `start` to `end`, in seconds of its section, over these words.

    `text` is what the voice says, set in type, or of the list's item number `item` (from 0); an
    empty one stands for the section's own card: its figure, its quotation, its heading. `said` is
    whether it shows every word that is spoken, so that captions may be silent.
    """

    text: str
    start: float
    end: float
    words: tuple[Word, ...]
    item: int | None = None
    said: bool = True


def flow(section: Section, spoken: SpokenSection, language: str) -> tuple[Turn, ...]:
    """The cards that follow one another over a section, from its start to its end.

    Empty for code, which goes on by itself, and for a section without words.
    """
    words = spoken.words
    if not words or section.visual_cue == "code_snippet":
        return ()
    if cue_of(section) == "list":
        return _listed(section, spoken, language)
    runs = _runs(words, (0, len(words)), spoken, language)
    own = _own(section, words, runs)
    if own is None:
        return _turns(runs, spoken)
    first, last = own
    ends = [_at(spoken, after) for _, after in runs]
    while last < len(runs) and ends[last - 1] - _at(spoken, runs[first][0]) < _OWN_LEAST:
        last += 1
    begin, end = runs[first][0], runs[last - 1][1]
    said = _says((section.text_overlay, *section.items), words[begin:end], language)
    return (
        *_turns(runs[:first], spoken),
        Turn("", _at(spoken, begin), _at(spoken, end), tuple(words[begin:end]), said=said),
        *_turns(runs[last:], spoken),
    )


def _own(
    section: Section, words: Sequence[Word], runs: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The runs over which the section's own card stands; None if it has nothing to add."""
    cue, heading, figure = cue_of(section), section.text_overlay, figure_of(section)
    if cue == "quote":
        return _over(section.items[0] if section.items else heading, words, runs)
    if cue == "statistic" and figure:
        return _over(figure[0], words, runs)
    return None if not heading or _plain(heading) in _plain(_text(words)) else (0, 1)


def _over(text: str, words: Sequence[Word], runs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The fewest runs in which a text is said; the first one if it is not."""
    key = _plain(text)
    for count in range(1, len(runs) + 1):
        for first in range(len(runs) - count + 1):
            begin, end = runs[first][0], runs[first + count - 1][1]
            if key in _plain(_text(words[begin:end])):
                return first, first + count
    return 0, 1


def _listed(section: Section, spoken: SpokenSection, language: str) -> tuple[Turn, ...]:
    """What leads to a list, its items, one by one or as one card where they are short, and what
    is said after them."""
    words, items = spoken.words, section.items
    begins = _beginnings(items, spoken)
    if not begins:
        return (_gathered(section, spoken, (0, len(words)), language),)
    end = _over_at(items[-1], begins[-1], spoken)
    after = _turns(_runs(words, (end, len(words)), spoken, language), spoken)
    spans = list(pairwise([*begins, end]))
    lasts = [_at(spoken, stop) - _at(spoken, first) for first, stop in spans]
    if sum(lasts) < _ITEM * len(items) or min(lasts) < _LEAST:
        # A heading alone, or one item, would wait for the others for long.
        first = begins[0] if _at(spoken, begins[0]) >= _OWN_LEAST else 0
        lead = _turns(_runs(words, (0, first), spoken, language), spoken)
        return (*lead, _gathered(section, spoken, (first, end), language), *after)
    said = all(
        _says((item,), words[first:stop], language)
        for item, (first, stop) in zip(items, spans, strict=True)
    )
    return (
        *_turns(_runs(words, (0, begins[0]), spoken, language), spoken),
        *(
            Turn(item, _at(spoken, first), _at(spoken, stop), tuple(words[first:stop]), n, said)
            for n, (item, (first, stop)) in enumerate(zip(items, spans, strict=True))
        ),
        *after,
    )


def _gathered(
    section: Section, spoken: SpokenSection, part: tuple[int, int], language: str
) -> Turn:
    """The items on one card, over a part of the words."""
    words = spoken.words[part[0] : part[1]]
    said = _says((section.text_overlay, *section.items), words, language)
    return Turn("", _at(spoken, part[0]), _at(spoken, part[1]), tuple(words), said=said)


def _over_at(item: str, begin: int, spoken: SpokenSection) -> int:
    """The word after the sentence with which a list's last item ends, if much more is said."""
    words = spoken.words
    last = begin + max(1, len(item.split())) - 1
    end = next(
        (n + 1 for n in range(last, len(words)) if _SENTENCE.search(words[n].text)), len(words)
    )
    left = _at(spoken, len(words)) - _at(spoken, end)
    return end if left >= _OWN_LEAST else len(words)


def _says(texts: Sequence[str], words: Sequence[Word], language: str) -> bool:
    """Whether type holds every one of these words but "and"."""
    shown = _plain("".join(texts))
    joining = lexicon(language).conjunctions
    return all(_plain(w.text) in shown or w.text.casefold() in joining for w in words)


def _beginnings(items: Sequence[str], spoken: SpokenSection) -> list[int]:
    """The word with which each item begins, or the first one at its time where it is not said word
    by word; nothing where two would begin with the same."""
    words = spoken.words
    found = [
        next(
            (n for n, word in enumerate(words) if word.start - spoken.start >= at - 1e-6),
            len(words),
        )
        for at in item_times(items, spoken)
    ]
    rising = all(before < after for before, after in pairwise([*found, len(words)]))
    return found if rising else []


def _turns(runs: Sequence[tuple[int, int]], spoken: SpokenSection) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            _shown(spoken.words, first, end),
            _at(spoken, first),
            _at(spoken, end),
            tuple(spoken.words[first:end]),
        )
        for first, end in runs
    )


def _at(spoken: SpokenSection, number: int) -> float:
    """When the word of this number begins, in seconds of the section; of the first one and past
    the last one, when the section does and is over."""
    if number >= len(spoken.words):
        return spoken.end - spoken.start
    return spoken.words[number].start - spoken.start if number else 0.0


def _runs(
    words: Sequence[Word], part: tuple[int, int], spoken: SpokenSection, language: str
) -> list[tuple[int, int]]:
    """Words as runs for one card each: sentences, short ones together, long ones parted."""
    if part[0] == part[1]:
        return []
    kept = held([word.text for word in words])
    edges = [
        number
        for number in range(part[0] + 1, part[1])
        if number not in kept and _SENTENCE.search(words[number - 1].text)
    ]
    sentences = list(pairwise([part[0], *edges, part[1]]))
    runs: list[tuple[int, int]] = []
    for first, end in sentences:
        lasts = _at(spoken, end) - _at(spoken, first)
        if runs:
            before = _at(spoken, first) - _at(spoken, runs[-1][0])
            if min(lasts, before) < _LEAST and lasts + before <= _FAR:
                runs[-1] = (runs[-1][0], end)
                continue
        runs.append((first, end))
    return [piece for run in runs for piece in _parted(words, run, spoken, language)]


def _parted(
    words: Sequence[Word], run: tuple[int, int], spoken: SpokenSection, language: str
) -> list[tuple[int, int]]:
    """A run parted at the comma nearest to its middle, and so on, while it is too long."""
    begin, stop = _at(spoken, run[0]), _at(spoken, run[1])
    lasts = stop - begin
    if lasts <= _MOST:
        return [run]
    adding = lexicon(language).subordinators if lasts <= _FAR else frozenset[str]()
    fit = [
        number
        for number in range(run[0] + 1, run[1])
        if _CLAUSE.search(words[number - 1].text)
        and words[number].text.casefold() not in adding
        and min(_at(spoken, number) - begin, stop - _at(spoken, number)) >= _LEAST
    ]
    if not fit:
        return [run]
    cut = min(fit, key=lambda number: abs(_at(spoken, number) - (begin + stop) / 2))
    return [
        *_parted(words, (run[0], cut), spoken, language),
        *_parted(words, (cut, run[1]), spoken, language),
    ]


def _shown(words: Sequence[Word], first: int, end: int) -> str:
    """What a card shows of the words from `first` to `end`: all of them, since nobody else says
    them, and dots before those that go on with a sentence."""
    text = _text(words[first:end])
    goes_on = first > 0 and not _SENTENCE.search(words[first - 1].text)
    return f"…{text}" if goes_on else text


def _text(words: Sequence[Word]) -> str:
    return join(*(word.text for word in words)).rstrip(_END)


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())

"""When things happen on screen: whole frames that tile the narration, and spoken moments."""

import itertools
import unicodedata
from collections.abc import Sequence
from typing import Final

from igny8_media.errors import InputError
from igny8_media.video.model import Narration, SpokenSection

_STAGGER: Final = 0.12
"""Seconds between words that do not follow the voice: about as fast as one reads."""
_BEFORE: Final = 0.08
"""Seconds a word comes before it is heard: half its arrival."""
_MOST: Final = 0.6
"""Share of a card's words that must be spoken for it to follow the voice."""
_AHEAD: Final = 12
"""Spoken words among which the next one on the card is looked for."""


def section_frames(narration: Narration, fps: int) -> tuple[tuple[int, int], ...]:
    """(first frame, number of frames) of every section, without gap, overlap or drift.

    Each section's start is rounded by itself, so errors of half a frame never add up. Raises
    InputError for a section too short to be seen.
    """
    sections = narration.sections
    if not sections:
        raise InputError("The narration has no sections: make the voice-over again.")
    edges = [0, *(round(s.start * fps) for s in sections[1:]), round(narration.duration * fps)]
    spans = tuple((a, b - a) for a, b in itertools.pairwise(edges))
    for section, (_, frames) in zip(sections, spans, strict=True):
        if frames < 1:
            raise InputError(
                f"Section {section.section_id} of the narration lasts less than one frame: "
                "give it words to say, or take it out."
            )
    return spans


def item_times(items: Sequence[str], section: SpokenSection) -> tuple[float, ...]:
    """Seconds from the section's start at which each item is spoken, in ascending order.

    An item is found by its first words in the narration after the item before it. Items that are
    not spoken word by word are spread evenly between their neighbours.
    """
    words = [(_plain(word.text), word.start - section.start) for word in section.words]
    found: list[float | None] = []
    begin = 0
    for item in items:
        at = _find(item, words, begin)
        found.append(None if at is None else words[at][1])
        begin = begin if at is None else at + 1
    return _filled(found, section.end - section.start)


def unit_times(
    units: Sequence[str], section: SpokenSection, *, start: float, latest: float
) -> tuple[float, ...]:
    """Seconds from the section's start at which words on a card appear, in ascending order.

    They come as they are spoken, if most of them are spoken in this order and the last of them by
    `latest`; else one soon after the other from `start` on.
    """
    spoken = [(_plain(word.text), word.start - section.start) for word in section.words]
    found: list[float | None] = []
    begin = 0
    for unit in units:
        wanted = [word for word in map(_plain, unit.split()) if word]
        near = range(begin, min(len(spoken), begin + _AHEAD))
        at = next((n for n in near if wanted and _alike(wanted[0], spoken[n][0])), None)
        found.append(None if at is None else spoken[at][1])
        begin = begin if at is None else at + 1
    known = [time for time in found if time is not None]
    if len(known) >= max(1, _MOST * len(units)) and known[-1] <= latest:
        times = list(_filled(found, min(latest, known[-1] + _STAGGER * len(units)) / 0.85))
        return tuple(max(start, time - _BEFORE) for time in times)
    step = min(_STAGGER, max(0.0, latest - start) / max(1, len(units)))
    return tuple(start + step * number for number in range(len(units)))


def _alike(one: str, other: str) -> bool:
    """The same word, or one with another ending."""
    stem = min(len(one), len(other), 5)
    return one == other or (stem >= 4 and one[:stem] == other[:stem])


def _find(item: str, words: Sequence[tuple[str, float]], begin: int) -> int | None:
    """Index of the word where most of the item's first four words are spoken close together."""
    wanted = [word for word in map(_plain, item.split()) if word][:4]
    best, at = 0.0, None
    for index in range(begin, len(words)):
        if not wanted or words[index][0] not in wanted:
            continue
        near = {word for word, _ in words[index : index + len(wanted) + 2]}
        score = len(near & set(wanted)) / len(set(wanted))
        if score > best:
            best, at = score, index
    return at if best >= 0.5 else None


def _filled(found: Sequence[float | None], duration: float) -> tuple[float, ...]:
    """Unknown times spread evenly; the whole list starts early and ends before the section does."""
    known = [(-1, 0.0), *((i, t) for i, t in enumerate(found) if t is not None)]
    known.append((len(found), max(duration * 0.85, known[-1][1])))
    times: list[float] = []
    for (i, a), (j, b) in itertools.pairwise(known):
        times += [a + (b - a) * k / (j - i) for k in range(1, j - i)]
        if j < len(found):
            times.append(b)
    return tuple(times)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if c.isalnum())

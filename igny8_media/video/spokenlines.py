"""Which line of code is being spoken about, and when."""

import itertools
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import regex

from igny8_media.video.model import SpokenSection

_PARTS: Final = regex.compile(
    r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{L}--[\p{Lu}\p{Ll}]]+|\p{Nd}+", regex.V1
)
_COMMON: Final = frozenset({
    "a", "an", "the", "and", "or", "not", "is", "in", "on", "to", "of", "it", "we", "you", "this",
    "that", "with", "for", "if", "as", "by", "be", "are", "at", "so", "do", "then", "from", "one",
    "der", "die", "das", "und", "oder", "ist", "ein", "eine", "mit", "von", "wir", "es", "zu",
    "le", "la", "les", "et", "un", "une", "de", "el", "los", "y",
})  # fmt: skip
"""Words that are said whatever the code is."""
_ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "erste": 1, "ersten": 1, "zweite": 2, "zweiten": 2, "dritte": 3, "dritten": 3, "last": -1,
    "letzte": -1, "letzten": -1,
}  # fmt: skip
_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
}  # fmt: skip
_FEW: Final = 2
"""Numbers up to this are said for other reasons too."""
_LINE: Final = frozenset({"line", "zeile", "lines"})
_HEARD: Final = 7
"""Words that are taken together: about a clause."""
_ENOUGH: Final = 0.75
"""What the words of a clause must be worth to a line; a word that only this line has is worth 1."""
_DWELL: Final = 0.9
"""Seconds a line stays lit at least."""


class Lit(NamedTuple):
    """Line `line` (from 1) is spoken about from `start` (seconds from the section's start)."""

    start: float
    line: int


def spoken_lines(lines: Sequence[str], section: SpokenSection) -> tuple[Lit, ...]:
    """The lines in the order they are spoken about; empty where the narration names none.

    A line is known by the words of its names (`get_user_name` by "get", "user", "name"), rare ones
    counting most, or by its number ("line three", "the last line").
    """
    names = [_names(line) for line in lines]
    held = Counter(name for own in names for name in own)
    words = [(_plain(word.text), word.start - section.start) for word in section.words]
    found: list[Lit] = []
    known = -1  # the latest word that told of the current line
    for index, (word, start) in enumerate(words):
        current = found[-1].line if found else 0
        line = _numbered(words, index, len(lines)) or _named(
            words, index, names, held, current, known
        )
        if line is None or line == current:
            known = known if line is None else index
            continue
        if found and start - found[-1].start < _DWELL:
            continue
        known = index
        begun = _begins(words, index, names[line - 1]) if word in names[line - 1] else start
        found.append(Lit(max(begun, found[-1].start + _DWELL if found else 0.0), line))
    return tuple(found)


def _named(
    words: Sequence[tuple[str, float]],
    index: int,
    names: Sequence[frozenset[str]],
    held: Counter[str],
    current: int,
    known: int,
) -> int | None:
    """The line that the latest words up to `index` speak about, if the word at `index` is its.

    What told of the `current` line, up to the word at `known`, tells of no other one.
    """
    word = words[index][0]
    if word not in held:
        return None
    begin = max(0, index - _HEARD + 1)
    heard = {text for text, _ in words[begin : index + 1]}
    since = {text for text, _ in words[max(begin, known + 1) : index + 1]}
    scores = {
        number: sum(1 / held[name] for name in own & (heard if number == current else since))
        for number, own in enumerate(names, 1)
        if word in own
    }
    best = max(scores.values(), default=0.0)
    if best < _ENOUGH:
        return None
    tied = [number for number, score in scores.items() if score > best - 1e-9]
    # Code is explained from top to bottom: of equals, stay, or take the next one.
    return min(tied, key=lambda number: (number < current, number))


def _numbered(words: Sequence[tuple[str, float]], index: int, count: int) -> int | None:
    """The line named by its number at `index`."""
    word = words[index][0]
    if word not in _LINE:
        return None
    before = words[index - 1][0] if index else ""
    after = words[index + 1][0] if index + 1 < len(words) else ""
    number = _ORDINALS.get(before) or _NUMBERS.get(after)  # above two they are figures by now
    if number is None and after.isdecimal():
        number = int(after)
    if number is None:
        return None
    number = count if number == -1 else number
    return number if 1 <= number <= count else None


def _begins(words: Sequence[tuple[str, float]], index: int, names: frozenset[str]) -> float:
    """When the run of words that belong to a line began: at most a clause before `index`."""
    start = words[index][1]
    for text, at in itertools.islice(reversed(words[:index]), _HEARD - 1):
        if text in names and text not in _COMMON:
            start = at
    return start


def _names(line: str) -> frozenset[str]:
    """The words a line's names are made of, and the names as a whole."""
    found = set()
    for name in regex.findall(r"[\p{L}\p{Nd}_]+", line):
        found.add(_plain(name))
        found.update(_plain(part) for part in _PARTS.findall(name))
    return frozenset(
        name for name in found if (len(name) > 1 or name in "3456789") and name not in _COMMON
    )


def _plain(word: str) -> str:
    """A word as it is compared; a number from three to ten as its figures, however it is said."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    plain = "".join(c for c in folded if c.isalnum())
    number = _NUMBERS.get(plain, 0)
    return str(number) if number > _FEW else plain

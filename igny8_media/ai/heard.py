"""A known text found in a transcript of its sound, letter by letter.

Letters, not words: a transcript cuts words elsewhere ("screen shot", "4" and ",800"), and some
scripts do not cut them at all.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from igny8_media.ai.speech import Word
from igny8_media.ai.wav import last_sound, read_wav, voiced

_EARLY: Final = 0.07
"""Seconds by which Whisper tells words too early: the median of 191 words against Piper's times."""
_ENOUGH: Final = (0.6, 0.3)
"""Shares of the letters heard, and of the text's, that have to be the same for the times to mean
anything. Of the text's fewer, because numbers are heard as figures."""


class Found(NamedTuple):
    """The words of the known text with their times, or none and in `problem` why not, as the end
    of a sentence."""

    words: tuple[Word, ...]
    problem: str = ""


def letters(text: str) -> str:
    """What two spellings of the same words have in common: letters and digits in lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


def find_words(audio: Path, text: str, heard: Sequence[Word]) -> Found:
    """Times of the white-space separated words of `text`, which a mono WAV file says.

    A word of which no letter was heard (a number that was written otherwise) shares the time
    between its neighbours. Raises OutsideError if `audio` is no mono 16-bit WAV.
    """
    samples, rate = read_wav(audio, "The voice")
    sounding = voiced(samples, rate)
    known = text.split()
    if sounding is None or not heard:
        return Found((), "no words are heard in the sound")
    if 2 * sum(word.start > len(samples) / rate for word in heard) > len(heard):
        return Found((), "words are heard after the sound is over")
    ours = [letters(word) for word in known]
    owner = [number for number, word in enumerate(ours) for _ in word]
    theirs, times = _timed(heard, *sounding)
    pairs = matched("".join(ours), theirs)
    if len(pairs) < max(_ENOUGH[0] * len(theirs), _ENOUGH[1] * len(owner), 1):
        return Found((), "other words are heard than the text has")
    starts: list[float | None] = [None] * len(known)
    places = np.cumsum([0, *map(len, ours)])
    for a, b in pairs:
        number = owner[a]
        if starts[number] is None:
            # Where its first letters were heard otherwise, it began as much earlier.
            width = times[b + 1] - times[b]
            starts[number] = times[b] - width * (a - int(places[number]))
    begun = _in_order(starts, [len(word) + 1 for word in ours], *sounding)
    bounds = zip(begun, [*begun[1:], sounding[1]], strict=True)
    return Found(
        tuple(
            Word(text=word, start=start, end=last_sound(samples, rate, start, end))
            for word, (start, end) in zip(known, bounds, strict=True)
        )
    )


def error_rate(text: str, heard: str) -> float:
    """Letters to change, add or leave out to get from `heard` to `text`, by the text's letters.

    0 is the same, 1 nothing in common; more where much is heard that is not in the text.
    """
    ours, theirs = letters(text), letters(heard)
    if not ours:
        return 0.0
    return float(_table(ours, theirs)[-1][-1]) / len(ours)


def matched(ours: str, theirs: str) -> list[tuple[int, int]]:
    """Places of the letters that both have, by the cheapest way from one to the other."""
    table = _table(ours, theirs)
    pairs: list[tuple[int, int]] = []
    i, j = len(ours), len(theirs)
    while i and j:
        here = table[i][j]
        if ours[i - 1] == theirs[j - 1] and here == table[i - 1][j - 1]:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif here == table[i - 1][j - 1] + 1:
            i, j = i - 1, j - 1
        elif here == table[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _table(ours: str, theirs: str) -> list[NDArray[np.int32]]:
    """Levenshtein's: `table[i][j]` changes lead from the first j of `theirs` to the first i of
    `ours`. Moving right along a row is a running minimum once each step's price is taken off."""
    other = np.array([ord(c) for c in theirs], np.int32)
    steps = np.arange(len(theirs) + 1, dtype=np.int32)
    rows = [steps]
    for letter in ours:
        before = rows[-1]
        row = before + 1
        row[1:] = np.minimum(row[1:], before[:-1] + (other != ord(letter)))
        rows.append(np.minimum.accumulate(row - steps) + steps)
    return rows


def _timed(heard: Sequence[Word], first: float, last: float) -> tuple[str, list[float]]:
    """All letters of a transcript, and when each begins; one time more for the end."""
    text, times = "", []
    end = first
    for word in heard:
        own = letters(word.text)
        start, end = (min(max(at + _EARLY, first), last) for at in (word.start, word.end))
        times += [start + (end - start) * n / len(own) for n in range(len(own))]
        text += own
    return text, [*times, end]


def _in_order(
    starts: Sequence[float | None], weights: Sequence[int], first: float, last: float
) -> list[float]:
    """Every start, none before its predecessor's; those not known by their length between."""
    begun: list[float] = []
    index = 0
    while index < len(starts):
        known = starts[index]
        if known is not None:
            begun.append(min(max(known, begun[-1] if begun else first), last))
            index += 1
            continue
        upto = next((n for n in range(index, len(starts)) if starts[n] is not None), len(starts))
        # The word before the gap keeps its share, unless the gap is at the beginning.
        whence = max(0, index - 1)
        low = begun[-1] if begun else first
        ahead = starts[upto] if upto < len(starts) else None
        high = max(low, min(last, ahead if ahead is not None else last))
        total = sum(weights[whence:upto])
        clock = sum(weights[whence:index])
        for n in range(index, upto):
            begun.append(low + (high - low) * clock / total)
            clock += weights[n]
        index = upto
    return begun

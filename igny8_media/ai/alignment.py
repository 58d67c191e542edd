"""From the phonemes that an engine timed to the words that were given to it.

An engine's phonemes cannot simply be cut at their spaces: espeak-ng joins short words ("of the"
becomes one group) and spells others out. So the words are phonemised one by one, and the two
phoneme strings are aligned as a whole; each timed phoneme then belongs to the word it met.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Span = tuple[float, float]

_STRESS = "ˈˌ"
_TRAILING = "ːˑʰʲʷ̃"
_SPACES = " ^$"
_PAUSES = ".,:;!?…—–-\"'()«»“”¿¡،؟。，！？"
_VOWELS = set("aeiouyɑɐɒæɓʌəɚɘɛɜɝɞɨɪɤøɵœɶɔʊʉʏᵻ")


class _Phone(NamedTuple):
    """`symbol` is empty for a space or a pause; `pause` is set where the voice may stop."""

    symbol: str
    start: float
    end: float
    pause: bool = False


def word_spans(timed: Sequence[tuple[str, float]], words: Sequence[str]) -> list[Span]:
    """When each word is heard, in seconds from the first phoneme.

    `timed` are the phonemes and their seconds as spoken, spaces, punctuation and sentence marks
    included; `words` are the phonemes of each word said alone. Spans are in order, do not
    overlap, and leave out the pauses between words.
    """
    if not words:
        return []
    spoken = _phones(timed)
    expected, owners = _expected(words)
    assigned = _assign(spoken, expected, owners)
    spans: list[Span | None] = [None] * len(words)
    for index, (phone, owner) in enumerate(zip(spoken, assigned, strict=True)):
        if phone.symbol:
            known = spans[owner]
            spans[owner] = (known[0] if known else _onset(spoken, index), phone.end)
    return _filled(spans, spoken[-1].end if spoken else 0.0)


def _onset(spoken: Sequence[_Phone], index: int) -> float:
    """When the word that begins with this phone is first heard.

    In flowing speech the space before it is no silence but already the word: against an
    independent alignment of 160 words, counting it in lowers the median error from 46 to 15 ms.
    """
    before = spoken[max(0, index - 1)]
    flowing = index > 1 and not before.symbol and not before.pause and spoken[index - 2].symbol
    return before.start if flowing else spoken[index].start


def split_phonemes(ipa: str) -> list[str]:
    """IPA as Piper cuts it: decomposed code points, without espeak-ng's language switches."""
    return list(unicodedata.normalize("NFD", re.sub(r"\([^)]*\)", "", ipa)))


def _phones(timed: Sequence[tuple[str, float]]) -> list[_Phone]:
    """Stress marks give their time to the phoneme after them, length marks to the one before."""
    phones: list[_Phone] = []
    clock = 0.0
    stress_from: float | None = None
    for symbol, seconds in timed:
        start, clock = clock, clock + seconds
        if symbol in _STRESS:
            stress_from = start if stress_from is None else stress_from
        elif symbol in _SPACES or symbol in _PAUSES:
            phones.append(_Phone("", start, clock, pause=symbol != " "))
        elif phones and phones[-1].symbol and _modifies(symbol):
            phones[-1] = phones[-1]._replace(end=clock)
            stress_from = None
        else:
            phones.append(_Phone(symbol, start if stress_from is None else stress_from, clock))
            stress_from = None
    return phones


def _modifies(symbol: str) -> bool:
    return symbol in _TRAILING or unicodedata.combining(symbol[0]) > 0 or symbol.isdigit()


def _expected(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """The phonemes of all words with an empty one between words, and the word of each."""
    phones: list[str] = []
    owners: list[int] = []
    for index, ipa in enumerate(words):
        if index:
            phones.append("")
            owners.append(index)
        own = [phone.symbol for phone in _phones([(symbol, 0.0) for symbol in split_phonemes(ipa)])]
        kept = [symbol for symbol in own if symbol]
        phones += kept
        owners += [index] * len(kept)
    return phones, owners


def _assign(spoken: Sequence[_Phone], expected: Sequence[str], owners: Sequence[int]) -> list[int]:
    """The word that each spoken phone belongs to, by the cheapest global alignment of the two.

    The classic dynamic programme, a row at a time: `best[i, j]` is the price of aligning the first
    i spoken with the first j expected phones. Moving right along a row is a running minimum once
    the price of skipping the expected phones is taken off.
    """
    said = [phone.symbol for phone in spoken]
    cost, skip_said, skip_expected = _prices(said, expected)
    skipped = np.concatenate(([0.0], np.cumsum(skip_expected)))
    best = np.empty((len(said) + 1, len(expected) + 1))
    best[0] = skipped
    for i, price in enumerate(skip_said, 1):
        row = best[i - 1] + price
        row[1:] = np.minimum(row[1:], best[i - 1, :-1] + cost[i - 1])
        best[i] = np.minimum.accumulate(row - skipped) + skipped
    assigned = [0] * len(said)
    i, j = len(said), len(expected)
    while i:
        here = best[i, j] + 1e-9
        if j and best[i - 1, j - 1] + cost[i - 1, j - 1] <= here:
            assigned[i - 1] = owners[j - 1]
            i, j = i - 1, j - 1
        elif best[i - 1, j] + skip_said[i - 1] <= here:
            # A phone that matches nothing belongs to the word that is being said.
            assigned[i - 1] = owners[max(0, j - 1)] if owners else 0
            i -= 1
        else:
            j -= 1
    return assigned


_Floats = NDArray[np.float64]


def _prices(said: Sequence[str], expected: Sequence[str]) -> tuple[_Floats, _Floats, _Floats]:
    """What it costs to match each pair, and to skip each spoken and each expected phone.

    Equal phones cost nothing, two vowels or two consonants 0.7, a vowel for a consonant 1.6, a
    phone for a space 3; leaving out a phone costs 1, a space 0.3.
    """
    codes = {symbol: code for code, symbol in enumerate({*said, *expected})}
    a = np.array([codes[symbol] for symbol in said], int)[:, None]
    b = np.array([codes[symbol] for symbol in expected], int)[None, :]
    # 0 space, 1 consonant, 2 vowel
    kind = {symbol: 0 if not symbol else 1 + (symbol in _VOWELS) for symbol in codes}
    kind_a = np.array([kind[symbol] for symbol in said], int)[:, None]
    kind_b = np.array([kind[symbol] for symbol in expected], int)[None, :]
    cost = np.where(kind_a == kind_b, 0.7, 1.6)
    cost[(kind_a == 0) != (kind_b == 0)] = 3.0
    cost[a == b] = 0.0
    skip_a = np.where(kind_a[:, 0] == 0, 0.3, 1.0)
    skip_b = np.where(kind_b[0] == 0, 0.3, 1.0)
    return cost, skip_a, skip_b


def _filled(spans: Sequence[Span | None], end: float) -> list[Span]:
    """Give words that got no phone of their own an even share of the word before them."""
    filled: list[Span] = []
    index = 0
    while index < len(spans):
        run = index + 1
        while run < len(spans) and spans[run] is None:
            run += 1
        following = next((s for s in spans[run : run + 1] if s), (end, end))
        start, stop = spans[index] or (0.0, following[0])
        share = (max(stop, start) - start) / (run - index)
        filled += [(start + share * n, start + share * (n + 1)) for n in range(run - index)]
        index = run
    return filled


def estimated_spans(words: Sequence[str], start: float, end: float) -> list[Span]:
    """Divide the time from `start` to `end` by the length of each word's phonemes.

    For engines that tell no times; off by a few tenths of a second, and to be recorded as an
    estimate.
    """
    weights = [2 + len([p for p in _phones([(s, 0.0) for s in w]) if p.symbol]) for w in words]
    scale = (end - start) / max(1, sum(weights))
    spans: list[Span] = []
    clock = start
    for weight in weights:
        spans.append((clock, clock + weight * scale))
        clock += weight * scale
    return spans

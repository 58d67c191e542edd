"""Captions from the times of words: what is shown, when, and in which lines."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

import regex

from igny8_media.ai.speech import Word
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.narration.segments import gaps, join_words, width
from igny8_media.video.model import Narration, VideoForm
from igny8_media.writing.abbreviations import held

LINE: Final = 42  # columns; the length that subtitles for broadcast and streaming keep to
SHORT_WORDS: Final = 5
DRIFT: Final = 0.1  # seconds that a cue may start before or end after its words

_SHORT_COLUMNS = 30  # what fits a phone in large type, set in two rows
_LONGEST = 6.5  # seconds; a longer cue asks to be read twice
_SHORTEST = {VideoForm.SHORT: 0.5, VideoForm.LONG: 1.0}  # seconds, where speech allows
_PARTED = 20.0  # what it costs to part "z. B.": more than any other break in its place
_LONG_PAUSE = 0.6  # seconds of silence that a cue does not bridge
_SENTENCE_PAUSE = 0.15  # seconds; a full stop without one belongs to a short form ("U.S.")

_SENTENCE_END = regex.compile(r"[.!?…。！？؟۔।][\"'”’»)\]]*$")
_CLAUSE_END = regex.compile(r"[,;:،؛、，；：–—][\"'”’»)\]]*$")
# Words that lead to the next one; a line should not end with them.
_LEADING = frozenset({
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or",
    "but", "nor", "so", "that", "which", "who", "as", "is", "are", "was", "were", "be", "been",
    "not", "no", "my", "your", "his", "her", "its", "our", "their", "this", "these", "those",
    "than", "if", "when", "while", "e.g.", "i.e.", "dr.", "mr.", "mrs.", "ms.", "no.", "vs.",
    "der", "die", "das", "ein", "eine", "einen", "einem", "einer", "und", "oder", "mit", "von",
    "zu", "im", "auf", "für", "den", "dem", "des", "z.b.",
    "le", "la", "les", "un", "une", "du", "de", "et", "ou", "à", "au", "aux", "en", "pour",
    "avec", "que", "qui", "el", "los", "las", "una", "y", "o", "con", "por", "para", "del", "al",
    "il", "lo", "gli", "i", "e", "di", "da",
})  # fmt: skip


class Cue(Frozen):
    """One caption: `lines` are shown from `start` to `end` (seconds) and consist of `words`."""

    start: float
    end: float
    lines: tuple[str, ...]
    words: tuple[Word, ...]


def captions(narration: Narration, form: VideoForm) -> tuple[Cue, ...]:
    """Cues in order, without overlap, none more than 0.1 s from the speech it shows.

    Short form: one line of up to five words. Long form: up to two lines of 42 columns. Cues end
    with sentences and sections, at commas where possible, and avoid a word left alone. A single
    word wider than a line is kept whole.
    """
    cues: list[Cue] = []
    for section in narration.sections:
        groups = [group for run in _runs(section.words) for group in _divide(run, form)]
        # Captions are cut with the scenes they lie in: none may reach into the next section.
        cues += _timed(groups, form, section.start, section.end)
    if not cues:
        raise InputError("The narration has no words, so there is nothing to caption.")
    return tuple(cues)


def _runs(words: Sequence[Word]) -> list[list[Word]]:
    """Stretches that a cue may not reach beyond: sentences, and what long pauses part."""
    runs: list[list[Word]] = [[]]
    kept = held([word.text for word in words])
    for place, word in enumerate(words):
        last = runs[-1][-1] if runs[-1] else None
        pause = word.start - last.end if last else 0.0
        ended = last and _SENTENCE_END.search(last.text) and pause > _SENTENCE_PAUSE
        if (ended and place not in kept) or pause > _LONG_PAUSE:
            runs.append([])
        runs[-1].append(word)
    return [run for run in runs if run]


class _Run:
    """Words that may share a cue, measured once."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.texts = [word.text for word in words]
        self._held = held(self.texts)
        self._gaps = [len(gap) for gap in gaps(self.texts)]
        columns = (gap + width(text) for gap, text in zip(self._gaps, self.texts, strict=True))
        self._until = [0, *accumulate(columns)]

    def columns(self, start: int, end: int) -> int:
        """Columns of the words from `start` to `end` in one line."""
        return self._until[end] - self._until[start] - self._gaps[start]

    def break_cost(self, end: int) -> float:
        """What it costs a reader if a line or cue ends before word `end`."""
        last = self.texts[end - 1]
        if end == len(self.texts):
            return 0.0
        if end in self._held:
            return _PARTED
        if _CLAUSE_END.search(last):
            return -1.5
        return 3.0 if last.lower() in _LEADING else 0.3


def _divide(words: Sequence[Word], form: VideoForm) -> list[list[Word]]:
    """The cheapest way to cut a run into cues."""
    run = _Run(words)
    price = _short_price if form is VideoForm.SHORT else _long_price
    cuts = _cheapest(0, len(words), lambda start, end: price(run, start, end))
    return [list(words[start:end]) for start, end in cuts]


def _cheapest(
    first: int, last: int, price: Callable[[int, int], float | None]
) -> list[tuple[int, int]]:
    """The cuts of `first` to `last` into ranges of least total price, by dynamic programming.

    A price of None says that a range is too long, and any longer one too.
    """
    best: dict[int, tuple[float, int]] = {first: (0.0, first)}
    for end in range(first + 1, last + 1):
        options: list[tuple[float, int]] = []
        for start in range(end - 1, first - 1, -1):
            own = price(start, end)
            if own is None:
                break
            options.append((best[start][0] + own, start))
        best[end] = min(options)
    cuts: list[tuple[int, int]] = []
    while last > first:
        cuts.append((best[last][1], last))
        last = best[last][1]
    return cuts[::-1]


def _short_price(run: _Run, start: int, end: int) -> float | None:
    """Three to five words read as one glance; a word alone looks like a mistake."""
    count, columns = end - start, run.columns(start, end)
    if count > SHORT_WORDS or (count > 1 and columns > _SHORT_COLUMNS):
        return None
    price = {1: 4.0, 2: 1.6, 3: 0.5, 4: 0.0, 5: 0.3}[count]
    wide = columns >= _SHORT_COLUMNS * 0.6
    return price * (0.4 if wide else 1.0) + run.break_cost(end)


def _long_price(run: _Run, start: int, end: int) -> float | None:
    """Full cues are calmer than many; a few words alone flash by."""
    count, columns = end - start, run.columns(start, end)
    seconds = run.words[end - 1].end - run.words[start].start
    if count > 1 and (seconds > _LONGEST or not _fits_two_lines(run, start, end)):
        return None
    missing = max(0.0, 1 - columns / (2 * LINE))
    alone = 3.0 if count == 1 else 1.0 if count == 2 else 0.0
    return 1.0 + 2.0 * missing**2 + alone + run.break_cost(end)


def _fits_two_lines(run: _Run, start: int, end: int) -> bool:
    if run.columns(start, end) > 2 * LINE + 1:
        return False
    cut = end
    while cut > start + 1 and run.columns(start, cut) > LINE:
        cut -= 1
    return cut == end or run.columns(cut, end) <= LINE or cut == end - 1


def _lines(words: Sequence[Word]) -> list[str]:
    """Lines of at most 42 columns, as even as they go and broken where a reader would."""
    run = _Run(words)

    def price(start: int, end: int) -> float | None:
        columns = run.columns(start, end)
        if columns > LINE and end - start > 1:
            return None
        return 6.0 + (columns / LINE) ** 2 * 4 + run.break_cost(end) * 0.5

    return [join_words(run.texts[a:b]) for a, b in _cheapest(0, len(words), price)]


def _timed(
    groups: Sequence[Sequence[Word]], form: VideoForm, begins: float, ends: float
) -> list[Cue]:
    """Start with the first word, end with the last; a little longer where nothing follows.

    Nothing is shown before the section `begins` or after it `ends` (seconds), words aside.
    """
    shortest = _SHORTEST[form]
    cues: list[Cue] = []
    for index, words in enumerate(groups):
        following = groups[index + 1][0].start if index + 1 < len(groups) else ends
        free_from = cues[-1].end if cues else begins
        start = words[0].start
        end = max(words[-1].end, min(words[-1].end + DRIFT, following))
        if end - start < shortest:
            start = min(start, max(start - DRIFT, free_from, end - shortest))
        lines = [_line(words)] if form is VideoForm.SHORT else _lines(words)
        cues.append(Cue(start=start, end=end, lines=tuple(lines), words=tuple(words)))
    return cues


def _line(words: Sequence[Word]) -> str:
    return join_words([word.text for word in words])


def write_srt(cues: Sequence[Cue], out: Path) -> None:
    """SubRip, UTF-8, numbered from 1."""
    blocks = [
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n" + "\n".join(cue.lines)
        for number, cue in enumerate(cues, 1)
    ]
    out.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def write_vtt(cues: Sequence[Cue], out: Path) -> None:
    """WebVTT (W3C Candidate Recommendation, 2019): the arrow and the entities are escaped."""
    blocks = ["WEBVTT"]
    for cue in cues:
        lines = (
            line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            for line in cue.lines
        )
        times = f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}"
        blocks.append(times + "\n" + "\n".join(lines))
    out.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _clock(seconds: float, mark: str) -> str:
    whole = timedelta(milliseconds=round(seconds * 1000))
    minutes, rest = divmod(whole, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    millis = rest // timedelta(milliseconds=1)
    return f"{hours:02d}:{minutes:02d}:{millis // 1000:02d}{mark}{millis % 1000:03d}"

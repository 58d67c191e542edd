"""Captions set in rows: which words stand in which row, how large, and where each one lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bidi import get_base_level

from igny8_media.captions.cues import Cue
from igny8_media.captions.type import CaptionType
from igny8_media.imaging.shaping import visual_order
from igny8_media.narration.segments import gaps
from igny8_media.video.areas import CAPTION_ROWS
from igny8_media.video.model import VideoForm
from igny8_media.writing.abbreviations import held

_EVEN: Final = 0.25
"""What a row that parts an abbreviation or leaves a word alone costs, of the room."""


@dataclass(frozen=True)
class SetWord:
    """A word with what stands before it; `left` is ems from the row's left end, `width` its own.

    `number` counts the words of the cue.
    """

    text: str
    gap: str
    number: int
    left: float
    width: float


@dataclass(frozen=True)
class SetRow:
    words: tuple[SetWord, ...]
    width: float
    rtl: bool


@dataclass(frozen=True)
class SetCue:
    """`scale` is what type must shrink by for the widest row to fit."""

    rows: tuple[SetRow, ...]
    scale: float


def set_cue(cue: Cue, kind: CaptionType, room: float, form: VideoForm) -> SetCue:
    """A cue's words in rows of at most `room` ems.

    Long form keeps the lines of the cue; short form takes a second row where one is too short.
    """
    words = [unbroken(word.text) for word in cue.words]
    rtl = get_base_level("".join(words)) == 1
    lines = _lines_of(cue) if form is VideoForm.LONG else _two_rows(words, kind, room)
    rows = tuple(_row(words, line, kind, rtl=rtl) for line in lines)
    return SetCue(rows, min(1.0, room / max(row.width for row in rows)))


def unbroken(word: str) -> str:
    """A word with its own spaces ("1 234", "tea –") kept on one line."""
    return word.replace(" ", "\u00a0")


def _lines_of(cue: Cue) -> list[range]:
    """The cue's lines as ranges of its words."""
    lines: list[range] = []
    at = 0
    for line in cue.lines:
        begin, letters = at, len(line.replace(" ", ""))
        while at < len(cue.words) and letters > 0:
            letters -= len(cue.words[at].text.replace(" ", ""))
            at += 1
        lines.append(range(begin, at))
    return [line for line in lines if line]


def _two_rows(words: Sequence[str], kind: CaptionType, room: float) -> list[range]:
    """One row where the words fit; else two, as even as they go."""
    count = len(words)
    spaces = gaps(words)
    widths = [kind.width(gap, word) for gap, word in zip(spaces, words, strict=True)]
    if sum(widths) <= room or count < CAPTION_ROWS:
        return [range(count)]
    kept = held(words)

    def cost(cut: int) -> float:
        alone = min(cut, count - cut) == 1 and count > 3
        uneasy = (cut in kept) + alone
        return max(sum(widths[:cut]), sum(widths[cut:])) + _EVEN * room * uneasy

    best = min(range(1, count), key=cost)
    return [range(best), range(best, count)]


def _row(words: Sequence[str], line: range, kind: CaptionType, *, rtl: bool) -> SetRow:
    own = [words[number] for number in line]
    spaces = ["", *gaps(own)[1:]]
    order = _order(tuple(own), tuple(spaces), rtl)
    left = 0.0
    placed: dict[int, SetWord] = {}
    for rank, index in enumerate(order):
        # The gap before a word lies on the side that is read first.
        width, gap = kind.width("", own[index]), spaces[index]
        before = spaces[order[rank - 1]] if rtl and rank else ("" if rtl else gap)
        left += kind.space(before) if rank else 0.0
        placed[index] = SetWord(own[index], gap, line[index], left, width)
        left += width
    return SetRow(tuple(placed[index] for index in range(len(own))), left, rtl)


@lru_cache(maxsize=512)
def _order(words: tuple[str, ...], spaces: tuple[str, ...], rtl: bool) -> list[int]:
    """Indexes of the words from left to right, as the bidirectional algorithm shows them."""
    text = "".join(gap + word for gap, word in zip(spaces, words, strict=True))
    ranks, _ = visual_order(text, rtl=rtl)
    at = 0
    first: list[int] = []
    for gap, word in zip(spaces, words, strict=True):
        at += len(gap)
        first.append(min(ranks[at : at + len(word)], default=at))
        at += len(word)
    return sorted(range(len(words)), key=lambda index: first[index])

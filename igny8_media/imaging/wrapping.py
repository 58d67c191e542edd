"""Paragraphs cut into lines: where each may end, and how long the pieces are."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from igny8_media.imaging.linebreak import break_units
from igny8_media.imaging.shaping import Paragraph, Shaped, Style, paragraph


@dataclass(frozen=True)
class Block:
    """A paragraph cut into unbreakable units; widths in ems without and with trailing spaces."""

    paragraph: Paragraph
    spans: tuple[tuple[int, int], ...]
    solid: tuple[float, ...]
    full: tuple[float, ...]
    top: float
    bottom: float


@lru_cache(maxsize=512)
def block_of(text: str, style: Style) -> Block:
    text = regex.sub(r"\s+", " ", text).strip() or " "
    whole = paragraph(text, style)
    spans, solid, full = [], [], []
    top = bottom = 0.0
    at = 0
    for unit in break_units(text) or (text,):
        start, at = at, at + len(unit)
        end = max(start + len(unit.rstrip()), start)
        shaped = whole.shape(start, end) if end > start else Shaped((), 0.0, (0, 0, 0, 0))
        spaces = whole.shape(end, at).advance if at > end else 0.0
        spans.append((start, at))
        solid.append(shaped.advance)
        full.append(shaped.advance + spaces)
        top, bottom = max(top, shaped.ink[3]), min(bottom, shaped.ink[1])
    return Block(whole, tuple(spans), tuple(solid), tuple(full), top, bottom)


def wrap(block: Block, width: float, *, split_words: bool) -> list[tuple[int, int]] | None:
    """Lines as (start, end) characters, trailing spaces left out; None when a unit is too wide."""
    lines: list[tuple[int, int]] = []
    start, used = 0, 0.0
    text = block.paragraph.text
    for (a, b), solid, full in zip(block.spans, block.solid, block.full, strict=True):
        if used and used + solid > width:
            lines.append((start, a))
            start, used = a, 0.0
        if solid > width:
            if not split_words:
                return None
            for cut in _cuts(block.paragraph, a, b, width):
                lines.append((start, cut))
                start = cut
            used = block.paragraph.shape(start, b).advance
            continue
        used += full
    lines.append((start, len(text)))
    return [(a, a + len(text[a:b].rstrip())) for a, b in lines]


def _cuts(whole: Paragraph, a: int, b: int, width: float) -> list[int]:
    """Where a word wider than the line is broken, between graphemes."""
    cuts: list[int] = []
    start = a
    for match in regex.finditer(r"\X", whole.text, pos=a, endpos=b):
        if whole.shape(start, match.end()).advance > width and match.start() > start:
            cuts.append(match.start())
            start = match.start()
    return cuts

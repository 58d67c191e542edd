"""Fit text into a box and draw it, in any script: the one path every picture's words take."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import regex
import uharfbuzz as hb
from PIL import Image

from igny8_media.errors import InputError
from igny8_media.imaging.balance import even_lines
from igny8_media.imaging.drawing import Fill, draw_glyphs, paint
from igny8_media.imaging.fontfiles import face
from igny8_media.imaging.fonts import drawable
from igny8_media.imaging.linebreak import break_units
from igny8_media.imaging.shaping import Glyph, Shaped, Style, paragraph
from igny8_media.imaging.wrapping import Block, block_of, wrap

Align = Literal["start", "centre", "end"]
_ELLIPSIS = "…"
_SMALLER = (1.0, 0.93, 0.86, 0.8)  # sizes worth a try for better lines


@dataclass(frozen=True)
class Line:
    """One set line: its glyphs and the characters `start` to `end` of paragraph `source`."""

    shaped: Shaped
    start: int
    end: int
    source: int
    rtl: bool


@dataclass(frozen=True)
class Layout:
    """A text set at `size` pixels in a box `width` wide; everything below is pixels too.

    `height` is what it really takes, `used_width` its longest line, `ascent` the first baseline.
    `cap_height` is that of the first line's font, for optical alignment. `shortened` says that it
    ends in an ellipsis because it did not fit, `dropped` names emoji no font has.
    """

    lines: tuple[Line, ...]
    size: float
    width: float
    height: float
    used_width: float
    ascent: float
    cap_height: float
    line_height: float
    align: Align
    shortened: bool = False
    dropped: str = ""

    def line_left(self, line: Line) -> float:
        """Where the line's pen starts, from the box's left edge."""
        left, _, right, _ = line.shaped.ink
        start = -min(0.0, left) * self.size
        free = self.width - start - max(line.shaped.advance, right) * self.size
        if self.align == "centre":
            return start + free / 2
        return start + free if line.rtl == (self.align == "start") else start

    def baseline(self, number: int) -> float:
        """The baseline of a line, from the box's top edge."""
        return self.ascent + number * self.line_height


def fit_text(
    text: str,
    box_w: float,
    box_h: float,
    *,
    max_size: float,
    min_size: float,
    max_lines: int | None = None,
    style: Style | None = None,
    spacing: float = 1.15,
    align: Align = "start",
    balance: bool = True,
) -> Layout:
    """The text as large as the box allows, wrapped, never clipped.

    Sizes are tried from `max_size` down to `min_size`; below that words are shortened to an
    ellipsis. Raises InputError for a text with nothing to draw, for letters no font covers, and
    for a box too small for a single letter.
    """
    style = style or Style()
    clean, dropped = drawable(text.strip(), style.family)
    if not clean.strip():
        raise InputError(
            "The text has nothing that can be drawn"
            + (f" (no font covers {dropped}): install a colour emoji font." if dropped else ".")
        )
    laid = _largest(clean, box_w, box_h, max_size, min_size, max_lines, style, spacing, align)
    if laid is None:
        laid = _shortened(clean, box_w, box_h, min_size, max_lines, style, spacing, align)
    if balance and len(laid.lines) > 1 and "\n" not in clean and not laid.shortened:
        laid = _balanced(laid, clean, style, spacing, min_size)
    return replace(laid, dropped=dropped)


def draw_text(
    image: Image.Image,
    layout: Layout,
    xy: tuple[float, float],
    fill: Fill,
    spans: Iterable[tuple[int, int, Fill]] = (),
) -> None:
    """Draw a layout with its box's top left corner at `xy`, in place.

    `spans` colours characters (start, end, colour) of the first paragraph differently.
    """
    coloured = tuple(spans)
    for number, line in enumerate(layout.lines):
        # Line by line, because most of a block's box is the space between lines and beside them.
        pens: dict[Fill, list[tuple[Glyph, float, float]]] = {}
        left = xy[0] + layout.line_left(line)
        base = xy[1] + layout.baseline(number)
        for glyph in line.shaped.glyphs:
            pen = next((c for a, b, c in coloured if a <= glyph.index < b), fill)
            at = (left + glyph.x * layout.size, base - glyph.y * layout.size)
            pens.setdefault(pen, []).append((glyph, *at))
        for colour, glyphs in pens.items():
            draw_glyphs(image, glyphs, layout.size, colour)


def text_width(text: str, size: float, style: Style | None = None) -> float:
    """The advance width in pixels of one unwrapped line."""
    return paragraph(text, style or Style()).shape(0, len(text)).advance * size


def _largest(
    text: str,
    box_w: float,
    box_h: float,
    max_size: float,
    min_size: float,
    max_lines: int | None,
    style: Style,
    spacing: float,
    align: Align,
    *,
    split_words: bool = False,
) -> Layout | None:
    blocks = [block_of(part, style) for part in text.split("\n")]

    def fits(size: float) -> Layout | None:
        lines: list[tuple[int, int, int]] = []
        for number, block in enumerate(blocks):
            wrapped = wrap(block, box_w / size, split_words=split_words)
            if wrapped is None:
                return None
            lines += [(number, a, b) for a, b in wrapped]
        if max_lines is not None and len(lines) > max_lines:
            return None
        laid = _set(blocks, lines, size, box_w, spacing, align)
        return laid if laid.height <= box_h and laid.used_width <= box_w + 0.01 else None

    low, high = min_size, max_size
    best = fits(high)
    if best is not None:
        return best
    best = fits(low)
    if best is None:
        return None
    while high - low > max(1.0, 0.015 * low):
        middle = (low + high) / 2
        tried = fits(middle)
        if tried is None:
            high = middle
        else:
            best, low = tried, middle
    return best


def _shortened(
    text: str,
    box_w: float,
    box_h: float,
    size: float,
    max_lines: int | None,
    style: Style,
    spacing: float,
    align: Align,
) -> Layout:
    """The longest beginning that fits at the smallest size, cut between words if one fits."""

    def attempt(words: str, *, whole: bool) -> Layout | None:
        return _largest(
            words, box_w, box_h, size, size, max_lines, style, spacing, align, split_words=whole
        )

    laid = attempt(text, whole=True)
    if laid is not None:
        return laid
    words = [unit for part in text.split("\n") for unit in break_units(part)]
    starts = ["".join(words[:n]) for n in range(1, len(words))]
    graphemes = regex.findall(r"\X", words[0] if words else text)
    letters = ["".join(graphemes[:n]) for n in range(1, len(graphemes) + 1)]
    for beginnings in (starts, letters):
        low, high = 0, len(beginnings)
        found: Layout | None = None
        while low < high:
            middle = (low + high) // 2
            cut = regex.sub(r"[\s\p{P}]+$", "", beginnings[middle]) + _ELLIPSIS
            tried = attempt(cut, whole=True)
            if tried is None:
                high = middle
            else:
                found, low = tried, middle + 1
        if found is not None:
            return replace(found, shortened=True)
    raise InputError(
        f"The text box of {box_w:.0f}×{box_h:.0f} pixels is too small for a letter of "
        f"{size:.0f} pixels; make the picture larger."
    )


def _balanced(laid: Layout, text: str, style: Style, spacing: float, smallest: float) -> Layout:
    """The lines as even as they can be, and none that ends badly where type a little smaller helps.

    Of as many lines as there were, or fewer.
    """
    block = block_of(text, style)
    best, least = laid, float("inf")
    for scale in _SMALLER:
        size = laid.size * scale
        found = even_lines(block, len(laid.lines), laid.width / size, style.language)
        if found is None or (scale < 1 and size < smallest):
            break
        spans, price = found
        if price + (1 - scale) >= least:
            continue
        lines = [(0, a, b) for a, b in spans]
        even = _set([block], lines, size, laid.width, spacing, laid.align)
        if even.used_width <= laid.width + 0.01 and even.height <= laid.height + 0.01:
            best, least = even, price + (1 - scale)
    return best


def _set(
    blocks: list[Block],
    spans: list[tuple[int, int, int]],
    size: float,
    width: float,
    spacing: float,
    align: Align,
) -> Layout:
    lines = tuple(
        Line(blocks[n].paragraph.shape(a, b), a, b, n, blocks[n].paragraph.rtl) for n, a, b in spans
    )
    ascent, descent, cap = _vertical(lines[0].shaped.glyphs or lines[-1].shaped.glyphs)
    ascent = max(ascent, lines[0].shaped.ink[3])
    descent = max(descent, -lines[-1].shaped.ink[1])
    tall = max(b.top for b in blocks) - min(b.bottom for b in blocks)
    line_height = max(spacing, 0.92 * tall) * size
    extent = max(
        max(line.shaped.advance, line.shaped.ink[2]) - min(0.0, line.shaped.ink[0])
        for line in lines
    )
    return Layout(
        lines=lines,
        size=size,
        width=width,
        height=(ascent + descent) * size + (len(lines) - 1) * line_height,
        used_width=extent * size,
        ascent=ascent * size,
        cap_height=cap * size,
        line_height=line_height,
        align=align,
    )


def _vertical(glyphs: tuple[Glyph, ...]) -> tuple[float, float, float]:
    """Ascender, descender and cap height in ems of the fonts used; safe values without any."""
    if not glyphs:
        return 0.95, 0.25, 0.7
    ascents, descents = [], []
    for file, font in {(g.file, g.font) for g in glyphs}:
        em = face(file.path, file.index).upem
        extents = font.get_font_extents("ltr")
        ascents.append(extents.ascender / em)
        descents.append(-extents.descender / em)
    cap = glyphs[0].font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT)
    em = face(glyphs[0].file.path, glyphs[0].file.index).upem
    return max(ascents), max(descents), (cap / em if cap else 0.7)


__all__ = [
    "Align",
    "Fill",
    "Layout",
    "Line",
    "Style",
    "draw_text",
    "fit_text",
    "paint",
    "text_width",
]

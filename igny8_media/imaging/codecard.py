"""Code as a picture: a window with coloured source, large enough to read on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex
from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.codelines import (
    FAMILY,
    Pieces,
    Row,
    clean,
    coloured,
    columns_of,
    ground_of,
    longest,
    wrapped,
)
from igny8_media.imaging.colour import Rgb, readable, rgb
from igny8_media.imaging.frame import Frame, Size, fitted, footer, footer_height, frame, inks
from igny8_media.imaging.shapes import disc, panel, shadow
from igny8_media.imaging.shaping import Style
from igny8_media.imaging.text import draw_text, fit_text, text_width
from igny8_media.imaging.theme import Theme

_LIGHTS = ("#ff5f57", "#febc2e", "#28c840")
_LEAST, _LARGEST = 21, 44  # thousandths of the mean side: phone-readable to generous
_LEAST_PIXELS = 22
SPACING = 1.5


def code_card(
    size: Size, code: str, theme: Theme, *, language: str | None = None, seed: int = 0
) -> Image.Image:
    """The code in a window on the theme's backdrop; an unknown language is drawn uncoloured.

    Lines too long are wrapped, and code too long ends in a line that says how many are left out.
    """
    image, box = backdrop(size, theme, seed), frame(size)
    lines = coloured(clean(code), language, theme)
    tall = box.height - footer_height(box, theme)
    inner = Inner.of(box)
    height = tall - inner.bar - 2 * inner.pad
    glyph, rows = _layout(lines, box.width - 2 * inner.pad, height, box)
    taken = inner.bar + 2 * inner.pad + glyph * (SPACING * len(rows) - (SPACING - 1.2))
    top = box.top + max(0.0, (tall - taken) * 0.45)
    window = (box.left, top, box.right, top + taken)
    draw_window(image, window, box, theme, language)
    at = (box.left + inner.pad, top + inner.bar + inner.pad * 0.7)
    draw_rows(image, rows, at, glyph, gutter_of(lines), theme)
    footer(image, box, theme)
    return image


@dataclass(frozen=True)
class Inner:
    """Pixels inside a window: the height of its title bar, and the space around its code."""

    bar: float
    pad: float

    @classmethod
    def of(cls, box: Frame) -> "Inner":
        return cls(58 * box.unit, 34 * box.unit)


def gutter_of(lines: Sequence[Pieces]) -> int:
    """Columns that line numbers take, with the space after them."""
    return len(str(len(lines))) + 2 if len(lines) > 1 else 0


def advance_of(glyph: float) -> float:
    """Pixels of a column at an em of `glyph` pixels."""
    return text_width("0", glyph, Style(FAMILY, 500))


def draw_window(
    image: Image.Image,
    window: tuple[float, float, float, float],
    box: Frame,
    theme: Theme,
    language: str | None,
) -> None:
    """The empty window with its shadow and title bar."""
    ground = ground_of(theme)
    shadow(image, window, 34 * box.unit, 0.5)
    panel(image, window, 22 * box.unit, ground)
    radius = 9 * box.unit
    middle = window[1] + 34 * box.unit
    for number, light in enumerate(_LIGHTS):
        disc(image, (window[0] + (36 + 30 * number) * box.unit, middle), radius, light)
    if language:
        laid = fitted(
            language, theme, box.width / 2, 60 * box.unit, 22 * box.unit, weight=600, lines=1
        )
        faint = readable(inks(theme).muted, (rgb(ground),))
        at = (window[2] - 34 * box.unit - laid.used_width, middle - laid.ascent + laid.size * 0.36)
        draw_text(image, laid, at, faint)


def draw_rows(
    image: Image.Image,
    rows: Sequence[Row],
    at: tuple[float, float],
    glyph: float,
    gutter: int,
    theme: Theme,
) -> None:
    """Rows of code from `at` on, at an em of `glyph` pixels."""
    advance, y = advance_of(glyph), at[1]
    faint = readable("#6e7681", (rgb(ground_of(theme)),), 3.0)
    for row in rows:
        if gutter and row.number is not None:
            _draw(image, str(row.number).rjust(gutter - 2), at[0], y, glyph, faint)
        column = gutter
        for text, colour in row.pieces:
            if text.strip():
                _draw(image, text, at[0] + column * advance, y, glyph, colour)
            column += columns_of(text)
        y += glyph * SPACING


def _layout(
    lines: list[Pieces], width: float, height: float, box: Frame
) -> tuple[float, list[Row]]:
    """The largest size at which everything fits; else the least size, wrapped and cut."""
    gutter = gutter_of(lines)
    per_em = advance_of(1.0)
    least, largest = max(_LEAST_PIXELS, _LEAST * box.unit), _LARGEST * box.unit
    widest = width / ((longest(lines) + gutter) * per_em)
    glyph = max(min(largest, widest, height / (len(lines) * SPACING)), least)
    columns = max(8, int(width / (glyph * per_em)) - gutter)
    rows = [row for n, line in enumerate(lines, 1) for row in wrapped(line, n, columns)]
    room = max(1, int(height / (glyph * SPACING)))
    if len(rows) > room:
        kept = rows[: room - 1]
        rows = [*kept, left_out(len(lines) - (kept[-1].line if kept else 0))]
    return glyph, rows


def left_out(lines: int) -> Row:
    """The row that says how many lines are not shown."""
    faint: Rgb = (139, 148, 158)
    return Row(((f"⋯ +{lines}", faint),), 0, None)


def _draw(image: Image.Image, text: str, x: float, y: float, size: float, colour: Rgb) -> None:
    """Text at its columns; stretches of spaces are stepped over, for setting closes them up."""
    style = Style(FAMILY, 500, ligatures=False)
    for run in regex.finditer(r"\S+(?: \S+)*", text):
        laid = fit_text(
            run[0], 1e6, 1e6, max_size=size, min_size=size, max_lines=1, style=style, balance=False
        )
        draw_text(image, laid, (x + columns_of(text[: run.start()]) * advance_of(size), y), colour)

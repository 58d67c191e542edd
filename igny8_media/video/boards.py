"""Cards for moving pictures: a backdrop that drifts, and pieces of type that arrive on it.

The type is kept in layers of its own, so that it stays crisp and at rest while the backdrop moves,
comes in when it is spoken, and keeps clear of captions and of the players' own buttons.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PIL import Image

from igny8_media.imaging.codecard import draw_code
from igny8_media.imaging.frame import (
    Frame,
    Size,
    accent_bar,
    draw_block,
    fitted,
    frame,
    headline,
    inks,
    reads_rtl,
)
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme
from igny8_media.video.model import CodeBlock
from igny8_media.video.pieces import Piece

TALL_TEXT: Final = (0.15, 0.57)
WIDE_TEXT: Final = (0.09, 0.77)
"""Top and bottom of the room for type, as fractions of the height: below the players' header,
above the captions (short form: lower middle; long form: two lines at the bottom)."""


def text_room(size: Size) -> Frame:
    """The box that type may use on a frame of a video with captions."""
    box = frame(size)
    top, bottom = TALL_TEXT if box.tall else WIDE_TEXT
    return replace(box, top=top * size[1], bottom=bottom * size[1])


def title_pieces(
    size: Size, text: str, theme: Theme, *, kicker: str = "", language: str = "en"
) -> list[Piece]:
    """A large title, line by line, under an accent bar and an optional small line."""
    box = text_room(size)
    unit = box.unit
    above = _small(kicker, theme, box, language) if kicker else None
    head = 50 * unit + (above.height + 18 * unit if above else 0.0)
    largest = (150 if len(text) < 28 else 122) * unit
    laid = headline(text, theme, box.width, box.height - head, largest, language)
    y = box.top + max(0.0, (box.height - head - laid.height) * 0.5)
    opener = _clear(size)
    y = accent_bar(opener, box, y, theme, rtl=reads_rtl(laid)) + 30 * unit
    if above:
        y = draw_block(opener, box, above, y, inks(theme).accent) + 18 * unit
    lines = _lines(size, laid, (box.left, y), theme)
    first = Piece(Image.alpha_composite(opener, lines[0].picture))
    return [first, *lines[1:]]


def statistic_pieces(
    size: Size, number: str, label: str, theme: Theme, *, language: str = "en"
) -> list[Piece]:
    """One huge figure, then what it means."""
    box = text_room(size)
    unit = box.unit
    figure = fitted(
        number,
        theme,
        box.width,
        box.height * 0.55,
        360 * unit,
        weight=850,
        tracking=-0.045,
        language=language,
        least=0.15,
        lines=2,
        spacing=1.0,
    )
    trim = figure.ascent - figure.cap_height  # the cap line is what the eye takes for the top
    words = (
        fitted(label, theme, box.width, box.height * 0.4, 62 * unit, weight=600, language=language)
        if label
        else None
    )
    taken = figure.height - trim + (words.height if words else 0.0)
    y = box.top + max(0.0, (box.height - taken) * 0.5) - trim
    layer = _clear(size)
    y = draw_block(layer, box, figure, y, inks(theme).accent)
    return [Piece(layer), *([_block(size, box, words, y, theme)] if words else [])]


def quote_pieces(
    size: Size, quote: str, attribution: str, theme: Theme, *, language: str = "en"
) -> list[Piece]:
    """A quotation mark, the words, and who said them."""
    box = text_room(size)
    unit = box.unit
    mark = fitted("“", theme, 400 * unit, 500 * unit, 300 * unit, weight=900)
    shown = mark.size * 0.42  # the glyph's own height; the rest of its line is empty
    who = (
        fitted(f"— {attribution}", theme, box.width, 90 * unit, 38 * unit, weight=600, lines=2)
        if attribution
        else None
    )
    tail = 36 * unit + who.height if who else 0.0
    words = fitted(
        quote.strip(' “”"«»„'),
        theme,
        box.width,
        box.height - shown - tail,
        88 * unit,
        weight=650,
        tracking=-0.014,
        language=language,
        least=0.3,
        spacing=1.2,
    )
    y = box.top + max(0.0, (box.height - shown - words.height - tail) * 0.5)
    layer = _clear(size)
    left = box.right - mark.used_width if reads_rtl(words) else box.left
    draw_text(layer, mark, (left, y - mark.ascent + mark.cap_height), inks(theme).accent)
    y = draw_block(layer, box, words, y + shown, inks(theme).text)
    pieces = [Piece(layer)]
    if who:
        name = _clear(size)
        draw_block(name, box, who, y + 36 * unit, inks(theme).muted)
        pieces.append(Piece(name))
    return pieces


def list_pieces(
    size: Size, title: str, items: Sequence[str], theme: Theme, *, language: str = "en"
) -> list[Piece]:
    """The heading, then one piece for each of at most seven items, numbered."""
    box = text_room(size)
    unit = box.unit
    layer = _clear(size)
    y = box.top
    if title:
        share = 0.3 if len(items) < 5 else 0.2
        laid = headline(title, theme, box.width, box.height * share, 84 * unit, language)
        y = accent_bar(layer, box, y, theme, rtl=reads_rtl(laid)) + 26 * unit
        y = draw_block(layer, box, laid, y, inks(theme).text) + 34 * unit
    pieces = [Piece(layer)]
    room = box.bottom - y
    rows = _rows(items[:7], theme, box, room, language)
    taken = sum(row.height for row in rows)
    gap = min(44 * unit, max(0.0, room - taken) / max(1, len(rows) - 1))
    for number, row in enumerate(rows, start=1):
        pieces.append(_row(size, box, row, number, y, theme))
        y += row.height + gap
    return pieces


def code_pieces(
    size: Size, title: str, code: CodeBlock, theme: Theme, *, language: str = "en"
) -> list[Piece]:
    """The heading, then the code in its window."""
    box = text_room(size)
    unit = box.unit
    pieces: list[Piece] = []
    if title:
        laid = headline(title, theme, box.width, box.height * 0.22, 70 * unit, language)
        layer = _clear(size)
        y = accent_bar(layer, box, box.top, theme, rtl=reads_rtl(laid)) + 22 * unit
        y = draw_block(layer, box, laid, y, inks(theme).text) + 34 * unit
        pieces.append(Piece(layer))
        box = replace(box, top=y)
    window = _clear(size)
    draw_code(window, box, code.text, theme, language=code.language)
    return [*pieces, Piece(window)]


def _clear(size: Size) -> Image.Image:
    return Image.new("RGBA", size, (0, 0, 0, 0))


def _small(text: str, theme: Theme, box: Frame, language: str) -> Layout:
    return fitted(
        text.upper(),
        theme,
        box.width,
        80 * box.unit,
        30 * box.unit,
        weight=700,
        tracking=0.09,
        language=language,
        lines=2,
    )


def _lines(size: Size, laid: Layout, at: tuple[float, float], theme: Theme) -> list[Piece]:
    pieces = []
    for number, line in enumerate(laid.lines):
        layer = _clear(size)
        one = replace(laid, lines=(line,))
        draw_text(layer, one, (at[0], at[1] + number * laid.line_height), inks(theme).text)
        pieces.append(Piece(layer))
    return pieces


def _block(size: Size, box: Frame, laid: Layout, y: float, theme: Theme) -> Piece:
    layer = _clear(size)
    draw_block(layer, box, laid, y, inks(theme).text)
    return Piece(layer)


def _rows(
    items: Sequence[str], theme: Theme, box: Frame, room: float, language: str
) -> list[Layout]:
    """The items at one common size, the largest at which all of them fit."""
    width, share = box.width - 90 * box.unit, room / len(items)
    size = min(58 * box.unit, share / 1.5)  # a line and some air
    least = min(26 * box.unit, size)
    while True:
        rows = [
            fitted(
                item,
                theme,
                width,
                share,
                size,
                weight=550,
                language=language,
                least=1.0 if size > least else 0.6,
                spacing=1.2,
            )
            for item in items
        ]
        taken = sum(row.height + 0.45 * size for row in rows)  # rows need air between them
        if size <= least or (taken <= room and not any(row.shortened for row in rows)):
            return rows
        size *= 0.92


def _row(size: Size, box: Frame, row: Layout, number: int, y: float, theme: Theme) -> Piece:
    layer = _clear(size)
    badge = min(30 * box.unit, row.size * 0.62)
    rtl = reads_rtl(row)
    centre = y + row.ascent - row.cap_height / 2
    x = box.right - badge if rtl else box.left + badge
    area = (x - badge, centre - badge, x + badge, centre + badge)
    panel(layer, area, badge * 0.62, inks(theme).accent)
    digit = fitted(str(number), theme, badge * 2, badge * 2, badge * 1.1, weight=800, lines=1)
    place = (x - digit.used_width / 2, centre - digit.ascent + digit.cap_height / 2)
    draw_text(layer, digit, place, theme.background)
    start = box.left + (90 * box.unit - badge * 3 if rtl else badge * 3)
    draw_text(layer, row, (start, y), inks(theme).text)
    return Piece(layer)

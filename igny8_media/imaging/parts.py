"""The designs of cards: what stands where on a title, statistic, quote or list.

A design is a list of parts, each of which draws itself. A still card draws them all onto one
picture; a video gives each a layer of its own, to arrive when it is spoken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import regex
from PIL import Image

from igny8_media.imaging.backdrop import grounds
from igny8_media.imaging.colour import readable
from igny8_media.imaging.frame import Frame, fitted, headline, inks, reads_rtl
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme

Role = Literal["bar", "kicker", "heading", "figure", "track", "fill", "words", "mark", "who", "row"]
Box = tuple[float, float, float, float]
MOST_ITEMS = 7
_COMPARES = regex.compile(
    r"\b(?:more|less|fewer|than|mehr|weniger|als|plus|moins|más|menos|più|meno|mais|meer|minder)\b",
    regex.IGNORECASE,
)
"""What a percentage is no part of a whole with: "60 %, more tannin than after three"."""


@dataclass(frozen=True)
class Part:
    """Something drawn as one. `laid` stands with its corner at (`x`, `y`), if it is type."""

    role: Role
    draw: Callable[[Image.Image], None]
    rtl: bool = False
    laid: Layout | None = None
    x: float = 0.0
    y: float = 0.0
    box: Box | None = None
    """Where a bar lies."""


def title_parts(
    box: Frame,
    title: str,
    theme: Theme,
    *,
    subtitle: str = "",
    kicker: str = "",
    language: str = "en",
    align: float = 0.5,
) -> list[Part]:
    """An accent bar, an optional small line, the title, and what explains it.

    `align` says where the block stands in the box: 0 at its top, 1 at its bottom.
    """
    unit, colours = box.unit, inks(theme)
    above = _label(kicker, theme, box, language) if kicker else None
    head = 62 * unit if above is None else 62 * unit + above.height
    below = (
        fitted(
            subtitle,
            theme,
            box.width * 0.92,
            box.height * 0.3,
            40 * unit,
            language=language,
            lines=4,
        )
        if subtitle
        else None
    )
    tail = 34 * unit + below.height if below else 0.0
    largest = (150 if len(title) < 28 else 118) * unit
    laid = headline(title, theme, box.width, box.height - head - tail, largest, language)
    y = box.top + max(0.0, (box.height - head - laid.height - tail) * align)
    rtl = reads_rtl(laid)
    parts = [accent(box, y, theme, rtl=rtl)]
    y += 8 * unit + 30 * unit
    if above:
        parts.append(block("kicker", box, above, y, colours.accent, beside=laid))
        y += above.height + 18 * unit
    parts.append(block("heading", box, laid, y, colours.text))
    if below:
        parts.append(block("words", box, below, y + laid.height + 34 * unit, colours.muted))
    return parts


def statistic_parts(
    box: Frame,
    number: str,
    label: str,
    theme: Theme,
    *,
    language: str = "en",
    align: float = 0.5,
) -> list[Part]:
    """One huge figure and what it means; a percentage of a whole is drawn as a bar too."""
    unit, colours = box.unit, inks(theme)
    figure = fitted(
        number,
        theme,
        box.width,
        box.height * 0.5,
        380 * unit,
        weight=850,
        tracking=-0.045,
        language=language,
        least=0.15,
        lines=2,
        spacing=1.0,
    )
    words = (
        fitted(
            label,
            theme,
            box.width * 0.94,
            box.height * 0.36,
            58 * unit,
            weight=550,
            language=language,
        )
        if label
        else None
    )
    part_of_whole = None if _COMPARES.search(label) else share_of(number)
    bar = 70 * unit if part_of_whole is not None else 0.0
    trim = figure.ascent - figure.cap_height  # optical: the cap line, not the ascender, is the top
    taken = figure.height - trim + bar + (words.height if words else 0.0)
    y = box.top + max(0.0, (box.height - taken) * align) - trim
    parts = [block("figure", box, figure, y, colours.shape, beside=words)]
    y += figure.height
    if part_of_whole is not None:
        rtl = reads_rtl(words or figure)
        parts += _progress(box, y + 6 * unit, part_of_whole, theme, rtl=rtl)
        y += bar
    if words:
        parts.append(block("words", box, words, y, colours.text))
    return parts


def quote_parts(
    box: Frame,
    quote: str,
    attribution: str,
    theme: Theme,
    *,
    language: str = "en",
    align: float = 0.5,
) -> list[Part]:
    """Somebody's words under a large quotation mark, and who said them."""
    unit, colours = box.unit, inks(theme)
    mark = fitted("“", theme, 400 * unit, 500 * unit, 300 * unit, weight=900)
    shown = mark.size * 0.42  # the glyph's own height; the rest of its line is empty
    who = (
        fitted(f"— {attribution}", theme, box.width, 90 * unit, 36 * unit, weight=600, lines=2)
        if attribution
        else None
    )
    tail = 40 * unit + who.height if who else 0.0
    words = fitted(
        quote.strip(' “”"«»„'),
        theme,
        box.width,
        box.height - shown - tail,
        86 * unit,
        weight=650,
        tracking=-0.014,
        language=language,
        least=0.3,
        spacing=1.2,
    )
    y = box.top + max(0.0, (box.height - shown - words.height - tail) * align)
    left = box.right - mark.used_width if reads_rtl(words) else box.left
    parts = [
        _type("mark", mark, (left, y - mark.ascent + mark.cap_height), colours.shape),
        block("words", box, words, y + shown, colours.text),
    ]
    if who:
        parts.append(block("who", box, who, y + shown + words.height + 40 * unit, colours.muted))
    return parts


def list_parts(
    box: Frame,
    title: str,
    items: Sequence[str],
    theme: Theme,
    *,
    ordered: bool = True,
    language: str = "en",
    align: float = 0.35,
) -> list[Part]:
    """A heading and up to seven short points, numbered or marked."""
    unit, y = box.unit, box.top
    items = items[:MOST_ITEMS]
    parts: list[Part] = []
    if title:
        share = 0.3 if len(items) < 5 else 0.2
        laid = headline(title, theme, box.width, box.height * share, 84 * unit, language)
        parts.append(accent(box, y, theme, rtl=reads_rtl(laid)))
        y += 8 * unit + 26 * unit
        parts.append(block("heading", box, laid, y, inks(theme).text))
        y += laid.height + 32 * unit
    room = box.bottom - y
    rows = _rows(items, theme, box, room, language)
    taken = sum(row.height for row in rows)
    gap = min(46 * unit, max(0.0, room - taken) / max(1, len(rows) - 1))
    y += max(0.0, (room - taken - gap * (len(rows) - 1)) * align)
    for number, row in enumerate(rows, start=1):
        label = str(number) if ordered else ""
        parts.append(
            Part("row", partial(_row, row, box, y, theme, label), reads_rtl(row), row, box.left, y)
        )
        y += row.height + gap
    return parts


def accent(box: Frame, y: float, theme: Theme, *, rtl: bool, length: float = 0.0) -> Part:
    """The short coloured bar that opens a block, or one of a `length` in pixels."""
    long, thick = length or 64 * box.unit, 8 * box.unit
    left = box.right - long if rtl else box.left
    area = (left, y, left + long, y + thick)
    return pill("bar", area, inks(theme).shape, rtl=rtl)


def share_of(number: str) -> float | None:
    """0 to 1 for a percentage of a whole; None for any other figure."""
    found = regex.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*[%٪％]\s*", number)
    value = float(found[1].replace(",", ".")) / 100 if found else None
    return value if value is not None and 0 < value <= 1 else None


def within(box: Frame, taken: float) -> Frame:
    """The box without `taken` pixels at its lower end."""
    return replace(box, bottom=box.bottom - taken)


def _type(role: Role, laid: Layout, at: tuple[float, float], ink: tuple[int, int, int]) -> Part:
    def draw(image: Image.Image) -> None:
        draw_text(image, laid, at, ink)

    return Part(role, draw, reads_rtl(laid), laid, *at)


def block(
    role: Role,
    box: Frame,
    laid: Layout,
    y: float,
    ink: tuple[int, int, int],
    beside: Layout | None = None,
) -> Part:
    """A layout where its reading starts in the box, or where that of the type `beside` it does."""
    rtl = reads_rtl(beside or laid)
    shown = laid.width if reads_rtl(laid) else laid.used_width
    part = _type(role, laid, (box.right - shown if rtl else box.left, y), ink)
    return replace(part, rtl=rtl)


def pill(
    role: Role, area: Box, fill: tuple[int, int, int] | tuple[int, int, int, int], *, rtl: bool
) -> Part:
    """A bar with round ends that lies in `area`."""
    return Part(role, _panel(area, (area[3] - area[1]) / 2, fill), rtl, box=area)


def _panel(
    area: Box, radius: float, fill: tuple[int, int, int] | tuple[int, int, int, int]
) -> Callable[[Image.Image], None]:
    def draw(image: Image.Image) -> None:
        panel(image, area, radius, fill)

    return draw


def _label(text: str, theme: Theme, box: Frame, language: str) -> Layout:
    return fitted(
        text.upper(),
        theme,
        box.width,
        80 * box.unit,
        28 * box.unit,
        weight=700,
        tracking=0.09,
        language=language,
        lines=2,
    )


def _rows(
    items: Sequence[str], theme: Theme, box: Frame, room: float, language: str
) -> list[Layout]:
    """The points at one common size, the largest at which all fit with air between them."""
    width, share = box.width - 90 * box.unit, room / len(items)
    size = min(56 * box.unit, share / 1.4)  # a line and some air
    # On a tall frame, which is a phone's, never below 44 of 1080 pixels.
    least = min((31 if box.tall else 24) * box.unit, size)
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
        taken = sum(row.height + 0.4 * size for row in rows)
        if size <= least or (taken <= room and not any(row.shortened for row in rows)):
            return rows
        size *= 0.92


def _row(row: Layout, box: Frame, y: float, theme: Theme, label: str, image: Image.Image) -> None:
    """A point with its number in a badge, or a small mark where it has none."""
    shape, rtl = inks(theme).shape, reads_rtl(row)
    badge = min(30 * box.unit, row.size * 0.62)
    centre = y + row.ascent - row.cap_height / 2
    x = box.right - badge if rtl else box.left + badge
    half = badge if label else badge * 0.36
    panel(image, (x - half, centre - half, x + half, centre + half), half * 0.62, shape)
    if label:
        laid = fitted(label, theme, badge * 2, badge * 2, badge * 1.1, weight=800, lines=1)
        place = (x - laid.used_width / 2, centre - laid.ascent + laid.cap_height / 2)
        draw_text(image, laid, place, readable(theme.background, (shape,)))
    start = box.right - badge * 3 - row.width if rtl else box.left + badge * 3
    draw_text(image, row, (start, y), inks(theme).text)


def _progress(box: Frame, y: float, share: float, theme: Theme, *, rtl: bool) -> list[Part]:
    thick, length = 16 * box.unit, box.width * 0.62
    left = box.right - length if rtl else box.left
    filled = max(thick, length * share)
    start = left + length - filled if rtl else left
    fill = readable(theme.accent_2, grounds(theme), 3.0)
    whole, part = (left, y, left + length, y + thick), (start, y, start + filled, y + thick)
    return [
        pill("track", whole, (*inks(theme).text, 46), rtl=rtl),
        pill("fill", part, fill, rtl=rtl),
    ]

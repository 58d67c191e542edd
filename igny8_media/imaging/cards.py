"""Designed cards for pictures and videos: title, statistic, quote, list, code, and overlays."""

import regex
from PIL import Image

from igny8_media.imaging.backdrop import backdrop, grounds
from igny8_media.imaging.codecard import code_card
from igny8_media.imaging.colour import readable
from igny8_media.imaging.frame import (
    Frame,
    Size,
    accent_bar,
    draw_block,
    fitted,
    footer,
    footer_height,
    frame,
    headline,
    inks,
    reads_rtl,
)
from igny8_media.imaging.lowerthird import overlay_layer
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme

__all__ = [
    "code_card",
    "list_card",
    "overlay_layer",
    "quote_card",
    "statistic_card",
    "title_card",
    "titled",
]


def title_card(
    size: Size,
    title: str,
    theme: Theme,
    *,
    subtitle: str = "",
    kicker: str = "",
    note: str = "",
    seed: int = 0,
    language: str = "en",
) -> Image.Image:
    """A title that fills the picture, with an optional line above and below it."""
    return titled(
        size,
        title,
        theme,
        subtitle=subtitle,
        kicker=kicker,
        note=note,
        seed=seed,
        language=language,
    )[0]


def titled(
    size: Size,
    title: str,
    theme: Theme,
    *,
    subtitle: str = "",
    kicker: str = "",
    note: str = "",
    seed: int = 0,
    language: str = "en",
) -> tuple[Image.Image, Layout]:
    """A title card and how its title was set (whether shortened, which emoji were dropped)."""
    image, box = backdrop(size, theme, seed), frame(size)
    unit = box.unit
    room = box.height - footer_height(box, theme, note)
    above = _label(kicker, theme, box, language) if kicker else None
    head = 62 * unit if above is None else 62 * unit + above.height
    below = (
        fitted(subtitle, theme, box.width * 0.92, room * 0.3, 40 * unit, language=language, lines=4)
        if subtitle
        else None
    )
    tail = 34 * unit + below.height if below else 0.0
    largest = (150 if len(title) < 28 else 118) * unit
    laid = headline(title, theme, box.width, room - head - tail, largest, language)
    y = box.top + max(0.0, (room - head - laid.height - tail) * (0.38 if box.tall else 0.5))
    rtl = reads_rtl(laid)
    y = accent_bar(image, box, y, theme, rtl=rtl) + 30 * unit
    if above:
        y = draw_block(image, box, above, y, inks(theme).accent) + 18 * unit
    y = draw_block(image, box, laid, y, inks(theme).text) + 34 * unit
    if below:
        draw_block(image, box, below, y, inks(theme).muted)
    footer(image, box, theme, note)
    return image, laid


def statistic_card(
    size: Size, number: str, label: str, theme: Theme, *, seed: int = 0, language: str = "en"
) -> Image.Image:
    """One huge figure and what it means; a percentage of a whole is drawn as a bar too."""
    image, box = backdrop(size, theme, seed), frame(size)
    unit = box.unit
    room = box.height - footer_height(box, theme)
    figure = fitted(
        number,
        theme,
        box.width,
        room * 0.5,
        380 * unit,
        weight=850,
        tracking=-0.045,
        language=language,
        least=0.15,
        lines=2,
        spacing=1.0,
    )
    words = fitted(
        label, theme, box.width * 0.94, room * 0.36, 58 * unit, weight=550, language=language
    )
    share = _share(number)
    bar = 70 * unit if share is not None else 0.0
    trim = figure.ascent - figure.cap_height  # optical: the cap line, not the ascender, is the top
    taken = figure.height - trim + bar + words.height
    y = box.top + max(0.0, (room - taken) * (0.42 if box.tall else 0.5)) - trim
    y = draw_block(image, box, figure, y, inks(theme).shape)
    if share is not None:
        _progress(image, box, y + 6 * unit, share, theme, rtl=reads_rtl(words))
        y += bar
    draw_block(image, box, words, y, inks(theme).text)
    footer(image, box, theme)
    return image


def quote_card(
    size: Size,
    quote: str,
    theme: Theme,
    *,
    attribution: str = "",
    seed: int = 0,
    language: str = "en",
) -> Image.Image:
    """Somebody's words under a large quotation mark."""
    image, box = backdrop(size, theme, seed), frame(size)
    unit = box.unit
    room = box.height - footer_height(box, theme)
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
        room - shown - tail,
        86 * unit,
        weight=650,
        tracking=-0.014,
        language=language,
        least=0.3,
        spacing=1.2,
    )
    y = box.top + max(0.0, (room - shown - words.height - tail) * (0.4 if box.tall else 0.5))
    rtl = reads_rtl(words)
    left = box.right - mark.used_width if rtl else box.left
    draw_text(image, mark, (left, y - mark.ascent + mark.cap_height), inks(theme).shape)
    y = draw_block(image, box, words, y + shown, inks(theme).text)
    if who:
        draw_block(image, box, who, y + 40 * unit, inks(theme).muted)
    footer(image, box, theme)
    return image


def list_card(
    size: Size,
    title: str,
    items: tuple[str, ...],
    theme: Theme,
    *,
    ordered: bool = True,
    seed: int = 0,
    language: str = "en",
) -> Image.Image:
    """A heading and up to seven short points, numbered or marked."""
    image, box = backdrop(size, theme, seed), frame(size)
    unit = box.unit
    room = box.height - footer_height(box, theme)
    y = box.top
    rtl = False
    if title:
        laid = headline(title, theme, box.width, room * 0.3, 84 * unit, language)
        rtl = reads_rtl(laid)
        y = accent_bar(image, box, y, theme, rtl=rtl) + 26 * unit
        y = draw_block(image, box, laid, y, inks(theme).text) + 30 * unit
    rows = _rows(items[:7], theme, box, box.top + room - y, language)
    gap = min(46 * unit, (box.top + room - y - sum(r.height for r in rows)) / max(1, len(rows)))
    free = box.top + room - y - sum(r.height for r in rows) - gap * (len(rows) - 1)
    y += max(0.0, free * 0.35)
    badge = 30 * unit
    for number, row in enumerate(rows, start=1):
        centre = y + row.ascent - row.cap_height / 2
        x = box.right - badge if rtl else box.left + badge
        area = (x - badge, centre - badge, x + badge, centre + badge)
        if ordered:
            panel(image, area, badge * 0.62, inks(theme).shape)
            _number(image, number, area, theme)
        else:
            small = badge * 0.36
            panel(
                image,
                (x - small, centre - small, x + small, centre + small),
                small * 0.5,
                inks(theme).shape,
            )
        start = box.left if rtl else box.left + badge * 3
        draw_text(image, row, (start, y), inks(theme).text)
        y += row.height + gap
    footer(image, box, theme)
    return image


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
    items: tuple[str, ...], theme: Theme, box: Frame, room: float, language: str
) -> list[Layout]:
    """The points at one common size, the largest at which all of them fit."""
    width = box.width - 90 * box.unit
    size = 54 * box.unit
    while True:
        rows = [
            fitted(
                item,
                theme,
                width,
                room / len(items),
                size,
                weight=550,
                language=language,
                least=1.0 if size > 24 * box.unit else 0.6,
                spacing=1.22,
            )
            for item in items
        ]
        cramped = any(row.shortened for row in rows)
        if not cramped or size <= 24 * box.unit:
            return rows
        size *= 0.9


def _number(
    image: Image.Image, number: int, area: tuple[float, float, float, float], theme: Theme
) -> None:
    badge = (area[2] - area[0]) / 2
    accent = inks(theme).shape
    laid = fitted(str(number), theme, badge * 2, badge * 2, badge * 1.1, weight=800, lines=1)
    draw_text(
        image,
        laid,
        (
            area[0] + badge - laid.used_width / 2,
            area[1] + badge - laid.ascent + laid.cap_height / 2,
        ),
        readable(theme.background, (accent,)),
    )


def _share(number: str) -> float | None:
    """0 to 1 for a percentage of a whole; None for any other figure."""
    found = regex.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*[%٪％]\s*", number)
    value = float(found[1].replace(",", ".")) / 100 if found else None
    return value if value is not None and 0 < value <= 1 else None


def _progress(
    image: Image.Image, box: Frame, y: float, share: float, theme: Theme, *, rtl: bool
) -> None:
    thick, length = 16 * box.unit, box.width * 0.62
    left = box.right - length if rtl else box.left
    panel(image, (left, y, left + length, y + thick), thick / 2, (*inks(theme).text, 46))
    filled = max(thick, length * share)
    start = left + length - filled if rtl else left
    fill = readable(theme.accent_2, grounds(theme), 3.0)
    panel(image, (start, y, start + filled, y + thick), thick / 2, fill)

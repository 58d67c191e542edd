"""Designed cards as still pictures: title, statistic, quote, list and code."""

from collections.abc import Sequence

from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.codecard import code_card
from igny8_media.imaging.frame import Frame, Size, footer, footer_height, frame
from igny8_media.imaging.lowerthird import overlay_layer
from igny8_media.imaging.parts import (
    Part,
    list_parts,
    quote_parts,
    statistic_parts,
    title_parts,
    within,
)
from igny8_media.imaging.text import Layout
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
    box = frame(size)
    parts = title_parts(
        within(box, footer_height(box, theme, note)),
        title,
        theme,
        subtitle=subtitle,
        kicker=kicker,
        language=language,
        align=0.38 if box.tall else 0.5,
    )
    laid = next(part.laid for part in parts if part.role == "heading" and part.laid)
    return _card(size, box, parts, theme, seed, note), laid


def statistic_card(
    size: Size, number: str, label: str, theme: Theme, *, seed: int = 0, language: str = "en"
) -> Image.Image:
    """One huge figure and what it means; a percentage of a whole is drawn as a bar too."""
    box = frame(size)
    room = within(box, footer_height(box, theme))
    align = 0.42 if box.tall else 0.5
    parts = statistic_parts(room, number, label, theme, language=language, align=align)
    return _card(size, box, parts, theme, seed)


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
    box = frame(size)
    room = within(box, footer_height(box, theme))
    align = 0.4 if box.tall else 0.5
    parts = quote_parts(room, quote, attribution, theme, language=language, align=align)
    return _card(size, box, parts, theme, seed)


def list_card(
    size: Size,
    title: str,
    items: Sequence[str],
    theme: Theme,
    *,
    ordered: bool = True,
    seed: int = 0,
    language: str = "en",
) -> Image.Image:
    """A heading and up to seven short points, numbered or marked."""
    box = frame(size)
    room = within(box, footer_height(box, theme))
    parts = list_parts(room, title, items, theme, ordered=ordered, language=language)
    return _card(size, box, parts, theme, seed)


def _card(
    size: Size, box: Frame, parts: Sequence[Part], theme: Theme, seed: int, note: str = ""
) -> Image.Image:
    image = backdrop(size, theme, seed)
    for part in parts:
        part.draw(image)
    footer(image, box, theme, note)
    return image

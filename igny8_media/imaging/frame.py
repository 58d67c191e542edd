"""Where things stand on a card: margins, the area a platform's buttons leave free, the footer."""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from igny8_media.errors import InputError
from igny8_media.imaging.backdrop import grounds
from igny8_media.imaging.colour import Rgb, readable
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.shaping import Style
from igny8_media.imaging.text import Layout, draw_text, fit_text
from igny8_media.imaging.theme import Theme

Size = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """The content box of a card (pixels) and `unit`, a thousandth of the picture's mean side.

    On tall pictures the box keeps clear of the header, caption and buttons that short-video
    players lay over the top tenth, the lowest fifth and the right edge.
    """

    size: Size
    left: float
    top: float
    right: float
    bottom: float
    unit: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def tall(self) -> bool:
        return self.size[1] > 1.3 * self.size[0]


def frame(size: Size) -> Frame:
    """The content box for a picture of any size."""
    width, height = size
    if min(size) < 64:
        raise InputError(f"A card of {width}×{height} pixels is too small; ask for 64 at least.")
    unit = math.sqrt(width * height) / 1000
    margin = 0.08 * min(size)
    if height > 1.3 * width:
        return Frame(size, margin, 0.13 * height, width - margin, 0.78 * height, unit)
    return Frame(size, margin, margin, width - margin, height - margin, unit)


@dataclass(frozen=True)
class Inks:
    """The theme's colours, adjusted where a theme's own would not read on its backdrop.

    `accent` is for small text (4.5:1); `shape` is the accent of bars, badges and huge figures
    (3:1, WCAG 2.2 on large text and graphics).
    """

    text: Rgb
    muted: Rgb
    accent: Rgb
    shape: Rgb


@lru_cache(maxsize=16)
def inks(theme: Theme) -> Inks:
    """Colours that read on every ground the backdrop has."""
    behind = grounds(theme, motif=False)
    return Inks(
        readable(theme.text, grounds(theme)),
        readable(theme.muted, behind),
        readable(theme.accent, behind),
        readable(theme.accent, behind, 3.0),
    )


def fitted(
    text: str,
    theme: Theme,
    width: float,
    height: float,
    size: float,
    *,
    weight: int = 400,
    tracking: float = 0.0,
    language: str = "en",
    least: float = 0.45,
    lines: int | None = None,
    spacing: float = 1.3,
    ligatures: bool = True,
    family: str | None = None,
) -> Layout:
    """`fit_text` in the theme's font, between `size` and its `least` fraction."""
    style = Style(family or theme.font, weight, language, tracking, ligatures)
    return fit_text(
        text,
        width,
        height,
        max_size=size,
        min_size=max(8.0, size * least),
        max_lines=lines,
        style=style,
        spacing=spacing,
    )


def headline(
    text: str, theme: Theme, width: float, height: float, size: float, language: str
) -> Layout:
    """A bold, tightly set title."""
    return fitted(
        text,
        theme,
        width,
        height,
        size,
        weight=800,
        tracking=-0.022,
        language=language,
        least=0.34,
        spacing=1.08,
    )


def draw_block(image: Image.Image, box: Frame, layout: Layout, y: float, fill: Rgb) -> float:
    """Draw a layout where its reading starts in the box; returns where it ends."""
    left = box.right - layout.width if reads_rtl(layout) else box.left
    draw_text(image, layout, (left, y), fill)
    return y + layout.height


def reads_rtl(layout: Layout) -> bool:
    """Whether the text starts at the right."""
    return layout.lines[0].rtl


def accent_bar(image: Image.Image, box: Frame, y: float, theme: Theme, *, rtl: bool) -> float:
    """The short coloured bar that opens a block; returns where the next thing starts."""
    length, thick = 64 * box.unit, 8 * box.unit
    left = box.right - length if rtl else box.left
    panel(image, (left, y, left + length, y + thick), thick / 2, inks(theme).shape)
    return y + thick


def footer(image: Image.Image, box: Frame, theme: Theme, note: str = "") -> None:
    """The brand at the lower left, and a note (a page number) at the lower right."""
    if not theme.name and theme.logo is None and not note:
        return
    size = 25 * box.unit
    base = box.bottom - size * 1.25
    x = box.left
    if theme.logo is not None:
        logo = _logo(theme.logo, round(size * 1.9))
        image.paste(logo, (round(x), round(base + size * 0.62 - logo.height / 2)), logo)
        x += logo.width + size * 0.6
    elif theme.name:
        panel(
            image,
            (x, base + size * 0.33, x + size * 0.6, base + size * 0.93),
            size * 0.16,
            inks(theme).shape,
        )
        x += size * 1.0
    if theme.name:
        name = fitted(theme.name, theme, box.width * 0.6, size * 2, size, weight=650, lines=1)
        draw_text(image, name, (x, base), inks(theme).text)
    if note:
        laid = fitted(note, theme, box.width * 0.25, size * 2, size, weight=600, lines=1)
        draw_text(image, laid, (box.right - laid.used_width, base), inks(theme).muted)


def footer_height(box: Frame, theme: Theme, note: str = "") -> float:
    """What the footer takes from the content box."""
    return 62 * box.unit if theme.name or theme.logo or note else 0.0


@lru_cache(maxsize=4)
def _logo(path: Path, height: int) -> Image.Image:
    try:
        with Image.open(path) as opened:
            logo = opened.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(
            f"The theme's logo {path.name} cannot be read as a picture: correct `logo`."
        ) from error
    width = max(1, min(round(logo.width * height / logo.height), height * 6))
    resized: Image.Image = logo.resize((width, height), Image.Resampling.LANCZOS)
    return resized

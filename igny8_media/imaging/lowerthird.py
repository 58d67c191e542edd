"""Words over a moving picture: a transparent layer with a panel that makes them legible."""

from typing import Literal

from PIL import Image

from igny8_media.imaging.colour import LEGIBLE, contrast, mix, readable, rgb
from igny8_media.imaging.frame import Frame, Size, fitted, frame, reads_rtl
from igny8_media.imaging.shapes import panel, shadow
from igny8_media.imaging.text import draw_text
from igny8_media.imaging.theme import Theme

Position = Literal["top", "middle", "bottom"]


def overlay_layer(
    size: Size,
    text: str,
    theme: Theme,
    position: Position = "bottom",
    language: str = "en",
    room: Frame | None = None,
) -> Image.Image:
    """An RGBA layer with the text on a panel, legible (4.5:1) over any picture whatsoever.

    `room` is where the panel may stand, if not in a card's usual box.
    """
    layer, box = Image.new("RGBA", size, (0, 0, 0, 0)), room or frame(size)
    unit = box.unit
    pad = 34 * unit
    share = 0.34 if box.tall else 0.30
    laid = fitted(
        text,
        theme,
        (box.width if box.tall else box.width * 0.78) - 2 * pad,
        size[1] * share - 2 * pad,
        66 * unit,
        weight=750,
        tracking=-0.015,
        language=language,
        spacing=1.15,
    )
    trim = laid.ascent - laid.cap_height
    tall = laid.height - trim + 2 * pad * 0.8
    wide = laid.used_width + 2 * pad
    top = {
        "top": box.top,
        "middle": (size[1] - tall) / 2,
        "bottom": box.bottom - tall,
    }[position]
    rtl = reads_rtl(laid)
    left = box.right - wide if rtl else box.left
    area = (left, top, left + wide, top + tall)
    ink = readable(theme.text, (rgb(theme.background),))
    shadow(layer, area, 26 * unit, 0.35)
    panel(layer, area, 18 * unit, (*rgb(theme.background), _opacity(theme)))
    bar = left + wide - 10 * unit if rtl else left
    panel(
        layer,
        (bar, top + pad * 0.8, bar + 8 * unit, top + tall - pad * 0.8),
        4 * unit,
        theme.accent,
    )
    draw_x = box.right - pad - laid.width if rtl else box.left + pad
    draw_text(layer, laid, (draw_x, top + pad * 0.8 - trim), ink)
    return layer


def _opacity(theme: Theme) -> int:
    """The least opacity (0 to 255) at which text reads even over white, and over black."""
    ground = rgb(theme.background)
    ink = readable(theme.text, (ground,))
    for alpha in range(200, 256, 5):
        worst = min(
            contrast(ink, mix(behind, ground, alpha / 255)) for behind in ("#ffffff", "#000000")
        )
        if worst >= LEGIBLE:
            return alpha
    return 255

"""Covers of upright videos: the best picture above, a few huge words below it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.compose import Words
from igny8_media.imaging.crop import crop_window, cropped
from igny8_media.imaging.decode import Decoded
from igny8_media.imaging.frame import Frame, Size, fitted, frame, inks
from igny8_media.imaging.overlay import least_contrast, line_boxes
from igny8_media.imaging.shapes import lay_rounded, panel, shadow
from igny8_media.imaging.shorttitle import short_title
from igny8_media.imaging.sizes import COVER
from igny8_media.imaging.social import SourcePicture
from igny8_media.imaging.text import draw_text
from igny8_media.imaging.theme import Theme
from igny8_media.imaging.thumbnail import (
    Thumbnail,
    best_picture,
    highlights,
    saved,
)

_PICTURE: Final = 0.6
"""How far down the picture reaches, of the height."""
_FADE: Final = 0.28
"""The lower part of it that melts into the backdrop."""
_WORDS: Final = (0.5, 0.83)
"""Where the words stand: inside the middle that profile pages cut a cover to (3:4)."""


def cover(
    title: str,
    pictures: Sequence[SourcePicture],
    theme: Theme,
    out: Path,
    size: Size = COVER.size,
    language: str = "en",
) -> Thumbnail:
    """Write a JPEG cover to `out`: legible at 160 pixels wide, whole when cut to 3:4."""
    text = short_title(title)
    image, box = backdrop(size, theme, Words(title).seed), frame(size)
    room = (size[0], round(_PICTURE * size[1]))
    chosen, notes = best_picture(pictures, theme, room)
    top, bottom = (share * size[1] for share in _WORDS)
    laid = fitted(
        text,
        theme,
        box.width,
        (bottom - top) if chosen else 0.5 * size[1],
        (132 if chosen else 160) * box.unit,
        weight=900,
        tracking=-0.03,
        language=language,
        least=0.3,
        spacing=1.04,
    )
    y = bottom - laid.height if chosen else (size[1] - laid.height) / 2
    if chosen:
        _above(image, box, chosen[1], y + laid.ascent - laid.cap_height)
    rtl = laid.lines[0].rtl
    left = box.right - laid.width if rtl else box.left
    contrast = least_contrast(image, line_boxes(laid, left, y), inks(theme).text)
    bar = 14 * box.unit
    start = box.right - 130 * box.unit if rtl else box.left
    under = y + laid.height + 20 * box.unit
    panel(image, (start, under, start + 130 * box.unit, under + bar), bar / 2, inks(theme).shape)
    draw_text(image, laid, (left, y), inks(theme).text, highlights(text, laid, theme))
    return saved(image, out, "cover", laid, text, chosen, contrast, notes)


def _above(image: Image.Image, box: Frame, picture: Decoded, words: float) -> None:
    """The picture over the words, whose first line begins at `words` pixels from the top."""
    width, height = image.size
    if picture.attention.graphic:
        room = words - 0.13 * height - 60 * box.unit
        ratio = min(2.4, max(0.8, picture.size[0] / picture.size[1]))
        wide = min(box.width, room * ratio)
        inner = (round(wide), round(wide / ratio))
        area = (round((width - wide) / 2), round(0.13 * height + (room - inner[1]) / 2))
        round_by = round(22 * box.unit)
        under = (*area, area[0] + inner[0], area[1] + inner[1])
        shadow(image, under, 30 * box.unit, 0.5, covered=round_by)
        crop = crop_window(picture.size, inner[0] / inner[1], picture.attention)
        lay_rounded(image, cropped(picture.pixels, crop.box, inner), area, round_by)
        return
    # The fade ends where the words begin, so that they stand on the backdrop alone.
    tall = round(min(words, 0.68 * height))
    crop = crop_window(picture.size, width / (tall * (1 - _FADE / 2)), picture.attention)
    clear = round(tall * (1 - _FADE / 2))
    whole = crop.box[3] - crop.box[1]
    below = min(picture.size[1], crop.box[3] + round(whole * (tall / clear - 1)))
    shown = round(clear * (below - crop.box[1]) / whole)
    window = (crop.box[0], crop.box[1], crop.box[2], below)
    made = cropped(picture.pixels, window, (width, min(tall, shown)))
    fade = np.clip((made.height - np.arange(made.height)) / (_FADE * tall), 0, 1)
    fade = fade * fade * (3 - 2 * fade)
    column = Image.fromarray((fade[:, None] * 255).astype(np.uint8))
    mask = column.resize(made.size, Image.Resampling.NEAREST)
    image.paste(made, (0, 0), mask)

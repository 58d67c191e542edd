"""Video thumbnails: three to six words, legible when the picture is 160 pixels wide."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import regex
from PIL import Image

from igny8_media.errors import InputError, StorageError
from igny8_media.frozen import Frozen
from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.colour import Rgb
from igny8_media.imaging.compose import Words, suits, usable, word_notes
from igny8_media.imaging.crop import crop_window, cropped
from igny8_media.imaging.decode import Decoded, decode
from igny8_media.imaging.encode import encode
from igny8_media.imaging.frame import Frame, Size, fitted, frame, inks
from igny8_media.imaging.overlay import least_contrast, line_boxes
from igny8_media.imaging.shapes import lay_rounded, panel, shadow
from igny8_media.imaging.shorttitle import short_title
from igny8_media.imaging.sizes import JPEG, MEGABYTE
from igny8_media.imaging.social import SourcePicture
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme

_LIMIT = 2 * MEGABYTE  # YouTube Data API, thumbnails.set: 2 MB
_FADE = 0.30  # share of the picture's width that melts into the backdrop


class Thumbnail(Frozen):
    """What was made; `text` is what it says, `source` the picture's key or "card"."""

    width: int
    height: int
    mime: str
    size: int
    text: str
    source: str
    contrast: float
    notes: tuple[str, ...] = ()


def thumbnail(
    title: str,
    pictures: Sequence[SourcePicture],
    theme: Theme,
    out: Path,
    size: Size = (1280, 720),
    language: str = "en",
) -> Thumbnail:
    """Write a JPEG thumbnail to `out`: huge words on the left, the best picture on the right."""
    text = short_title(title)
    image, box = backdrop(size, theme, Words(title).seed), frame(size)
    chosen, notes = best_picture(pictures, theme, (size[0] // 2, size[1]))
    laid = fitted(
        text,
        theme,
        box.width * (0.62 if chosen else 0.94),
        box.height * 0.86,
        (165 if chosen else 190) * box.unit,
        weight=900,
        tracking=-0.03,
        language=language,
        least=0.3,
        spacing=1.04,
    )
    rtl = laid.lines[0].rtl
    if chosen:
        _beside(image, box, laid, chosen[1], rtl=rtl)
    left = box.right - laid.width if rtl else box.left
    y = (size[1] - laid.height) / 2 - 0.3 * (laid.ascent - laid.cap_height)
    contrast = least_contrast(image, line_boxes(laid, left, y), inks(theme).text)
    bar = 16 * box.unit
    start = box.right - 150 * box.unit if rtl else box.left
    under = min(size[1] - 2.2 * bar, y + laid.height + 22 * box.unit)
    panel(image, (start, under, start + 150 * box.unit, under + bar), bar / 2, inks(theme).shape)
    draw_text(image, laid, (left, y), inks(theme).text, highlights(text, laid, theme))
    return saved(image, out, "thumbnail", laid, text, chosen, contrast, notes)


def saved(
    image: Image.Image,
    out: Path,
    name: str,
    laid: Layout,
    text: str,
    chosen: tuple[str, Decoded] | None,
    contrast: float,
    notes: tuple[str, ...],
) -> Thumbnail:
    """Encode and write a finished picture. Raises StorageError if the disk refuses."""
    encoded = encode(image, (JPEG,), _LIMIT)
    try:
        out.write_bytes(encoded.data)
    except OSError as error:
        raise StorageError(f"The {name} cannot be written: {error.strerror}.") from error
    return Thumbnail(
        width=image.width,
        height=image.height,
        mime=encoded.mime,
        size=len(encoded.data),
        text=text,
        source=chosen[0] if chosen else "card",
        contrast=round(contrast, 2),
        notes=(*notes, *word_notes(laid.dropped, laid.shortened)),
    )


def best_picture(
    pictures: Sequence[SourcePicture], theme: Theme, size: Size
) -> tuple[tuple[str, Decoded] | None, tuple[str, ...]]:
    """The picture that fills `size` best, with its key, and notes on those that cannot be read."""
    best: tuple[str, Decoded] | None = None
    score = -1.0
    lost: list[str] = []
    for number, source in enumerate(pictures[:4]):
        try:
            picture = decode(source.path, theme)
        except InputError as error:
            lost.append(str(error))
            continue
        value = suits(picture, size) + (0.15 if number == 0 else 0.0)
        if usable(picture) and value > score:
            best, score = (source.key, picture), value
    return best, tuple(lost)


def _beside(image: Image.Image, box: Frame, laid: Layout, picture: Decoded, *, rtl: bool) -> None:
    """The picture on the side the words leave free, melting into the backdrop."""
    width, height = image.size
    text_end = box.left + laid.used_width
    if picture.attention.graphic:
        room = width - text_end - box.left * 1.2
        wide = max(room, 0.3 * width)
        ratio = min(2.2, max(0.7, picture.size[0] / picture.size[1]))
        tall = min(wide / ratio, box.height)
        wide = tall * ratio
        left = box.left if rtl else width - box.left * 0.7 - wide
        area = (round(left), round((height - tall) / 2))
        inner = (round(wide), round(tall))
        under = (*area, area[0] + inner[0], area[1] + inner[1])
        round_by = round(22 * box.unit)
        shadow(image, under, 30 * box.unit, 0.5, covered=round_by)
        crop = crop_window(picture.size, inner[0] / inner[1], picture.attention)
        made = cropped(picture.pixels, crop.box, inner)
        lay_rounded(image, made, area, round_by)
        return
    wide = round(max(0.34 * width, width - text_end + 0.02 * width))
    made = cropped(picture.pixels, _window(picture, wide, height, rtl=rtl), (wide, height))
    fade = np.clip(np.arange(wide) / (_FADE * wide), 0, 1)
    fade = fade * fade * (3 - 2 * fade)
    if rtl:
        fade = fade[::-1]
    row = Image.fromarray((fade[None, :] * 255).astype(np.uint8))
    mask = row.resize((wide, height), Image.Resampling.NEAREST)
    image.paste(made, (0 if rtl else width - wide, 0), mask)


def _window(picture: Decoded, wide: int, height: int, *, rtl: bool) -> tuple[int, int, int, int]:
    """What matters in the part that does not fade, and whatever lies beside it for the fade."""
    clear = crop_window(picture.size, wide * (1 - 0.8 * _FADE) / height, picture.attention).box
    whole = round((clear[3] - clear[1]) * wide / height)
    if whole > picture.size[0]:
        return crop_window(picture.size, wide / height, picture.attention).box
    left = clear[0] if rtl else clear[2] - whole
    left = min(max(0, left), picture.size[0] - whole)
    return left, clear[1], left + whole, clear[3]


def highlights(text: str, laid: Layout, theme: Theme) -> list[tuple[int, int, Rgb]]:
    """Figures in the accent colour; without any, the last line."""
    colour = inks(theme).shape
    figures = list(regex.finditer(r"[$€£¥]?\p{Nd}[\p{Nd}.,]*[%٪+×x]?", text))
    if figures:
        return [(found.start(), found.end(), colour) for found in figures]
    last = laid.lines[-1]
    return [(last.start, last.end, colour)] if len(laid.lines) > 1 else []

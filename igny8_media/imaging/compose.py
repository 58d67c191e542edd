"""The whole picture of a post: a photograph with a headline, a framed picture, or a card."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.cards import titled
from igny8_media.imaging.crop import Crop, crop_window, cropped
from igny8_media.imaging.decode import Decoded
from igny8_media.imaging.frame import (
    Frame,
    Size,
    accent_bar,
    fitted,
    footer,
    footer_height,
    frame,
    headline,
    inks,
    reads_rtl,
)
from igny8_media.imaging.overlay import headline_overlay, least_contrast, line_boxes
from igny8_media.imaging.shapes import lay_rounded, shadow
from igny8_media.imaging.shaping import Style, paragraph
from igny8_media.imaging.text import draw_text
from igny8_media.imaging.theme import Theme

MAX_ENLARGEMENT = 1.7  # beyond that a picture turns to mush: it is inset instead
_LEAST_SIDE = 48  # pixels; smaller is no picture but a dot
_LEAST_KEPT = 0.42  # share of attention; less than this is another picture


@dataclass(frozen=True)
class Words:
    """What is written on a picture."""

    headline: str
    body: str = ""
    note: str = ""
    language: str = "en"

    @property
    def seed(self) -> int:
        """The same design for the same words, on every platform and every run."""
        return zlib.crc32(self.headline.encode("utf-8", "replace"))


@dataclass(frozen=True)
class Composed:
    """A finished RGB picture; `contrast` is the least behind its headline."""

    image: Image.Image
    contrast: float
    notes: tuple[str, ...]


def usable(picture: Decoded) -> bool:
    """Whether a picture is large enough to be shown at all."""
    return min(picture.size) >= _LEAST_SIDE


def suits(picture: Decoded, size: Size) -> float:
    """How well a picture fills a canvas, 0 to 1: attention kept, less what is enlarged."""
    crop = crop_window(picture.size, size[0] / size[1], picture.attention, faces=False)
    enlarged = max(1.0, _enlargement(crop, size))
    penalty = 0.35 if picture.attention.graphic else 0.0
    return max(0.0, crop.kept / enlarged - penalty)


def picture_image(picture: Decoded, size: Size, words: Words, theme: Theme) -> Composed:
    """The picture filling the canvas under a headline, or framed where a crop would ruin it."""
    crop = crop_window(picture.size, size[0] / size[1], picture.attention)
    why = _framed_because(picture, crop, size)
    if why:
        return _framed(picture, size, words, theme, why)
    image = cropped(picture.pixels, crop.box, size)
    done = headline_overlay(
        image,
        words.headline,
        theme,
        body=words.body,
        note=words.note,
        faces=_moved_faces(picture, crop),
        language=words.language,
    )
    return Composed(
        image, done.contrast, (*picture.notes, *word_notes(done.dropped, done.shortened))
    )


def _enlargement(crop: Crop, size: Size) -> float:
    return size[0] / max(1, crop.box[2] - crop.box[0])


def _framed_because(picture: Decoded, crop: Crop, size: Size) -> str:
    if _enlargement(crop, size) > MAX_ENLARGEMENT:
        return f"framed: {picture.width}×{picture.height} pixels are too few to fill the canvas"
    if crop.cuts_face:
        return "framed: a crop would cut a face"
    if picture.attention.graphic:
        return "framed: a headline over a diagram or screenshot would hide it"
    if crop.kept < _LEAST_KEPT:
        return f"framed: a crop would keep {crop.kept:.0%} of what matters"
    return ""


def _moved_faces(picture: Decoded, crop: Crop) -> tuple[tuple[float, float, float, float], ...]:
    """Faces as fractions of the crop."""
    width, height = picture.size
    left, top, right, bottom = crop.box
    return tuple(
        (
            (face[0] * width - left) / (right - left),
            (face[1] * height - top) / (bottom - top),
            (face[2] * width - left) / (right - left),
            (face[3] * height - top) / (bottom - top),
        )
        for face in picture.attention.faces
    )


def card_image(size: Size, words: Words, theme: Theme, seed: int | None = None) -> Composed:
    """A designed card, where there is no picture."""
    chosen = words.seed if seed is None else seed
    image, laid = titled(
        size,
        words.headline,
        theme,
        subtitle=words.body,
        note=words.note,
        seed=chosen,
        language=words.language,
    )
    # Every fourth pixel of the whole ground, wherever the words stand on it.
    sample = (size[0] // 4, size[1] // 4)
    ground = backdrop(size, theme, chosen).resize(sample, Image.Resampling.NEAREST)
    contrast = least_contrast(ground, [(0, 0, *sample)], inks(theme).text)
    return Composed(image, contrast, word_notes(laid.dropped, laid.shortened))


def word_notes(dropped: str, shortened: bool) -> tuple[str, ...]:
    """What a reviewer should know about how the words were set."""
    notes = []
    if dropped:
        notes.append(f"left out, no font has it: {dropped}")
    if shortened:
        notes.append("text shortened to fit")
    return tuple(notes)


def _framed(picture: Decoded, size: Size, words: Words, theme: Theme, why: str) -> Composed:
    """The picture whole in a rounded frame on the brand's backdrop, words beside or below it."""
    image, box = backdrop(size, theme, words.seed), frame(size)
    unit = box.unit
    foot = footer_height(box, theme, words.note)
    if size[0] > 1.35 * size[1]:
        room = Frame(size, box.left + box.width * 0.47, box.top, box.right, box.bottom, unit)
        text = Frame(size, box.left, box.top, box.left + box.width * 0.43, box.bottom - foot, unit)
        area = _picture_area(picture, room, middle=True, rtl=False)
    else:
        room = Frame(size, box.left, box.top, box.right, box.top + box.height * 0.56, unit)
        rtl = paragraph(words.headline, Style(theme.font)).rtl
        area = _picture_area(picture, room, middle=False, rtl=rtl)
        text = Frame(size, box.left, area[3] + 40 * unit, box.right, box.bottom - foot, unit)
    bar = 34 * unit
    body_room = 0.3 * text.height if words.body else 0.0
    laid = headline(
        words.headline,
        theme,
        text.width,
        text.height - bar - body_room,
        (104 if box.tall else 92) * unit,
        words.language,
    )
    below = (
        fitted(
            words.body, theme, text.width, body_room - 20 * unit, 34 * unit, language=words.language
        )
        if words.body
        else None
    )
    tall = bar + laid.height + (20 * unit + below.height if below else 0.0)
    y = text.top + max(0.0, (text.height - tall) * (0.5 if size[0] > 1.35 * size[1] else 0.3))
    areas = line_boxes(laid, text.left, y + bar)
    contrast = least_contrast(image, areas, inks(theme).text)
    accent_bar(image, text, y, theme, rtl=reads_rtl(laid))
    draw_text(image, laid, (text.left, y + bar), inks(theme).text)
    if below:
        draw_text(image, below, (text.left, y + bar + laid.height + 20 * unit), inks(theme).muted)
    _inset(image, picture, area, unit)
    footer(image, box, theme, words.note)
    notes = (*picture.notes, why, *word_notes(laid.dropped, laid.shortened))
    return Composed(image, contrast, notes)


def _picture_area(
    picture: Decoded, room: Frame, *, middle: bool, rtl: bool
) -> tuple[int, int, int, int]:
    """Where the picture goes: as large as room and sharpness allow; slivers are cropped first."""
    ratio = min(3.0, max(0.6, picture.size[0] / picture.size[1]))
    width = min(
        room.width, room.height * ratio, max(picture.width * MAX_ENLARGEMENT, 0.35 * room.width)
    )
    height = width / ratio
    spare = room.width - width
    left = room.left + (spare / 2 if middle else spare if rtl else 0.0)
    top = room.top + ((room.height - height) / 2 if middle else 0.0)
    return round(left), round(top), round(left + width), round(top + height)


def _inset(
    image: Image.Image, picture: Decoded, area: tuple[int, int, int, int], unit: float
) -> None:
    round_by = round(20 * unit)
    shadow(image, area, 30 * unit, 0.45, covered=round_by)
    lay_rounded(image, _shown(picture, (area[2] - area[0], area[3] - area[1])), area[:2], round_by)


@lru_cache(maxsize=4)
def _shown(picture: Decoded, size: Size) -> Image.Image:
    """The picture for an inset; a square post and its title slide show it at one size."""
    crop = crop_window(picture.size, size[0] / size[1], picture.attention)
    return cropped(picture.pixels, crop.box, size)

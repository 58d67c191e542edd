"""A picture as the base of a shot: cropped to what matters, shown whole, or sunk behind type."""

from typing import Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from igny8_media.imaging.crop import crop_box
from igny8_media.imaging.decode import Decoded
from igny8_media.imaging.shapes import rounded_mask, shadow
from igny8_media.imaging.theme import Theme

_HEADROOM: Final = 1.22
"""Base pixels for each pixel of the frame, where the picture has them: zooming in stays sharp."""
_PAN: Final = 1.22
"""How much wider (or taller) than the frame a base may be, for the camera to travel across."""

_KEPT_OF_PHOTOGRAPH: Final = 0.45
_KEPT_OF_DRAWING: Final = 0.82
"""Least share of a picture's attention that a crop must keep: half a diagram explains nothing."""
_LARGEST_SCALE: Final = 2.2
"""Beyond this enlargement pixels are seen."""
_SUNK: Final = 0.76
"""Share of the background colour: white text then keeps 4.5:1 on a white picture."""

Size = tuple[int, int]


def choose_base(seen: Decoded, frame: Size) -> tuple[Image.Image, tuple[float, float], bool]:
    """The base picture, the place in it that matters (fractions), and whether a camera may roam.

    A picture that a crop would rob of too much, or that would have to be enlarged until it is
    mush, is shown whole before a blurred enlargement of itself, and the camera then keeps it whole.
    """
    picture = seen.image
    wanted = frame[0] / frame[1]
    ratio = min(max(picture.width / picture.height, wanted / _PAN), wanted * _PAN)
    crop = crop_box(picture, ratio, seen.attention)
    window = (crop.box[2] - crop.box[0], crop.box[3] - crop.box[1])
    enlarged = max(frame[0] / window[0], frame[1] / window[1])
    least = _KEPT_OF_DRAWING if seen.attention.graphic else _KEPT_OF_PHOTOGRAPH
    if crop.kept < least or crop.cuts_face or enlarged > _LARGEST_SCALE:
        return _whole(picture, frame), (0.5, 0.5), False
    scale = enlarged * max(1.0, min(_HEADROOM, 1 / enlarged))
    size = (_even(window[0] * scale), _even(window[1] * scale))
    base = picture.resize(size, Image.Resampling.LANCZOS, box=crop.box, reducing_gap=2.0)
    return base, _focus(seen, crop.box), True


def _focus(seen: Decoded, box: tuple[int, int, int, int]) -> tuple[float, float]:
    """The centre of attention inside the crop, kept off its edges."""
    weight = seen.attention.weight
    height, width = weight.shape
    x = (np.arange(width) + 0.5) / width * seen.image.width
    y = (np.arange(height) + 0.5) / height * seen.image.height
    inside = weight * ((x >= box[0]) & (x < box[2])) * ((y >= box[1]) & (y < box[3]))[:, None]
    total = float(inside.sum()) or 1.0
    across = (float((inside.sum(axis=0) * x).sum()) / total - box[0]) / (box[2] - box[0])
    down = (float((inside.sum(axis=1) * y).sum()) / total - box[1]) / (box[3] - box[1])
    return min(0.7, max(0.3, across)), min(0.7, max(0.3, down))


def _whole(picture: Image.Image, frame: Size) -> Image.Image:
    size = (_even(frame[0] * 1.1), _even(frame[1] * 1.1))
    behind = ImageEnhance.Brightness(_blurred(picture, size)).enhance(0.45)
    tall = frame[1] > frame[0]
    widest, tallest = (0.88, 0.44) if tall else (0.80, 0.70)
    inside = min(size[0] * widest / picture.width, size[1] * tallest / picture.height)
    inside = min(inside, _LARGEST_SCALE)
    front = picture.resize(
        (max(1, round(picture.width * inside)), max(1, round(picture.height * inside))),
        Image.Resampling.LANCZOS,
    )
    middle = 0.44 if tall else 0.43  # clear of the captions, and of type at the top
    left, top = (size[0] - front.width) // 2, round(size[1] * middle - front.height / 2)
    area = (left, top, left + front.width, top + front.height)
    shadow(behind, area, size[0] * 0.02, 0.5)
    mask = rounded_mask(front.width, front.height, round(min(size) * 0.012))
    behind.paste(front, (left, top), mask)
    return behind


def backdrop_of(picture: Image.Image, frame: Size, theme: Theme) -> Image.Image:
    """The picture blurred and sunk into the theme's background: type stays legible on it."""
    size = (_even(frame[0] * _HEADROOM), _even(frame[1] * _HEADROOM))
    ground = Image.new("RGB", size, theme.background)
    return Image.blend(_blurred(picture, size), ground, _SUNK)


def _blurred(picture: Image.Image, size: Size) -> Image.Image:
    """A soft enlargement that covers `size`, computed small: a blur has no detail to lose."""
    small = (max(8, size[0] // 16), max(8, size[1] // 16))
    soft = ImageOps.fit(picture, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2.5))
    return soft.resize(size, Image.Resampling.BICUBIC)


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)

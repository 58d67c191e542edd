"""Soft and crisp shapes, antialiased: rounded panels, shadows, rings, dots."""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.imaging.text import Fill, paint

Mask = NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]  # left, top, right, bottom
_BLACK = (0, 0, 0)


@lru_cache(maxsize=64)
def rounded_mask(width: int, height: int, radius: int) -> Image.Image:
    """Coverage of a rounded rectangle; callers must not change it."""
    radius = max(0, min(radius, width // 2, height // 2))
    mask = np.full((height, width), 255, np.uint8)
    if radius:
        centres = radius - 0.5 - np.arange(radius)
        far = np.hypot(centres[:, None], centres[None, :])
        corner = (np.clip(radius - far + 0.5, 0, 1) * 255).astype(np.uint8)
        mask[:radius, :radius] = corner
        mask[:radius, -radius:] = corner[:, ::-1]
        mask[-radius:, :radius] = corner[::-1]
        mask[-radius:, -radius:] = corner[::-1, ::-1]
    return Image.fromarray(mask)


def panel(
    image: Image.Image, box: tuple[float, float, float, float], radius: float, fill: Fill
) -> None:
    """A filled rounded rectangle (left, top, right, bottom)."""
    left, top, right, bottom = (round(v) for v in box)
    if right > left and bottom > top:
        paint(image, rounded_mask(right - left, bottom - top, round(radius)), (left, top), fill)


def lay_rounded(image: Image.Image, picture: Image.Image, xy: tuple[int, int], radius: int) -> None:
    """Lay an opaque picture on an image with rounded corners."""
    width, height = picture.size
    radius = max(0, min(radius, width // 2, height // 2))
    mask = rounded_mask(2 * radius, 2 * radius, radius)
    corners = []
    for x, from_x in ((0, 0), (width - radius, radius)):
        for y, from_y in ((0, 0), (height - radius, radius)):
            at = (xy[0] + x, xy[1] + y)
            corner = image.crop((*at, at[0] + radius, at[1] + radius))
            coverage = mask.crop((from_x, from_y, from_x + radius, from_y + radius))
            corner.paste(picture.crop((x, y, x + radius, y + radius)), (0, 0), coverage)
            corners.append((corner, at))
    image.paste(picture, xy)
    for corner, at in corners:
        image.paste(corner, at)


def shadow(
    image: Image.Image,
    box: tuple[float, float, float, float],
    blur: float,
    strength: float,
    *,
    covered: int | None = None,
) -> None:
    """A soft shadow under a panel; `strength` 0 to 1.

    Under an opaque panel whose corners are `covered` pixels round, only what shows is drawn.
    """
    scale = 8
    pad = round(blur * 3)
    left, top = round(box[0]) - pad, round(box[1]) - pad + round(blur * 0.5)
    width, height = round(box[2] - box[0]) + 2 * pad, round(box[3] - box[1]) + 2 * pad
    small = np.zeros((max(1, height // scale), max(1, width // scale)), np.uint8)
    inset = pad // scale
    small[inset : small.shape[0] - inset, inset : small.shape[1] - inset] = round(255 * strength)
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, blur / scale)).astype(np.uint8)
    mask = Image.fromarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    )
    inner = None if covered is None else _shrunk(box, covered + 1)
    for part in _around((left, top, left + width, top + height), inner):
        shown = (
            max(0, part[0]),
            max(0, part[1]),
            min(image.width, part[2]),
            min(image.height, part[3]),
        )
        if shown[2] > shown[0] and shown[3] > shown[1]:
            x, y = shown[:2]
            paint(
                image,
                mask.crop((x - left, y - top, shown[2] - left, shown[3] - top)),
                (x, y),
                _BLACK,
            )


def _shrunk(box: tuple[float, float, float, float], by: int) -> PixelBox:
    return (
        math.ceil(box[0]) + by,
        math.ceil(box[1]) + by,
        math.floor(box[2]) - by,
        math.floor(box[3]) - by,
    )


def _around(outer: PixelBox, inner: PixelBox | None) -> tuple[PixelBox, ...]:
    """The parts of a box outside another inside it: above, below, left and right of it."""
    if inner is None or inner[0] >= inner[2] or inner[1] >= inner[3]:
        return (outer,)
    return (
        (outer[0], outer[1], outer[2], inner[1]),
        (outer[0], inner[3], outer[2], outer[3]),
        (outer[0], inner[1], inner[0], inner[3]),
        (inner[2], inner[1], outer[2], inner[3]),
    )


def disc(image: Image.Image, centre: tuple[float, float], radius: float, fill: Fill) -> None:
    """A filled circle."""
    panel(
        image,
        (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius),
        radius,
        fill,
    )


def rings(size: tuple[int, int], centre: tuple[float, float], radii: list[float], pen: int) -> Mask:
    """Coverage of thin concentric circles."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    for radius in radii:
        _circle(mask, centre, radius, pen)
    return mask


def dots(size: tuple[int, int], origin: tuple[int, int], grid: tuple[int, int], gap: int) -> Mask:
    """Coverage of a grid of small dots, columns × rows."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    for row in range(grid[1]):
        for column in range(grid[0]):
            centre = (origin[0] + column * gap, origin[1] + row * gap)
            _circle(mask, centre, gap * 0.09, -1)
    return mask


def stripes(size: tuple[int, int], gap: int, pen: int, band: tuple[float, float]) -> Mask:
    """Coverage of parallel diagonal lines within a band of the width (fractions)."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    start, stop = (round(size[0] * edge) for edge in band)
    for x in range(start, stop, gap):
        cv2.line(mask, (x, size[1]), (x + size[1] // 2, 0), 255, pen, cv2.LINE_AA)
    return mask


def _circle(mask: Mask, centre: tuple[float, float], radius: float, pen: int) -> None:
    shift = 4  # fractional bits
    at = (round(centre[0] * 16), round(centre[1] * 16))
    cv2.circle(mask, at, round(radius * 16), 255, pen, cv2.LINE_AA, shift)

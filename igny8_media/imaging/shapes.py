"""Soft and crisp shapes, antialiased: rounded panels, shadows, rings, dots."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.imaging.text import Fill, paint

Mask = NDArray[np.uint8]


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


def shadow(
    image: Image.Image, box: tuple[float, float, float, float], blur: float, strength: float
) -> None:
    """A soft shadow under a panel; `strength` 0 to 1."""
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
    crop = (
        max(0, -left),
        max(0, -top),
        min(width, image.width - left),
        min(height, image.height - top),
    )
    if crop[2] > crop[0] and crop[3] > crop[1]:
        paint(image, mask.crop(crop), (left + crop[0], top + crop[1]), (0, 0, 0))


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

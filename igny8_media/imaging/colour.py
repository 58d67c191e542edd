"""Colours as sRGB triples, and how well one reads on another (WCAG 2.2 contrast)."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

Rgb = tuple[int, int, int]
LEGIBLE = 4.5  # the least contrast of text, WCAG 2.2 level AA
_WHITE: Rgb = (255, 255, 255)
_BLACK: Rgb = (0, 0, 0)  # pure, so that one of the two reaches 4.58:1 on any colour
# Linear light of each 8-bit sRGB value (IEC 61966-2-1).
_LEVELS = np.arange(256) / 255
LINEAR: NDArray[np.float32] = np.where(
    _LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4
).astype(np.float32)
_WEIGHTS = (0.2126, 0.7152, 0.0722)
# What each value of each channel adds to the luminance: OpenCV's table has a row for each value.
_WEIGHTED = (LINEAR[:, None] * np.array(_WEIGHTS, np.float32))[None].astype(np.float32)
_SUM = np.ones((1, 3), np.float32)


def rgb(colour: str | Rgb) -> Rgb:
    """`#rrggbb` as a triple."""
    if isinstance(colour, str):
        red, green, blue = ImageColor.getrgb(colour)[:3]
        return (red, green, blue)
    return colour


def luminance(colour: str | Rgb) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    return float(sum(w * LINEAR[v] for w, v in zip(_WEIGHTS, rgb(colour), strict=True)))


def luminances(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Relative luminance of every pixel of an array (..., 3)."""
    if not pixels.size:
        return np.zeros(pixels.shape[:-1], np.float32)
    # OpenCV wants two dimensions and channels.
    weighted = cv2.LUT(pixels.reshape(-1, 1, 3), _WEIGHTED)
    return np.asarray(cv2.transform(weighted, _SUM), np.float32).reshape(pixels.shape[:-1])


def ratio(one: float, other: float) -> float:
    """The contrast of two luminances, 1 to 21."""
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def contrast(one: str | Rgb, other: str | Rgb) -> float:
    """The contrast of two colours, 1 to 21."""
    return ratio(luminance(one), luminance(other))


def mix(one: str | Rgb, other: str | Rgb, share: float) -> Rgb:
    """`one` with `share` (0 to 1) of `other` blended in."""
    a, b = rgb(one), rgb(other)
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def readable(wanted: str | Rgb, grounds: Iterable[Rgb], least: float = LEGIBLE) -> Rgb:
    """The wanted colour, moved towards white or black until it reads on every ground."""
    behind = [luminance(ground) for ground in grounds]
    colour = rgb(wanted)

    def worst(candidate: Rgb) -> float:
        return min(ratio(luminance(candidate), ground) for ground in behind)

    target = _WHITE if worst(_WHITE) >= worst(_BLACK) else _BLACK
    for step in range(11):
        candidate = mix(colour, target, step / 10)
        if worst(candidate) >= least:
            return candidate
    return target

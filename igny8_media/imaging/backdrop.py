"""Backgrounds drawn from the theme: light, soft glows and one crisp motif, the same for a seed."""

import math
import random
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.imaging import shapes
from igny8_media.imaging.colour import Rgb, luminance, mix, rgb
from igny8_media.imaging.text import paint
from igny8_media.imaging.theme import Theme

_SCALE = 8  # the soft part is computed this much smaller, and enlarged


def backdrop(size: tuple[int, int], theme: Theme, seed: int = 0) -> Image.Image:
    """A fresh RGB background of `size` pixels."""
    return _backdrop(size, theme, seed).copy()


def grounds(theme: Theme) -> tuple[Rgb, ...]:
    """The lightest and darkest colours text may meet on a backdrop."""
    glow = _glow(theme)
    return (
        rgb(theme.background),
        rgb(theme.surface),
        mix(theme.surface, theme.accent, glow),
        mix(theme.surface, theme.accent_2, glow),
    )


def is_dark(theme: Theme) -> bool:
    """Whether light text is meant to stand on this theme."""
    return luminance(theme.background) < luminance(theme.text)


def _glow(theme: Theme) -> float:
    return 0.34 if is_dark(theme) else 0.22


@lru_cache(maxsize=12)
def _backdrop(size: tuple[int, int], theme: Theme, seed: int) -> Image.Image:
    chance = random.Random(f"backdrop {seed}")  # noqa: S311  design, not secrets
    image = Image.fromarray(_soft(size, theme, chance))
    _motif(image, theme, chance)
    return image


def _soft(size: tuple[int, int], theme: Theme, chance: random.Random) -> NDArray[np.uint8]:
    width, height = (max(4, -(-side // _SCALE)) for side in size)
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    across = size[0] / max(size)
    down = size[1] / max(size)
    angle = chance.uniform(0.15, 0.45) * math.pi
    slope = np.clip(x * math.cos(angle) + y * math.sin(angle), 0, 1.4) / 1.4
    base, surface = np.array(rgb(theme.background)), np.array(rgb(theme.surface))
    field = base + (surface - base) * slope[..., None]
    strength = _glow(theme)
    corners = [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    chance.shuffle(corners)
    # The cooler second colour leads: a warm accent over a dark ground soon turns muddy.
    lights = ((theme.accent_2, strength), (theme.accent, strength * 0.55))
    for (cx, cy), (colour, light) in zip(corners, lights, strict=False):
        cx += chance.uniform(-0.12, 0.08)
        cy += chance.uniform(-0.08, 0.08)
        reach = chance.uniform(0.38, 0.55)
        far = ((x - cx) * across) ** 2 + ((y - cy) * down) ** 2
        share = light * np.exp(-far / (2 * (reach / 1.6) ** 2))
        field += (np.array(rgb(colour)) - field) * share[..., None]
    # 16 bits and a whisper of fixed noise below one level, so that no bands are seen.
    deep = np.clip(field * 256, 0, 65535 - 256).astype(np.uint16)
    large = cv2.resize(deep, size, interpolation=cv2.INTER_LINEAR)
    large += _noise(size[1], size[0])
    shown: NDArray[np.uint8] = (large >> 8).astype(np.uint8)
    return shown


@lru_cache(maxsize=4)
def _noise(height: int, width: int) -> NDArray[np.uint16]:
    tile = np.random.default_rng(8).integers(0, 256, (64, 64, 1), dtype=np.uint16)
    return np.tile(tile, (-(-height // 64), -(-width // 64), 1))[:height, :width]


def _motif(image: Image.Image, theme: Theme, chance: random.Random) -> None:
    width, height = image.size
    unit = math.sqrt(width * height)
    pen = max(1, round(unit / 500))
    right = chance.random() < 0.8
    top = chance.random() < 0.5
    centre = (width * (0.98 if right else 0.9), height * (0.04 if top else 0.98))
    kind = chance.choice(("rings", "dots", "stripes", "disc"))
    ink = mix(theme.text, theme.accent, 0.35)
    if kind == "rings":
        radii = [unit * (0.16 + 0.075 * step) for step in range(5)]
        mask, share = shapes.rings(image.size, centre, radii, pen), 0.13
    elif kind == "dots":
        gap = round(unit / 26)
        origin = (round(width - gap * 7.2), round(gap * 1.4 if top else height - gap * 6.4))
        mask, share = shapes.dots(image.size, origin, (7, 6), gap), 0.28
    elif kind == "stripes":
        mask = shapes.stripes(image.size, round(unit / 34), pen, (0.72, 1.2))
        share = 0.10
    else:
        mask = shapes.rings(image.size, centre, [unit * 0.30], round(unit * 0.10))
        share = 0.09
    paint(image, Image.fromarray(mask), (0, 0), (*ink, round(255 * share)))

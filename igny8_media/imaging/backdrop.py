"""Backgrounds drawn from the theme: light, soft glows and one crisp motif, the same for a seed."""

import math
import random
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.imaging import shapes
from igny8_media.imaging.colour import LEGIBLE, Rgb, contrast, luminance, mix, readable, rgb
from igny8_media.imaging.text import paint
from igny8_media.imaging.theme import Theme

_COMFORT = 1.05 * LEGIBLE
_WARM = 0.55  # of the glow: a warm accent over a dark ground soon turns muddy
_OVERLAP = 0.26  # of one glow left at the heart of the other, on the narrowest pictures
_MOTIF = 0.12  # the most a motif's lines cover
_SCALE = 8  # the soft part is computed this much smaller, and enlarged
_TILE = 64  # pixels after which the noise repeats


def backdrop(size: tuple[int, int], theme: Theme, seed: int = 0) -> Image.Image:
    """A fresh RGB background of `size` pixels."""
    return _backdrop(size, theme, seed).copy()


def grounds(theme: Theme, *, motif: bool = True) -> tuple[Rgb, ...]:
    """Colours as extreme as any that text may meet on the theme's backdrops.

    Without `motif`, its thin lines are left out: they do not carry the legibility of a word.
    """
    lighting = _lighting(theme)
    return _extremes(theme, lighting if motif else replace(lighting, motif=0.0))


def is_dark(theme: Theme) -> bool:
    """Whether light text is meant to stand on this theme."""
    return luminance(theme.background) < luminance(theme.text)


@dataclass(frozen=True)
class _Lighting:
    """How strong the glows and the motif are, and the far end of the base gradient."""

    glow: float
    motif: float
    surface: Rgb


@lru_cache(maxsize=16)
def _lighting(theme: Theme) -> _Lighting:
    """The strongest light under which text still reads everywhere on the backdrop."""
    strongest = 34 if is_dark(theme) else 22
    surface = rgb(theme.surface)
    tries = [_Lighting(glow / 100, _MOTIF, surface) for glow in range(strongest, -1, -2)]
    tries += [
        _Lighting(0.0, 0.0, mix(theme.background, surface, share / 4)) for share in range(4, -1, -1)
    ]
    for lighting in tries:
        behind = _extremes(theme, lighting)
        ink = readable(theme.text, behind, _COMFORT)
        if min(contrast(ink, ground) for ground in behind) >= _COMFORT:
            return lighting
    return tries[-1]


def _extremes(theme: Theme, lighting: _Lighting) -> tuple[Rgb, ...]:
    cool = mix(lighting.surface, theme.accent_2, lighting.glow)
    warm = mix(lighting.surface, theme.accent, lighting.glow * _WARM)
    both = mix(cool, theme.accent, lighting.glow * _WARM * _OVERLAP)
    plain = (rgb(theme.background), lighting.surface, cool, warm, both)
    lines = _motif_ink(theme)
    return (*plain, *(mix(ground, lines, lighting.motif) for ground in plain))


def _motif_ink(theme: Theme) -> Rgb:
    return mix(theme.text, theme.accent, 0.35)


@lru_cache(maxsize=12)
def _backdrop(size: tuple[int, int], theme: Theme, seed: int) -> Image.Image:
    chance = random.Random(f"backdrop {seed}")  # noqa: S311  design, not secrets
    image = Image.fromarray(_soft(size, theme, chance))
    _motif(image, theme, chance)
    return image


def _soft(size: tuple[int, int], theme: Theme, chance: random.Random) -> NDArray[np.uint8]:
    width, height = (max(4, -(-side // _SCALE)) for side in size)
    x = np.linspace(0, 1, width, dtype=np.float32)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    across = size[0] / max(size)
    down = size[1] / max(size)
    angle = chance.uniform(0.15, 0.45) * math.pi
    slope = np.clip((x * math.cos(angle) + y * math.sin(angle)) / 1.4, 0, 1)
    lighting = _lighting(theme)
    base, surface = _colour(theme.background), _colour(lighting.surface)
    field = base + (surface - base) * slope[..., None]
    corners = [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    chance.shuffle(corners)
    lights = ((theme.accent_2, lighting.glow), (theme.accent, lighting.glow * _WARM))
    for (cx, cy), (colour, light) in zip(corners, lights, strict=False):
        cx += chance.uniform(-0.12, 0.08)
        cy += chance.uniform(-0.08, 0.08)
        spread = 2 * (chance.uniform(0.38, 0.55) / 1.6) ** 2
        near = np.exp(-(((x - cx) * across) ** 2) / spread)
        share = light * near * np.exp(-(((y - cy) * down) ** 2) / spread)
        field += (_colour(colour) - field) * share[..., None]
    # 16 bits and a whisper of fixed noise below one level, so that no bands are seen.
    deep = np.clip(field * 256, 0, 65535 - 256).astype(np.uint16)
    large = cv2.resize(deep, size, interpolation=cv2.INTER_LINEAR)
    noise = _noise(size[0])
    for top in range(0, size[1], _TILE):
        band = large[top : top + _TILE]
        cv2.add(band, noise[: len(band)], dst=band)
    # Half a level less, because this rounds where the noise wants the whole part.
    return np.asarray(cv2.convertScaleAbs(large, alpha=1 / 256, beta=-0.5), np.uint8)


def _colour(colour: str | Rgb) -> NDArray[np.float32]:
    return np.array(rgb(colour), np.float32)


@lru_cache(maxsize=8)
def _noise(width: int) -> NDArray[np.uint16]:
    """A band of noise as wide as the picture, the same in every colour."""
    tile = np.random.default_rng(8).integers(0, 256, (_TILE, _TILE, 1), dtype=np.uint16)
    return np.tile(tile, (1, -(-width // _TILE), 3))[:, :width]


def _motif(image: Image.Image, theme: Theme, chance: random.Random) -> None:
    width, height = image.size
    unit = math.sqrt(width * height)
    pen = max(1, round(unit / 500))
    right = chance.random() < 0.8
    top = chance.random() < 0.5
    centre = (width * (0.98 if right else 0.9), height * (0.04 if top else 0.98))
    most = _lighting(theme).motif
    kind = chance.choice(("rings", "dots", "stripes", "disc"))
    ink = _motif_ink(theme)
    if kind == "rings":
        radii = [unit * (0.16 + 0.075 * step) for step in range(5)]
        mask, share = shapes.rings(image.size, centre, radii, pen), 0.85 * most
    elif kind == "dots":
        gap = round(unit / 26)
        origin = (round(width - gap * 7.2), round(gap * 1.4 if top else height - gap * 6.4))
        mask, share = shapes.dots(image.size, origin, (7, 6), gap), most
    elif kind == "stripes":
        mask = shapes.stripes(image.size, round(unit / 34), pen, (0.72, 1.2))
        share = 0.7 * most
    else:
        mask = shapes.rings(image.size, centre, [unit * 0.30], round(unit * 0.10))
        share = 0.65 * most
    x, y, wide, tall = cv2.boundingRect(mask)
    part = Image.fromarray(mask[y : y + tall, x : x + wide])
    paint(image, part, (x, y), (*ink, round(255 * share)))

"""A headline over a picture, legible against the very pixels behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.imaging.attention import Box
from igny8_media.imaging.backdrop import is_dark
from igny8_media.imaging.colour import (
    LEGIBLE,
    Rgb,
    contrast,
    luminance,
    luminances,
    ratio,
    readable,
    rgb,
)
from igny8_media.imaging.frame import (
    Frame,
    accent_bar,
    fitted,
    footer,
    footer_height,
    frame,
    headline,
    reads_rtl,
)
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme

_NIGHT = "#0b0f16"  # the scrim of light themes: photographs take dark scrims better
_MARGIN = 1.12  # headroom for what lossy encoding does around letters


@dataclass(frozen=True)
class Overlaid:
    """`contrast` is the least between the letters and any pixel of their lines' boxes."""

    contrast: float
    dropped: str
    shortened: bool


def headline_overlay(
    image: Image.Image,
    text: str,
    theme: Theme,
    *,
    body: str = "",
    note: str = "",
    faces: Sequence[Box] = (),
    language: str = "en",
) -> Overlaid:
    """Lay a headline over an RGB picture in place, at whichever end hides no face."""
    box = frame(image.size)
    unit = box.unit
    wide = box.width if box.width < 1.25 * image.height else box.width * 0.80
    room = (0.36 if not box.tall else 0.30) * image.height
    laid = headline(text, theme, wide, room, (96 if box.tall else 84) * unit, language)
    below = (
        fitted(body, theme, wide, room * 0.5, 36 * unit, weight=500, language=language, lines=3)
        if body
        else None
    )
    bar = 34 * unit
    tail = 20 * unit + below.height if below else 0.0
    foot = footer_height(box, theme, note)
    tall = bar + laid.height + tail + foot
    at_top = _prefers_top(faces, box, tall, image.height)
    top = box.top if at_top else box.bottom - tall
    text_top = top + bar
    areas = line_boxes(laid, box.left, text_top)
    if below:
        areas += line_boxes(below, box.left, text_top + laid.height + 20 * unit)
    dark = _dark(theme)
    ground = rgb(dark.background)
    ink = readable(dark.text, (ground,), LEGIBLE * _MARGIN)
    _scrim(image, top, top + tall, ground, ink, areas, at_top=at_top)
    measured = least_contrast(image, areas, ink)
    accent_bar(image, box, top, dark, rtl=reads_rtl(laid))
    draw_text(image, laid, (_left(box, laid), text_top), ink)
    if below:
        draw_text(image, below, (_left(box, below), text_top + laid.height + 20 * unit), ink)
    if foot:
        footer(image, _footed(box, top + tall), dark, note)
    return Overlaid(measured, laid.dropped, laid.shortened)


def _dark(theme: Theme) -> Theme:
    """The theme where it is dark enough for a scrim; else night and white, which always read."""
    best = contrast(readable(theme.text, (rgb(theme.background),), 21.0), theme.background)
    if is_dark(theme) and best >= LEGIBLE * _MARGIN:
        return theme
    night = {"background": _NIGHT, "surface": _NIGHT, "text": "#ffffff", "muted": "#d5dbe3"}
    return theme.model_copy(update=night)


def least_contrast(
    image: Image.Image, areas: Sequence[tuple[int, int, int, int]], ink: Rgb
) -> float:
    """The worst contrast of a colour against any pixel of the given boxes."""
    light = luminance(ink)
    worst = 21.0
    for area in areas:
        pixels = np.asarray(image.crop(area))
        if pixels.size:
            shades = luminances(pixels)
            worst = min(worst, ratio(light, float(shades.max())), ratio(light, float(shades.min())))
    return worst


def _left(box: Frame, laid: Layout) -> float:
    return box.right - laid.width if reads_rtl(laid) else box.left


def _footed(box: Frame, bottom: float) -> Frame:
    return Frame(box.size, box.left, box.top, box.right, bottom, box.unit)


def line_boxes(laid: Layout, left: float, top: float) -> list[tuple[int, int, int, int]]:
    """Each line's ink with a little air, in pixels; right-to-left lines are counted in full."""
    air = 0.12 * laid.size
    boxes = []
    for number, line in enumerate(laid.lines):
        base = top + laid.baseline(number)
        ink = line.shaped.ink
        start = left + laid.line_left(line)
        boxes.append(
            (
                max(0, round(start + ink[0] * laid.size - air)),
                max(0, round(base - ink[3] * laid.size - air)),
                round(start + ink[2] * laid.size + air),
                round(base - ink[1] * laid.size + air),
            )
        )
    return boxes


def _prefers_top(faces: Sequence[Box], box: Frame, tall: float, height: int) -> bool:
    """Whether the lower end would hide more of the faces than the upper one."""

    def hidden(start: float, end: float) -> float:
        return sum(
            max(0.0, min(face[3] * height, end) - max(face[1] * height, start))
            / max(1.0, (face[3] - face[1]) * height)
            for face in faces
        )

    below = hidden(box.bottom - tall, float(height))
    return below > 0.05 and hidden(0.0, box.top + tall) < below


def _scrim(
    image: Image.Image,
    top: float,
    bottom: float,
    ground: Rgb,
    ink: Rgb,
    areas: list[tuple[int, int, int, int]],
    *,
    at_top: bool,
) -> None:
    """Blend the ground colour in, fading out away from the text, as little as legibility needs."""
    found = [np.asarray(image.crop(area)).reshape(-1, 3) for area in areas]
    behind = np.concatenate([part[_extremes(part, ink)] for part in found if part.size])
    light = luminance(ink)
    share = 1.0
    for step in range(14):
        share = min(1.0, 0.35 + 0.05 * step)
        mixed = behind + (np.array(ground) - behind) * share
        shades = luminances(np.clip(mixed + 1, 0, 255).astype(np.uint8))
        if min(ratio(light, float(shades.max())), ratio(light, float(shades.min()))) >= (
            LEGIBLE * _MARGIN
        ):
            break
    height = image.height
    ramp = 0.22 * height
    y = np.arange(height)
    edge = (bottom + ramp - y) / ramp if at_top else (y - (top - ramp)) / ramp
    eased = np.clip(edge, 0, 1)
    eased = eased * eased * (3 - 2 * eased) * share
    rows = np.flatnonzero(eased > 0.004)
    first, last = int(rows[0]), int(rows[-1]) + 1
    strip = image.crop((0, first, image.width, last))
    column = Image.fromarray((eased[first:last, None] * 255 + 0.5).astype(np.uint8))
    mask = column.resize((image.width, last - first), Image.Resampling.NEAREST)
    strip.paste(ground, (0, 0, *strip.size), mask)
    image.paste(strip, (0, first))


def _extremes(pixels: NDArray[np.uint8], ink: Rgb) -> NDArray[np.intp]:
    """Indexes of the 200 pixels nearest in light to the ink: the worst stay among the worst."""
    sums = pixels.astype(np.int32) @ np.array([54, 183, 18])
    order = sums if luminance(ink) < 0.5 else -sums
    count = min(200, order.size)
    return np.argpartition(order, count - 1)[:count]

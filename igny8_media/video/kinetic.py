"""Words that arrive one by one: each as a few small pictures, composed by MoviePy.

MoviePy puts the movement together, once, at the size of a word; what it makes is kept as a strip
of pictures, so that no frame of the video is ever composed by it. The words themselves are set by
our own shaper: MoviePy's text has no joined or right-to-left scripts.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
from moviepy import CompositeVideoClip, ImageClip, vfx
from PIL import Image

from igny8_media.imaging.colour import Rgb
from igny8_media.imaging.drawing import draw_glyphs
from igny8_media.imaging.linebreak import break_units
from igny8_media.imaging.shaping import Glyph, glyph_box
from igny8_media.imaging.text import Layout
from igny8_media.video.pieces import Piece

ARRIVAL_SECONDS: Final = 0.27
_FROM: Final = 0.7
"""The size a word arrives from, of its own."""
_BOUNCE: Final = 1.3
"""How far it overshoots: 1.7 would be the tenth of its way of the usual "back" easing."""
_FADE: Final = 0.45
"""Share of the arrival in which it becomes solid."""
_DROP: Final = 0.22
"""How much lower it begins, of its height."""
_AIR: Final = 4


class Unit(NamedTuple):
    """A word, or a phrase where words are not spaced: its text and its glyphs, placed."""

    text: str
    glyphs: tuple[tuple[Glyph, float, float], ...]
    size: float


def units_of(laid: Layout, at: tuple[float, float], text: str) -> list[Unit]:
    """A laid-out text of one paragraph as the units that arrive, in reading order.

    A text that had to be shortened comes line by line.
    """
    pieces = [""] if laid.shortened else list(break_units(" ".join(text.split())))
    ends = list(accumulate(len(piece) for piece in pieces))
    found: dict[int, list[tuple[Glyph, float, float]]] = {}
    for number, line in enumerate(laid.lines):
        left, base = at[0] + laid.line_left(line), at[1] + laid.baseline(number)
        for glyph in line.shaped.glyphs:
            inside = sum(end <= glyph.index for end in ends)
            place = number if laid.shortened else min(inside, len(ends) - 1)
            spot = (glyph, left + glyph.x * laid.size, base - glyph.y * laid.size)
            found.setdefault(place, []).append(spot)
    return [
        Unit("" if laid.shortened else pieces[place].strip(), tuple(found[place]), laid.size)
        for place in sorted(found)
        if any(glyph_box(g.file, g.font, g.glyph_id) for g, _, _ in found[place])
    ]


def arriving(unit: Unit, ink: Rgb, fps: int, *, moves: bool = True) -> Piece:
    """A unit as a piece whose cells show it popping up with a slight overshoot.

    One with an emoji, which has colours of its own, fades in like other type.
    """
    boxes = [
        (x + box[0] * unit.size, y - box[3] * unit.size, x + box[2] * unit.size,
         y - box[1] * unit.size)
        for glyph, x, y in unit.glyphs
        if (box := glyph_box(glyph.file, glyph.font, glyph.glyph_id))
    ]  # fmt: skip
    left, top = (min(box[side] for box in boxes) for side in (0, 1))
    right, bottom = (max(box[side] for box in boxes) for side in (2, 3))
    # Room for the overshoot above and beside, and for the drop below.
    beside, above, under = (
        _AIR + share * (bottom - top) for share in (0.12 + 0.03 * _wide(boxes), 0.12, 0.3)
    )
    x, y = int(left - beside) // 2 * 2, int(top - above) // 2 * 2
    width, height = _even(right + beside - x), _even(bottom + under - y)
    picture = Image.new("RGBA", (width, height), (*ink, 0))
    spots = [(glyph, gx - x, gy - y) for glyph, gx, gy in unit.glyphs]
    draw_glyphs(picture, spots, unit.size, ink)
    if not moves or any(glyph.file.colour for glyph, _, _ in unit.glyphs):
        return Piece(picture, x, y)
    drop = _DROP * (bottom - top)
    return Piece(picture, x, y, cells=tuple(pop(picture, ink, fps, drop=drop)))


def pop(picture: Image.Image, ink: Rgb, fps: int, *, drop: float) -> list[Image.Image]:
    """The pictures of an arrival in one colour, one a frame, each as large as `picture`.

    It grows about its middle with a little overshoot, rises by `drop` pixels and becomes solid.
    """
    pixels = np.asarray(picture)
    width, height = picture.size
    count = round(ARRIVAL_SECONDS * fps)
    seconds = (count + 1) / fps

    def scale(t: float) -> float:
        return _FROM + (1 - _FROM) * _back(t / seconds)

    def place(t: float) -> tuple[float, float]:
        size = scale(t)
        down = drop * (1 - _back(t / seconds))
        return width * (1 - size) / 2, height * (1 - size) / 2 + down

    # One colour moves as well as many, and composing its mask alone takes a third of the time.
    mask = ImageClip(pixels[..., 3] / 255.0, is_mask=True, duration=seconds)
    moving = mask.with_effects([vfx.Resize(scale), vfx.FadeIn(_FADE * seconds)])
    clip = CompositeVideoClip([moving.with_position(place)], size=(width, height), is_mask=True)
    cells = []
    for number in range(count):
        alpha = np.clip(clip.get_frame((number + 1) / fps) * 255 + 0.5, 0, 255).astype(np.uint8)
        cell = Image.new("RGBA", (width, height), ink)
        cell.putalpha(Image.fromarray(alpha))
        cells.append(cell)
    return cells


def _back(progress: float) -> float:
    """0..1 with a slight overshoot before the end (Penner's easeOutBack)."""
    p = min(1.0, max(0.0, progress)) - 1
    return 1 + (_BOUNCE + 1) * p**3 + _BOUNCE * p**2


def _wide(boxes: Sequence[tuple[float, float, float, float]]) -> float:
    """How many times as wide as tall a word is: a wide one overshoots further."""
    tall = max(b[3] for b in boxes) - min(b[1] for b in boxes)
    return (max(b[2] for b in boxes) - min(b[0] for b in boxes)) / max(1.0, tall)


def _even(value: float) -> int:
    return (int(value) + 2) // 2 * 2

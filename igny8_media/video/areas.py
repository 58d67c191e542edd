"""What players leave free, and who may use it: type on top, captions below it, never both.

Everything here comes from the safe areas of the presets: one render serves several places, so it
keeps to what all of them leave free.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from igny8_media.imaging.frame import Frame, Size, frame
from igny8_media.video.presets import PRESETS

CAPTION_ROWS: Final = 2
_EM: Final = {True: 80 / 1080, False: 50 / 1080}
"""The type of captions on upright and on wide frames, of the shorter side."""
_ROW: Final = 1.3
"""Ems that a row of captions takes, with what surrounds it."""
_AIR: Final = 0.075
"""Between type and captions, of the shorter side."""


class Area(NamedTuple):
    """A part of the frame in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left


@lru_cache(maxsize=16)
def safe_area(size: Size) -> Area:
    """What every preset of this frame's shape leaves free."""
    upright = size[1] > size[0]
    areas = [
        preset.safe_area
        for preset in PRESETS.values()
        if (preset.composition.height > preset.composition.width) == upright
    ]
    left, top = (max(area[side] for area in areas) for side in (0, 1))
    right, bottom = (min(area[side] for area in areas) for side in (2, 3))
    return Area(left * size[0], top * size[1], right * size[0], bottom * size[1])


def caption_em(size: Size) -> float:
    """Pixels of an em of burned-in captions."""
    return _EM[size[1] > size[0]] * min(size)


def caption_area(size: Size) -> Area:
    """Where captions stand: at the lower end of the safe area, in the middle of the frame."""
    safe = safe_area(size)
    margin = max(safe.left, size[0] - safe.right)
    tall = CAPTION_ROWS * _ROW * caption_em(size)
    return Area(margin, safe.bottom - tall, size[0] - margin, safe.bottom)


def text_room(size: Size, *, captions: bool = True) -> Frame:
    """The box that type may use on a frame, above its captions or, without any, down to the end."""
    safe, box = safe_area(size), frame(size)
    bottom = caption_area(size).top - _AIR * min(size) if captions else safe.bottom
    return replace(
        box,
        left=max(box.left, safe.left),
        top=max(safe.top, 0.09 * size[1]),
        right=min(box.right, safe.right),
        bottom=bottom,
    )

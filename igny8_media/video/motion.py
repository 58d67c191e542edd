"""Camera movement: easing, the views in between, and the window of pixels a view stands for."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from igny8_media.video.plan import Camera, View
from igny8_media.video.planes import Matrix

_STEADY: Final = 0.6
"""Share of even speed in a movement. The rest eases in and out; with none of the even part the
picture would stand still at both ends, which looks like a stutter beside a cross-fade."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a base picture, in base pixels; `scale` is base pixels per frame pixel."""

    left: float
    top: float
    width: float
    height: float
    scale: float


def eased(progress: float) -> float:
    """Progress 0..1 along a movement, slower at both ends."""
    clamped = min(1.0, max(0.0, progress))
    smooth = clamped * clamped * (3 - 2 * clamped)
    return _STEADY * clamped + (1 - _STEADY) * smooth


def glide(progress: float) -> float:
    """Progress 0..1 of something that leaves from rest and comes to rest."""
    clamped = min(1.0, max(0.0, progress))
    return clamped * clamped * clamped * (clamped * (6 * clamped - 15) + 10)


def settle(progress: float) -> float:
    """Progress 0..1 of something that arrives: fast at first, then gently to rest."""
    clamped = min(1.0, max(0.0, progress))
    return 1 - (1 - clamped) ** 3


def view_at(camera: Camera, frame: int, frames: int) -> View:
    """The view at `frame` of a movement over `frames`; before and after, its two ends."""
    p = eased(frame / frames)
    a, b = camera.start, camera.end
    return View(
        x=a.x + (b.x - a.x) * p, y=a.y + (b.y - a.y) * p, width=a.width + (b.width - a.width) * p
    )


def window_of(view: View, base: Size, frame: Size) -> Window:
    """The window a view stands for, pushed back inside the base where it would stick out."""
    width = view.width * base[0]
    height = width * frame[1] / frame[0]
    if height > base[1]:
        width, height = base[1] * frame[0] / frame[1], float(base[1])
    left = min(max(view.x * base[0] - width / 2, 0.0), base[0] - width)
    top = min(max(view.y * base[1] - height / 2, 0.0), base[1] - height)
    return Window(left, top, width, height, width / frame[0])


def luma_map(window: Window) -> Matrix:
    """The 2x3 matrix from a frame's pixel to the base's, as cv2.WARP_INVERSE_MAP wants it.

    Pixel i covers i..i+1, its centre is i + 0.5.
    """
    scale = window.scale
    across, down = window.left + 0.5 * scale - 0.5, window.top + 0.5 * scale - 0.5
    return np.array([[scale, 0, across], [0, scale, down]])


def chroma_map(window: Window) -> Matrix:
    """The same for half-size planes: centred in the base, left-sited in the frame.

    Chroma sample j of a frame lies at 2j + 0.5 across and 2j + 1 down; sample i of a base, being
    an average, at 2i + 1 both ways.
    """
    scale = window.scale
    across, down = (window.left + 0.5 * scale - 1) / 2, (window.top + scale - 1) / 2
    return np.array([[scale, 0, across], [0, scale, down]])

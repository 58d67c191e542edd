"""Camera movement: easing, views in between, and the affine maps that show a view on planes."""

import numpy as np

from igny8_media.video.plan import Camera, View
from igny8_media.video.planes import Matrix

_STEADY = 0.6
"""Share of even speed in a movement. The rest eases in and out; with none of the even part the
picture would stand still at both ends, which looks like a stutter beside a cross-fade."""


def eased(progress: float) -> float:
    """Progress 0..1 along a movement; beyond that range the movement runs on evenly."""
    clamped = min(1.0, max(0.0, progress))
    smooth = clamped * clamped * (3 - 2 * clamped)
    return _STEADY * progress + (1 - _STEADY) * smooth


def settle(progress: float) -> float:
    """Progress 0..1 of something that arrives: fast at first, then gently to rest."""
    clamped = min(1.0, max(0.0, progress))
    return 1 - (1 - clamped) ** 3


def view_at(camera: Camera, frame: int, frames: int) -> View:
    """The view at `frame` of a movement over `frames`, kept inside the base picture."""
    p = eased(frame / frames)
    a, b = camera.start, camera.end
    return View(
        x=min(1.0, max(0.0, a.x + (b.x - a.x) * p)),
        y=min(1.0, max(0.0, a.y + (b.y - a.y) * p)),
        width=min(1.0, max(0.01, a.width + (b.width - a.width) * p)),
    )


def luma_map(view: View, base: tuple[int, int], frame: tuple[int, int]) -> Matrix:
    """The 2x3 matrix from a frame's pixel to the base's, as cv2.WARP_INVERSE_MAP wants it.

    The window is pushed back inside the base where it would stick out.
    """
    scale, left, top = _window(view, base, frame)
    # Pixel i covers i..i+1, its centre is i + 0.5.
    return np.array([[scale, 0, left + 0.5 * scale - 0.5], [0, scale, top + 0.5 * scale - 0.5]])


def chroma_map(view: View, base: tuple[int, int], frame: tuple[int, int]) -> Matrix:
    """The same for half-size planes: centred in the base, left-sited in the frame.

    Chroma sample j of a frame lies at 2j + 0.5 across and 2j + 1 down; sample i of a base, being
    an average, at 2i + 1 both ways.
    """
    scale, left, top = _window(view, base, frame)
    return np.array([[scale, 0, (left + 0.5 * scale - 1) / 2], [0, scale, (top + scale - 1) / 2]])


def _window(
    view: View, base: tuple[int, int], frame: tuple[int, int]
) -> tuple[float, float, float]:
    """Base pixels per frame pixel, and the window's left and top edge in base pixels."""
    width = view.width * base[0]
    height = width * frame[1] / frame[0]
    if height > base[1]:
        width, height = base[1] * frame[0] / frame[1], float(base[1])
    left = min(max(view.x * base[0] - width / 2, 0.0), base[0] - width)
    top = min(max(view.y * base[1] - height / 2, 0.0), base[1] - height)
    return width / frame[0], left, top

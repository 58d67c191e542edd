"""Which way the camera goes: slow, varied from shot to shot, past what matters in the picture."""

import math
from collections.abc import Sequence
from typing import Final

from igny8_media.video.plan import Camera, View

CLOSEST: Final = 0.76
"""The narrowest view, of the widest: how far a camera may go in."""
_LONGEST_SHOT: Final = 6.5
"""Seconds after which the eye wants another framing."""
_ZOOM_SPEED: Final = 0.018
_PAN_SPEED: Final = 0.025
"""Share of the view's width a second: seen as movement, never felt as a rush."""

Size = tuple[int, int]


def shot_lengths(seconds: float) -> list[float]:
    """Seconds of each framing of a picture that is on for `seconds`."""
    count = max(1, math.ceil((seconds - 1.5) / _LONGEST_SHOT))
    return [seconds / count] * count


def cameras(
    base: Size, frame: Size, focus: tuple[float, float], lengths: Sequence[float], seed: int
) -> list[Camera]:
    """One movement for each shot, different from the one before, always towards or past `focus`.

    `focus` is the place that matters, in fractions of the base's sides.
    """
    full = min(1.0, base[1] * frame[0] / frame[1] / base[0])
    made = []
    for number, seconds in enumerate(lengths):
        turn = (seed + number) % 4
        wide = full if number % 2 == 0 else full * (CLOSEST + 0.08)
        depth = max(1 - _ZOOM_SPEED * seconds, CLOSEST / (wide / full))
        near, far = View(x=focus[0], y=focus[1], width=wide * depth), _towards(focus, wide)
        if turn == 0:
            camera = Camera(start=far, end=near)
        elif turn == 2:
            camera = Camera(start=near, end=far)
        else:
            camera = _travel(base, frame, focus, wide, seconds, reverse=turn == 3)
        made.append(camera)
    return made


def still_camera(seconds: float, seed: int) -> Camera:
    """A slow drift for a picture that is to be seen whole."""
    depth = max(0.93, 1 - 0.008 * seconds)
    wide, near = View(), View(width=depth, y=0.47)
    return Camera(start=wide, end=near) if seed % 2 == 0 else Camera(start=near, end=wide)


def backdrop_camera(seconds: float, seed: int) -> Camera:
    """A generous drift for a backdrop: nothing on it needs to be read."""
    side = 0.38 if seed % 2 else 0.62
    depth = max(0.78, 1 - 0.025 * seconds)
    return Camera(
        start=View(x=0.5, y=0.5, width=0.97), end=View(x=side, y=0.56, width=0.97 * depth)
    )


def _towards(focus: tuple[float, float], width: float) -> View:
    """A wide view that leans a third of the way to the focus."""
    return View(x=0.5 + (focus[0] - 0.5) / 3, y=0.5 + (focus[1] - 0.5) / 3, width=width)


def _travel(
    base: Size,
    frame: Size,
    focus: tuple[float, float],
    width: float,
    seconds: float,
    *,
    reverse: bool,
) -> Camera:
    """Along the base's longer side, through the focus."""
    view = min(width, 1.0) * 0.94
    tall = view * base[0] * frame[1] / frame[0] / base[1]
    across = 1 - view >= 1 - tall
    size, centre = (view, focus[0]) if across else (tall, focus[1])
    reach = min(_PAN_SPEED * seconds * size, (1 - size) / 2)
    middle = min(max(centre, size / 2 + reach), 1 - size / 2 - reach)
    a, b = middle - reach, middle + reach
    if reverse:
        a, b = b, a
    if across:
        return Camera(
            start=View(x=a, y=focus[1], width=view), end=View(x=b, y=focus[1], width=view)
        )
    return Camera(start=View(x=focus[0], y=a, width=view), end=View(x=focus[0], y=b, width=view))

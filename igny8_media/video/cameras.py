"""Which way the camera goes: slowly, another way in every shot, past what matters in the picture.

A camera either travels over a picture at natural size or zooms out of a corner: the two movements
that cost least to paint (see warp.py).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from igny8_media.video.motion import window_of
from igny8_media.video.plan import Camera, View

_LONGEST_SHOT: Final = 6.5
"""Seconds after which the eye wants another framing."""
_ZOOM_SPEED: Final = 0.022
_TRAVEL_SPEED: Final = 0.024
"""Share of the frame a second: seen as movement, never felt as a rush."""
_MOST: Final = 0.2
"""The farthest any one shot moves, as a share of the frame."""

_MOST_BEHIND: Final = 0.4
"""The farthest a backdrop moves: on a card that stays for long it must not seem to stop."""

_WAYS: Final = 6

Size = tuple[int, int]
Point = tuple[float, float]
Face = tuple[float, float, float, float]
FacesOf = Callable[[Size], Sequence[Face]]


@dataclass(frozen=True, slots=True)
class Move:
    """A camera, and the size in pixels of the base picture it needs."""

    base: Size
    camera: Camera


def shot_lengths(seconds: float) -> list[float]:
    """Seconds of each framing of a picture that is on for `seconds`."""
    count = max(1, math.ceil((seconds - 1.5) / _LONGEST_SHOT))
    return [seconds / count] * count


def photograph_move(frame: Size, picture: Size, focus: Point, seconds: float, turn: int) -> Move:
    """Along, in, across, back along, out, back across: `turn` says which.

    `focus` is what matters, in fractions. One movement in three is a zoom: it costs three times
    as much to paint as a journey.
    """
    way = turn % _WAYS
    if way in (1, 4):
        return _zoom(frame, focus, min(_MOST, _ZOOM_SPEED * seconds), turn, outward=way == 4)
    wide = picture[0] * frame[1] >= picture[1] * frame[0]
    if way in (0, 3):
        slope = (1.0, 0.0) if wide else (0.0, 1.0)
    else:
        slope = (1.0, 0.35) if wide else (0.35, -1.0)
    return _travel(frame, slope, seconds, reverse=way > 2)


def keeping(
    frame: Size, picture: Size, focus: Point, seconds: float, turn: int, faces: FacesOf
) -> Move:
    """The `photograph_move` of this turn, or the next best one that cuts no face on its way.

    `faces` gives the faces for a base of a size, as fractions of it. Where every way would cut
    one, the camera moves less and less.
    """
    for calmer in (1.0, 0.5, 0.25):
        for other in range(_WAYS):
            move = photograph_move(frame, picture, focus, seconds * calmer, turn + other)
            if all(stays(move, frame, face) for face in faces(move.base)):
                return move
    return photograph_move(frame, picture, focus, seconds * 0.1, turn)


def stays(move: Move, frame: Size, face: Face) -> bool:
    """Whether a part of the base is seen whole from the movement's start to its end.

    The window's sides move evenly with each other: what both ends show, all between them shows.
    """
    for view in (move.camera.start, move.camera.end):
        window = window_of(view, move.base, frame)
        left, top = face[0] * move.base[0], face[1] * move.base[1]
        right, bottom = face[2] * move.base[0], face[3] * move.base[1]
        inside = (
            left >= window.left - 1
            and top >= window.top - 1
            and right <= window.left + window.width + 1
            and bottom <= window.top + window.height + 1
        )
        if not inside:
            return False
    return True


def always_inside(move: Move, frame: Size, box: Face) -> Face:
    """The part of a move's base, in its pixels, that stays inside a `box` of the frame.

    `box` is (left, top, right, bottom) in pixels. As in `stays`, both ends say it for all between.
    """
    seen = [window_of(view, move.base, frame) for view in (move.camera.start, move.camera.end)]
    return (
        max(window.left + box[0] * window.scale for window in seen),
        max(window.top + box[1] * window.scale for window in seen),
        min(window.left + box[2] * window.scale for window in seen),
        min(window.top + box[3] * window.scale for window in seen),
    )


def whole_move(frame: Size, seconds: float, turn: int) -> Move:
    """A slight zoom, for a picture that is to be seen whole."""
    depth = min(0.06, 0.009 * seconds)
    return _zoom(frame, (0.5, 0.5), depth, turn, outward=turn % 2 == 1)


def backdrop_move(frame: Size, seconds: float, turn: int) -> Move:
    """A generous drift across a backdrop, on which nothing needs to be read."""
    slope = ((1.0, 0.5), (1.0, -0.5), (-1.0, 0.5), (-1.0, -0.5))[turn % 4]
    return _travel(frame, slope, seconds * 1.3, reverse=False, most=_MOST_BEHIND)


def _zoom(frame: Size, focus: Point, depth: float, turn: int, *, outward: bool) -> Move:
    """Between the whole base and its corner nearest the focus, which thereby nears the middle."""
    base = (_even(frame[0] * (1 + depth)), _even(frame[1] * (1 + depth)))
    x, y = (_corner(side, turn >> bit & 1) for bit, side in enumerate(focus))
    whole, near = View(x=x, y=y), View(x=x, y=y, width=frame[0] / base[0])
    return Move(base, Camera(start=near, end=whole) if outward else Camera(start=whole, end=near))


def _corner(focus: float, otherwise: int) -> float:
    if abs(focus - 0.5) < 0.04:
        return float(otherwise)
    return 0.0 if focus < 0.5 else 1.0


def _travel(
    frame: Size, slope: Point, seconds: float, *, reverse: bool, most: float = _MOST
) -> Move:
    """From one side of a base to the other, at natural size."""
    reach = min(most, _TRAVEL_SPEED * seconds)
    base = (
        _even(frame[0] * (1 + abs(slope[0]) * reach)),
        _even(frame[1] * (1 + abs(slope[1]) * reach)),
    )
    width, height = frame[0] / base[0], frame[1] / base[1]
    x, y = (
        side / 2 if way >= 0 else 1 - side / 2
        for side, way in zip((width, height), slope, strict=True)
    )
    a, b = View(x=x, y=y, width=width), View(x=1 - x, y=1 - y, width=width)
    return Move(base, Camera(start=b, end=a) if reverse else Camera(start=a, end=b))


def _even(value: float) -> int:
    return max(2, math.ceil(value / 2) * 2)

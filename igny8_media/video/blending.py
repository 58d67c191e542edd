"""Laying pictures with alpha on the planes of a frame, and several of them together into one."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from igny8_media.video.planes import Frame, Overlay, Plane

_WASTE: Final = 1.25
"""Pictures are laid together where that takes at most this much more area."""
_MOSTLY: Final = 0.5
"""Share of a picture that must be solid for its inside to be copied rather than blended."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture whose corner lies at pixel (`x`, `y`) of the frame.

    `solid` is a part of it (left, top, right, bottom) that covers all behind it; x is even, and so
    are its sides and the solid part's; y may be odd while something moves.
    """

    picture: Overlay
    x: int
    y: int
    solid: Box | None = None

    @classmethod
    def of(cls, picture: Overlay, x: int, y: int) -> "Placed":
        """Looks for the solid part, which takes as long as laying the picture once."""
        return cls(picture, x, y, _solid(picture))

    def moved(self, x: int, y: int) -> "Placed":
        return Placed(self.picture, x, y, self.solid)

    @property
    def width(self) -> int:
        return int(self.picture.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.picture.y.shape[0])

    @property
    def box(self) -> Box:
        return self.x, self.y, self.x + self.width, self.y + self.height

    def rows(self, top: int, bottom: int) -> "Placed":
        """What of it lies between two rows of the frame."""
        first = min(self.height, max(0, top - self.y) // 2 * 2)
        last = max(first, min(self.height, (bottom - self.y) // 2 * 2))
        return self._cut((0, first, self.width, last))

    def columns(self, left: int, right: int) -> "Placed":
        """What of it lies between two even columns of the frame."""
        first, last = max(0, left - self.x), min(self.width, right - self.x)
        return self._cut((first, 0, max(first, last), self.height))

    def _cut(self, box: Box) -> "Placed":
        solid = self.solid
        if solid is not None:
            cut = (*np.maximum(solid[:2], box[:2]), *np.minimum(solid[2:], box[2:]))
            left, top, right, bottom = (int(side) for side in cut)
            empty = right <= left or bottom <= top
            solid = (
                None if empty else (left - box[0], top - box[1], right - box[0], bottom - box[1])
            )
        return Placed(_part(self.picture, box), self.x + box[0], self.y + box[1], solid)


def lay(placed: Placed, frame: Frame, opacity: float = 1.0) -> None:
    """Blend a picture into a frame at `opacity` 0..1; what sticks out of the frame is cut off."""
    width, height = frame.size
    below = placed.rows(0, height // 2 * 2) if _sticks_out(placed, height) else placed
    if placed.x < 0 or placed.x + placed.width > width:
        below = below.columns(0, width)
    if below.width == 0 or below.height == 0:
        return
    if below.solid is None or opacity < 1:
        _blend(below.picture, frame, below.x, below.y, opacity)
        return
    left, top, right, bottom = below.solid
    _copy(_part(below.picture, below.solid), frame, below.x + left, below.y + top)
    for part in (
        (0, 0, below.width, top),
        (0, bottom, below.width, below.height),
        (0, top, left, bottom),
        (right, top, below.width, bottom),
    ):
        if part[2] > part[0] and part[3] > part[1]:
            _blend(_part(below.picture, part), frame, below.x + part[0], below.y + part[1], 1.0)


def joined(pictures: tuple[Placed, ...], top: Placed) -> tuple[Placed, ...]:
    """`top` laid over `pictures`: with the first it shares a place with, where that saves work."""
    for number in range(len(pictures) - 1, -1, -1):
        other = pictures[number]
        union = _union(other.box, top.box)
        if _area(union) <= _WASTE * (_area(other.box) + _area(top.box)):
            both = _over(other, top, union)
            return (*pictures[:number], both, *pictures[number + 1 :])
        if _overlap(other.box, top.box):
            break  # it must stay above this one
    return (*pictures, top)


def _sticks_out(placed: Placed, height: int) -> bool:
    return placed.y < 0 or placed.y + placed.height > height


def _blend(picture: Overlay, frame: Frame, x: int, y: int, opacity: float) -> None:
    keep, keep_half = picture.keep, picture.keep_half
    if opacity < 1:
        keep, keep_half = (_faded(plane, opacity, 255) for plane in (keep, keep_half))
    for colour, through, target, step in (
        (picture.y, keep, frame.y, 1),
        (picture.u, keep_half, frame.u, 2),
        (picture.v, keep_half, frame.v, 2),
    ):
        if opacity < 1:
            colour = _faded(colour, opacity, 0)
        rows, columns = colour.shape
        window = target[y // step : y // step + rows, x // step : x // step + columns]
        if window.shape != colour.shape:  # one row of chroma less, at an odd height
            colour, through = colour[: window.shape[0]], through[: window.shape[0]]
        behind = cv2.multiply(window, through, scale=1 / 255)
        window[:] = cv2.add(behind, colour, dst=behind)


def _copy(picture: Overlay, frame: Frame, x: int, y: int) -> None:
    for colour, target, step in (
        (picture.y, frame.y, 1),
        (picture.u, frame.u, 2),
        (picture.v, frame.v, 2),
    ):
        rows, columns = colour.shape
        target[y // step : y // step + rows, x // step : x // step + columns] = colour


def _faded(plane: Plane, opacity: float, towards: int) -> Plane:
    solid = towards * (1 - opacity)
    return np.asarray(cv2.convertScaleAbs(plane, alpha=opacity, beta=solid), np.uint8)


def _over(below: Placed, above: Placed, union: Box) -> Placed:
    """Both as one picture of the size of `union`: premultiplied "over"."""
    width, height = union[2] - union[0], union[3] - union[1]
    made = Overlay(
        np.zeros((height, width), np.uint8),
        np.zeros((height // 2, width // 2), np.uint8),
        np.zeros((height // 2, width // 2), np.uint8),
        np.full((height, width), 255, np.uint8),
        np.full((height // 2, width // 2), 255, np.uint8),
    )
    for placed in (below, above):
        x, y, picture = placed.x - union[0], placed.y - union[1], placed.picture
        for target, colour, through, step in (
            (made.y, picture.y, picture.keep, 1),
            (made.u, picture.u, picture.keep_half, 2),
            (made.v, picture.v, picture.keep_half, 2),
            (made.keep, None, picture.keep, 1),
            (made.keep_half, None, picture.keep_half, 2),
        ):
            rows, columns = through.shape
            window = target[y // step : y // step + rows, x // step : x // step + columns]
            behind = cv2.multiply(window, through, scale=1 / 255)
            window[:] = behind if colour is None else cv2.add(behind, colour)
    return Placed.of(made, union[0], union[1])


def _part(picture: Overlay, box: Box) -> Overlay:
    left, top, right, bottom = box
    luma = np.s_[top:bottom, left:right]
    chroma = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
    return Overlay(
        picture.y[luma],
        picture.u[chroma],
        picture.v[chroma],
        picture.keep[luma],
        picture.keep_half[chroma],
    )


def _solid(picture: Overlay) -> Box | None:
    """A large even part of a picture that lets nothing through, grown from its middle."""
    covers = picture.keep == 0
    height, width = covers.shape
    if min(height, width) < 16 or covers.mean() < _MOSTLY:
        return None
    left, right = _run(covers[height // 2], width // 2)
    top, bottom = _run(covers[:, left:right].all(axis=1), height // 2)
    # One chroma sample off the edge, which siting has mixed with what lies beside it.
    box = (
        (left + 3) // 2 * 2,
        (top + 3) // 2 * 2,
        (right - 2) // 2 * 2,
        (bottom - 2) // 2 * 2,
    )
    return box if box[2] > box[0] and box[3] > box[1] else None


def _run(true: np.ndarray, middle: int) -> tuple[int, int]:
    """The stretch of true values around an index; empty where that one is false."""
    if not true[middle]:
        return middle, middle
    ends = np.flatnonzero(~true)
    cut = int(np.searchsorted(ends, middle))
    first = int(ends[cut - 1]) + 1 if cut else 0
    last = int(ends[cut]) if cut < ends.size else true.size
    return first, last


def _union(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])

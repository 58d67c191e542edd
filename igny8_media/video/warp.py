"""Showing a window of a still picture at sub-pixel precision, as cheaply as its movement allows.

Measured for one 1080x1920 frame on one core: any window 5 ms (affine warp), a window at one base
pixel per frame pixel 0.7 ms (shifted copy), a window held in a corner of the base 2.4 ms (resize).
So cameras travel at natural size and zoom out of corners; other windows work, and cost more.
"""

from typing import Final

import cv2
import numpy as np

from igny8_media.video.motion import Window, chroma_map, luma_map
from igny8_media.video.planes import Frame, Matrix, Plane, Planes

_AFFINE: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_EXACT: Final = 1e-6
_SITING: Final = 0.275
"""Chroma pixels between where resizing puts chroma samples and where H.264 has them: a quarter of
the scale, which lies between 1.0 and 1.2."""


class Base:
    """A still picture ready to be shown; mirrored copies are made once, when first needed."""

    def __init__(self, planes: Planes) -> None:
        self.planes = planes
        self.size = planes.size
        self._mirrored: dict[tuple[bool, bool], tuple[Plane, Plane, Plane]] = {}

    def corner(self, right: bool, bottom: bool) -> tuple[Plane, Plane, Plane]:
        """The planes turned so that a corner lies at the origin, chroma sited for resizing."""
        key = (right, bottom)
        if key not in self._mirrored:
            shift = _SITING if right else -_SITING
            self._mirrored[key] = (
                _turned(self.planes.y, right, bottom),
                _turned(_shifted(self.planes.u, shift, right), right, bottom),
                _turned(_shifted(self.planes.v, shift, right), right, bottom),
            )
        return self._mirrored[key]


def show(base: Base, window: Window, frame: Frame) -> None:
    """Fill `frame` with what `window` sees of `base`."""
    if abs(window.scale - 1) < _EXACT:
        _copy(base, window, frame)
        return
    right = abs(base.size[0] - window.left - window.width) < _EXACT and window.left > _EXACT
    bottom = abs(base.size[1] - window.top - window.height) < _EXACT and window.top > _EXACT
    held = (window.left < _EXACT or right) and (window.top < _EXACT or bottom)
    # OpenCV copies where source and target have the same size, whatever scale it was told.
    enough = window.scale > 1 and round(frame.size[1] * window.scale) > frame.size[1]
    if held and enough:
        _resize(base.corner(right, bottom), window.scale, right, bottom, frame)
    else:
        _warp(base, window, frame)


def _copy(base: Base, window: Window, frame: Frame) -> None:
    """A shift by fractions of a pixel; centres are in pixel indices of each plane."""
    planes = base.planes
    width, height = frame.size
    across, down = window.left + (width - 1) / 2, window.top + (height - 1) / 2
    cv2.getRectSubPix(planes.y, (width, height), (across, down), patch=frame.y)
    half = (width // 2, height // 2)
    across = window.left / 2 - 0.25 + (half[0] - 1) / 2
    down = window.top / 2 + (half[1] - 1) / 2
    cv2.getRectSubPix(planes.u, half, (across, down), patch=frame.u)
    cv2.getRectSubPix(planes.v, half, (across, down), patch=frame.v)


def _resize(
    planes: tuple[Plane, Plane, Plane], scale: float, right: bool, bottom: bool, frame: Frame
) -> None:
    for source, target in zip(planes, (frame.y, frame.u, frame.v), strict=True):
        rows = min(source.shape[0], round(target.shape[0] * scale))
        columns = min(source.shape[1], round(target.shape[1] * scale))
        part = source[:rows, :columns]
        if right or bottom:
            made = cv2.resize(part, None, fx=1 / scale, fy=1 / scale)
            cv2.flip(made, _flip_code(right, bottom), dst=target)
        else:
            cv2.resize(part, None, dst=target, fx=1 / scale, fy=1 / scale)


def _warp(base: Base, window: Window, frame: Frame) -> None:
    planes = base.planes
    luma, chroma = luma_map(window), chroma_map(window)
    for source, target, matrix in (
        (planes.y, frame.y, luma),
        (planes.u, frame.u, chroma),
        (planes.v, frame.v, chroma),
    ):
        size = (target.shape[1], target.shape[0])
        cv2.warpAffine(
            source, matrix, size, dst=target, flags=_AFFINE, borderMode=cv2.BORDER_REPLICATE
        )


def _flip_code(right: bool, bottom: bool) -> int:
    return -1 if right and bottom else (1 if right else 0)


def _turned(plane: Plane, right: bool, bottom: bool) -> Plane:
    if not (right or bottom):
        return plane
    return np.asarray(cv2.flip(plane, _flip_code(right, bottom)), np.uint8)


def _shifted(plane: Plane, by: float, right: bool) -> Plane:
    """`plane` as seen `by` pixels further right."""
    matrix: Matrix = np.array([[1.0, 0, by if not right else -by], [0, 1.0, 0]])
    size = (plane.shape[1], plane.shape[0])
    moved = cv2.warpAffine(plane, matrix, size, flags=_AFFINE, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)

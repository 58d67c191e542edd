"""Painting the frames of a plan: warps for moving stills, blends for fades and layers."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import cv2
import numpy as np

from igny8_media.video.motion import settle, view_at, window_of
from igny8_media.video.plan import Layer, Scene, ScenePlan, Shot
from igny8_media.video.planes import (
    Frame,
    Matrix,
    Overlay,
    Plane,
    load_overlay,
    load_still,
)
from igny8_media.video.warp import Base, show

T = TypeVar("T")

_LEAVES: Final = 8
"""Frames a layer takes to fade out before its end."""
_KEPT: Final = 4
"""Decoded pictures kept: two shots on either side of a cross-fade."""
_FLAGS: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Composer:
    """Paints frames of one plan, in any order; cheapest in the order of the video.

    Memory does not grow with the video's length: a handful of decoded pictures and two frames.
    Not for use by two threads at once.
    """

    def __init__(self, plan: ScenePlan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._scratch = Frame(*plan.size)
        self._shot_scratch = Frame(*plan.size)
        self._stills: OrderedDict[str, Base] = OrderedDict()
        self._overlays: OrderedDict[str, Overlay] = OrderedDict()

    def paint(self, scene: int, at: int, frame: Frame) -> None:
        """Paint frame `at` of the plan's scene number `scene`, cross-fade included."""
        current = self._plan.scenes[scene]
        self._scene(current, at, frame)
        if scene and at < current.fade:
            before = self._plan.scenes[scene - 1]
            self._scene(before, before.frames + at, self._scratch)
            _mix(self._scratch, frame, (at + 1) / (current.fade + 1))

    def _scene(self, scene: Scene, at: int, frame: Frame) -> None:
        number = max(i for i, shot in enumerate(scene.shots) if i == 0 or shot.start <= at)
        shot = scene.shots[number]
        self._shot(shot, at, frame)
        if number and at - shot.start < shot.fade:
            self._shot(scene.shots[number - 1], at, self._shot_scratch)
            _mix(self._shot_scratch, frame, (at - shot.start + 1) / (shot.fade + 1))
        for layer in scene.layers:
            if layer.start <= at and (layer.end is None or at < layer.end):
                self._layer(layer, at, frame)

    def _shot(self, shot: Shot, at: int, frame: Frame) -> None:
        base = self._still(shot.base)
        view = view_at(shot.camera, at - shot.moves_from, shot.moves_for)
        show(base, window_of(view, base.size, frame.size), frame)

    def _layer(self, layer: Layer, at: int, frame: Frame) -> None:
        picture = self._overlay(layer.file)
        arrived = settle((at - layer.start + 1) / (layer.fade + 1))
        left = 1.0 if layer.end is None else min(1.0, (layer.end - at) / (_LEAVES + 1))
        _blend(picture, frame, layer.x, layer.y, arrived * left, (1 - arrived) * layer.rise)

    def _still(self, name: str) -> Base:
        return _kept(self._stills, name, lambda: Base(load_still(self._folder / name)))

    def _overlay(self, name: str) -> Overlay:
        return _kept(self._overlays, name, lambda: load_overlay(self._folder / name))


def _kept(cache: "OrderedDict[str, T]", name: str, load: Callable[[], T]) -> T:
    if name in cache:
        cache.move_to_end(name)
        return cache[name]
    if len(cache) >= _KEPT:
        cache.popitem(last=False)
    cache[name] = load()
    return cache[name]


def _mix(before: Frame, frame: Frame, share: float) -> None:
    """Cross-fade: `share` of `frame` stays, the rest comes from `before`."""
    cv2.addWeighted(before.buffer, 1 - share, frame.buffer, share, 0, dst=frame.buffer)


def _blend(picture: Overlay, frame: Frame, x: int, y: int, opacity: float, below: float) -> None:
    """Lay `picture` on `frame` at even pixel (x, y), `below` pixels lower, `opacity` 0..1."""
    planes = (
        (picture.y, picture.keep, frame.y, 1),
        (picture.u, picture.keep_half, frame.u, 2),
        (picture.v, picture.keep_half, frame.v, 2),
    )
    for colour, keep, target, step in planes:
        if opacity < 1:
            colour = np.asarray(cv2.convertScaleAbs(colour, alpha=opacity), np.uint8)
            solid = 255 * (1 - opacity)
            keep = np.asarray(cv2.convertScaleAbs(keep, alpha=opacity, beta=solid), np.uint8)
        if below:
            colour, keep = _lowered(colour, below / step, 0), _lowered(keep, below / step, 255)
        window = target[
            y // step : y // step + colour.shape[0], x // step : x // step + colour.shape[1]
        ]
        if window.shape != colour.shape:
            colour = colour[: window.shape[0], : window.shape[1]]
            keep = keep[: window.shape[0], : window.shape[1]]
        window[:] = cv2.add(cv2.multiply(window, keep, scale=1 / 255), colour)


def _lowered(plane: Plane, by: float, outside: int) -> Plane:
    """`plane` moved down by a fraction of pixels, `outside` coming in from above."""
    height, width = plane.shape
    matrix: Matrix = np.array([[1.0, 0, 0], [0, 1.0, -by]])
    moved = cv2.warpAffine(
        plane,
        matrix,
        (width, height + int(by) + 1),
        flags=_FLAGS,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=outside,
    )
    return np.asarray(moved, np.uint8)

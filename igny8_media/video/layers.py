"""Painting the still layers of a scene, type above all, on top of its shots."""

from collections import OrderedDict
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from igny8_media.video.motion import settle
from igny8_media.video.plan import Layer, Scene
from igny8_media.video.planes import Frame, Matrix, Overlay, Plane, load_overlay

_LEAVES: Final = 8
"""Frames a layer takes to fade out before its end."""
_KEPT: Final = 12
_FLAGS: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class LayerPainter:
    """Lays the layers of one plan on its frames; keeps the latest decoded ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._overlays: OrderedDict[str, Overlay] = OrderedDict()

    def paint(self, scene: Scene, at: int, frame: Frame, presence: float = 1.0) -> None:
        """Paint what a scene's layers show at its frame `at`; `presence` 0..1 dims them all."""
        for layer in scene.layers:
            if presence > 0 and layer.start <= at and (layer.end is None or at < layer.end):
                self._layer(layer, at, frame, presence)

    def _layer(self, layer: Layer, at: int, frame: Frame, presence: float) -> None:
        picture = self._overlay(layer.file)
        arrived = settle((at - layer.start + 1) / (layer.fade + 1))
        left = 1.0 if layer.end is None else min(1.0, (layer.end - at) / (_LEAVES + 1))
        opacity = arrived * left * presence
        _blend(picture, frame, layer.x, layer.y, opacity, (1 - arrived) * layer.rise)

    def _overlay(self, name: str) -> Overlay:
        if name in self._overlays:
            self._overlays.move_to_end(name)
            return self._overlays[name]
        if len(self._overlays) >= _KEPT:
            self._overlays.popitem(last=False)
        self._overlays[name] = load_overlay(self._folder / name)
        return self._overlays[name]


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

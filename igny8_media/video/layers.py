"""Painting the layers of a scene, type above all, on top of its shots.

What has come to rest is laid together once and kept: a settled card costs one pass over its type,
however many pieces it was made of.
"""

import itertools
from collections import OrderedDict
from pathlib import Path
from typing import Final

from igny8_media.video.blending import Placed, joined, lay
from igny8_media.video.motion import glide, settle
from igny8_media.video.plan import Layer, Scene
from igny8_media.video.planes import Frame, load_overlay

_LEAVES: Final = 8
"""Frames a layer takes to fade out before its end."""
_KEPT: Final = 24
_SETTLED_KEPT: Final = 4


class LayerPainter:
    """Lays the layers of one plan on its frames; keeps the latest decoded ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Placed] = OrderedDict()
        self._settled: OrderedDict[tuple[Layer, ...], tuple[Placed, ...]] = OrderedDict()

    def paint(self, scene: Scene, at: int, frame: Frame, presence: float = 1.0) -> None:
        """Paint what a scene's layers show at its frame `at`; `presence` 0..1 dims them all."""
        if presence <= 0:
            return
        on = [
            layer
            for layer in scene.layers
            if layer.start <= at and (layer.end is None or at < layer.end)
        ]
        # Only the first ones: what lies on top of something moving must be painted after it.
        resting = tuple(
            itertools.takewhile(lambda one: rests(one, at) and one.end == on[0].end, on)
        )
        for placed in self._together(resting):
            lay(placed, frame, _left(on[0], at) * presence)
        for layer in on[len(resting) :]:
            self._moving(layer, at, frame, presence)

    def _together(self, layers: tuple[Layer, ...]) -> tuple[Placed, ...]:
        """Layers at rest as few pictures; each one more costs only itself."""
        if not layers:
            return ()
        if layers in self._settled:
            self._settled.move_to_end(layers)
            return self._settled[layers]
        last = layers[-1]
        own = _cell(self._picture(last.file), last, last.cells - 1).moved(last.x, last.y)
        made = joined(self._together(layers[:-1]), own)
        while len(self._settled) >= _SETTLED_KEPT:
            self._settled.popitem(last=False)
        self._settled[layers] = made
        return made

    def _moving(self, layer: Layer, at: int, frame: Frame, presence: float) -> None:
        since = at - layer.start
        number = min(layer.cells - 1, since // layer.step)
        arrived = settle((since + 1) / (layer.fade + 1))
        across, up = _scrolled(layer, at)
        below = round((1 - arrived) * layer.rise) - up
        picture = _cell(self._picture(layer.file), layer, number)
        placed = picture.moved(layer.x - across, layer.y + below)
        if layer.wipe and since < layer.wipe:
            placed = _uncovered(placed, layer, glide((since + 1) / (layer.wipe + 1)))
        if layer.window:
            left, top, right, bottom = layer.window
            placed = placed.rows(top, bottom).columns(left, right)
        lay(placed, frame, arrived * _left(layer, at) * presence)

    def _picture(self, name: str) -> Placed:
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if len(self._kept) >= _KEPT:
            self._kept.popitem(last=False)
        self._kept[name] = Placed.of(load_overlay(self._folder / name), 0, 0)
        return self._kept[name]


def rests(layer: Layer, at: int) -> bool:
    """Whether a layer has done all its moving but leaving."""
    busy = max(layer.fade, (layer.cells - 1) * layer.step, layer.wipe)
    return not layer.scroll and at - layer.start >= busy


def leaving(layer: Layer, at: int) -> bool:
    """Whether it has begun to fade out at that frame of its scene, or is gone."""
    return _left(layer, at) < 1.0


def _left(layer: Layer, at: int) -> float:
    return 1.0 if layer.end is None else min(1.0, (layer.end - at) / (_LEAVES + 1))


def _cell(strip: Placed, layer: Layer, number: int) -> Placed:
    if layer.cells == 1:
        return strip
    tall = strip.height // layer.cells
    return strip.rows(number * tall, (number + 1) * tall)


def _uncovered(placed: Placed, layer: Layer, done: float) -> Placed:
    wide = round(placed.width * done / 2) * 2
    left = layer.x if layer.wipe_from == "left" else layer.x + placed.width - wide
    return placed.columns(left, left + wide)


def _scrolled(layer: Layer, at: int) -> tuple[int, int]:
    """Pixels that a layer has moved to the left and up, in whole chroma samples."""
    across = up = 0
    for begin, frames, to_left, to_top in layer.scroll:
        if at < begin:
            break
        done = glide((at - begin + 1) / (frames + 1))
        across += round((to_left - across) * done / 2) * 2
        up += round((to_top - up) * done / 2) * 2
    return across, up

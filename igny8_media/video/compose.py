"""Painting the frames of a plan: shots, what lies on them, and the way from scene to scene."""

from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from igny8_media.video.clips import ClipReader
from igny8_media.video.heap import give_back
from igny8_media.video.layers import LayerPainter
from igny8_media.video.motion import view_at, window_of
from igny8_media.video.plan import ClipShot, Scene, ScenePlan, Shot
from igny8_media.video.planes import Frame, load_still
from igny8_media.video.transitions import blend
from igny8_media.video.warp import Base, show

_KEPT: Final = 4
"""Decoded pictures kept: two shots on either side of a transition."""
_TYPE_LEAVES: Final = 0.4
"""The part of a transition in which the type of the scene that ends is still seen: two headlines
on top of each other cannot be read."""


class Composer:
    """Paints frames of one plan, in any order; cheapest in the order of the video.

    Memory does not grow with the video's length: a handful of decoded pictures and two frames.
    Not for use by two threads at once. As a context manager it closes the clips it opened.
    """

    def __init__(self, plan: ScenePlan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._scratch = Frame(*plan.size)
        self._shot_scratch = Frame(*plan.size)
        self._stills: OrderedDict[str, Base] = OrderedDict()
        self._layers = LayerPainter(folder)
        self._clips: dict[ClipShot, ClipReader] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for clip in self._clips.values():
            clip.close()
        self._clips.clear()

    def paint(self, scene: int, at: int, frame: Frame) -> None:
        """Paint frame `at` of the plan's scene number `scene`, transition included."""
        current = self._plan.scenes[scene]
        self._scene(current, at, frame)
        if at < current.transition.frames:
            before = self._plan.scenes[scene - 1]
            done = (at + 1) / (current.transition.frames + 1)
            presence = max(0.0, 1 - done / _TYPE_LEAVES)
            self._scene(before, before.frames + at, self._scratch, presence)
            blend(current.transition.kind, self._scratch, frame, done)

    def _scene(self, scene: Scene, at: int, frame: Frame, presence: float = 1.0) -> None:
        number = max(i for i, shot in enumerate(scene.shots) if i == 0 or shot.start <= at)
        shot = scene.shots[number]
        self._shot(shot, at, frame)
        if number and at - shot.start < shot.fade:
            self._shot(scene.shots[number - 1], at, self._shot_scratch)
            blend("fade", self._shot_scratch, frame, (at - shot.start + 1) / (shot.fade + 1))
        self._layers.paint(scene, at, frame, presence)

    def _shot(self, shot: Shot | ClipShot, at: int, frame: Frame) -> None:
        if isinstance(shot, ClipShot):
            seconds = shot.begin + (at - shot.start) / self._plan.fps * shot.speed
            self._clip(shot).paint(seconds, shot.crop, frame)
            return
        base = self._still(shot.base)
        view = view_at(shot.camera, at - shot.moves_from, shot.moves_for)
        show(base, window_of(view, base.size, frame.size), frame)

    def _still(self, name: str) -> Base:
        if name in self._stills:
            self._stills.move_to_end(name)
            return self._stills[name]
        if len(self._stills) >= _KEPT:
            self._stills.popitem(last=False)
        self._stills[name] = Base(load_still(self._folder / name))
        give_back()
        return self._stills[name]

    def _clip(self, shot: ClipShot) -> ClipReader:
        if shot not in self._clips:
            while len(self._clips) >= 2:  # two on either side of a transition
                self._clips.pop(next(iter(self._clips))).close()
            self._clips[shot] = ClipReader(self._folder / shot.clip)
        return self._clips[shot]

"""What is on the screen at every frame: the plan between a script and its pixels.

Files are named relative to the folder the plan was made in, so that the folder can be moved.
Times are whole frames from the start of the scene unless said otherwise.
"""

from typing import Literal

from pydantic import Field, model_validator

from igny8_media.frozen import Frozen
from igny8_media.video.model import VisualCue


class View(Frozen):
    """A window on a base picture: its centre and its width, in fractions of the base's sides.

    The window has the frame's shape, so its width says its height.
    """

    x: float = Field(0.5, ge=0, le=1)
    y: float = Field(0.5, ge=0, le=1)
    width: float = Field(1.0, gt=0, le=1)


class Camera(Frozen):
    """A movement from one view to another over the frames a shot is on, eased."""

    start: View = View()
    end: View = View()


class Shot(Frozen):
    """One base picture under one camera.

    `start` is when the shot begins to fade in, over `fade` frames, on the shot before it. The
    camera moves from frame `moves_from` on for `moves_for` frames; shots that share both and the
    camera continue one movement, so that a picture can change under a camera that does not stop.
    """

    base: str
    start: int = Field(0, ge=0)
    fade: int = Field(0, ge=0)
    camera: Camera = Camera()
    moves_from: int = Field(0, ge=0)
    moves_for: int = Field(gt=0)


class ClipShot(Frozen):
    """A moving picture, shown from second `begin` of the file on; it fades in as a `Shot` does.

    `crop` is (left, top, width, height) in fractions of the upright picture, in the frame's shape;
    `speed` below 1 stretches a clip that is a little short.
    """

    clip: str
    start: int = Field(0, ge=0)
    fade: int = Field(0, ge=0)
    begin: float = Field(0.0, ge=0)
    speed: float = Field(1.0, gt=0)
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


class Transition(Frozen):
    """How a scene follows the one before it, over its first `frames` frames (none for a cut).

    A slide pushes the earlier scene out to the left; a zoom goes through it into the later one.
    """

    kind: Literal["cut", "fade", "slide", "zoom"] = "cut"
    frames: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _lasts(self) -> "Transition":
        if (self.kind == "cut") != (self.frames == 0):
            raise ValueError("a cut takes no frames, every other transition some")
        return self


class Layer(Frozen):
    """A picture with alpha on top of the shots, its corner at pixel (`x`, `y`) of the frame.

    It fades in from `start` over `fade` frames while it rises by `rise` pixels. It stays, or has
    faded out again by frame `end`.

    A small moving picture is a strip of `cells` pictures of one height, one below the other: each
    is shown for `step` frames from `start` on, and the last one stays. With `wipe` a layer is
    uncovered sideways over so many frames, beginning at its `wipe_from` side. `scroll` moves a
    layer in eased steps: (frame at which the step begins, frames it takes, pixels to the left and
    up from the layer's own place that it leads to), in ascending order. Of such a layer only what
    lies in the frame's `window` (left, top, right, bottom) is seen.
    """

    file: str
    x: int
    y: int
    start: int = Field(0, ge=0)
    fade: int = Field(0, ge=0)
    rise: int = Field(0, ge=0)
    end: int | None = None
    cells: int = Field(1, ge=1)
    step: int = Field(1, ge=1)
    wipe: int = Field(0, ge=0)
    wipe_from: Literal["left", "right"] = "left"
    scroll: tuple[tuple[int, int, int, int], ...] = ()
    window: tuple[int, int, int, int] | None = None


class Scene(Frozen):
    """One section of the script: `first` is its first frame in the video.

    The transition from the scene before lies in the first frames of this scene, so that every
    frame of the video belongs to exactly one scene and is encoded exactly once. What the scene
    shows goes on after its last frame, for the transition to the next one.
    """

    section_id: str
    kind: VisualCue
    first: int = Field(ge=0)
    frames: int = Field(gt=0)
    transition: Transition = Transition()
    shots: tuple[Shot | ClipShot, ...] = Field(min_length=1)
    layers: tuple[Layer, ...] = ()
    pictures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ScenePlan(Frozen):
    """Scenes tile the video without gap or overlap; `preview` is the contact sheet's file.

    `notes` says in sentences what could not be shown as the script asked.
    """

    width: int
    height: int
    fps: int
    frames: int
    scenes: tuple[Scene, ...] = Field(min_length=1)
    preview: str | None = None
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _tiled(self) -> "ScenePlan":
        expected = 0
        if self.scenes[0].transition.frames:
            raise ValueError("nothing comes before the first scene")
        for scene in self.scenes:
            if scene.transition.frames > scene.frames:
                raise ValueError(f"the transition to {scene.section_id} is longer than the scene")
            if scene.first != expected:
                raise ValueError(
                    f"scene {scene.section_id} starts at frame {scene.first}, not {expected}"
                )
            expected += scene.frames
        if expected != self.frames:
            raise ValueError(f"scenes cover {expected} of {self.frames} frames")
        return self

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.fps

    @property
    def files(self) -> tuple[str, ...]:
        """Every file the plan needs, each once, in order of appearance."""
        named = (
            name
            for scene in self.scenes
            for name in (
                *(shot.base if isinstance(shot, Shot) else shot.clip for shot in scene.shots),
                *(layer.file for layer in scene.layers),
            )
        )
        return tuple(dict.fromkeys(named))

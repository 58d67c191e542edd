"""The pieces a video is encoded in: each scene, and each way from one scene to the next.

A piece's fingerprint is made of everything that decides its pixels and of nothing else, so an
edited section costs its own piece and the two transitions beside it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from igny8_media.errors import OutsideError
from igny8_media.storage.records import fingerprint
from igny8_media.video.burned import BurnedCaptions
from igny8_media.video.plan import Scene, ScenePlan

_PAINTING_VERSION: Final = "2"
"""To be raised when the same plan would be painted or encoded otherwise."""


@dataclass(frozen=True)
class Segment:
    """`frames` frames from frame `first` of scene number `scene` on; `begins` in the video."""

    scene: int
    first: int
    frames: int
    begins: int
    mark: str


def segments_of(
    plan: ScenePlan, folder: Path, captions: BurnedCaptions | None, encoding: Any
) -> tuple[Segment, ...]:
    """The video as segments in order; `encoding` is what else decides their bytes.

    Raises OutsideError if a file of the plan is gone.
    """
    files = {name: _digest(folder / name) for name in plan.files}
    looks = [_look(scene, files) for scene in plan.scenes]
    shared = [_PAINTING_VERSION, plan.width, plan.height, plan.fps, encoding]
    if captions:
        shared.append(captions.style)
    found = []
    for number, scene in enumerate(plan.scenes):
        turn = scene.transition.frames
        for first, frames in ((0, turn), (turn, scene.frames - turn)):
            if not frames:
                continue
            begins = scene.first + first
            decides: list[Any] = [shared, looks[number], first, frames]
            if captions:
                decides.append([line.mark for line in captions.within(begins, frames)])
            if turn and not first:
                before = plan.scenes[number - 1]
                decides += [looks[number - 1], before.frames, scene.transition.kind]
            found.append(Segment(number, first, frames, begins, fingerprint(*decides)))
    return tuple(found)


def batches(segments: list[Segment], most: int) -> list[list[Segment]]:
    """Neighbours together, about `most` frames each: one encoder serves a whole batch.

    A segment belongs to the batch that its middle falls into, so that equal shares stay equal.
    """
    made: list[list[Segment]] = []
    taken = 0
    for segment in segments:
        last = made[-1] if made else []
        follows = last and last[-1].begins + last[-1].frames == segment.begins
        if follows and taken + segment.frames / 2 < most:
            last.append(segment)
            taken += segment.frames
        else:
            made.append([segment])
            taken = segment.frames
    return made


def _look(scene: Scene, files: dict[str, str]) -> Any:
    """What a scene shows, whatever its files are called and wherever it stands."""
    shown = scene.model_dump(mode="json", include={"shots", "layers"})
    for shot in shown["shots"]:
        name = "base" if "base" in shot else "clip"
        shot[name] = files[shot[name]]
    for layer in shown["layers"]:
        layer["file"] = files[layer["file"]]
    return shown


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OutsideError(
            f"The scene picture {path.name} cannot be read ({error}): plan the scenes again."
        ) from error

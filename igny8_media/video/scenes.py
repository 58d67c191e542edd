"""From a script and its narration to what is on screen: one scene for each section.

Each scene is drawn by itself and kept under a fingerprint of everything that decides it, so that
editing one section draws one scene.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOSPC, EXDEV
from pathlib import Path
from typing import Final

from igny8_media.errors import InputError, OutsideError
from igny8_media.imaging.theme import Theme
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.records import fingerprint
from igny8_media.video.looks import TRANSITION_SECONDS, Stage, look_of
from igny8_media.video.model import Narration, Section, SpokenSection, VideoScript
from igny8_media.video.pieces import layer_of
from igny8_media.video.plan import Scene, ScenePlan, Transition
from igny8_media.video.sheet import contact_sheet
from igny8_media.video.timeline import section_frames

_DRAWING_VERSION: Final = "14"
"""To be raised when the same section would be drawn otherwise."""


def plan_scenes(
    script: VideoScript,
    narration: Narration,
    pictures: Mapping[str, Path],
    theme: Theme,
    size: tuple[int, int],
    out_dir: Path,
    *,
    drawn: FolderCache,
    fps: int = 30,
) -> ScenePlan:
    """Plan every frame of the video and put its still layers and clips into `out_dir`.

    `pictures` gives the files behind the keys in the sections' `image`; `drawn` keeps the scenes.
    A picture that is missing or unusable costs that picture: a designed card takes its place, and
    a note says so. Raises InputError if the narration is not this script's, OutsideError if the
    disk refuses.
    """
    if [s.section_id for s in script.sections] != [s.section_id for s in narration.sections]:
        raise InputError(
            f"The narration does not follow the script {script.title!r} section by section: "
            "make the voice-over again."
        )
    spans = section_frames(narration, fps)
    scenes: list[Scene] = []
    with _disk_errors():
        for number, ((first, frames), spoken) in enumerate(
            zip(spans, narration.sections, strict=True)
        ):
            scene = _drawn_scene(
                Stage(script, pictures, theme, size, fps, out_dir), number, frames, spoken, drawn
            )
            shortest = min(frames, spans[number - 1][1] if number else 0) // 3
            transition = _transition(theme, script, number, min(shortest, _frames(fps)))
            scenes.append(scene.model_copy(update={"first": first, "transition": transition}))
        plan = ScenePlan(
            width=size[0],
            height=size[1],
            fps=fps,
            frames=sum(frames for _, frames in spans),
            scenes=tuple(scenes),
            preview="preview.jpg",
            notes=tuple(note for scene in scenes for note in scene.notes),
        )
        contact_sheet(plan, out_dir).save(out_dir / "preview.jpg", quality=85)
    return plan


def _frames(fps: int) -> int:
    return round(TRANSITION_SECONDS * fps)


def _transition(theme: Theme, script: VideoScript, number: int, frames: int) -> Transition:
    """The way into a section: a new part may push or zoom in, everything else fades."""
    if number == 0 or frames < 2 or theme.transitions == "cut":
        return Transition()
    before, section = script.sections[number - 1], script.sections[number]
    if theme.transitions == "mixed":
        if before.type == "hook":
            return Transition(kind="zoom", frames=frames)
        if section.visual_cue == "title_card" or section.type == "outro":
            return Transition(kind="slide", frames=frames)
    return Transition(kind="fade", frames=frames)


def _drawn_scene(
    stage: Stage, number: int, frames: int, spoken: SpokenSection, drawn: FolderCache
) -> Scene:
    """The scene as if it began at frame 0, its files in the stage's folder."""
    section = stage.script.sections[number]
    mark = fingerprint(
        _DRAWING_VERSION,
        section.model_dump(mode="json"),
        _picture_mark(stage, section),
        # Relative to its section: what is said before may grow or shrink.
        [(word.text, round(word.start - spoken.start, 3)) for word in spoken.words],
        stage.theme.model_dump(mode="json"),
        [number, frames, *stage.size, stage.fps],
        stage.script.language,
    )

    def draw(folder: Path) -> None:
        own = Stage(stage.script, stage.pictures, stage.theme, stage.size, stage.fps, folder)
        scene = _scene(own, section, number, frames, spoken)
        (folder / "scene.json").write_text(scene.model_dump_json(), encoding="utf-8")

    kept = drawn.fetch(mark, draw)
    for file in kept.iterdir():
        if file.name != "scene.json":
            _linked(file, stage.folder / file.name)
    return Scene.model_validate_json((kept / "scene.json").read_bytes())


def _picture_mark(stage: Stage, section: Section) -> str | None:
    """The bytes behind the section's picture; None for none, or where the file is missing."""
    if not section.image:
        return None
    path = stage.picture(section.image)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _linked(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno != EXDEV:
            raise
        shutil.copyfile(source, target)


def _scene(
    stage: Stage, section: Section, number: int, frames: int, spoken: SpokenSection
) -> Scene:
    # What is shown goes on under the next transition, whatever that will be.
    look = look_of(stage, section, number, frames + _frames(stage.fps), spoken)
    return Scene(
        section_id=section.section_id,
        kind=look.kind,
        first=0,
        frames=frames,
        shots=tuple(look.shots),
        layers=tuple(
            layer
            for index, (piece, at) in enumerate(look.pieces)
            if (
                layer := layer_of(
                    piece,
                    at,
                    stage.folder,
                    f"{number:02}-type-{index:02}",
                    fps=stage.fps,
                    height=stage.size[1],
                    end=look.type_ends,
                )
            )
        ),
        pictures=look.pictures,
        notes=tuple(look.notes),
    )


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == ENOSPC:
            raise OutsideError(
                "The scenes could not be drawn: the disk is full; free some space and run it again."
            ) from error
        raise OutsideError(f"The scenes could not be drawn: {error}.") from error

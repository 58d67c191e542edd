"""From a script and its narration to what is on screen: one scene for each section."""

from collections.abc import Mapping
from errno import ENOSPC
from pathlib import Path
from typing import Final

from igny8_media.errors import InputError, OutsideError
from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import Piece
from igny8_media.video.looks import FADE_SECONDS, Stage, look_of
from igny8_media.video.model import Narration, SpokenSection, VideoScript
from igny8_media.video.plan import Layer, Scene, ScenePlan
from igny8_media.video.sheet import contact_sheet
from igny8_media.video.timeline import section_frames

_ARRIVAL_SECONDS: Final = 0.35
_RISE: Final = 0.02
"""How far type rises as it arrives, of the frame's height."""


def plan_scenes(
    script: VideoScript,
    narration: Narration,
    pictures: Mapping[str, Path],
    theme: Theme,
    size: tuple[int, int],
    out_dir: Path,
    *,
    fps: int = 30,
) -> ScenePlan:
    """Plan every frame of the video and draw its still layers into `out_dir`.

    `pictures` gives the files behind the keys in the sections' `image`. A picture that is missing
    or unusable costs that picture: a designed card takes its place, and a note says so. Raises
    InputError if the narration is not this script's, OutsideError if the disk refuses.
    """
    if [s.section_id for s in script.sections] != [s.section_id for s in narration.sections]:
        raise InputError(
            f"The narration does not follow the script {script.title!r} section by section: "
            "make the voice-over again."
        )
    stage = Stage(script, pictures, theme, size, fps, out_dir)
    spans = section_frames(narration, fps)
    try:
        scenes = tuple(
            _scene(stage, number, first, frames, spans[number - 1][1] if number else 0, spoken)
            for number, ((first, frames), spoken) in enumerate(
                zip(spans, narration.sections, strict=True)
            )
        )
        plan = ScenePlan(
            width=size[0],
            height=size[1],
            fps=fps,
            frames=sum(frames for _, frames in spans),
            scenes=scenes,
            preview="preview.jpg",
            notes=tuple(note for scene in scenes for note in scene.notes),
        )
        contact_sheet(plan, out_dir).save(out_dir / "preview.jpg", quality=85)
    except OSError as error:
        if error.errno == ENOSPC:
            raise OutsideError(
                "The scenes could not be drawn: the disk is full; free some space and run it again."
            ) from error
        raise OutsideError(f"The scenes could not be drawn: {error}.") from error
    return plan


def _scene(
    stage: Stage, number: int, first: int, frames: int, before: int, spoken: SpokenSection
) -> Scene:
    section = stage.script.sections[number]
    fade = min(round(FADE_SECONDS * stage.fps), frames // 3, before // 3)
    look = look_of(stage, section, number, frames + fade, spoken)
    return Scene(
        section_id=section.section_id,
        kind=look.kind,
        first=first,
        frames=frames,
        fade=fade,
        shots=tuple(look.shots),
        layers=tuple(
            layer
            for index, (piece, at) in enumerate(look.pieces)
            if (layer := _layer(stage, f"{number:02}-type-{index:02}", piece, at, look.type_ends))
        ),
        pictures=look.pictures,
        notes=tuple(look.notes),
    )


def _layer(stage: Stage, name: str, piece: Piece, at: float, end: int | None) -> Layer | None:
    """Save a piece, cut to what is drawn; None for one with nothing on it."""
    box = piece.picture.getbbox()
    if box is None:
        return None
    x, y = box[0] // 2 * 2, box[1] // 2 * 2
    area = (x, y, x + _even(box[2] - x), y + _even(box[3] - y))
    piece.picture.crop(area).save(stage.folder / f"{name}.png", compress_level=3)
    start = round(at * stage.fps)
    arrives = start > 0
    return Layer(
        file=f"{name}.png",
        x=x,
        y=y + piece.down // 2 * 2,
        start=start,
        fade=round(_ARRIVAL_SECONDS * stage.fps) if arrives else 0,
        rise=_even(round(_RISE * stage.size[1])) if arrives else 0,
        end=end,
    )


def _even(value: int) -> int:
    return value + value % 2

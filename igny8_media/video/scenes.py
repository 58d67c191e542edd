"""From a script and its narration to what is on screen: one scene for each section."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path
from typing import Final

from PIL import Image

from igny8_media.errors import InputError, OutsideError
from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.cards import overlay_layer
from igny8_media.imaging.decode import Decoded, decode
from igny8_media.imaging.frame import frame
from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import (
    Piece,
    code_pieces,
    list_pieces,
    quote_pieces,
    statistic_pieces,
    text_room,
    title_pieces,
)
from igny8_media.video.cameras import (
    Move,
    backdrop_move,
    photograph_move,
    shot_lengths,
    whole_move,
)
from igny8_media.video.model import (
    Narration,
    Section,
    SpokenSection,
    VideoScript,
    VisualCue,
)
from igny8_media.video.photographs import centre_of_attention, cut, shows_whole, sunk, whole
from igny8_media.video.plan import Layer, Scene, ScenePlan, Shot
from igny8_media.video.sheet import contact_sheet
from igny8_media.video.timeline import item_times, section_frames

FADE_SECONDS: Final = 0.4
_ARRIVAL_SECONDS: Final = 0.35
_STAGGER_SECONDS: Final = 0.14
_RISE: Final = 0.02
"""How far type rises as it arrives, of the frame's height."""
_LEAD_SECONDS: Final = 0.2
"""A list item is on screen just before it is spoken."""
_CLOSER: Final = 0.8
"""How much of the first framing a second one of the same picture takes."""
_TINY: Final = 48
"""Pixels; a picture smaller than this shows nothing."""
_FIGURE: Final = re.compile(
    r"[~≈<>+\-−]?\s?[$€£¥]?\d[\d.,\s]*\d?\s?(?:%|‰|x|×|[kKMB]\b|°C|°F|ms|s\b)?"
)


@dataclass
class _Look:
    """What one scene shows, while it is being put together."""

    kind: VisualCue
    shots: list[Shot]
    pieces: list[tuple[Piece, float]] = field(default_factory=list)
    pictures: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Stage:
    """What the scenes of one video have in common."""

    script: VideoScript
    pictures: Mapping[str, Path]
    theme: Theme
    size: tuple[int, int]
    fps: int
    folder: Path


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
    stage = _Stage(script, pictures, theme, size, fps, out_dir)
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
    stage: _Stage, number: int, first: int, frames: int, before: int, spoken: SpokenSection
) -> Scene:
    section = stage.script.sections[number]
    fade = min(round(FADE_SECONDS * stage.fps), frames // 3, before // 3)
    look = _look(stage, section, number, frames + fade, spoken)
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
            if (layer := _layer(stage, f"{number:02}-type-{index:02}", piece, at))
        ),
        pictures=look.pictures,
        notes=tuple(look.notes),
    )


def _look(
    stage: _Stage, section: Section, number: int, frames: int, spoken: SpokenSection
) -> _Look:
    """Choose what to show for a section; `frames` counts the fade that follows it too."""
    notes: list[str] = []
    picture = _picture(stage, section, notes)
    if section.visual_cue == "image" and picture:
        look = _photograph(stage, section, picture, number, frames)
    else:
        look = _board(stage, section, picture, number, frames, spoken)
        if look.kind != section.visual_cue and not notes:
            notes.append(
                f"Section {section.section_id} has nothing to show as {section.visual_cue}: "
                f"it got a {look.kind} instead."
            )
    look.notes = [*notes, *look.notes]
    if section.image and picture:
        look.pictures = (section.image,)
    return look


def _picture(stage: _Stage, section: Section, notes: list[str]) -> Decoded | None:
    if not section.image:
        return None
    path = stage.pictures.get(section.image) or Path(section.image)
    try:
        decoded = decode(path, stage.theme)
    except InputError as error:
        notes.append(f"Section {section.section_id} got a card instead of its picture: {error}")
        return None
    if min(decoded.image.size) < _TINY:
        notes.append(
            f"Section {section.section_id} got a card instead of its picture: {path.name} has "
            f"only {decoded.image.width}x{decoded.image.height} pixels."
        )
        return None
    return decoded


def _photograph(
    stage: _Stage, section: Section, picture: Decoded, number: int, frames: int
) -> _Look:
    shots: list[Shot] = []
    overlap = round(FADE_SECONDS * stage.fps)
    is_whole = shows_whole(picture, stage.size)
    lengths = [frames / stage.fps] if is_whole else shot_lengths(frames / stage.fps)
    for index, seconds in enumerate(lengths):
        start = round(sum(lengths[:index]) * stage.fps)
        end = round(sum(lengths[: index + 1]) * stage.fps)
        if is_whole:
            move = whole_move(stage.size, seconds, number)
            base = whole(picture.image, move.base)
        else:
            move = _roaming(stage, picture, seconds, number + index)
            base = cut(picture, move.base, _CLOSER if index % 2 else 1.0)
        shots.append(
            Shot(
                base=_save_base(stage, f"{number:02}-{index}", base),
                start=start,
                fade=overlap if index else 0,
                camera=move.camera,
                moves_from=start,
                moves_for=end - start + overlap,
            )
        )
    look = _Look("image", shots)
    if section.text_overlay:
        text = overlay_layer(
            stage.size, section.text_overlay, stage.theme, "top", stage.script.language
        )
        down = max(0, round(text_room(stage.size).top) - round(frame(stage.size).top))
        look.pieces = [(Piece(text, down), 0.0 if number == 0 else 0.3)]
    return look


def _roaming(stage: _Stage, picture: Decoded, seconds: float, turn: int) -> Move:
    width, height = picture.image.size
    focus = centre_of_attention(picture, (0, 0, width, height))
    return photograph_move(stage.size, (width, height), focus, seconds, turn)


def _board(
    stage: _Stage,
    section: Section,
    picture: Decoded | None,
    number: int,
    frames: int,
    spoken: SpokenSection,
) -> _Look:
    move = backdrop_move(stage.size, frames / stage.fps, number)
    if picture:
        base = sunk(picture.image, move.base, stage.theme)
    else:
        base = backdrop(move.base, stage.theme, number)
    shot = Shot(
        base=_save_base(stage, f"{number:02}-0", base), camera=move.camera, moves_for=frames
    )
    kind, pieces, times = _type(stage, section, number, spoken)
    return _Look(kind, [shot], list(zip(pieces, times, strict=True)))


def _type(
    stage: _Stage, section: Section, number: int, spoken: SpokenSection
) -> tuple[VisualCue, list[Piece], list[float]]:
    """The pieces of type on a card and the seconds at which they arrive."""
    size, theme, language = stage.size, stage.theme, stage.script.language
    cue, items, heading = section.visual_cue, section.items, section.text_overlay
    if cue == "statistic" and (figure := _figure(section)):
        pieces = statistic_pieces(size, *figure, theme, language=language)
    elif cue == "quote" and (items or heading):
        words, who = (*items, "", "")[:2] if items else (heading, "")
        pieces = quote_pieces(size, words, who, theme, language=language)
    elif cue == "list" and items:
        pieces = list_pieces(size, heading, items, theme, language=language)
        spoken_at = item_times(items[: len(pieces) - 1], spoken)
        return "list", pieces, [_start(number), *(max(0.4, t - _LEAD_SECONDS) for t in spoken_at)]
    elif cue == "code_snippet" and section.code_block and section.code_block.text.strip():
        pieces = code_pieces(size, heading, section.code_block, theme, language=language)
    else:
        cue = "title_card" if cue == "title_card" else "animated_text"
        text = heading or _opening(section.narration)
        kicker = theme.name if section.type in ("hook", "outro") else ""
        pieces = title_pieces(size, text, theme, kicker=kicker, language=language)
    times = [_start(number) + _STAGGER_SECONDS * index for index in range(len(pieces))]
    return cue, pieces, times


def _start(number: int) -> float:
    """Type arrives while the cross-fade ends; in the very first frame it is simply there."""
    return 0.15 if number else 0.0


def _figure(section: Section) -> tuple[str, str] | None:
    """(figure, what it means) of a statistic: as the script gives it, or out of the overlay."""
    if section.items:
        return section.items[0], " ".join(section.items[1:]) or section.text_overlay
    found = _FIGURE.search(section.text_overlay)
    if not found:
        return None
    rest = section.text_overlay[: found.start()] + section.text_overlay[found.end() :]
    return found[0].strip(), " ".join(rest.split())


def _opening(narration: str) -> str:
    """The first words of a narration, for a card whose section has no overlay."""
    sentence = re.split(r"(?<=[.!?。！？])\s", narration.strip(), maxsplit=1)[0]
    words = sentence.split()
    return sentence if len(words) <= 12 else " ".join(words[:10]) + "…"


def _save_base(stage: _Stage, name: str, base: Image.Image) -> str:
    name = f"{name}.jpg"
    base.convert("RGB").save(stage.folder / name, quality=95, subsampling=0)
    return name


def _layer(stage: _Stage, name: str, piece: Piece, at: float) -> Layer | None:
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
    )


def _even(value: int) -> int:
    return value + value % 2

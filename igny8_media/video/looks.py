"""What a section looks like: a picture under a line of type, a card, or a card then a picture."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from PIL import Image

from igny8_media.errors import InputError
from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.decode import Decoded, decode
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import caption_area, safe_area, text_room
from igny8_media.video.boards import Pace, Timed, kinetic_board
from igny8_media.video.cameras import (
    Move,
    always_inside,
    backdrop_move,
    keeping,
    shot_lengths,
    whole_move,
)
from igny8_media.video.cards import Card, later_cards
from igny8_media.video.clips import cover, probe_clip
from igny8_media.video.flow import Turn, flow
from igny8_media.video.flowboards import flow_boards
from igny8_media.video.headlines import Free, free_of, headline_over
from igny8_media.video.model import Section, SpokenSection, VideoScript, VisualCue
from igny8_media.video.photographs import (
    centre_of_attention,
    cut,
    faces_in,
    framing,
    shows_whole,
    sunk,
    thinness,
    whole,
)
from igny8_media.video.pieces import Piece
from igny8_media.video.plan import ClipShot, Shot
from igny8_media.video.wording import cue_of, type_of

TRANSITION_SECONDS: Final = 0.4
_ROOM_FOR_BOTH: Final = 4.6
_CARD_SECONDS: Final = 2.4
"""A card that has a picture too gives way to it, if both can be on long enough to be taken in."""
_CLOSER: Final = 0.8
"""How much of the first framing a second one of the same picture takes."""
_SLOWEST: Final = 0.7
"""A clip too short for its section is slowed down to this at most."""
_SOON: Final = 1.0
"""Seconds; what takes longer to be uncovered goes on through the scene."""
_TAKEN_IN: Final = 0.8
"""Seconds that the last word of a card stands at least before another card comes."""
_TINY: Final = 48
"""Pixels; a picture smaller than this shows nothing."""


@dataclass
class Look:
    """What one scene shows, while it is being put together."""

    kind: VisualCue
    shots: list[Shot | ClipShot]
    pieces: list[tuple[Piece, float]] = field(default_factory=list)
    pictures: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    type_ends: int | None = None
    """The frame by which the type has left, where a picture follows it."""


@dataclass(frozen=True)
class Stage:
    """What the scenes of one video have in common."""

    script: VideoScript
    pictures: Mapping[str, Path]
    theme: Theme
    size: tuple[int, int]
    fps: int
    folder: Path

    def picture(self, name: str) -> Path:
        """The file behind a section's `image`."""
        return self.pictures.get(name) or Path(name)


def look_of(
    stage: Stage, section: Section, number: int, frames: int, spoken: SpokenSection
) -> Look:
    """Choose what to show for a section; `frames` counts the transition that follows it too."""
    notes: list[str] = []
    if section.visual_cue == "stock_video":
        if shown := _clip(stage, section, number, frames, notes):
            return shown
        section = section.model_copy(update={"image": None})
    picture = _picture(stage, section, notes)
    if section.visual_cue in ("image", "ai_scene") and picture:
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


def _picture(stage: Stage, section: Section, notes: list[str]) -> Decoded | None:
    if not section.image:
        return None
    path = stage.picture(section.image)
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
    room = text_room(stage.size)
    thin = thinness(decoded, stage.size, room.bottom - room.top)
    if thin and shows_whole(decoded, stage.size):
        notes.append(
            f"Section {section.section_id} got a card instead of its picture: {path.name}, of "
            f"{decoded.image.width}x{decoded.image.height} pixels, would be a strip {thin} pixels "
            "thin."
        )
        return None
    return decoded


def _photograph(stage: Stage, section: Section, picture: Decoded, number: int, frames: int) -> Look:
    beside = stage.size[0] > stage.size[1] and shows_whole(picture, stage.size)
    free, pieces = _headline(stage, section, number, beside=beside)
    look = Look(section.visual_cue, [], pieces)
    look.shots += _picture_shots(stage, picture, number, 0, frames, free)
    return look


def _clip(
    stage: Stage, section: Section, number: int, frames: int, notes: list[str]
) -> Look | None:
    """A clip under a line of type; None, and a note, where it cannot be shown."""
    path = stage.picture(section.image or "")
    try:
        if not section.image:
            raise InputError("none is named.")
        clip = probe_clip(path)
        speed = min(1.0, clip.duration / (frames / stage.fps))
        if speed < _SLOWEST:
            raise InputError(
                f"{path.name} lasts only {clip.duration:.1f} s, its section "
                f"{frames / stage.fps:.1f} s."
            )
    except InputError as error:
        notes.append(f"Section {section.section_id} got a card instead of its clip: {error}")
        return None
    name = f"{number:02}-clip{path.suffix}"
    shutil.copyfile(path, stage.folder / name)
    _, pieces = _headline(stage, section, number)
    return Look(
        "stock_video",
        [ClipShot(clip=name, speed=speed, crop=cover(clip, stage.size))],
        pieces,
        (section.image,),
    )


def _headline(
    stage: Stage, section: Section, number: int, *, beside: bool = False
) -> tuple[Free, list[tuple[Piece, float]]]:
    """The section's line of type over a picture, if it has one, and the room it leaves free."""
    if not section.text_overlay:
        return free_of(stage.size), []
    free, layer = headline_over(
        stage.size, section.text_overlay, stage.theme, stage.script.language, beside=beside
    )
    return free, [(Piece(layer), 0.0 if number == 0 else 0.3)]


def _picture_shots(
    stage: Stage, picture: Decoded, number: int, first: int, frames: int, free: Free
) -> list[Shot]:
    """A picture from frame `first` on, for `frames`; seen whole, it stays in what is `free`."""
    shots: list[Shot] = []
    overlap = round(TRANSITION_SECONDS * stage.fps)
    is_whole = shows_whole(picture, stage.size)
    lengths = [frames / stage.fps] if is_whole else shot_lengths(frames / stage.fps)
    # Captions may lie on a photograph, but not on what a drawing has to say.
    graphic = picture.attention.graphic
    lowest = caption_area(stage.size).top if graphic else safe_area(stage.size).bottom
    box = (*free, lowest + (-0.015 if graphic else 0.01) * stage.size[1])
    for index, seconds in enumerate(lengths):
        start = first + round(sum(lengths[:index]) * stage.fps)
        end = first + round(sum(lengths[: index + 1]) * stage.fps)
        if is_whole:
            move = whole_move(stage.size, seconds, number)
            inside = always_inside(move, stage.size, box)
            base = whole(picture, move.base, stage.theme, number, inside)
        else:
            closeness = _CLOSER if index % 2 else 1.0
            move = _roaming(stage, picture, seconds, number + index, closeness)
            base = cut(picture, move.base, framing(picture, move.base, closeness))
        shots.append(
            Shot(
                base=_saved(stage, f"{number:02}-picture-{index}", base),
                start=start,
                fade=overlap if start else 0,
                camera=move.camera,
                moves_from=start,
                moves_for=end - start + overlap,
            )
        )
    return shots


def _roaming(stage: Stage, picture: Decoded, seconds: float, turn: int, closeness: float) -> Move:
    """A camera over the part of a picture that matters, with every face whole all the way."""
    size = picture.image.size
    focus = centre_of_attention(picture, (0, 0, *size))

    def faces(base: tuple[int, int]) -> list[tuple[float, float, float, float]]:
        return faces_in(picture, framing(picture, base, closeness))

    return keeping(stage.size, size, focus, seconds, turn, faces)


def _board(
    stage: Stage,
    section: Section,
    picture: Decoded | None,
    number: int,
    frames: int,
    spoken: SpokenSection,
) -> Look:
    seconds = frames / stage.fps
    upright = stage.size[1] > stage.size[0]
    flowing = flow(section, spoken, stage.script.language) if upright and not picture else ()
    if flowing:
        return _flowing(stage, section, flowing, number, frames, spoken)
    # First what is said, then what it looks like.
    with_picture = picture is not None and seconds >= _ROOM_FOR_BOTH
    turn = max(_CARD_SECONDS, seconds * 0.5)
    pace = Pace(
        spoken,
        stage.fps,
        start=_type_from(number),
        latest=turn - 0.9 if with_picture else seconds * 0.75,
        seconds=seconds - TRANSITION_SECONDS,
    )
    cards = () if picture else later_cards(section, spoken, stage.script.language)
    if cards:
        turns = cards[0].start
        pace = replace(pace, latest=min(pace.latest, turns - _TAKEN_IN), seconds=turns)
    kind, timed = type_of(section, stage.size, stage.theme, stage.script.language, pace)
    if cards:
        timed = [(replace(piece, until=cards[0].start), at) for piece, at in timed]
        timed += _later(stage, cards, spoken)
    look = Look(kind, [_ground(stage, picture, number, frames)], _moving_last(timed))
    if picture and with_picture and kind not in ("list", "code_snippet"):
        first = round(turn * stage.fps)
        look.shots += _picture_shots(
            stage, picture, number, first, frames - first, free_of(stage.size)
        )
        look.type_ends = first + round(TRANSITION_SECONDS * stage.fps) // 2
    return look


def _flowing(
    stage: Stage,
    section: Section,
    turns: Sequence[Turn],
    number: int,
    frames: int,
    spoken: SpokenSection,
) -> Look:
    """One card after the other, each in time with what is said."""
    timed = flow_boards(
        section,
        turns,
        spoken,
        stage.size,
        stage.theme,
        stage.fps,
        stage.script.language,
        start=_type_from(number),
    )
    return Look(cue_of(section), [_ground(stage, None, number, frames)], _moving_last(timed))


def _type_from(number: int) -> float:
    """Type arrives while the cross-fade ends; in the very first frame it is simply there."""
    return 0.0 if number == 0 else 0.25


def _ground(stage: Stage, picture: Decoded | None, number: int, frames: int) -> Shot:
    """What cards stand on: the section's own picture, sunk, or a backdrop of the theme."""
    move = backdrop_move(stage.size, frames / stage.fps, number)
    base = (
        sunk(picture, move.base, stage.theme, number)
        if picture
        else backdrop(move.base, stage.theme, number)
    )
    name = _saved(stage, f"{number:02}-backdrop", base)
    return Shot(base=name, camera=move.camera, moves_for=frames)


def _moving_last(timed: Sequence[Timed]) -> list[Timed]:
    """What goes on moving lies on top, so that all the rest is laid together once it is still."""
    return sorted(timed, key=lambda one: one[0].wipe > _SOON)


def _later(stage: Stage, cards: Sequence[Card], spoken: SpokenSection) -> list[Timed]:
    """The cards after the first, word by word as they are spoken."""
    timed: list[Timed] = []
    for card in cards:
        pace = Pace(
            spoken.model_copy(update={"words": card.words}),
            stage.fps,
            start=card.start,
            latest=card.end - _TAKEN_IN,
            seconds=card.end,
        )
        made = kinetic_board(
            stage.size, card.text, stage.theme, pace, language=stage.script.language
        )
        last = card is cards[-1]
        timed += [(p if last else replace(p, until=card.end), at) for p, at in made]
    return timed


def _saved(stage: Stage, name: str, base: Image.Image) -> str:
    name = f"{name}.jpg"
    base.convert("RGB").save(stage.folder / name, quality=95, subsampling=0)
    return name

"""The type of a section that flows: its cards one after the other, as they are spoken."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from igny8_media.imaging.frame import Size
from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import Pace, Timed, kinetic_board
from igny8_media.video.flow import Turn
from igny8_media.video.model import Section, SpokenSection
from igny8_media.video.pieces import gone_by
from igny8_media.video.stepboard import step_boards
from igny8_media.video.wording import type_of

_READ: Final = 0.3
"""Seconds that the last word of a card stands at least, when it is shown as it is heard."""
_OWN_READ: Final = 0.75
"""Of the time of a card that says more than the voice, when all of it is there."""


def flow_boards(
    section: Section,
    turns: Sequence[Turn],
    spoken: SpokenSection,
    size: Size,
    theme: Theme,
    fps: int,
    language: str,
    *,
    start: float,
) -> list[Timed]:
    """Every card's pieces, each gone when the next card comes; type may come from `start` on."""
    timed: list[Timed] = []
    kicker = theme.name if section.type in ("hook", "outro") else ""
    for item, group in groupby(turns, key=lambda turn: turn.item is not None):
        run = [(turn, _pace(turn, spoken, fps, start)) for turn in group]
        if item:
            made = step_boards(
                size,
                section.text_overlay,
                run,
                theme,
                language=language,
                said=run[0][0].said,
            )
            timed += gone_by(_left(run[-1][0], turns), made)
            continue
        for turn, pace in run:
            if turn.text:
                made = kinetic_board(
                    size,
                    turn.text,
                    theme,
                    pace,
                    kicker=kicker,
                    language=language,
                    said=turn.said,
                )
            else:
                made = type_of(section, size, theme, language, pace, said=turn.said)[1]
            timed += gone_by(_left(turn, turns), made)
    return timed


def _left(turn: Turn, turns: Sequence[Turn]) -> float | None:
    """When a card has left for the next one; the last one stays."""
    return None if turn is turns[-1] else turn.end


def _pace(turn: Turn, spoken: SpokenSection, fps: int, start: float) -> Pace:
    lasts = turn.end - turn.start
    return Pace(
        spoken.model_copy(update={"words": turn.words}),
        fps,
        start=max(start, turn.start),
        latest=turn.end - _READ if turn.text else turn.start + _OWN_READ * lasts,
        seconds=turn.end,
    )

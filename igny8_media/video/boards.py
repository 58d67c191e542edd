"""Cards for moving pictures: pieces of type that arrive on a backdrop that drifts.

The type is kept in layers of its own, so that it stays crisp and at rest while the backdrop moves,
comes in when it is spoken, and keeps clear of captions and of the players' own buttons.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import regex
from PIL import Image

from igny8_media.imaging.frame import Frame, Size, inks
from igny8_media.imaging.parts import (
    Part,
    accent,
    list_parts,
    quote_parts,
    statistic_parts,
    title_parts,
)
from igny8_media.imaging.text import Layout, draw_text
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import text_room
from igny8_media.video.counting import counted
from igny8_media.video.kinetic import Unit, arriving, units_of
from igny8_media.video.model import SpokenSection
from igny8_media.video.pieces import Piece
from igny8_media.video.timeline import item_times, unit_times

Timed = tuple[Piece, float]
"""A piece, and the second of the section at which it arrives."""

_STAGGER: Final = 0.14
_LEAD: Final = 0.2
"""A list item is on screen just before it is spoken."""
_DRAWN_SECONDS: Final = 0.45
_GROWS_FROM: Final = 3.5
"""Seconds from which on a card is long enough to stand dead: its accent bar then keeps growing."""
_COUNTS_FOR: Final = 0.9
_SILENT: Final = 0.8
_PAUSE: Final = 2.0
"""Seconds that a card may be without its first words, or with half a sentence: beyond that all of
it is there at once, faintly, and is lit as it is spoken."""
_FAINT: Final = 0.42
_GLOW_LEAST: Final = 0.3
_AFTERGLOW: Final = 0.3
"""Seconds in which a word goes back to the colour of the others."""
_FIGURES: Final = regex.compile(r"[$€£¥]?\p{Nd}[\p{Nd}.,]*[%٪+×x]?")


@dataclass(frozen=True)
class Pace:
    """When things may happen: seconds from the section's start, frames a second.

    `start` is when type may come (at 0 it is simply there), `latest` when all of it must be.
    """

    spoken: SpokenSection
    fps: int
    start: float
    latest: float
    seconds: float


def title_board(
    size: Size,
    text: str,
    theme: Theme,
    pace: Pace,
    *,
    kicker: str = "",
    language: str = "en",
    said: bool = False,
) -> list[Timed]:
    """A large title, line by line, under an accent bar and an optional small line."""
    box = text_room(size, captions=not said)
    parts = title_parts(box, text, theme, kicker=kicker, language=language)
    timed = growing_bars(size, box, parts, theme, pace)
    pieces = [Piece(drawn(size, part)) for part in parts if part.role == "kicker"]
    for part in parts:
        if part.role == "heading" and part.laid:
            pieces += _lines(size, part.laid, (part.x, part.y), inks(theme).text)
    return timed + _staggered(pieces, pace)


def kinetic_board(
    size: Size,
    text: str,
    theme: Theme,
    pace: Pace,
    *,
    kicker: str = "",
    language: str = "en",
    said: bool = False,
) -> list[Timed]:
    """A title whose words arrive as they are spoken; figures stand out in the accent colour.

    One that is all that is `said` takes the room of captions too, and does what they do.
    """
    box = text_room(size, captions=not said)
    parts = title_parts(box, text, theme, kicker=kicker, language=language)
    timed = growing_bars(size, box, parts, theme, pace)
    timed += [(Piece(drawn(size, part)), pace.start) for part in parts if part.role == "kicker"]
    for part in parts:
        if part.role == "heading":
            timed += kinetic_words(size, part, text, theme, pace, said=said)
    return timed


def kinetic_words(
    size: Size, part: Part, text: str, theme: Theme, pace: Pace, *, said: bool = False
) -> list[Timed]:
    """The words of a part of type one by one, as they are spoken.

    In place of captions, they can be read ahead and glow while they are said.
    """
    if part.laid is None:
        return []
    timed: list[Timed] = []
    units = units_of(part.laid, (part.x, part.y), text)
    times = unit_times(
        [unit.text for unit in units], pace.spoken, start=pace.start, latest=pace.latest
    )
    foretold = said or _keeps_waiting(times, pace)
    if foretold:
        timed.append((_faint(drawn(size, part)), pace.start))
    for number, (unit, at) in enumerate(zip(units, times, strict=True)):
        ink = inks(theme).shape if _FIGURES.search(unit.text) else inks(theme).text
        first = number == 0 and pace.start == 0 and not foretold
        piece = arriving(unit, ink, pace.fps, moves=not (first or foretold))
        timed.append((replace(piece, rises=not foretold), 0.0 if first else at))
    if said:
        timed += _glowing(units, times, theme, pace)
    return timed


def _glowing(
    units: Sequence[Unit], times: Sequence[float], theme: Theme, pace: Pace
) -> list[Timed]:
    """The accent that each word takes on while it is said, and loses with the next one."""
    ends = [*times[1:], max(pace.latest, times[-1])]
    return [
        (
            replace(
                arriving(unit, inks(theme).shape, pace.fps, moves=False),
                rises=False,
                until=max(end, at + _GLOW_LEAST) + _AFTERGLOW,
            ),
            at,
        )
        for unit, at, end in zip(units, times, ends, strict=True)
    ]


def statistic_board(
    size: Size,
    number: str,
    label: str,
    theme: Theme,
    pace: Pace,
    *,
    language: str = "en",
    said: bool = False,
) -> list[Timed]:
    """One huge figure that counts up, a bar that grows if it is a share, then what it means."""
    box = text_room(size, captions=not said)
    head = 46 * box.unit
    low = replace(box, top=box.top + head)
    parts = statistic_parts(low, number, label, theme, language=language)
    figure = next(part for part in parts if part.role == "figure")
    top = figure.y + figure.laid.ascent - figure.laid.cap_height if figure.laid else figure.y
    bar = accent(box, top - head, theme, rtl=figure.rtl)
    timed = growing_bars(size, box, [bar, figure], theme, pace)
    for part in parts:
        layer = drawn(size, part)
        side = side_of(part)
        if part.role == "figure" and part.laid:
            cells = counted(layer, part, number, theme, language, round(_COUNTS_FOR * pace.fps / 2))
            timed.append((Piece(layer, cells=cells, step=2), pace.start))
        elif part.role == "fill":
            timed.append(
                (Piece(layer, wipe=_COUNTS_FOR, wipe_from=side), pace.start + 2 * _STAGGER)
            )
        else:
            timed.append((Piece(layer), pace.start + (2 if part.role == "track" else 3) * _STAGGER))
    return timed


def quote_board(
    size: Size,
    quote: str,
    attribution: str,
    theme: Theme,
    pace: Pace,
    *,
    language: str = "en",
    said: bool = False,
) -> list[Timed]:
    """A quotation mark, the words line by line as they are spoken, and who said them."""
    room = text_room(size, captions=not said)
    parts = quote_parts(room, quote, attribution, theme, language=language)
    timed: list[Timed] = []
    for part in parts:
        if part.role != "words" or part.laid is None:
            after = max((at for _, at in timed), default=pace.start)
            at = after + 2 * _STAGGER if part.role == "who" else pace.start
            timed.append((Piece(drawn(size, part)), at))
            continue
        lines = _lines(size, part.laid, (part.x, part.y), inks(theme).text)
        flat = " ".join(quote.strip(' “”"«»„').split())
        words = [flat[line.start : line.end] for line in part.laid.lines]
        times = unit_times(words, pace.spoken, start=pace.start, latest=pace.latest)
        if _keeps_waiting(times, pace):
            timed.append((_faint(drawn(size, part)), pace.start))
            lines = [replace(line, rises=False) for line in lines]
        elif pace.start == 0:
            times = (0.0, *times[1:])
        timed += zip(lines, times, strict=True)
    return timed


def list_board(
    size: Size,
    title: str,
    items: Sequence[str],
    theme: Theme,
    pace: Pace,
    *,
    language: str = "en",
    said: bool = False,
) -> list[Timed]:
    """The heading, then one piece for each of at most seven items, when it is spoken."""
    room = text_room(size, captions=not said)
    parts = list_parts(room, title, items, theme, language=language, align=0.25)
    rows = [part for part in parts if part.role == "row"]
    timed = growing_bars(size, room, parts, theme, pace)
    timed += [(Piece(drawn(size, p)), pace.start) for p in parts if p.role == "heading"]
    spoken_at = item_times(items[: len(rows)], pace.spoken)
    if not title:
        spoken_at = (pace.start, *spoken_at[1:])
    for row, at in zip(rows, spoken_at, strict=True):
        timed.append((Piece(drawn(size, row)), max(0.4 if title else pace.start, at - _LEAD)))
    return timed


def _keeps_waiting(times: Sequence[float], pace: Pace) -> bool:
    """Whether a card whose words come at these seconds would be empty or half said for long."""
    gaps = [after - before for before, after in itertools.pairwise(times)]
    return times[0] > _SILENT or max(gaps, default=0.0) > _PAUSE


def _faint(layer: Image.Image) -> Piece:
    layer.putalpha(layer.getchannel("A").point(lambda alpha: round(alpha * _FAINT)))
    # What is lit on it does not move either.
    return Piece(layer, rises=False)


def growing_bars(
    size: Size, box: Frame, parts: Sequence[Part], theme: Theme, pace: Pace
) -> list[Timed]:
    """The accent bar as it is drawn, and, on a card that stays long, as it goes on growing."""
    timed: list[Timed] = []
    for part in parts:
        if part.role != "bar" or part.box is None:
            continue
        side = side_of(part)
        wipe = _DRAWN_SECONDS if pace.start > 0 else 0.0
        timed.append((Piece(drawn(size, part), wipe=wipe, wipe_from=side), pace.start))
        below = max((p.laid.used_width for p in parts if p.laid), default=0.0)
        length = min(box.width, below)
        if pace.seconds >= _GROWS_FROM and length > 1.5 * (part.box[2] - part.box[0]):
            whole = accent(box, part.box[1], theme, rtl=part.rtl, length=length)
            begin = pace.start + wipe
            grows = pace.seconds - begin - 0.3
            timed.append((Piece(drawn(size, whole), wipe=grows, wipe_from=side), begin))
    return timed


def side_of(part: Part) -> Literal["left", "right"]:
    """The side from which a part is read, and uncovered."""
    return "right" if part.rtl else "left"


def _staggered(pieces: Sequence[Piece], pace: Pace) -> list[Timed]:
    return [(piece, pace.start + _STAGGER * number) for number, piece in enumerate(pieces)]


def drawn(size: Size, part: Part) -> Image.Image:
    """A part on a layer of the frame's size."""
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    part.draw(layer)
    return layer


def _lines(
    size: Size, laid: Layout, at: tuple[float, float], ink: tuple[int, int, int]
) -> list[Piece]:
    pieces = []
    for number, line in enumerate(laid.lines):
        layer = Image.new("RGBA", size, (0, 0, 0, 0))
        one = replace(laid, lines=(line,))
        draw_text(layer, one, (at[0], at[1] + number * laid.line_height), ink)
        pieces.append(Piece(layer))
    return pieces

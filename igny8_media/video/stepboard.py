"""One item of a list at a time: its number, large, its words, and how far the list has come."""

from dataclasses import replace
from typing import Final

from igny8_media.imaging.frame import Frame, Size, fitted, headline, inks, reads_rtl
from igny8_media.imaging.parts import Part, block, pill
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import text_room
from igny8_media.video.boards import Pace, Timed, drawn, kinetic_words, side_of
from igny8_media.video.flow import Turn
from igny8_media.video.pieces import Piece, gone_by

_HEADING: Final = 54
_NUMBER: Final = 300
"""Type sizes, in units of the frame."""
_DASH: Final = 12
_FAINT: Final = 56
"""Alpha of the part of the way that is still to come."""


def step_boards(
    size: Size,
    heading: str,
    turns: list[tuple[Turn, Pace]],
    theme: Theme,
    *,
    language: str = "en",
    said: bool = True,
) -> list[Timed]:
    """The items that these turns say, each gone when the next one comes, under their heading.

    A dash for each item fills while it is spoken of; heading and dashes stay to the end.
    """
    box = text_room(size, captions=not said)
    begin = turns[0][1].start
    number = headline("1", theme, box.width, 0.3 * box.height, _NUMBER * box.unit, language)
    timed: list[Timed] = []
    y = box.top + 2.5 * _DASH * box.unit
    words = headline(turns[0][0].text, theme, box.width, box.height, 60 * box.unit, language)
    if heading:
        head = fitted(
            heading,
            theme,
            box.width,
            0.16 * box.height,
            _HEADING * box.unit,
            weight=700,
            language=language,
            lines=2,
        )
        part = block("kicker", box, head, y, inks(theme).muted, beside=words)
        timed.append((Piece(drawn(size, part)), begin))
        y += head.height
    low = replace(box, top=y + 20 * box.unit)
    for place, (turn, pace) in enumerate(turns):
        last = place == len(turns) - 1
        until = None if last else turn.end
        timed += _dashes(size, box, place, len(turns), begin, pace, theme, rtl=reads_rtl(words))
        parts = _item(low, str(place + 1), turn.text, theme, number.height, language)
        own = [(Piece(drawn(size, parts[0])), pace.start)]
        own += kinetic_words(size, parts[1], turn.text, theme, pace, said=said)
        timed += gone_by(until, own)
    return timed


def _item(
    box: Frame, number: str, text: str, theme: Theme, tall: float, language: str
) -> tuple[Part, Part]:
    """The number and the words, together in the middle of what is left of the frame."""
    figure = headline(number, theme, box.width, tall, _NUMBER * box.unit, language)
    # Optical: the cap line is the top of a figure, and its base line the bottom.
    trim = figure.ascent - figure.cap_height
    gap = 44 * box.unit
    room = box.height - figure.cap_height - gap
    words = headline(text, theme, box.width, room, 104 * box.unit, language)
    taken = figure.cap_height + gap + words.height
    y = box.top + max(0.0, (box.height - taken) * 0.5)
    return (
        block("figure", box, figure, y - trim, inks(theme).shape, beside=words),
        block("heading", box, words, y + figure.cap_height + gap, inks(theme).text),
    )


def _dashes(
    size: Size,
    box: Frame,
    place: int,
    count: int,
    begin: float,
    pace: Pace,
    theme: Theme,
    *,
    rtl: bool,
) -> list[Timed]:
    """The dash of one item: there from the beginning, filled while the item is spoken of."""
    gap, thick = 14 * box.unit, _DASH * box.unit
    wide = (box.width - gap * (count - 1)) / count
    column = count - 1 - place if rtl else place
    left = box.left + column * (wide + gap)
    area = (left, box.top, left + wide, box.top + thick)
    ink = inks(theme)
    track = pill("track", area, (*ink.text, _FAINT), rtl=rtl)
    fill = pill("fill", area, ink.shape, rtl=rtl)
    filling = Piece(drawn(size, fill), wipe=pace.seconds - pace.start, wipe_from=side_of(fill))
    return [(Piece(drawn(size, track)), begin), (filling, pace.start)]

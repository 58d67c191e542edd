"""Figures that count up: the pictures of a number on its way."""

from dataclasses import replace
from typing import Final

import regex
from PIL import Image

from igny8_media.imaging.frame import fitted, inks
from igny8_media.imaging.parts import Part
from igny8_media.imaging.text import draw_text
from igny8_media.imaging.theme import Theme
from igny8_media.video.motion import settle

_NUMBER: Final = regex.compile(r"(\D*)([0-9][0-9.,’'\u00a0\u202f ]*[0-9]|[0-9])(\D*)")
_MOST: Final = 10**9


def counted(
    layer: Image.Image, figure: Part, number: str, theme: Theme, language: str, steps: int
) -> tuple[Image.Image, ...]:
    """Pictures of the size of `layer` on which a figure counts up to `number`, without the last.

    None at all for what cannot be counted: a range, a date, a figure in words.
    """
    laid = figure.laid
    values = on_the_way(number, steps)
    if laid is None or len(laid.lines) > 1:
        return ()
    cells = []
    for value in values:
        own = fitted(
            value,
            theme,
            laid.width,
            laid.height * 2,
            laid.size,
            weight=850,
            tracking=-0.045,
            language=language,
            least=1.0,
            lines=1,
            spacing=1.0,
        )
        cell = Image.new("RGBA", layer.size, (0, 0, 0, 0))
        # The figure's own baseline: what it is set in may differ from digit to digit.
        shift = laid.ascent - own.ascent
        own = replace(own, width=laid.width)
        draw_text(cell, own, (figure.x, figure.y + shift), inks(theme).shape)
        cells.append(cell)
    return tuple(cells)


def on_the_way(number: str, steps: int) -> list[str]:
    """A number on its way up from nearly nothing, written as it is; the number itself left out."""
    found = regex.fullmatch(_NUMBER, number.strip())
    if found is None or steps < 2:
        return []
    before, digits, after = found.groups()
    value, decimals, comma, group = _read(digits)
    if value is None or not 0 < value < _MOST:
        return []
    shown: list[str] = []
    for step in range(1, steps):
        text = f"{value * settle(step / steps):,.{decimals}f}"
        text = text.replace(",", "\0").replace(".", comma).replace("\0", group)
        shown.append(f"{before}{text}{after}")
    return shown


def _read(digits: str) -> tuple[float | None, int, str, str]:
    """(value, decimals, decimal mark, grouping mark) of a number as people write it."""
    marks = regex.findall(r"[^0-9]", digits)
    if not marks:
        # Years and other plain four-digit numbers do not grow.
        return (
            (None if len(digits) == 4 and digits[:2] in ("19", "20") else float(digits)),
            0,
            "",
            "",
        )
    last = marks[-1]
    tail = digits.rsplit(last, 1)[1]
    grouping = len(tail) == 3 and len(set(marks)) == 1 and not digits.startswith("0")
    if grouping:
        return float(regex.sub(r"[^0-9]", "", digits)), 0, "", last
    if last not in ".," or marks.count(last) > 1:
        return None, 0, "", ""
    whole = regex.sub(r"[^0-9]", "", digits.rsplit(last, 1)[0])
    return float(f"{whole}.{tail}"), len(tail), last, next((m for m in marks[:-1]), "")

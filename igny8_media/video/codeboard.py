"""Code for moving pictures: never too small for a phone, scrolled and lit as it is spoken about."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from igny8_media.imaging.codecard import (
    SPACING,
    Inner,
    advance_of,
    draw_rows,
    draw_window,
    gutter_of,
    left_out,
)
from igny8_media.imaging.codelines import (
    Row,
    clean,
    coloured,
    ground_of,
    indented_by_two,
    longest,
    tabular,
    wrapped,
)
from igny8_media.imaging.colour import mix, rgb
from igny8_media.imaging.frame import Frame, Size, draw_block, headline, inks, reads_rtl
from igny8_media.imaging.parts import Part, accent
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import text_room
from igny8_media.video.boards import Pace, Timed, growing_bars
from igny8_media.video.model import CodeBlock
from igny8_media.video.pieces import Piece
from igny8_media.video.spokenlines import Lit, spoken_lines

_CAPITAL: Final = 0.73
"""Height of a capital of JetBrains Mono, in ems."""
_LEAST: Final = 29 / 1080
"""Height of a capital at least, of the shorter side: what a phone held at arm's length shows."""
_LARGEST: Final = 46 / 1080
_ROWS_A_SECOND: Final = 1.6
"""How fast code may pass and still be followed."""
_MOST_ROWS: Final = 120
_SCROLL_SECONDS: Final = 0.6
_ROWS_PASSED: Final = 40
"""Rows a second that a longer way adds to the time it takes."""
_VEIL: Final = 150
"""How much (of 255) of the window's colour lies on the lines that are not spoken about."""
_TINT: Final = 0.16
_FADES: Final = 0.27
"""Seconds a line goes on being lit while the next one comes."""


@dataclass(frozen=True)
class _Body:
    """Code as it is set: `glyph` is its em in pixels, `shown` how many rows are seen at once."""

    rows: list[Row]
    glyph: float
    gutter: int
    shown: int
    width: float
    """Of the longest row, in pixels."""

    @property
    def pitch(self) -> int:
        """Pixels from row to row, even so that rows scroll by whole chroma samples."""
        return round(self.glyph * SPACING / 2) * 2


def code_board(
    size: Size, title: str, code: CodeBlock, theme: Theme, pace: Pace, *, language: str = "en"
) -> list[Timed]:
    """The heading, then the code in its window; the line that is spoken about is lit."""
    box = text_room(size)
    timed: list[Timed] = []
    if title:
        laid = headline(
            title,
            theme,
            box.width,
            box.height * 0.18,
            (64 if box.tall else 52) * box.unit,
            language,
        )
        layer, rtl = _clear(size), reads_rtl(laid)
        bar = accent(box, box.top, theme, rtl=rtl)
        above = Part("heading", bar.draw, rtl, laid)
        timed += growing_bars(size, box, [bar, above], theme, pace)
        y = draw_block(layer, box, laid, box.top + 30 * box.unit, inks(theme).text)
        timed.append((Piece(layer), pace.start))
        box = replace(box, top=y + 26 * box.unit)
    text = clean(code.text)
    lit = spoken_lines(text.split("\n"), pace.spoken)
    body = _set(text, code.language, theme, box, size, pace, lit)
    return timed + _window(size, box, body, code.language, theme, pace, lit)


def _set(
    text: str,
    language: str | None,
    theme: Theme,
    box: Frame,
    size: Size,
    pace: Pace,
    lit: Sequence[Lit],
) -> _Body:
    """As large as all of it fits, but never smaller than a phone can show: then it wraps, scrolls
    or, where columns matter, pans."""
    lines = coloured(text, language, theme)
    inner, gutter = Inner.of(box), gutter_of(lines)
    width = box.width - 2 * inner.pad
    height = box.height - inner.bar - 1.7 * inner.pad
    least, most = (share * min(size) / _CAPITAL for share in (_LEAST, _LARGEST))
    fits = min(
        width / ((longest(lines) + gutter) * advance_of(1.0)), height / (len(lines) * SPACING)
    )
    glyph = max(least, min(most, fits))
    columns = max(8, int(width / advance_of(glyph)) - gutter)
    if tabular(lines, columns):
        columns = longest(lines)
    elif longest(lines) > columns:
        lines = coloured(indented_by_two(text), language, theme)
    rows = [row for n, line in enumerate(lines, 1) for row in wrapped(line, n, columns)]
    shown = max(1, int(height / (round(glyph * SPACING / 2) * 2)))
    rows = _passage(rows, shown + int(_ROWS_A_SECOND * pace.seconds), lit)
    wide = max(sum(len(text) for text, _ in row.pieces) for row in rows) + gutter
    return _Body(rows, glyph, gutter, min(shown, len(rows)), wide * advance_of(glyph))


def _passage(rows: list[Row], room: int, lit: Sequence[Lit]) -> list[Row]:
    """As many rows as can be followed, from a little before the first that is spoken about."""
    if len(rows) <= room:
        return rows
    begin = 0
    if lit:
        at = [i for i, row in enumerate(rows) if row.line in {one.line for one in lit}]
        begin = max(0, min(at[0] - 2, len(rows) - room))
        room = min(_MOST_ROWS, max(room, at[-1] + 3 - begin))  # the voice leads to all of them
    kept = rows[begin : begin + room]
    missing = rows[-1].line - kept[-1].line
    return [*kept[:-1], left_out(rows[-1].line - kept[-2].line)] if missing else kept


def _window(
    size: Size,
    box: Frame,
    body: _Body,
    language: str | None,
    theme: Theme,
    pace: Pace,
    lit: Sequence[Lit],
) -> list[Timed]:
    inner = Inner.of(box)
    tall = inner.bar + body.shown * body.pitch + 1.4 * inner.pad
    top = box.top + max(0.0, (box.height - tall) * 0.3)
    window = (box.left, top, box.right, top + tall)
    frame_layer = _clear(size)
    draw_window(frame_layer, window, box, theme, language)
    left, right = math.ceil(box.left / 2) * 2, int(box.right) // 2 * 2
    first = round((top + inner.bar + 0.35 * inner.pad) / 2) * 2
    view = (left, first, right, first + body.shown * body.pitch)
    lit = [one for one in lit if any(row.line == one.line for row in body.rows)]
    steps = _steps(body, view, inner, pace, lit)
    picture = _drawn(body, body.rows, view, inner, theme)
    start = pace.start
    timed: list[Timed] = [(Piece(frame_layer), start)]
    moving = Piece(picture, left, first, rises=False, scroll=steps, window=view)
    timed.append((moving, start + 0.15 if start else 0.0))
    if lit:
        veil = Image.new("RGBA", (right - left, view[3] - first), (*rgb(ground_of(theme)), _VEIL))
        begin = max(lit[0].start, start + 0.5)
        timed.append((Piece(veil, left, first, rises=False), begin))
    for number, one in enumerate(lit):
        last = number + 1 == len(lit)
        rows = [i for i, row in enumerate(body.rows) if row.line == one.line]
        strip = _drawn(body, [body.rows[i] for i in rows], view, inner, theme, lit=True)
        piece = Piece(
            strip,
            left,
            first + rows[0] * body.pitch,
            rises=False,
            until=None if last else lit[number + 1].start + _FADES,
            scroll=steps,
            window=view,
        )
        timed.append((piece, max(one.start, start + 0.5)))
    return timed


def _drawn(
    body: _Body,
    rows: Sequence[Row],
    view: tuple[int, int, int, int],
    inner: Inner,
    theme: Theme,
    *,
    lit: bool = False,
) -> Image.Image:
    """Rows on the window's own ground, opaque, so that painting them is copying."""
    ground = rgb(ground_of(theme))
    width = max(view[2] - view[0], round((body.width + 2 * inner.pad) / 2) * 2)
    tall = len(rows) * body.pitch
    fill = mix(ground, inks(theme).shape, _TINT) if lit else ground
    picture = Image.new("RGBA", (width, tall), (*fill, 255))
    if lit:
        edge = (0.0, 0.0, 0.18 * inner.pad, float(tall))
        panel(picture, edge, 0, inks(theme).shape)
    exact = replace(body, glyph=body.pitch / SPACING)
    down = (body.pitch - 1.32 * body.glyph) / 2
    draw_rows(picture, rows, (inner.pad, down), exact.glyph, body.gutter, theme)
    return picture


def _steps(
    body: _Body,
    view: tuple[int, int, int, int],
    inner: Inner,
    pace: Pace,
    lit: Sequence[Lit],
) -> tuple[tuple[float, float, int, int], ...]:
    """Where the code moves to: (second, seconds it takes, pixels to the left, pixels up)."""
    hidden = len(body.rows) - body.shown
    beyond = max(0, round(body.width + 2 * inner.pad) - (view[2] - view[0])) // 2 * 2
    if beyond:
        # Along its rows and no further down: columns are read across.
        return ((0.25 * pace.seconds, 0.55 * pace.seconds, beyond, 0),)
    if hidden <= 0:
        return ()
    steps: list[tuple[float, float, int, int]] = []
    if lit:
        for one in lit:
            row = next(i for i, row in enumerate(body.rows) if row.line == one.line)
            up = min(hidden, max(0, row - body.shown // 2)) * body.pitch
            before = steps[-1][3] if steps else 0
            if up != before:
                far = abs(up - before) / body.pitch / _ROWS_PASSED
                steps.append((max(0.0, one.start - 0.15), _SCROLL_SECONDS + far, 0, up))
        return tuple(steps)
    # Nothing says where to look: from top to bottom, a few rows at a time.
    count = max(1, -(-hidden // max(1, body.shown // 2)))
    for number in range(count):
        at = pace.seconds * (0.3 + 0.55 * number / count)
        up = round(hidden * (number + 1) / count) * body.pitch
        steps.append((at, _SCROLL_SECONDS, 0, up))
    return tuple(steps)


def _clear(size: Size) -> Image.Image:
    return Image.new("RGBA", size, (0, 0, 0, 0))

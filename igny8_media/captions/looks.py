"""The styles of burned-in captions: what each event of a cue looks like, as ASS text.

What people know from short videos: the word that is said lit in the accent colour, or on a plate
of it; words that appear as they are said; rows on a dark plate; plain rows with an outline.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from igny8_media.captions.rows import SetCue, SetRow
from igny8_media.captions.type import CaptionType, Run
from igny8_media.imaging.colour import Rgb, mix, readable, rgb
from igny8_media.imaging.theme import Theme

CaptionStyle = Literal["highlight", "plate", "reveal", "box", "plain"]

ROW_PITCH: Final = 1.24
"""Ems from row to row."""
_BASE: Final = 0.36
"""Ems from the lower end of the last row's place to its baseline."""
_PLATE: Final = (0.93, 0.34, 0.21, 0.22)
"""Ems of a plate above and below the baseline, beside its words, and the radius of its corners."""
_CURVE: Final = 0.5523
"""Of the radius: where a Bézier curve that follows a circle has its control points."""
_BOX_COVERS: Final = 0.8
"""How much of what lies behind a box is covered: white text keeps 4.5:1 over a white picture."""
_HIDDEN: Final = r"{\alpha&HFF&}"
_WORD_JOINER: Final = "\u2060"
_MARKS: Final = {True: "\u200f", False: "\u200e"}


@dataclass(frozen=True)
class Inks:
    """Colours that read on what lies behind them: the outline, or the plate under a word."""

    text: Rgb
    lit: Rgb
    dark: Rgb
    plate: Rgb
    on_plate: Rgb

    @classmethod
    def of(cls, theme: Theme) -> "Inks":
        dark, plate = rgb(theme.background), rgb(theme.accent)
        # As seen over the brightest and the darkest picture through a box.
        behind = (dark, *(mix(end, dark, _BOX_COVERS) for end in ("#000000", "#ffffff")))
        return cls(
            readable(theme.text, behind),
            readable(theme.accent, (dark,)),
            dark,
            plate,
            readable(theme.background, (plate,)),
        )


@dataclass(frozen=True)
class Event:
    """Something libass draws unchanged from frame `start` to before frame `end`."""

    layer: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Setting:
    """Where captions stand: the middle and the lower end of their area, and an em, in pixels."""

    middle: float
    bottom: float
    em: float
    kind: CaptionType
    inks: Inks

    def baseline(self, rows: int, number: int, em: float) -> float:
        return self.bottom - _BASE * self.em - (rows - 1 - number) * ROW_PITCH * em


def events_of(
    cue: SetCue, moments: Sequence[tuple[int, int, int]], style: CaptionStyle, setting: Setting
) -> list[Event]:
    """The events of a cue; `moments` are (first frame, end, number of the word being said)."""
    em = setting.em * cue.scale
    found: list[Event] = []
    for number, row in enumerate(cue.rows):
        base = setting.baseline(len(cue.rows), number, em)
        if style == "box":
            found.append(
                Event(0, moments[0][0], moments[-1][1], _plate(setting, row, base, em, None))
            )
        if style == "plate":
            for start, end, active in moments:
                if any(word.number == active for word in row.words):
                    found.append(Event(0, start, end, _plate(setting, row, base, em, active)))
        shown = [(a, b, _text(row, active, style, setting, base, em)) for a, b, active in moments]
        for text, same in groupby(shown, key=lambda moment: moment[2]):
            stretch = list(same)
            found.append(Event(1, stretch[0][0], stretch[-1][1], text))
    return found


def _text(
    row: SetRow, active: int, style: CaptionStyle, setting: Setting, base: float, em: float
) -> str:
    kind = setting.kind
    sizes = {font: kind.font_size(font, em) for font in kind.names}
    fonts = {run.font for word in row.words for run in kind.runs(word.text)} | {kind.primary}
    # libass places the lower end of a line: its baseline, and the deepest descent of its fonts.
    y = base + max(kind.descent(font) for font in fonts) * em
    size = "" if em > 0.99 * setting.em else rf"\fs{sizes[kind.primary]:.1f}"
    plain = r"\bord0" if style == "box" else ""
    head = rf"{{\an2\pos({setting.middle:.1f},{y:.1f}){size}{plain}}}{_MARKS[row.rtl]}"
    return head + "".join(_words(row, active, style, setting, sizes))


def _words(
    row: SetRow,
    active: int,
    style: CaptionStyle,
    setting: Setting,
    sizes: Mapping[str, float],
) -> Iterator[str]:
    inks, kind = setting.inks, setting.kind
    hidden = False
    for word in row.words:
        drawn = _drawn(kind.runs(word.text), kind.primary, sizes)
        if style == "reveal" and word.number > active and not hidden:
            hidden = True
            yield _HIDDEN
        if word.number == active and style in ("highlight", "plate"):
            ink = inks.lit if style == "highlight" else inks.on_plate
            outline = r"\bord0" if style == "plate" else ""
            drawn = rf"{{\1c{colour(ink)}{outline}}}{drawn}{{\r}}" + _again(sizes, kind, setting)
        yield word.gap + drawn


def _again(sizes: Mapping[str, float], kind: CaptionType, setting: Setting) -> str:
    """What a reset to the style has to be followed by, where type had to shrink."""
    size = sizes[kind.primary]
    usual = kind.font_size(kind.primary, setting.em)
    return "" if size > 0.99 * usual else rf"{{\fs{size:.1f}}}"


def _plate(setting: Setting, row: SetRow, base: float, em: float, active: int | None) -> str:
    """A rounded plate under the whole row, or under the word that is being said."""
    above, below, beside, radius = (share * em for share in _PLATE)
    start, width = 0.0, row.width
    if active is not None:
        word = next(word for word in row.words if word.number == active)
        start, width = word.left, word.width
    left = setting.middle + (start - row.width / 2) * em - beside
    ink = setting.inks.dark if active is None else setting.inks.plate
    through = "" if active is not None else rf"\1a&H{round(255 * (1 - _BOX_COVERS)):02X}&"
    return (
        rf"{{\an7\pos({left:.1f},{base - above:.1f})\bord0\shad0\1c{colour(ink)}{through}\p1}}"
        + _rounded(width * em + 2 * beside, above + below, radius)
    )


def _rounded(width: float, height: float, radius: float) -> str:
    """A rounded rectangle as libass draws it, in whole pixels."""
    w, h, r = round(width), round(height), round(min(radius, width / 2, height / 2))
    k = round(r * (1 - _CURVE))
    return (
        f"m {r} 0 l {w - r} 0 b {w - k} 0 {w} {k} {w} {r} l {w} {h - r} "
        f"b {w} {h - k} {w - k} {h} {w - r} {h} l {r} {h} b {k} {h} 0 {h - k} 0 {h - r} "
        f"l 0 {r} b 0 {k} {k} 0 {r} 0"
    )


def _drawn(runs: Sequence[Run], font: str, sizes: Mapping[str, float]) -> str:
    """A word's text; fonts of one em differ in what libass calls their size, so both switch."""
    parts: list[str] = []
    for run in runs:
        there, back = (rf"{{\fn{name}\fs{sizes[name]:.1f}}}" for name in (run.font, font))
        text = escaped(run.text)
        parts.append(text if run.font == font else there + text + back)
    return "".join(parts)


def escaped(text: str) -> str:
    r"""Text that libass shows as it is: braces open commands, and `\N`, `\n` and `\h` are breaks.

    A backslash has no escape of its own; an invisible word joiner keeps it from meaning anything.
    """
    text = re.sub(r"[^\S\u00a0]+", " ", text).strip(" ")
    text = text.replace("\\", "\\" + _WORD_JOINER)
    return text.replace("{", r"\{").replace("}", r"\}")


def colour(ink: Rgb) -> str:
    """A colour as ASS writes it: alpha, blue, green, red."""
    return f"&H00{ink[2]:02X}{ink[1]:02X}{ink[0]:02X}"

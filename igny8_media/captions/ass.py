"""Captions as an ASS file, to be burned in by libass (Advanced SubStation Alpha, v4.00+).

libass shapes with its own HarfBuzz and orders with its own FriBidi, so Arabic, Hebrew and CJK come
out right; what it cannot do is choose a weight of a variable font or a fallback font without the
system's help. Both are done here: every run of text names a static font in the fonts folder.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from igny8_media.captions.cues import Cue
from igny8_media.captions.type import CaptionType, Run
from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.narration.segments import gaps
from igny8_media.video.model import VideoForm

# Fractions of the frame (width, height). Short form: players cover the top 15 %, the bottom 25 %
# and 120 of 1080 pixels on the right; both margins are equal so that lines stand in the middle.
_MARGIN_X: Final = {VideoForm.SHORT: 120 / 1080, VideoForm.LONG: 0.08}
_MARGIN_BOTTOM: Final = {VideoForm.SHORT: 0.265, VideoForm.LONG: 0.075}
# Of the shorter side.
_EM: Final = {VideoForm.SHORT: 88 / 1080, VideoForm.LONG: 50 / 1080}
_OUTLINE: Final = {VideoForm.SHORT: 6.5 / 1080, VideoForm.LONG: 3.2 / 1080}
_SHADOW: Final = {VideoForm.SHORT: 3 / 1080, VideoForm.LONG: 2 / 1080}
_ROWS: Final = 2

_WORD_JOINER = "\u2060"


def write_ass(
    cues: Sequence[Cue],
    out: Path,
    *,
    form: VideoForm,
    size: tuple[int, int],
    theme: Theme,
    language: str,
    fonts_dir: Path,
) -> None:
    """Write `cues` for a frame of `size` pixels; the fonts it names are put into `fonts_dir`.

    Short form: large type in the lower middle, clear of the players' buttons, the word being said
    in the theme's accent colour. Long form: one or two lines at the bottom. Type shrinks where a
    word is wider than the frame. Raises InputError where no font covers a letter.
    """
    if not cues:
        raise InputError("There are no captions to burn in; make them from a narration first.")
    words = [_unbroken(word.text) for cue in cues for word in cue.words]
    kind = CaptionType(words, theme.font, language, form, fonts_dir)
    name = kind.primary
    em = _EM[form] * min(size)
    room = size[0] * (1 - 2 * _MARGIN_X[form])
    lines = [_header(form, size, theme, name, kind.font_size(name, em))]
    for cue in cues:
        rows = _rows(cue)
        fitted = em * _fit(rows, kind, room / em, form)
        smaller = "" if fitted > 0.99 * em else rf"{{\fs{kind.font_size(name, fitted):.1f}}}"
        sizes = {face: kind.font_size(face, fitted) for face in kind.names}
        drawn = [[(gap, _drawn(kind.runs(word), name, sizes)) for gap, word in row] for row in rows]
        for start, end, active in _moments(cue, form):
            shown = smaller + _text(drawn, active, theme)
            lines.append(f"Dialogue: 0,{_clock(start)},{_clock(end)},Caption,,0,0,0,,{shown}")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


_Row = list[tuple[str, str]]  # each word with what stands before it


def _rows(cue: Cue) -> list[_Row]:
    """The cue's words line by line; short form is one row, which the renderer may wrap."""
    rows: list[_Row] = []
    at = 0
    for line in cue.lines:
        words: list[str] = []
        letters = len(line.replace(" ", ""))
        while at < len(cue.words) and letters > 0:
            words.append(_unbroken(cue.words[at].text))
            letters -= len(cue.words[at].text.replace(" ", ""))
            at += 1
        rows.append(list(zip(gaps(words), words, strict=True)))
    return rows


def _unbroken(word: str) -> str:
    """A word with its own spaces ("1 234", "tea –") kept on one line."""
    return word.replace(" ", "\u00a0")


def _fit(rows: Sequence[_Row], kind: CaptionType, room: float, form: VideoForm) -> float:
    """The factor by which type must shrink for every word and row to fit into `room` ems."""
    longest = max(kind.width("", word) for row in rows for _, word in row)
    # Rows that wrap leave some of their width unused.
    share = 1.0 if form is VideoForm.LONG else _ROWS * 0.8
    widest = max(sum(kind.width(gap, word) for gap, word in row) for row in rows) / share
    return min(1.0, room / max(longest, widest, 1.0))


def _moments(cue: Cue, form: VideoForm) -> list[tuple[int, int, int | None]]:
    """(start, end, index of the word being said) in centiseconds, without gaps."""
    start, end = round(cue.start * 100), round(cue.end * 100)
    if form is VideoForm.LONG:
        return [(start, end, None)]
    starts = [start, *(round(word.start * 100) for word in cue.words[1:])]
    ends = [*starts[1:], end]
    return [(a, b, n) for n, (a, b) in enumerate(zip(starts, ends, strict=True)) if b > a]


def _text(rows: Sequence[_Row], active: int | None, theme: Theme) -> str:
    """The event's text, the word with the number `active` in the accent colour."""
    lit, plain = (rf"{{\1c{_colour(ink)}}}" for ink in (theme.accent, theme.text))
    number = 0
    lines: list[str] = []
    for row in rows:
        parts: list[str] = []
        for gap, word in row:
            parts.append(f"{gap}{lit}{word}{plain}" if number == active else gap + word)
            number += 1
        lines.append("".join(parts))
    return r"\N".join(lines)


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


def _header(
    form: VideoForm, size: tuple[int, int], theme: Theme, font: str, font_size: float
) -> str:
    width, height = size
    scale = min(size)
    text, dark = _colour(theme.text), _colour(theme.background)
    margin_x, margin_y = round(width * _MARGIN_X[form]), round(height * _MARGIN_BOTTOM[form])
    style = [
        *("Caption", font, f"{font_size:.1f}", text, text, dark, f"&H60{dark[4:]}"),
        *("0", "0", "0", "0", "100", "100", "0", "0", "1"),
        *(f"{_OUTLINE[form] * scale:.1f}", f"{_SHADOW[form] * scale:.1f}"),
        # Encoding -1: the base direction comes from the text itself.
        *("2", str(margin_x), str(margin_x), str(margin_y), "-1"),
    ]
    return "\n".join(
        (
            "[Script Info]",
            "ScriptType: v4.00+",
            f"PlayResX: {width}",
            f"PlayResY: {height}",
            "WrapStyle: 0",
            "ScaledBorderAndShadow: yes",
            "YCbCr Matrix: TV.709",
            "",
            "[V4+ Styles]",
            "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour,"
            " BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle,"
            " BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
            "Style: " + ",".join(style),
            "",
            "[Events]",
            "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
        )
    )


def _colour(colour: str) -> str:
    """`#rrggbb` as ASS writes it: alpha, blue, green, red."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"&H00{blue}{green}{red}".upper()


def _clock(centiseconds: int) -> str:
    minutes, rest = divmod(centiseconds, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"

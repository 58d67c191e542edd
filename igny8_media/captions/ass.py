"""Captions as an ASS file, to be burned in by libass (Advanced SubStation Alpha, v4.00+).

libass shapes with its own HarfBuzz and orders with its own FriBidi, so Arabic, Hebrew and CJK come
out right; what it cannot do is choose a weight of a variable font or a fallback font without the
system's help. Both are done here: every run of text names a static font in the fonts folder. Rows
are broken and placed here too, because plates have to know where words stand.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from igny8_media.captions.cues import Cue
from igny8_media.captions.frames import clock_of, frame_of
from igny8_media.captions.looks import CaptionStyle, Inks, Setting, colour, escaped, events_of
from igny8_media.captions.rows import set_cue, unbroken
from igny8_media.captions.type import CaptionType
from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import caption_area, caption_em
from igny8_media.video.model import VideoForm

__all__ = ["escaped", "write_ass"]

_OUTLINE: Final = {VideoForm.SHORT: 7.0 / 1080, VideoForm.LONG: 3.6 / 1080}
"""Of the shorter side. Wide enough that no letter touches the picture; a shadow besides would cost
libass as much again as letters and outline together."""


def write_ass(
    cues: Sequence[Cue],
    out: Path,
    *,
    form: VideoForm,
    size: tuple[int, int],
    theme: Theme,
    language: str,
    fonts_dir: Path,
    fps: int = 30,
) -> None:
    """Write `cues` for a frame of `size` pixels; the fonts it names are put into `fonts_dir`.

    Short form: large type in the lower middle, clear of the players' buttons, in the theme's
    caption style. Long form: one or two calm lines at the bottom. Every event begins and ends with
    a frame. Type shrinks where a word is wider than the frame. Raises InputError where no font
    covers a letter.
    """
    if not cues:
        raise InputError("There are no captions to burn in; make them from a narration first.")
    words = [unbroken(word.text) for cue in cues for word in cue.words]
    kind = CaptionType(words, theme.font, language, form, fonts_dir)
    area, em = caption_area(size), caption_em(size)
    setting = Setting(size[0] / 2, area.bottom, em, kind, Inks.of(theme))
    style = style_of(theme, form)
    lines = [_header(form, size, setting)]
    for cue in cues:
        moments = _moments(cue, fps)
        if not moments:
            continue  # shorter than a frame
        placed = set_cue(cue, kind, area.width / em, form)
        lines += [
            f"Dialogue: {event.layer},{clock_of(event.start, fps)},{clock_of(event.end, fps)},"
            f"Caption,,0,0,0,,{event.text}"
            for event in events_of(placed, moments, style, setting)
        ]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def style_of(theme: Theme, form: VideoForm) -> CaptionStyle:
    """The style of a video's captions: nothing flickers under a long one."""
    if form is VideoForm.LONG and theme.captions != "box":
        return "plain"
    return theme.captions


def _moments(cue: Cue, fps: int) -> list[tuple[int, int, int]]:
    """(first frame, frame after the last, number of the word being said), without gaps."""
    start, end = frame_of(cue.start, fps), frame_of(cue.end, fps)
    starts = [start, *(max(start, frame_of(word.start, fps)) for word in cue.words[1:])]
    ends = [*(min(end, begin) for begin in starts[1:]), end]
    return [(a, b, n) for n, (a, b) in enumerate(zip(starts, ends, strict=True)) if b > a]


def _header(form: VideoForm, size: tuple[int, int], setting: Setting) -> str:
    width, height = size
    kind, inks = setting.kind, setting.inks
    font_size = kind.font_size(kind.primary, setting.em)
    text, dark = colour(inks.text), colour(inks.dark)
    style = [
        *("Caption", kind.primary, f"{font_size:.1f}", text, text, dark, dark),
        *("0", "0", "0", "0", "100", "100", "0", "0", "1"),
        *(f"{_OUTLINE[form] * min(size):.1f}", "0"),
        # Encoding -1: the base direction comes from the text itself, a mark at its start.
        *("2", "0", "0", "0", "-1"),
    ]
    return "\n".join(
        (
            "[Script Info]",
            "ScriptType: v4.00+",
            f"PlayResX: {width}",
            f"PlayResY: {height}",
            "WrapStyle: 2",
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

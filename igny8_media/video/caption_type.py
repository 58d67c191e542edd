"""The fonts of burned-in captions: which one draws which letters, and how wide the letters are."""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from igny8_media.imaging.fontfiles import FontFile
from igny8_media.imaging.fonts import drawable, font_for, static_font, static_name
from igny8_media.video.model import VideoForm

_WEIGHT: Final = {VideoForm.SHORT: 800, VideoForm.LONG: 600}


class Run(NamedTuple):
    """Letters drawn with one font, named as in its file."""

    text: str
    font: str


class CaptionType:
    """Static fonts for one form's captions, made in `folder` as they are needed."""

    def __init__(self, theme_font: str, language: str, form: VideoForm, folder: Path) -> None:
        self._theme_font = theme_font
        self._language = language
        self._weight = _WEIGHT[form]
        self._folder = folder
        self._faces: dict[str, _Face] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every font used so far."""
        return tuple(self._faces)

    def primary(self, text: str) -> str:
        """The font that draws most of the text. Raises InputError where none covers a letter."""
        return self._static(font_for(text, self._theme_font, self._language).primary)

    def runs(self, word: str) -> list[Run]:
        """A word split by font; symbols that no font has are left out."""
        shown, _ = drawable(word, self._theme_font)
        if not shown:
            return []
        choice = font_for(shown, self._theme_font, self._language)
        return [Run(shown[run.start : run.end], self._static(run.font)) for run in choice.runs]

    def width_of(self, runs: list[Run], em: float) -> float:
        """Pixels that runs take at `em` pixels to the em."""
        return sum(self._faces[run.font].advance(run.text) * em for run in runs)

    def width(self, gap: str, em: float) -> float:
        """Pixels that the gap between two words takes, in about any font."""
        return len(gap) * em * 0.28

    def font_size(self, font: str, em: float) -> float:
        """What libass calls the size of a font whose em is `em` pixels."""
        return em * self._faces[font].line

    def _static(self, font: FontFile) -> str:
        family = font.family if font.bundled else str(font.path)
        name = static_name(font.family, self._weight)
        if name not in self._faces:
            self._faces[name] = _face(static_font(family, self._weight, self._folder))
        return name


class _Face(NamedTuple):
    """`line` is what libass scales to the font size, in ems: Windows' ascent and descent."""

    font: hb.Font
    line: float

    def advance(self, text: str) -> float:
        """The width of shaped text in ems."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer)
        return float(sum(p.x_advance for p in buffer.glyph_positions) / self.font.face.upem)


@cache
def _face(path: Path) -> _Face:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    with TTFont(path, lazy=True) as tables:
        os2 = tables["OS/2"]
        line = (os2.usWinAscent + os2.usWinDescent) / tables["head"].unitsPerEm
    return _Face(font, line)

"""The type of burned-in captions: which font draws which letters, and how wide they come out."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from igny8_media.captions.fonts import caption_font, static_name
from igny8_media.errors import InputError
from igny8_media.imaging.fontfiles import FontFile
from igny8_media.imaging.fonts import drawable, font_for
from igny8_media.video.model import VideoForm

_WEIGHT: Final = {VideoForm.SHORT: 800, VideoForm.LONG: 600}


class Run(NamedTuple):
    """Letters drawn with one font, named as in its file."""

    text: str
    font: str


class CaptionType:
    """The fonts that a set of words needs, written into `folder`.

    Raises InputError where no font covers a letter, or nothing can be drawn at all.
    """

    def __init__(
        self, words: Iterable[str], theme_font: str, language: str, form: VideoForm, folder: Path
    ) -> None:
        self._runs: dict[str, list[Run]] = {}
        letters: dict[FontFile, Counter[str]] = {}
        for word in dict.fromkeys(words):
            # Symbols that no font has are left out.
            shown, _ = drawable(word, theme_font)
            own = font_for(shown, theme_font, language, colour=False).runs if shown else ()
            runs = [(shown[run.start : run.end], run.font) for run in own]
            for text, font in runs:
                letters.setdefault(font, Counter()).update(text)
            self._runs[word] = [
                Run(text, static_name(font.family, _WEIGHT[form])) for text, font in runs
            ]
        if not letters:
            raise InputError("Nothing in these captions can be drawn; give them letters.")
        self._faces = {
            static_name(font.family, _WEIGHT[form]): _Face(
                caption_font(font, _WEIGHT[form], used, folder)
            )
            for font, used in letters.items()
        }
        most = max(letters, key=lambda font: letters[font].total())
        self.primary: Final = static_name(most.family, _WEIGHT[form])
        """The font that draws most of the letters."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._faces)

    def runs(self, word: str) -> list[Run]:
        """A word split by font."""
        return self._runs[word]

    def width(self, gap: str, word: str) -> float:
        """Ems that a word takes with what stands before it."""
        drawn = sum(self._faces[run.font].advance(run.text) for run in self._runs[word])
        return self.space(gap) + drawn

    def space(self, gap: str) -> float:
        """Ems that what stands between two words takes."""
        return len(gap) * self._faces[self.primary].advance(" ")

    def font_size(self, font: str, em: float) -> float:
        """What libass calls the size of a font whose em is `em` pixels."""
        return em * self._faces[font].line

    def descent(self, font: str) -> float:
        """What libass takes a font to reach below its baseline, in ems."""
        return self._faces[font].descent


class _Face:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))

    @cached_property
    def line(self) -> float:
        """What libass scales to the font size, in ems: Windows' ascent and descent."""
        with TTFont(self._path, lazy=True) as tables:
            os2 = tables["OS/2"]
            return float((os2.usWinAscent + os2.usWinDescent) / tables["head"].unitsPerEm)

    @cached_property
    def descent(self) -> float:
        with TTFont(self._path, lazy=True) as tables:
            return float(tables["OS/2"].usWinDescent / tables["head"].unitsPerEm)

    def advance(self, text: str) -> float:
        """The width of shaped text in ems."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        return float(sum(p.x_advance for p in buffer.glyph_positions) / self._font.face.upem)

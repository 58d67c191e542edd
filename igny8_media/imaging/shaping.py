"""Text to positioned glyphs: bidirectional order, fonts and scripts, HarfBuzz. Units are ems.

Everything is scale-free (outlines are not hinted), so a text is shaped once and drawn at any size.
"""

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import regex
import uharfbuzz as hb
from bidi import get_base_level, get_display
from fontTools import unicodedata as scripts

from igny8_media.imaging.fontfiles import FontFile, face, shaped_font
from igny8_media.imaging.fonts import font_for

_RTL = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}\p{Bidi_Control}]")
# Variation selectors are non-spacing marks to the bidirectional algorithm: they follow their
# letter through it unchanged, so a pair of them after each letter carries its position.
_TAG_HIGH = 0xE0100
_TAG_LOW = 0xE0100 + 120
_TAG_BASE = 120
# Letters of these scripts join or stack: spacing them out breaks the word.
_JOINED = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Deva", "Beng", "Gujr", "Guru"})


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph at (x, y) ems, y upwards from the baseline; `index` is its place in the text."""

    font: hb.Font
    file: FontFile
    glyph_id: int
    x: float
    y: float
    index: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line's glyphs from left to right; `ink` is (left, bottom, right, top) of the outlines."""

    glyphs: tuple[Glyph, ...]
    advance: float
    ink: tuple[float, float, float, float]


@dataclass(frozen=True)
class Style:
    """How a text is set. `tracking` is extra space between letters, in ems."""

    family: str = "Inter"
    weight: int = 700
    language: str = "en"
    tracking: float = 0.0
    ligatures: bool = True


@dataclass(frozen=True)
class Paragraph:
    """A text without line feeds, ready to be shaped in slices."""

    text: str
    style: Style

    @cached_property
    def rtl(self) -> bool:
        """The base direction, from the first strong character."""
        return _RTL.search(self.text) is not None and get_base_level(self.text) == 1

    @cached_property
    def _order(self) -> tuple[tuple[int, ...], tuple[bool, ...]]:
        if not _RTL.search(self.text):
            return tuple(range(len(self.text))), (False,) * len(self.text)
        return visual_order(self.text, rtl=self.rtl)

    @cached_property
    def _runs(self) -> tuple[tuple[int, int, FontFile, str, bool], ...]:
        """(start, end, font, script, right-to-left), in logical order."""
        ranks, backwards = self._order
        fonts = [
            run.font
            for run in font_for(self.text, self.style.family, self.style.language).runs
            for _ in range(run.start, run.end)
        ]
        codes = _scripts(self.text)
        keys = list(zip(fonts, codes, backwards, strict=True))
        cuts = [0]
        for i, (before, after) in enumerate(pairwise(keys), start=1):
            step = -1 if keys[i][2] else 1
            if before != after or ranks[i] - ranks[i - 1] != step:
                cuts.append(i)
        cuts.append(len(self.text))
        return tuple((a, b, *keys[a]) for a, b in pairwise(cuts))

    @lru_cache(maxsize=4096)  # noqa: B019  paragraphs are few, small and cached themselves
    def shape(self, start: int, end: int) -> Shaped:
        """The glyphs of `text[start:end]` as one line, in visual order."""
        ranks = self._order[0]
        inside = [
            (max(a, start), min(b, end), font, script, rtl)
            for a, b, font, script, rtl in self._runs
            if a < end and b > start
        ]
        inside.sort(key=lambda run: min(ranks[run[0]], ranks[run[1] - 1]))
        glyphs: list[Glyph] = []
        x = 0.0
        for a, b, font, script, rtl in inside:
            x = self._shape_run(glyphs, x, a, b, font, script, rtl)
        return Shaped(tuple(glyphs), x, _ink(glyphs))

    def _shape_run(
        self, glyphs: list[Glyph], x: float, a: int, b: int, file: FontFile, script: str, rtl: bool
    ) -> float:
        font = shaped_font(file, self.style.weight)
        em = face(file.path, file.index).upem
        buffer = hb.Buffer()
        buffer.add_str(self.text, a, b - a)
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = script
        buffer.language = self.style.language
        features = {} if self.style.ligatures else {"liga": False, "calt": False, "clig": False}
        hb.shape(font, buffer, features)
        tracking = 0.0 if script in _JOINED else self.style.tracking
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(
                Glyph(
                    font,
                    file,
                    info.codepoint,
                    x + position.x_offset / em,
                    position.y_offset / em,
                    info.cluster,
                )
            )
            x += position.x_advance / em + (tracking if position.x_advance else 0.0)
        return x


@lru_cache(maxsize=512)
def paragraph(text: str, style: Style) -> Paragraph:
    """The paragraph, its fonts and directions worked out at most once."""
    return Paragraph(text, style)


def visual_order(text: str, *, rtl: bool) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """For each character its rank from the left, and whether it runs right to left.

    The order of a part of the text is the order of its characters' ranks, because the relative
    order of two characters depends only on the levels between them (UAX #9, rule L2).
    """
    tagged = "".join(
        c + chr(_TAG_HIGH + i // _TAG_BASE) + chr(_TAG_LOW + i % _TAG_BASE)
        for i, c in enumerate(_numbers_joined(text[: _TAG_BASE * _TAG_BASE]))
    )
    shown = str(get_display(tagged, base_dir="R" if rtl else "L"))
    ranks = [0] * len(text)
    backwards = [False] * len(text)
    pending: tuple[int, bool] | None = (
        None  # the first tag of a pair, and whether it was the low one
    )
    rank = 0
    for c in shown:
        code = ord(c)
        if not _TAG_HIGH <= code < _TAG_LOW + _TAG_BASE:
            continue
        low = code >= _TAG_LOW
        digit = code - (_TAG_LOW if low else _TAG_HIGH)
        if pending is None:
            pending = (digit, low)
            continue
        index = digit * _TAG_BASE + pending[0] if pending[1] else pending[0] * _TAG_BASE + digit
        ranks[index], backwards[index] = rank, pending[1]
        pending = None
        rank += 1
    return tuple(ranks), tuple(backwards)


def _numbers_joined(text: str) -> str:
    """Separators inside numbers as digits, which is what rule W4 makes of them.

    The rule wants a single separator between two digits and would not know it under its tags.
    """
    classes = [unicodedata.bidirectional(c) for c in text]
    joined = list(text)
    strong = ""
    for i, own in enumerate(classes):
        if own in ("L", "R", "AL"):
            strong = own
        if own not in ("CS", "ES") or not 0 < i < len(text) - 1:
            continue
        around = {classes[i - 1], classes[i + 1]}
        if around == {"EN"} and (own == "CS" or strong != "AL"):
            joined[i] = "0"
        elif around == {"AN"} and own == "CS":
            joined[i] = "٠"
    return "".join(joined)


def _scripts(text: str) -> list[str]:
    """The script of each character, common ones taking that of the text before (or after) them."""
    own = [_script(c) for c in text]
    known = next((code for code in own if code), "Latn")
    resolved = []
    for code in own:
        known = code or known
        resolved.append(known)
    return resolved


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    code = str(scripts.script(character))
    if unicodedata.category(character).startswith("M"):
        return ""  # marks take the script of their letter
    return "" if code in ("Zyyy", "Zinh", "Zzzz") else code


def _ink(glyphs: list[Glyph]) -> tuple[float, float, float, float]:
    left, bottom, right, top = [], [], [], []
    for glyph in glyphs:
        box = glyph_box(glyph.file, glyph.font, glyph.glyph_id)
        if box is None:
            continue
        left.append(glyph.x + box[0])
        bottom.append(glyph.y + box[1])
        right.append(glyph.x + box[2])
        top.append(glyph.y + box[3])
    if not left:
        return (0.0, 0.0, 0.0, 0.0)
    return (min(left), min(bottom), max(right), max(top))


@lru_cache(maxsize=16384)
def glyph_box(
    file: FontFile, font: hb.Font, glyph_id: int
) -> tuple[float, float, float, float] | None:
    """The outline's (left, bottom, right, top) in ems; None for a blank."""
    extents = font.get_glyph_extents(glyph_id)
    if extents is None or not extents.width:
        return None
    em = face(file.path, file.index).upem
    return (
        extents.x_bearing / em,
        (extents.y_bearing + extents.height) / em,
        (extents.x_bearing + extents.width) / em,
        extents.y_bearing / em,
    )

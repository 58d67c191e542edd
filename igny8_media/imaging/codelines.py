"""Source code as coloured rows: what a window of code shows, before it is drawn."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import regex
from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.styles import get_style_by_name
from pygments.util import ClassNotFound

from igny8_media.errors import InputError
from igny8_media.imaging.backdrop import is_dark
from igny8_media.imaging.colour import Rgb, readable, rgb
from igny8_media.imaging.fonts import missing_glyphs
from igny8_media.imaging.theme import Theme

FAMILY: Final = "JetBrains Mono"
_DARK, _LIGHT = ("github-dark", "#0d1117"), ("xcode", "#ffffff")
_UNKNOWN: Final = "□"  # a symbol that no font has; dropping it would move what follows
_TABLE: Final = regex.compile(r"[│┃║├┤┼─━═]|\S {2,}\S.* {2,}\S|^\s*\|.*\|.*\|")
"""A line that means something by its columns."""
_NICE: Final = tuple(map(regex.compile, (r"[ ,(;]", r"[|&=/:\\]|(?<=\D)\.")))
"""Marks after which a line is best broken, the better ones first."""

Pieces = tuple[tuple[str, Rgb], ...]


@dataclass(frozen=True)
class Row:
    """One visual row of line `line` (from 1): text with its colours; `number` is shown, or None."""

    pieces: Pieces
    line: int
    number: int | None


def clean(code: str) -> str:
    """Code ready to be set: spaces for tabs, single line feeds, no empty lines around it.

    Raises InputError where nothing is left.
    """
    code = code.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    lines = [line.rstrip() for line in code.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise InputError("The code block is empty; there is nothing to draw.")
    kept = regex.sub(r"[^\P{C}\n]", "", "\n".join(lines))
    for script, letters in missing_glyphs(kept, FAMILY).items():
        if script in ("Emoji", "Symbols"):
            for letter in regex.findall(r"\X", letters):
                kept = kept.replace(letter, _UNKNOWN)
    return kept


def ground_of(theme: Theme) -> str:
    """The colour of the window."""
    return (_DARK if is_dark(theme) else _LIGHT)[1]


def coloured(code: str, language: str | None, theme: Theme) -> list[Pieces]:
    """Lines as pieces with colours that read on the window; an unknown language has one colour."""
    name, ground = _DARK if is_dark(theme) else _LIGHT
    style = get_style_by_name(name)
    plain = readable("#e6edf3" if is_dark(theme) else "#1f2328", (rgb(ground),))
    lines: list[list[tuple[str, Rgb]]] = [[]]
    for token, text in lex(code, _lexer(language)):
        named = style.style_for_token(token)["color"]
        colour = readable(f"#{named}", (rgb(ground),)) if named else plain
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((part, colour))
    while lines and not lines[-1]:
        lines.pop()
    return [tuple(line) for line in lines]


def columns_of(text: str) -> int:
    """Columns that text takes in a fixed pitch: two for wide letters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def indented_by_two(code: str) -> str:
    """Code with its indents of four shown as two, where all are: narrow screens have no room."""
    lines = code.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    if any(indent % 4 for indent in indents):
        return code
    return "\n".join(line[indent // 2 :] for line, indent in zip(lines, indents, strict=True))


def longest(lines: list[Pieces]) -> int:
    """Columns of the longest line."""
    return max(sum(columns_of(text) for text, _ in line) for line in lines)


def tabular(lines: list[Pieces], columns: int) -> bool:
    """Whether wrapping at so many columns would ruin it: a table, whose rows must stay whole."""
    texts = ["".join(text for text, _ in line) for line in lines]
    wide = [text for text in texts if columns_of(text) > columns]
    return len(wide) > 1 and sum(bool(_TABLE.search(text)) for text in wide) > 0.5 * len(wide)


def wrapped(line: Pieces, number: int, columns: int) -> list[Row]:
    """A line as rows of so many columns, the later ones hanging under its own indent."""
    text = "".join(piece for piece, _ in line)
    if columns_of(text) <= columns:
        return [Row(line, number, number)]
    indent = min(len(text) - len(text.lstrip()) + 2, columns // 2)
    rows: list[Row] = []
    at = 0
    while at < len(text):
        hang = indent if rows else 0
        end = _fitting(text, at, columns - hang)
        if end < len(text):
            end = _break(text, at, end)
        pieces = _slice(line, at, end)
        if hang:
            pieces = ((" " * hang, (0, 0, 0)), *pieces)
        rows.append(Row(pieces, number, None if rows else number))
        at = end
        while rows and at < len(text) and text[at] == " ":
            at += 1
    return rows


def _break(text: str, at: int, end: int) -> int:
    """Where a row is best ended: far along if it can be, else anywhere but close to its start."""
    for least in (at + (end - at) // 2, at + (end - at) // 4):
        for marks in _NICE:
            found = [match.end() for match in marks.finditer(text, least, end)]
            if found:
                return found[-1]
    return end


def _fitting(text: str, start: int, columns: int) -> int:
    """Where a row that starts at `start` is full; at least one letter further on."""
    end, used = start, 0
    while end < len(text):
        used += columns_of(text[end])
        if used > columns and end > start:
            return end
        end += 1
    return end


def _slice(line: Pieces, start: int, end: int) -> Pieces:
    pieces = []
    at = 0
    for text, colour in line:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            pieces.append((part, colour))
        at += len(text)
    return tuple(pieces)


def _lexer(language: str | None) -> Lexer:
    if language:
        try:
            return get_lexer_by_name(language, stripnl=False)
        except ClassNotFound:
            return TextLexer(stripnl=False)
    return TextLexer(stripnl=False)

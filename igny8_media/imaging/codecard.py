"""Code as a picture: a window with coloured source, large enough to read on a phone."""

from dataclasses import dataclass

from PIL import Image
from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.styles import get_style_by_name
from pygments.util import ClassNotFound

from igny8_media.errors import InputError
from igny8_media.imaging.backdrop import backdrop, is_dark
from igny8_media.imaging.colour import Rgb, readable, rgb
from igny8_media.imaging.fonts import drawable
from igny8_media.imaging.frame import Frame, Size, fitted, footer, footer_height, frame, inks
from igny8_media.imaging.shapes import disc, panel, shadow
from igny8_media.imaging.shaping import Style
from igny8_media.imaging.text import draw_text, fit_text, text_width
from igny8_media.imaging.theme import Theme

_FAMILY = "JetBrains Mono"
_LIGHTS = ("#ff5f57", "#febc2e", "#28c840")
_DARK, _LIGHT = ("github-dark", "#0d1117"), ("xcode", "#ffffff")
_LEAST, _LARGEST = 21, 44  # thousandths of the mean side: phone-readable to generous
_LEAST_PIXELS = 22
_SPACING = 1.5


@dataclass(frozen=True)
class _Row:
    """One visual line: pieces of text with their colour; `number` is None for a continuation."""

    pieces: tuple[tuple[str, Rgb], ...]
    number: int | None


def code_card(
    size: Size, code: str, theme: Theme, *, language: str | None = None, seed: int = 0
) -> Image.Image:
    """The code in a window on the theme's backdrop; an unknown language is drawn uncoloured.

    Lines too long are wrapped, and code too long ends in a line that says how many are left out.
    """
    image, box = backdrop(size, theme, seed), frame(size)
    draw_code(image, box, code, theme, language=language, foot=footer_height(box, theme))
    footer(image, box, theme)
    return image


def draw_code(
    image: Image.Image,
    box: Frame,
    code: str,
    theme: Theme,
    *,
    language: str | None = None,
    foot: float = 0.0,
) -> None:
    """Draw the window into `box` less `foot` pixels at its lower end; RGBA layers stay clear."""
    code = drawable(code.expandtabs(4).strip("\n"), _FAMILY)[0]
    if not code.strip():
        raise InputError("The code block is empty; there is nothing to draw.")
    style, ground = _DARK if is_dark(theme) else _LIGHT
    lines = _coloured(code, language, style, ground)
    bar = 58 * box.unit
    pad = 34 * box.unit
    width = box.width - 2 * pad
    height = box.height - foot - bar - 2 * pad
    glyph, rows = _layout(lines, width, height, box)
    line = glyph * _SPACING
    tall = bar + pad * 2 + line * len(rows) - (_SPACING - 1.2) * glyph
    top = box.top + max(0.0, (box.height - foot - tall) * 0.45)
    window = (box.left, top, box.right, top + tall)
    shadow(image, window, 34 * box.unit, 0.5)
    panel(image, window, 22 * box.unit, ground)
    _title_bar(image, window, box, theme, language, ground)
    advance = text_width("0", glyph, Style(_FAMILY, 500))
    gutter = len(str(len(lines))) + 2 if len(lines) > 1 else 0
    y = top + bar + pad * 0.7
    faint = readable("#6e7681", (rgb(ground),), 3.0)
    for row in rows:
        if gutter and row.number is not None:
            label = str(row.number).rjust(gutter - 2)
            _draw(image, label, box.left + pad, y, glyph, faint)
        column = gutter
        for text, colour in row.pieces:
            if text.strip():
                _draw(image, text, box.left + pad + column * advance, y, glyph, colour)
            column += len(text)
        y += line


def _layout(
    lines: list[tuple[tuple[str, Rgb], ...]], width: float, height: float, box: Frame
) -> tuple[float, list[_Row]]:
    """The largest size at which everything fits; else the least size, wrapped and cut."""
    gutter = len(str(len(lines))) + 2 if len(lines) > 1 else 0
    per_em = text_width("0", 1.0, Style(_FAMILY, 500))
    longest = max(sum(len(text) for text, _ in line) for line in lines) + gutter
    least, largest = max(_LEAST_PIXELS, _LEAST * box.unit), _LARGEST * box.unit
    wanted = min(largest, width / (longest * per_em), height / (len(lines) * _SPACING))
    glyph = max(wanted, least)
    columns = max(8, int(width / (glyph * per_em)) - gutter)
    rows = [row for n, line in enumerate(lines, 1) for row in _wrapped(line, n, columns)]
    room = max(1, int(height / (glyph * _SPACING)))
    if len(rows) > room:
        kept = rows[: room - 1]
        shown = max((row.number for row in kept if row.number is not None), default=0)
        faint: Rgb = (139, 148, 158)
        rows = [*kept, _Row(((f"⋯ +{len(lines) - shown}", faint),), None)]
    return glyph, rows


def _wrapped(line: tuple[tuple[str, Rgb], ...], number: int, columns: int) -> list[_Row]:
    text = "".join(piece for piece, _ in line)
    if len(text) <= columns:
        return [_Row(line, number)]
    indent = min(len(text) - len(text.lstrip()) + 2, columns // 2)
    rows: list[_Row] = []
    at = 0
    while at < len(text):
        hang = indent if rows else 0
        end = at + columns - hang
        if end < len(text):  # after a space, comma or bracket if one is near
            nice = max(text.rfind(mark, at + (columns - hang) // 2, end) for mark in " ,(")
            end = nice + 1 if nice > 0 else end
        pieces = _slice(line, at, end)
        rows.append(
            _Row(((" " * hang, (0, 0, 0)), *pieces) if hang else pieces, None if rows else number)
        )
        at = end
    return rows


def _slice(line: tuple[tuple[str, Rgb], ...], start: int, end: int) -> tuple[tuple[str, Rgb], ...]:
    pieces = []
    at = 0
    for text, colour in line:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            pieces.append((part, colour))
        at += len(text)
    return tuple(pieces)


def _coloured(
    code: str, language: str | None, style_name: str, ground: str
) -> list[tuple[tuple[str, Rgb], ...]]:
    style = get_style_by_name(style_name)
    plain = readable("#e6edf3" if style_name == _DARK[0] else "#1f2328", (rgb(ground),))
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


def _lexer(language: str | None) -> Lexer:
    if language:
        try:
            return get_lexer_by_name(language, stripnl=False)
        except ClassNotFound:
            return TextLexer(stripnl=False)
    return TextLexer(stripnl=False)


def _title_bar(
    image: Image.Image,
    window: tuple[float, float, float, float],
    box: Frame,
    theme: Theme,
    language: str | None,
    ground: str,
) -> None:
    radius = 9 * box.unit
    middle = window[1] + 34 * box.unit
    for number, light in enumerate(_LIGHTS):
        disc(image, (window[0] + (36 + 30 * number) * box.unit, middle), radius, light)
    if language:
        laid = fitted(language, theme, box.width / 2, 60 * box.unit, 22 * box.unit, weight=600)
        faint = readable(inks(theme).muted, (rgb(ground),))
        at = (window[2] - 34 * box.unit - laid.used_width, middle - laid.ascent + laid.size * 0.36)
        draw_text(image, laid, at, faint)


def _draw(image: Image.Image, text: str, x: float, y: float, size: float, colour: Rgb) -> None:
    lead = len(text) - len(text.lstrip())
    style = Style(_FAMILY, 500, ligatures=False)
    laid = fit_text(
        text, 1e6, 1e6, max_size=size, min_size=size, max_lines=1, style=style, balance=False
    )
    advance = text_width("0", size, style)
    draw_text(image, laid, (x + lead * advance, y), colour)

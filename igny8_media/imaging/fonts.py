"""Which font draws which character, and what to install when none does."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex
from fontTools import unicodedata as scripts

from igny8_media.errors import InputError
from igny8_media.imaging.fontfiles import (
    BUNDLED,
    FontFile,
    bundled,
    codepoints,
    face,
    named,
    system_fonts,
)

_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}️|\p{Regional_Indicator}")
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\s]")
_CJK_PACKAGE = "fonts-noto-cjk"
_EMOJI_PACKAGE = "fonts-noto-color-emoji"
_OTHER_PACKAGE = "fonts-noto-core"
_CJK_FAMILY = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-tw": "TC", "zh-hk": "HK"}
_CJK_SCRIPT = {"Hira": "JP", "Kana": "JP", "Hang": "KR"}  # where the language does not say

# A word of each script worth telling people about, for `coverage`.
_SAMPLES = {
    "Latin": "Ångström",
    "Greek": "Ελλάδα",
    "Cyrillic": "Привіт",
    "Arabic": "مرحبا",
    "Hebrew": "שלום",
    "Devanagari": "नमस्ते",
    "Bengali": "নমস্কার",
    "Tamil": "வணக்கம்",
    "Thai": "สวัสดี",
    "Georgian": "გამარჯობა",
    "Armenian": "Բարեւ",
    "Chinese": "你好",
    "Japanese": "こんにちは",
    "Korean": "안녕하세요",
    "Emoji": "😀🚀",
}


@dataclass(frozen=True)
class FontRun:
    """`text[start:end]` is drawn with `font`."""

    start: int
    end: int
    font: FontFile


@dataclass(frozen=True)
class FontChoice:
    """The fonts of a text, run by run; `primary` draws most of its characters."""

    runs: tuple[FontRun, ...]

    @property
    def primary(self) -> FontFile:
        lengths: dict[FontFile, int] = {}
        for run in self.runs:
            lengths[run.font] = lengths.get(run.font, 0) + run.end - run.start
        return max(lengths, key=lambda font: lengths[font])


@dataclass(frozen=True)
class ScriptCoverage:
    """One line for a diagnosis: `font` is None where nothing covers the script."""

    script: str
    font: str | None
    remedy: str | None


def font_for(
    text: str, theme_font: str = "Inter", language: str = "en", *, colour: bool = True
) -> FontChoice:
    """Split a text into runs by the font that covers them, the theme's font first.

    Without `colour`, emoji come in one colour, for those who can only draw outlines.
    Raises InputError naming the script and what to install when no font covers a letter. Call
    `drawable` first when emoji may be dropped.
    """
    if not text:
        raise InputError("There is no text to choose a font for.")
    fallback = named(theme_font)
    runs: list[FontRun] = []
    for match in _GRAPHEME.finditer(text):
        current = runs[-1].font if runs else None
        font = _covering(match.group(), theme_font, language, current, colour)
        if font is None:
            raise InputError(remedy(match.group()))
        font = font if font is not _ANY else current or fallback
        if runs and runs[-1].font == font:
            runs[-1] = FontRun(runs[-1].start, match.end(), font)
        else:
            runs.append(FontRun(match.start(), match.end(), font))
    return FontChoice(tuple(runs))


def missing_glyphs(text: str, theme_font: str = "Inter", *, colour: bool = True) -> dict[str, str]:
    """The characters no installed font covers, by script name ("Han", "Emoji", ...)."""
    missing: dict[str, str] = {}
    for match in _GRAPHEME.finditer(text):
        if _covering(match.group(), theme_font, "en", None, colour) is None:
            script = _script_name(match.group())
            missing[script] = missing.get(script, "") + match.group()
    return missing


@lru_cache(maxsize=1024)
def drawable(text: str, theme_font: str = "Inter") -> tuple[str, str]:
    """The text as it can be drawn, and the emoji and symbols dropped because no font has them.

    Control characters and lone surrogates go without mention; letters are never dropped (they
    raise InputError in `font_for`). Spaces left by what was dropped are closed up.
    """
    text = regex.sub(r"[^\P{C}\n\t\p{Cf}]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    dropped: list[str] = []
    for grapheme in _GRAPHEME.findall(text):
        symbol = _is_emoji(grapheme) or unicodedata.category(grapheme[0])[0] == "S"
        gone = symbol and _covering(grapheme, theme_font, "en", None) is None
        (dropped if gone else kept).append(grapheme)
    clean = "".join(kept)
    if dropped:
        clean = regex.sub(r"[ \t]{2,}", " ", clean).strip()
    return clean, "".join(dropped)


def coverage() -> tuple[ScriptCoverage, ...]:
    """What can be drawn here, script by script, and what to install for the rest."""
    lines = []
    for script, sample in _SAMPLES.items():
        try:
            font = font_for(sample)
        except InputError as error:
            lines.append(ScriptCoverage(script, None, str(error)))
        else:
            lines.append(ScriptCoverage(script, font.primary.family, None))
    return tuple(lines)


# Stands for "whatever font is in use": spaces, joiners and other characters without a shape.
_ANY = FontFile(path=Path(), index=0, family="", bundled=True)


def _is_emoji(grapheme: str) -> bool:
    return _EMOJI.search(grapheme) is not None


def _covering(
    grapheme: str, theme_font: str, language: str, current: FontFile | None, colour: bool = True
) -> FontFile | None:
    """The font for one grapheme; common characters stay in the current font if it has them."""
    if current is not None and current is not _ANY and not _is_emoji(grapheme):
        common = all(scripts.script(c) in ("Zyyy", "Zinh") for c in grapheme)
        if common and all(ord(c) in codepoints(current) or _INVISIBLE.match(c) for c in grapheme):
            return current
    return _first_covering(grapheme, theme_font, language, colour)


@lru_cache(maxsize=8192)
def _first_covering(grapheme: str, theme_font: str, language: str, colour: bool) -> FontFile | None:
    shapes = [ord(c) for c in grapheme if not _INVISIBLE.match(c)]
    if not shapes:
        return _ANY
    if _is_emoji(grapheme):
        emoji = sorted((f for f in system_fonts() if _draws_emoji(f)), key=lambda f: not f.colour)
        fitting = (f for f in emoji if colour or not f.colour)
        return next((f for f in fitting if all(c in codepoints(f) for c in shapes)), None)
    for font in (named(theme_font), *map(bundled, BUNDLED)):
        if all(c in codepoints(font) for c in shapes):
            return font
    covering = [
        font
        for font in system_fonts()
        if not font.colour and all(c in codepoints(font) for c in shapes)
    ]
    suffix = _CJK_FAMILY.get(language.lower()) or _CJK_FAMILY.get(language.lower()[:2])
    suffix = suffix or _CJK_SCRIPT.get(scripts.script(grapheme[0]), "SC")
    preferred = (font for font in covering if font.family.endswith(f"CJK {suffix}"))
    return next(preferred, covering[0] if covering else None)


def _draws_emoji(font: FontFile) -> bool:
    return font.colour or font.family == "Noto Emoji"


def _script_name(grapheme: str) -> str:
    if _is_emoji(grapheme):
        return "Emoji"
    code = next((s for s in map(scripts.script, grapheme) if s not in ("Zyyy", "Zinh")), "Zyyy")
    return "Symbols" if code == "Zyyy" else str(scripts.script_name(code))


def remedy(grapheme: str) -> str:
    """What to install for a grapheme that no font covers, as a sentence."""
    script = _script_name(grapheme)
    package = {
        "Emoji": _EMOJI_PACKAGE,
        **dict.fromkeys(("Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"), _CJK_PACKAGE),
    }.get(script, _OTHER_PACKAGE)
    shown = grapheme if script != "Symbols" else f"U+{ord(grapheme[0]):04X}"
    return (
        f"No installed font covers {script} text (“{shown}”): install one, for instance the "
        f"Debian package {package}, or name a font file in the theme."
    )


__all__ = [
    "FontChoice",
    "FontRun",
    "ScriptCoverage",
    "coverage",
    "drawable",
    "face",
    "font_for",
    "missing_glyphs",
    "remedy",
]

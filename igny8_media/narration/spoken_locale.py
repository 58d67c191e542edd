"""Figures, signs and short forms in the languages that have a table, read through num2words."""

import re
from collections.abc import Sequence

from num2words import num2words

from igny8_media.narration.spoken_tables import ABBREVIATIONS, LOCALES, Locale

_CORE = re.compile(r"^([^\w%$€£₽₺+\-−~]*)(.*?)([^\w%€$£₽₺°]*)$", re.S)
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,6})(?:/\S*)?", re.I)
_EMAIL = re.compile(r"([\w.+-]+)@((?:[\w-]+\.)+\w{2,})")
_FIGURE = re.compile(
    r"(?P<before>[%$€£₽₺])?(?P<sign>[+\-−~])?(?P<low>\d[\d.,\u00a0\u202f]*?)"
    r"(?:[-–](?P<high>\d[\d.,]*?))?(?P<after>%|°C|°|[$€£₽₺])?"
)


def read_localised(words: Sequence[str], language: str) -> list[str]:
    """The reading of each word in a language of `LOCALES`."""
    locale, short = LOCALES[language], ABBREVIATIONS.get(language, {})
    readings: list[str] = []
    while len(readings) < len(words):
        index = len(readings)
        size = _figure_words(words[index:])
        word = "".join(words[index : index + size])
        following = words[index + size][:1] if index + size < len(words) else ""
        ordinal = re.fullmatch(r"\d{1,2}\.", word) and following.isupper()
        # "3. Mai": the voice knows the ordinal and its case.
        readings.append(word if ordinal else _read(word, locale, short))
        readings += [""] * (size - 1)
    return readings


def _figure_words(words: Sequence[str]) -> int:
    """How many of the first words make one figure: "1 234" is written with a space."""
    size = 1
    if re.fullmatch(r"[^\w]*\d{1,3}", words[0]):
        while size < len(words) and re.fullmatch(r"\d{3}(?:\W.*)?", words[size]):
            size += 1
            if not words[size - 1].isdigit():
                break
    return size


def _read(word: str, locale: Locale, short: dict[str, str]) -> str:
    if word in locale.symbols:
        return locale.symbols[word]
    if word == "%":
        return locale.percent
    if word in locale.currencies:
        return locale.currencies[word]
    bare = word.strip("()[]\"'„“”,;:")
    if bare.lower() in short:
        return short[bare.lower()] + (word[-1] if word[-1] in ",;:" else "")
    match = _CORE.match(word)
    assert match  # noqa: S101 - every part of the pattern may be empty
    opening, core, closing = match.groups()
    email = _EMAIL.fullmatch(core)
    if email:
        name, host = (part.replace(".", f" {locale.dot} ") for part in email.groups())
        return f"{opening}{name} {locale.at} {host}{closing}"
    domain = _DOMAIN.fullmatch(core)
    if domain and not core[0].isdigit():
        return f"{opening}{domain[1].replace('.', f' {locale.dot} ')}{closing}"
    figure = _FIGURE.fullmatch(core)
    reading = _figure(figure, locale) if figure else None
    return f"{opening}{reading}{closing}" if reading else word


def _figure(match: re.Match[str], locale: Locale) -> str | None:
    low = _number(match["low"], locale)
    high = _number(match["high"], locale) if match["high"] else None
    if low is None or (match["high"] and high is None):
        return None
    said = f"{low} {locale.to} {high}" if high else low
    sign = {"+": "plus ", "-": "minus ", "−": "minus "}.get(match["sign"] or "", "")
    unit = match["after"] or match["before"] or ""
    if unit == "%":
        # Turkish says the percent sign first.
        return (
            f"{locale.percent} {said}" if locale.code == "tr" else f"{sign}{said} {locale.percent}"
        )
    if unit.startswith("°"):
        return f"{sign}{said} {locale.degrees}{' Celsius' if unit == '°C' else ''}"
    return f"{sign}{said} {locale.currencies[unit]}" if unit in locale.currencies else sign + said


def _number(written: str, locale: Locale) -> str | None:
    """A figure in words, or None where the way it is written leaves its meaning open."""
    group = "." if locale.decimal == "," else ","
    plain = written.replace("\u00a0", "").replace("\u202f", "")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{locale.decimal}\d+)?", plain):
        plain = plain.replace(group, "")
    plain = plain.replace(locale.decimal, ".")
    if not re.fullmatch(r"\d+(\.\d+)?", plain) or len(plain) > 15:
        return None
    if plain.isdigit() and len(plain) > 1 and plain[0] == "0":
        return None
    if written.isdigit() and locale.code == "de" and 1100 <= int(plain) <= 1999 and len(plain) == 4:
        return str(num2words(int(plain), lang=locale.code, to="year"))
    number = float(plain) if "." in plain else int(plain)
    return str(num2words(number, lang=locale.code))

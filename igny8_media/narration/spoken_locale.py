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

_GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip


def read_localised(words: Sequence[str], language: str) -> list[str]:
    """The reading of each word in a language of `LOCALES`."""
    locale, short = LOCALES[language], ABBREVIATIONS.get(language, {})
    readings: list[str] = []
    while len(readings) < len(words):
        index = len(readings)
        size = _short_words(words[index:], short) or _figure_words(words[index:])
        word = "".join(words[index : index + size])
        following = words[index + size][:1] if index + size < len(words) else ""
        ordinal = re.fullmatch(r"\d{1,2}\.", word) and following.isupper()
        # "3. Mai": the voice knows the ordinal and its case.
        before = words[index - 1] if index else ""
        readings.append(word if ordinal else _read(word, locale, short, before))
        readings += [""] * (size - 1)
        if locale.code == "de" and _two_words(readings, word, words[index + 1 : index + 2]):
            readings.append("")
    return readings


def _two_words(readings: list[str], word: str, after: Sequence[str]) -> bool:
    """Times and prices, of which German says the second word in the middle: whether it was one."""
    if not after:
        return False
    name = after[0].rstrip(".,;:!?")
    closing = after[0][len(name) :]
    time = re.fullmatch(r"(\d{1,2})[:.](\d{2})", word)
    price = re.fullmatch(r"([\d.]+),(\d{2})", word)
    currencies = LOCALES["de"].currencies
    if time and name == "Uhr":
        hour = "ein" if time[1] in ("1", "01") else num2words(int(time[1]), lang="de")
        minute = "" if time[2] == "00" else f" {num2words(int(time[2]), lang='de')}"
        readings[-1] = f"{hour} Uhr{minute}{closing}"
    elif price and (name in currencies or name in currencies.values()):
        readings[-1] = _price(price[1], price[2], currencies.get(name, name)) + closing
    else:
        return False
    return True


def _short_words(words: Sequence[str], short: dict[str, str]) -> int:
    """How many of the first words are one short form that is written with spaces ("z. B.")."""
    for size in (3, 2):
        if len(words) >= size and "".join(words[:size]).strip("()[]\"'„“”,;:").lower() in short:
            return size
    return 0


def _figure_words(words: Sequence[str]) -> int:
    """How many of the first words make one figure: "1 234" is written with a space."""
    size = 1
    if re.fullmatch(r"[^\w]*\d{1,3}", words[0]):
        while size < len(words) and re.fullmatch(r"\d{3}(?:\W.*)?", words[size]):
            size += 1
            if not words[size - 1].isdigit():
                break
    return size


def _read(word: str, locale: Locale, short: dict[str, str], before: str) -> str:
    sign = word.rstrip(".,;:!?")
    closing = word[len(sign) :]
    signs = {**locale.symbols, **locale.currencies, "%": locale.percent}
    if sign in signs:
        return signs[sign] + closing
    if sign in locale.units and re.fullmatch(r"\W?\d[\d.,]*", before):
        return locale.units[sign] + closing
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
    reading = _special(core, locale) or (_figure(figure, locale) if figure else None)
    if reading and closing.startswith("+"):  # "100+"
        closing = f" plus{closing[1:]}"
    return f"{opening}{reading}{closing}" if reading else word


def _special(core: str, locale: Locale) -> str | None:
    """Figures that are no numbers: ratios, factors, dates, versions, decades, units glued on."""

    def said(digits: str) -> str:
        return str(num2words(int(digits), lang=locale.code))

    ratio = re.fullmatch(r"(\d{1,3}):(\d{1,3})", core)
    if ratio and locale.ratio and len(ratio[2].strip("0")) != 0:
        return f"{said(ratio[1])} {locale.ratio} {said(ratio[2])}"
    factor = re.fullmatch(r"(\d{1,3})[x×]", core)
    if factor and locale.times:
        return said(factor[1]).replace("eins", "ein") + locale.times
    version = re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){2,}", core)
    if version and not _number(core, locale):
        return f" {locale.dot} ".join(said(part) for part in core.split("."))
    glued = re.fullmatch(r"(\d[\d.,]*?)(\D+)", core)
    if glued and glued[2] in locale.units:
        amount = _number(glued[1], locale)
        return f"{amount} {locale.units[glued[2]]}" if amount else None
    if re.fullmatch(r"[A-Za-z]\w*_\w+", core):
        return core.replace("_", " ")
    return _german(core) if locale.code == "de" else None


def _german(core: str) -> str | None:
    date = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", core)
    if date and 1 <= int(date[2]) <= 12:
        # The voice knows the ordinal of "24." and its case.
        year = num2words(int(date[3]), lang="de", to="year")
        return f"{int(date[1])}. {_GERMAN_MONTHS[int(date[2]) - 1]} {year}"
    decade = re.fullmatch(r"(\d?\d0)er", core)
    if decade:
        return f"{num2words(int(decade[1]), lang='de')}er"
    fraction = re.fullmatch(r"1/(2|3|4)", core)
    if fraction:
        return {"2": "ein halb", "3": "ein Drittel", "4": "ein Viertel"}[fraction[1]]
    price = re.fullmatch(r"([\d.]+),(\d\d)(€|\$|£)?", core)
    if price and price[3]:
        return _price(price[1], price[2], LOCALES["de"].currencies[price[3]])
    return "vierundzwanzig sieben" if core == "24/7" else None


def _price(whole: str, cents: str, currency: str) -> str:
    """ "19,99 €" is "neunzehn Euro neunundneunzig"."""
    said = f"{_number(whole, LOCALES['de'])} {currency}"
    return said if cents == "00" else f"{said} {num2words(int(cents), lang='de')}"


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

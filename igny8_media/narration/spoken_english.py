"""English figures, signs and short forms as a voice should read them."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from num2words import num2words

from igny8_media.narration.spoken_code import read_address, read_identifier, read_keys
from igny8_media.narration.spoken_dates import (
    decade,
    iso_date,
    named_range,
    numeric_date,
    time_of_day,
    time_range,
)
from igny8_media.narration.spoken_numbers import (
    digits_alone,
    figure,
    is_year,
    number,
    ordinal,
    year,
)
from igny8_media.narration.spoken_tables import (
    ABBREVIATIONS,
    CAPITALS_ONLY,
    CENTS,
    CURRENCIES,
    CURRENCY_CODES,
    FRACTIONS,
    GLUED_ONLY,
    MONTHS,
    NUMBERED,
    ROMAN,
    SAID_AS,
    SCALES,
    SYMBOLS,
    UNITS,
)

_EDGES = re.compile(r"^([\"'“‘(\[{«*_]*)(.*?)([\"'”’)\]}»*_]*[.,;:!?…]*[\"'”’)\]}»*_]*)$", re.S)
_DASH = "[-–—−]"
_NUM = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_CLOCK = r"(\d{1,2})(?::(\d{2}))? ?([ap]m|[AP]M)"
_SCALE_LETTERS: Final = {"k": "thousand", "K": "thousand", "m": "million", "M": "million",
                         "b": "billion", "B": "billion", "bn": "billion", "T": "trillion",
                         "tn": "trillion"}  # fmt: skip
_PERIODS: Final = {"mo": "month", "yr": "year", "hr": "hour", "min": "minute", "sec": "second"}
_SIGNS: Final = {"-": "minus ", "−": "minus ", "+": "plus ", "~": "about ", "<": "less than ",
                 ">": "more than ", "#": "number ", "≈": "about ", "±": "plus or minus ",
                 "≥": "at least ", "≤": "at most ", "×": "times "}  # fmt: skip


def read_english(words: Sequence[str]) -> list[str]:
    """The reading of each word, in order; what a following word completes stays with its word."""
    return [_read(words, index) for index in range(len(words))]


def _core(word: str) -> tuple[str, str, str]:
    """Opening marks, the word itself, closing marks."""
    match = _EDGES.match(word)
    assert match  # noqa: S101 - every part of the pattern may be empty
    return match[1], match[2], match[3]


def _read(words: Sequence[str], index: int) -> str:
    word = words[index].replace("()", "")
    if re.fullmatch(r"\d+(?:\.\d+)?[\"”″]", word) and not _quoting(words[:index]):
        return f"{number(word[:-1])} inch"
    before = _core(words[index - 1])[1] if index else ""
    after = _core(words[index + 1])[1] if index + 1 < len(words) else ""
    short = _abbreviation(word, before, after)
    if short:
        last = index == len(words) - 1
        return short + ("." if last and word.endswith(".") else "," if word[-1] in ",;:)" else "")
    if word in SYMBOLS:
        return SYMBOLS[word]
    _, core, closing = _core(word)
    if not core:
        return word
    if re.fullmatch(r"\(\d{3}\)", word) and re.fullmatch(r"\d{3}-\d{4}", after):
        return digits_alone(core)  # the area code of a telephone number
    reading = _core_reading(core, before, "" if closing else after)
    initials = re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core)
    if (initials and after) or (core in UNITS and after[:1].islower()):
        closing = closing.replace(".", "", 1)  # "U.S." and "90 min." end no sentence here
    pauses = "".join(mark for mark in closing if mark in ".,;:!?…").replace("…", "...")
    bracket = "," if ")" in closing and "(" not in core else ""
    return reading + (pauses or bracket)


def _core_reading(core: str, before: str, after: str) -> str:
    called = re.fullmatch(r"([\w.]*\w)\(([^()]+)", core)
    if called:  # "f(x)", "range(10)", "key(s)"; the last bracket is among the closing marks
        name, given = called.groups()
        if given in ("s", "es"):
            return _core_reading(name + given, before, after)
        joint = " of " if len(name) == 1 else " "
        return _core_reading(name, before, "") + joint + _core_reading(given, "", after)
    reading = _number_reading(core, before, after)
    if reading is None:
        reading = _unit_after_number(core, before)
    if reading is None and core in ROMAN and before.lower() in NUMBERED:
        reading = number(str(ROMAN.index(core)))
    if reading is None:
        reading = named_range(core) or read_keys(core) or read_address(core)
    return reading or _short_form(core) or read_identifier(core) or core


def _quoting(words: Sequence[str]) -> bool:
    """Whether a quotation that was opened in these words is still open."""
    text = re.sub(r"\d\"", "", " ".join(words))
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _abbreviation(word: str, before: str, after: str) -> str | None:
    bare = word.strip("()[]\"'“”,;:")
    if bare == "No." and after[:1].isdigit():
        return "Number"
    if bare == "St." and before[:1].isupper() and (word[-1] == "," or not after[:1].isupper()):
        return "Street"
    if bare == "min." and re.fullmatch(_NUM, before):
        return None
    if bare.lower() in ("p.", "ch.") and not after[:1].isdigit():
        return None
    said = ABBREVIATIONS["en"].get(bare.lower())
    # "Ms." is a title and "ms." a unit; "Jan." a month.
    if said is None or (said[0].isupper() and not bare[0].isupper() and not bare.endswith("m.")):
        return None
    return None if re.fullmatch(_NUM, before) and bare.endswith("s.") else said


def _number_reading(core: str, before: str, after: str) -> str | None:
    if not any(character.isnumeric() for character in core):
        return None
    amount, slash, every = core.partition("/")
    if slash and every.isalpha() and core[0] not in "~/." and every not in ("h", "s"):
        each = _number_reading(amount, before, "")
        return f"{each} per {_PERIODS.get(every, every)}" if each else None
    for pattern, read in _RULES:
        match = pattern.fullmatch(core)
        if match:
            reading = read(match, before, after)
            if reading is not None:
                return reading
    return None


def _plural(names: tuple[str, str], digits: str) -> str:
    return names[0] if digits == "1" else names[1]


_Match = re.Match[str]


def _money(match: _Match, _: str, after: str) -> str | None:
    sign, low, high, scale = match["sign"], match["low"], match["high"], match["scale"]
    names = CURRENCIES.get(sign) or CURRENCIES["$"]
    said = f"{number(low)} to {number(high)}" if high else _cents(low, names, bool(scale))
    if scale:
        said += f" {_SCALE_LETTERS[scale]}"
    if high or scale:
        return f"{said} {names[1]}"
    # "$3 million": the currency is said after the scale, which is the next word.
    return said.removesuffix(f" {_plural(names, low)}") if after.lower() in SCALES else said


def _cents(amount: str, names: tuple[str, str], scaled: bool) -> str:
    whole, _, fraction = amount.partition(".")
    if scaled:
        return number(amount)
    if len(fraction) != 2:
        return f"{number(amount)} {_plural(names, amount)}"
    if whole == "0" and names[0] in CENTS:
        return f"{number(fraction.lstrip('0') or '0')} {CENTS[names[0]]}"
    said = f"{number(whole)} {_plural(names, whole)}"
    return said if fraction == "00" else f"{said} {number(fraction.lstrip('0'))}"


def _money_after(match: _Match, _: str, __: str) -> str | None:
    return f"{number(match['low'])} {_plural(CURRENCIES[match['sign']], match['low'])}"


def _percent(match: _Match, _: str, __: str) -> str | None:
    sign = _SIGNS.get(match["sign"] or "", "")
    high = f" to {number(match['high'])}" if match["high"] else ""
    return f"{sign}{number(match['low'])}{high} percent"


def _with_unit(match: _Match, before: str, __: str) -> str | None:
    low, high, unit = match["low"], match["high"], match["unit"]
    if unit == "m" and re.fullmatch(r"\d+h", before):  # "1h 30m"
        unit = "min"
    if unit == "p" and low not in ("360", "480", "720", "1080", "1440", "2160"):
        return None
    if unit == "K" and low in ("2", "4", "8"):  # resolutions
        return f"{number(low)} K"
    if unit == "p":
        return {"1080": "ten eighty p", "1440": "fourteen forty p", "720": "seven twenty p"}.get(
            low, f"{number(low)} p"
        )
    said = f"{number(low)} to {number(high)}" if high else number(low)
    said = _SIGNS.get(match["sign"] or "", "") + said
    return f"{said} {_plural(UNITS[unit], '' if high else low)}"


def _unit_after_number(core: str, before: str) -> str | None:
    """A unit that stands as a word of its own after a figure, or a scale after money."""
    money = re.fullmatch(rf"(?P<sign>{_CURRENCY})({_NUM})", before)
    if core.lower() in SCALES and money:
        return f"{core} {CURRENCIES[money['sign']][1]}"
    if not re.fullmatch(rf"{_NUM}|\d*[{''.join(FRACTIONS)}]", before):
        return None
    if core in CURRENCY_CODES:
        return _plural(CURRENCY_CODES[core], before)
    if core in UNITS and core not in GLUED_ONLY:
        return _plural(UNITS[core], before)
    return None


def _range(match: _Match, _: str, __: str) -> str | None:
    low, high = match["low"], match["high"]
    if is_year(low) and len(high) == 2:
        return f"{year(low)} to {number(high)}"
    if low == high:  # "fifty-fifty"
        return f"{number(low)} {number(high)}"
    return f"{figure(low)} to {figure(high)}"


def _version(match: _Match, before: str, __: str) -> str | None:
    parts = " point ".join(number(part) for part in match["n"].split("."))
    return f"version {parts}" if match["v"] else parts


def _fraction(match: _Match, _: str, __: str) -> str | None:
    top, bottom = int(match["t"]), int(match["b"])
    if (top, bottom) == (24, 7) or top == bottom:  # "24/7", "50/50"
        return f"{num2words(top)} {num2words(bottom)}"
    names = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 8: "eighth", 10: "tenth"}
    if top < bottom and bottom in names:
        name = names[bottom]
        plural = "halves" if name == "half" else f"{name}s"
        return f"{num2words(top)} {name if top == 1 else plural}"
    return f"{num2words(top)} out of {num2words(bottom)}" if top <= bottom else None


def _day_or_number(match: _Match, before: str, after: str) -> str | None:
    sign, digits = match["sign"] or "", match["n"]
    plain = digits.isdigit() and 1 <= int(digits) <= 31
    months = {m.lower() for m in MONTHS} | {m.lower()[:3] for m in MONTHS} | {"sept"}
    if plain and not sign and before.lower() in months and before[0].isupper():
        return ordinal(digits)
    if plain and not sign and after in MONTHS:
        return f"{ordinal(digits)} of" if before == "the" else f"the {ordinal(digits)} of"
    plus = " plus" if match["plus"] else ""
    return _SIGNS.get(sign, "") + (figure(digits) if not sign else number(digits)) + plus


def _size(match: _Match, _: str, __: str) -> str | None:
    def side(digits: str) -> str:
        # 1080 is "ten eighty", 1920 "nineteen twenty"
        year_like = len(digits) == 4 and digits[2:] != "00" and digits[1] != "0"
        if len(digits) == 4 and digits[:2] == "10" and digits[2:] != "00":
            return f"ten {number(digits[2:])}"
        return year(digits) if year_like else number(digits)

    return f"{side(match['a'])} by {side(match['b'])}"


def _ratio(match: _Match, _: str, __: str) -> str | None:
    return f"{number(match['a'])} to {number(match['b'])}"


def _power(match: _Match, _: str, __: str) -> str | None:
    return f"{number(match['n'])} to the power of {number(match['p'])}"


def _small_fraction(match: _Match, _: str, __: str) -> str | None:
    """ "½" and "2½"."""
    said = FRACTIONS[match["f"]]
    if not match["n"]:
        return said
    return f"{number(match['n'])} and {said.replace('one half', 'a half')}"


def _height(match: _Match, _: str, __: str) -> str | None:
    return f"{number(match['feet'])} foot {number(match['inches'])}"


def _hyphened(match: _Match, _: str, __: str) -> str | None:
    """ "24-hour", "10-year-old", "2-in-1"."""
    rest = [number(p) if p.isdigit() else p for p in match["rest"].split("-")[1:]]
    return " ".join([number(match["n"]), *rest])


_Rule = Callable[[_Match, str, str], str | None]
_RULES: Final[tuple[tuple[re.Pattern[str], _Rule], ...]] = (
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"), iso_date),
    (re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"), iso_date),
    (re.compile(r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})"), numeric_date),
    (re.compile(rf"{_CLOCK}{_DASH}{_CLOCK}"), time_range),
    (re.compile(r"(?P<n>\d{3}-\d{4})"), lambda m, _, __: digits_alone(m["n"])),
    (re.compile(r"(?P<h>\d{1,2}):(?P<min>\d{2})(?P<half>am|pm|AM|PM)?"), time_of_day),
    (
        re.compile(
            rf"(?P<sign>{_CURRENCY})(?P<low>{_NUM})(?:(?:bn|tn|[kKmMbBT])?{_DASH}"
            rf"(?:{_CURRENCY})?(?P<high>{_NUM}))?(?P<scale>bn|tn|[kKmMbBT])?"
        ),
        _money,
    ),
    (re.compile(rf"(?P<low>{_NUM})(?P<sign>{_CURRENCY})"), _money_after),
    (re.compile(r"['’]?(?P<c>1[1-9]|20)?(?P<d>[2-9]0|[01]0(?<=\d{4}))['’]?s"), decade),
    (re.compile(rf"(?P<sign>[-−+~<>])?(?P<low>{_NUM})(?:%?{_DASH}(?P<high>{_NUM}))?%"), _percent),
    (
        re.compile(
            rf"(?P<sign>[-−+~<>≈])?(?P<low>{_NUM})(?:{_DASH}(?P<high>{_NUM}))?-?(?P<unit>{_UNIT})"
        ),
        _with_unit,
    ),
    (re.compile(r"(?P<a>\d{2,4})[x×](?P<b>\d{2,4})"), _size),
    (re.compile(r"(?P<v>[vV])(?P<n>\d+(?:\.\d+)*)"), _version),
    (re.compile(r"(?P<v>)(?P<n>\d+(?:\.\d+){2,})"), _version),
    (re.compile(r"(?P<n>\d[\d,]*)(?:st|nd|rd|th)"), lambda m, _, __: ordinal(m["n"])),
    (re.compile(r"(?P<t>\d{1,3})/(?P<b>\d{1,3})"), _fraction),
    (re.compile(rf"(?P<low>{_NUM}){_DASH}(?P<high>{_NUM})"), _range),
    (re.compile(r"(?P<a>\d{1,3}):(?P<b>\d{1,3})"), _ratio),
    (re.compile(r"(?P<n>\d+)\^(?P<p>\d+)"), _power),
    (re.compile(rf"(?P<n>\d+)?(?P<f>[{''.join(FRACTIONS)}])"), _small_fraction),
    (re.compile(r"(?P<feet>\d)['’′](?P<inches>\d{1,2})"), _height),
    (re.compile(r"\.(?P<n>\d+)"), lambda m, _, __: f"point {digits_alone(m['n'])}"),
    (re.compile(r"(?P<n>\d+)(?P<rest>(?:-(?:[a-z]+|\d+))+)"), _hyphened),
    (re.compile(rf"(?P<sign>[-−+~<>#≈±≥≤×])?(?P<n>{_NUM})(?P<plus>\+)?"), _day_or_number),
)


def _short_form(core: str) -> str | None:
    """Short forms in letters that a voice would read as a word, their plurals included."""
    plural = re.fullmatch(r"([A-Z]{2,5})['’]?s", core)
    base = plural[1] if plural else core
    said = SAID_AS.get(base.lower())
    if said is None or (base.lower() in CAPITALS_ONLY and not base.isupper()):
        said = " ".join(base) if plural and not re.search("[AEIOU]", base) else None
    return f"{said}'s" if said and plural else said

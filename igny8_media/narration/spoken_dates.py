"""English dates, times of day and decades as a voice should read them."""

import re

from num2words import num2words

from igny8_media.narration.spoken_numbers import number, ordinal, year
from igny8_media.narration.spoken_tables import ABBREVIATIONS, MONTHS

_Match = re.Match[str]
_SHORT = {name.rstrip("."): said for name, said in ABBREVIATIONS["en"].items() if said[0].isupper()}
_NAMES = {said.lower()[:3]: said for said in (*MONTHS, *_SHORT.values()) if said.endswith("day")}
_NAMES |= {month.lower()[:3]: month for month in MONTHS}


def named_range(core: str) -> str | None:
    """ "Mon-Fri" and "Jan–Mar"; None for anything else."""
    match = re.fullmatch(r"([A-Z][a-z]{2,3})[-–]([A-Z][a-z]{2,3})", core)
    if not match:
        return None
    first, last = (_NAMES.get(name.lower()[:3]) for name in match.groups())
    return f"{first} to {last}" if first and last else None


def iso_date(match: _Match, _: str, __: str) -> str | None:
    month, day = int(match["m"]), int(match["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{MONTHS[month - 1]} {ordinal(str(day))}, {year(match['y'])}"


def numeric_date(match: _Match, _: str, __: str) -> str | None:
    """ "05/11/2024" the American way unless that is no date, "11.05.2024" the European way."""
    one, two = int(match["a"]), int(match["b"])
    american = match["sep"] == "/" and one <= 12
    month, day = (one, two) if american else (two, one)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{MONTHS[month - 1]} {ordinal(str(day))}, {year(match['y'])}"


def time_of_day(match: _Match, _: str, after: str) -> str | None:
    hour, minute, half = int(match["h"]), match["min"], match["half"]
    if hour > 24 or int(minute) > 59:
        return None
    said = str(num2words(hour))
    if minute == "00":
        said += "" if half or after.lower() in ("am", "pm", "a.m", "p.m") else " o'clock"
    else:
        said += f" oh {num2words(int(minute))}" if minute[0] == "0" else f" {number(minute)}"
    return said + (f" {half[0].upper()} M" if half else "")


def time_range(match: _Match, _: str, __: str) -> str | None:
    """ "8am-5pm"."""
    said = []
    for hour, minute, half in (match.group(1, 2, 3), match.group(4, 5, 6)):
        text = str(num2words(int(hour))) + (f" {number(minute)}" if minute else "")
        said.append(text + (f" {half[0].upper()} M" if half else ""))
    return " to ".join(said)


def decade(match: _Match, _: str, __: str) -> str | None:
    tens = {"20": "twenties", "30": "thirties", "40": "forties", "50": "fifties", "60": "sixties",
            "70": "seventies", "80": "eighties", "90": "nineties", "00": "hundreds",
            "10": "tens"}  # fmt: skip
    century, decade = match["c"] or "", match["d"]
    if decade == "00" and century == "20":
        return "two thousands"
    return f"{number(century)} {tens[decade]}" if century else tens[decade]

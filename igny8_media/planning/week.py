"""Slots of a week: times of day in the site's zone at which a platform may post."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from igny8_media.errors import InputError

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GROUPS: Final = {"daily": DAYS, "weekdays": DAYS[:5], "weekend": DAYS[5:]}
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_WEEK: Final = 7 * 24 * 60
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2999


class Origin(StrEnum):
    """Who set a slot: what a site begins with, a person, or the site's own figures."""

    START = "start"
    PERSON = "person"
    FIGURES = "figures"


@dataclass(frozen=True, order=True, slots=True)
class Slot:
    """`weekday` is 0 for Monday; `minute` counts from local midnight."""

    weekday: int
    minute: int

    @property
    def time(self) -> str:
        return clock(self.minute)

    @property
    def name(self) -> str:
        return f"{_NAMES[self.weekday]} {self.time}"

    @property
    def of_week(self) -> int:
        """Minutes from Monday's midnight."""
        return self.weekday * 24 * 60 + self.minute


@dataclass(frozen=True, slots=True)
class Density:
    """`gap` is the fewest minutes between two posts of an account, `cap` the most posts a day."""

    gap: int
    cap: int


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days, both included, on which nothing goes out; `place` "" is everywhere."""

    first: date
    last: date
    place: str = ""


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def read_time(text: str) -> int:
    """Minutes after midnight. Raises InputError for a time that no day has."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise InputError(
            f"'{text}' is no time of day: that slot would never come; write one from 00:00 to "
            "23:59, as in 09:30."
        )
    return int(found[1]) * 60 + int(found[2])


def read_days(text: str) -> tuple[int, ...]:
    """Weekdays as numbers, from `mon,wed`, `weekdays`, `weekend` or `daily`. Raises InputError."""
    found: set[int] = set()
    for part in filter(None, (part.strip().casefold() for part in text.split(","))):
        names = _GROUPS.get(part, (part[:3],))
        whole = part in _GROUPS or any(
            part in (day, name.casefold()) for day, name in zip(DAYS, _NAMES, strict=True)
        )
        if not whole:
            raise InputError(
                f"'{part}' is no day of the week; write mon, tue, wed, thu, fri, sat, sun, "
                "weekdays, weekend or daily."
            )
        found |= {DAYS.index(name) for name in names}
    if not found:
        raise InputError("No day of the week was given; write for example mon,wed or daily.")
    return tuple(sorted(found))


def close_pairs(slots: Iterable[Slot], gap: int) -> list[tuple[Slot, Slot]]:
    """Neighbours in the week, Sunday and Monday too, that are closer than `gap` minutes."""
    week = sorted(slots)
    if len(week) < 2:
        return []
    around = [*pairwise(week), (week[-1], week[0])]
    return [(a, b) for a, b in around if (b.of_week - a.of_week) % _WEEK < gap]


def check_new(new: Sequence[Slot], held: Iterable[Slot], density: Density, label: str) -> None:
    """Raises InputError for a slot that is there already, overlaps another, or could never be
    used because the day's cap is reached before it comes."""
    there = set(held)
    for slot in new:
        if slot in there:
            raise InputError(f"{label} has the slot {slot.name} already.")
        for near in there:
            apart = (slot.of_week - near.of_week) % _WEEK
            apart = min(apart, _WEEK - apart)
            if apart < density.gap:
                raise InputError(
                    f"{label}'s slot {slot.name} overlaps {near.name}: they are {apart} minutes "
                    f"apart and the gap is {density.gap}; choose another time, or a smaller gap "
                    "with `igny8-media calendar plan`."
                )
        there.add(slot)
        that_day = sum(other.weekday == slot.weekday for other in there)
        if that_day > density.cap:
            raise InputError(
                f"{label}'s slot {slot.name} would never come: it is number {that_day} of its day, "
                f"and {density.cap} a day go out; raise that with `igny8-media calendar plan`."
            )


def read_day(text: str) -> date:
    """Raises InputError for what is no date, or one at an end of time, where no zone has a day
    before or after it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"'{text}' is no date; write one as in 2026-12-24.") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InputError(
            f"{day} is in no calendar; give a year from {_FIRST_YEAR} to {_LAST_YEAR}."
        )
    return day


def read_days_off(first: str, last: str | None, place: str) -> DaysOff:
    """Raises InputError for days that are none, end before they begin, or go on for years."""
    begins = read_day(first)
    ends = read_day(last) if last else begins
    if ends < begins:
        raise InputError(f"{first} to {last} ends before it begins; swap the two.")
    if ends - begins > timedelta(days=366):
        raise InputError(
            "A blackout lasts a year at most; to stop for longer, remove the slots instead."
        )
    return DaysOff(begins, ends, place)

"""Slots as people write them."""

import pytest

from igny8_media.errors import InputError
from igny8_media.planning.defaults import starts
from igny8_media.planning.places import PLACES, read_place
from igny8_media.planning.week import (
    Density,
    Slot,
    check_new,
    close_pairs,
    read_days,
    read_days_off,
    read_time,
)


def test_every_place_begins_with_slots_that_fit_its_own_rules() -> None:
    assert set(starts()) == set(PLACES)
    for place, start in starts().items():
        assert start.slots, place
        assert start.why, place
        check_new(start.slots, (), start.density, place)
        assert not close_pairs(start.slots, start.density.gap)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("Wednesday,fri", (2, 4)),
        ("weekend,mon", (0, 5, 6)),
        ("daily", tuple(range(7))),
    ],
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", ",", "mo", "someday", "weekdayss", "1"])
def test_no_days(text: str) -> None:
    with pytest.raises(InputError, match="day of the week"):
        read_days(text)


@pytest.mark.parametrize("text", ["24:00", "25:10", "9", "09:60", "", "-1:00", "०९:३०", "9:5"])
def test_a_time_that_never_comes(text: str) -> None:
    with pytest.raises(InputError, match="never come"):
        read_time(text)


def test_times() -> None:
    assert [read_time(text) for text in ("00:00", "9:30", "23:59")] == [0, 570, 1439]


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (Slot(0, 540), "has the slot Monday 09:00 already"),
        (Slot(0, 599), "overlaps Monday 09:00: they are 59 minutes apart and the gap is 60"),
        (Slot(0, 10), "overlaps Sunday 23:30: they are 40 minutes apart"),
        (Slot(0, 1000), "would never come: it is number 3 of its day, and 2 a day go out"),
    ],
)
def test_slots_that_cannot_be(new: Slot, says: str) -> None:
    held = [Slot(0, 540), Slot(0, 700), Slot(6, 1410)]
    with pytest.raises(InputError, match=says):
        check_new([new], held, Density(60, 2), "X")


def test_new_slots_are_held_against_each_other() -> None:
    with pytest.raises(InputError, match="overlaps"):
        check_new([Slot(0, 540), Slot(0, 550)], [], Density(60, 9), "X")


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-12-24", "2026-12-20", "ends before it begins"),
        ("2026-02-30", None, "no date"),
        ("0001-01-01", None, "in no calendar"),
        ("9999-12-31", None, "in no calendar"),
        ("2026-01-01", "2028-01-01", "a year at most"),
        ("Christmas", None, "no date"),
    ],
)
def test_days_off_that_cannot_be(first: str, last: str | None, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_days_off(first, last, "")


def test_x_is_twitter_and_myspace_is_none() -> None:
    assert read_place("X") == "twitter"
    with pytest.raises(InputError, match="no platform 'myspace'"):
        read_place("myspace")

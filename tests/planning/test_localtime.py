"""Slots on the nights when clocks change: every zone of the world, the next two years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.planning.localtime import moment_of

START = datetime(2026, 11, 1, tzinfo=UTC)
YEARS = 2
MINUTE = timedelta(minutes=1)


def _changes(zone: ZoneInfo) -> list[datetime]:
    """The minutes at which the zone's offset changes, found by looking once a day."""
    found, at = [], START
    for _ in range(YEARS * 366):
        then = at + timedelta(days=1)
        low, high = at, then
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                middle = middle.replace(second=0, microsecond=0)
                if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            found.append(high)
        at = then
    return found


@cache
def _all_changes() -> dict[str, list[datetime]]:
    """Of the zones that change. Found by the tests that need it, not by whoever reads the file."""
    every = {name: _changes(ZoneInfo(name)) for name in sorted(available_timezones())}
    assert len(every) > 400
    return {name: changes for name, changes in every.items() if changes}


def test_there_are_zones_that_change() -> None:
    assert len(_all_changes()) > 150
    skipped = {
        (change.astimezone(ZoneInfo(name)).utcoffset() or timedelta())
        - ((change - MINUTE).astimezone(ZoneInfo(name)).utcoffset() or timedelta())
        for name, changes in _all_changes().items()
        for change in changes
    }
    assert timedelta(minutes=30) in skipped, "Lord Howe's half hour is among them"


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def test_every_local_minute_around_every_change() -> None:
    """Against the walk through UTC, minute by minute, where nothing is skipped or comes twice."""
    wrong = [
        f"{name}: {wall} is {found}, not {expected}"
        for name, changes in _all_changes().items()
        for wall, found, expected in _around(ZoneInfo(name), changes)
        if found != expected
    ]
    assert wrong == []


def _around(
    zone: ZoneInfo, changes: list[datetime]
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Local minutes, what we find for them, and what the walk does."""
    for change in changes:
        moments = [change + n * MINUTE for n in range(-250, 251)]
        first_at: dict[datetime, datetime] = {}
        for moment in moments:
            first_at.setdefault(_wall(moment, zone), moment)
        walls = sorted(first_at)
        wall, last = walls[65], walls[-65]
        position = 65
        while wall < last:
            while walls[position] < wall:
                position += 1
            expected = first_at[walls[position]]  # itself, or the next that exists
            yield wall, moment_of(wall.date(), wall.hour * 60 + wall.minute, zone), expected
            wall += MINUTE


@pytest.mark.parametrize(
    ("zone", "day", "minute", "utc"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 150, "2027-03-28T01:00"),  # 02:30 is 03:00
        ("Europe/Berlin", date(2027, 10, 31), 150, "2027-10-31T00:30"),  # the first 02:30
        ("America/New_York", date(2027, 3, 14), 150, "2027-03-14T07:00"),
        ("Australia/Lord_Howe", date(2027, 10, 3), 135, "2027-10-02T15:30"),
        ("Africa/Cairo", date(2027, 4, 30), 30, "2027-04-29T22:00"),
        ("Asia/Kolkata", date(2027, 3, 28), 150, "2027-03-27T21:00"),
    ],
)
def test_nights_that_people_know(zone: str, day: date, minute: int, utc: str) -> None:
    assert moment_of(day, minute, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(2026, 11, 1), date(2028, 11, 1)),
    st.integers(0, 1439),
)
def test_a_moment_is_its_local_time_or_the_first_after_a_gap(
    name: str, day: date, minute: int
) -> None:
    zone = ZoneInfo(name)
    wall = datetime.combine(day, datetime.min.time()) + minute * MINUTE
    back = _wall(moment_of(day, minute, zone), zone)
    if back != wall:
        assert back > wall
        before = _wall(moment_of(day, minute, zone) - MINUTE, zone)
        assert before < wall, "the minute before the moment is before the gap"

"""When a post comes again, in the words people type."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.errors import InputError
from igny8_media.planning.rules import Rule, Wish, read_rule

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def _turns(wish: Wish, most: int = 8, before: datetime = NOW) -> list[str]:
    rule = read_rule(wish, BERLIN, before, NOW)
    at = NOW
    found: list[str] = []
    while len(found) < most and (following := rule.after(at)):
        found.append(following.astimezone(BERLIN).strftime("%m-%d %H:%M %Z"))
        at = following
    return found


def test_every_fortnight_counts_from_the_post_and_keeps_its_local_time() -> None:
    assert _turns(Wish("09:00", every="14d", count=3)) == [
        "03-15 09:00 CET",
        "03-29 09:00 CEST",
        "04-12 09:00 CEST",
    ]


def test_what_is_over_is_not_made_up_for() -> None:
    assert _turns(Wish("09:00", every="2w", count=1), before=NOW - timedelta(days=60)) == [
        "03-11 09:00 CET"
    ]


def test_a_rule_with_its_end_in_it_or_beside_it() -> None:
    expected = ["03-02 09:00 CET", "03-09 09:00 CET", "03-16 09:00 CET"]
    for wish in (
        Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=3"),
        Wish("9:00", rrule="RRULE:FREQ=WEEKLY;BYDAY=TU", count=3),
        Wish("09:00", rrule="freq=weekly;byday=tu", until="2027-03-16"),
        Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20270316T080000Z"),
        Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20270316"),
    ):
        assert _turns(wish) == expected
    assert len(_turns(Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU", forever=True), 30)) == 30


def test_a_rule_waits_for_a_post_that_is_not_out_yet() -> None:
    wish = Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU", count=2)
    assert _turns(wish, before=NOW + timedelta(days=8)) == ["03-16 09:00 CET", "03-23 09:00 CET"]


def test_every_month_is_also_one_without_a_thirty_first() -> None:
    begun = datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert _turns(Wish("09:00", every="1m", count=3), before=begun) == [
        "03-31 09:00 CEST",
        "04-30 09:00 CEST",
        "05-31 09:00 CEST",
    ]
    assert _turns(Wish("09:00", every="12m", first="2028-02-29", count=3)) == [
        "02-29 09:00 CET",
        "02-28 09:00 CET",
        "02-28 09:00 CET",
    ]


def test_half_past_two_on_the_night_it_does_not_exist() -> None:
    assert _turns(Wish("02:30", every="1d", first="2027-03-27", count=3)) == [
        "03-27 02:30 CET",
        "03-28 03:00 CEST",
        "03-29 02:30 CEST",
    ]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish("09:00", every="14d"), "needs an end"),
        (Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=TU"), "needs an end"),
        (Wish("09:00", every="14d", count=2, forever=True), "Give one end"),
        (Wish("09:00", rrule="FREQ=DAILY;COUNT=2", count=2), "Give one end"),
        (Wish("09:00", count=2), "Say how often"),
        (Wish("09:00", every="14d", rrule="FREQ=DAILY", count=2), "Say how often"),
        (Wish("25:00", every="14d", count=2), "no time of day"),
        (Wish("09:00", every="fortnight", count=2), "no span"),
        (Wish("09:00", every="0d", count=2), "no span"),
        (Wish("09:00", every="14d", count=0), "not from 1 to 1000"),
        (Wish("09:00", every="14d", until="2020-01-01"), "--until 2020-01-01 is past"),
        (Wish("09:00", every="2000000d", count=2), "a number from 1 to 999 with d, w or m"),
        (Wish("09:00", every="14d", until="soon"), "no date"),
        (Wish("09:00", every="14d", first="2027-02-30", count=1), "no date"),
        (Wish("09:00", rrule="hello", count=2), "no rule of RFC 5545"),
        (Wish("09:00", rrule="FREQ=HOURLY", count=2), "begins with FREQ=DAILY"),
        (Wish("09:00", rrule="FREQ=SECONDLY;BYSECOND=1", count=2), "the time of day is --at"),
        (Wish("09:00", rrule="FREQ=DAILY;BYHOUR=3", count=2), "the time of day is --at"),
        (Wish("09:00", rrule="FREQ=WEEKLY;BYDAY=XX", count=2), "no rule of RFC 5545"),
        (Wish("09:00", rrule="FREQ=WEEKLY;INTERVAL=0", count=2), "not from 1 to 1000"),
        (Wish("09:00", rrule="FREQ=WEEKLY;INTERVAL=99999999999", count=2), "not from 1 to 1000"),
        (Wish("09:00", rrule="FREQ=DAILY;UNTIL=tomorrow"), "no date"),
        (Wish("09:00", rrule="FREQ=DAILY;UNTIL=99991231T235959Z"), "in no calendar"),
        (Wish("09:00", rrule="FREQ=DAILY;INTERVAL=²", count=2), "not from 1 to 1000"),
        (Wish("09:00", every="1d", first="0001-01-01", count=2), "in no calendar"),
        (Wish("09:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", count=2), "never comes"),
        (Wish("09:00", rrule="FREQ=DAILY;FREQ=DAILY", count=2), "no rule"),
        (Wish("09:00", rrule="DTSTART:20270101\nRRULE:FREQ=DAILY", count=2), "cannot be part"),
    ],
)
def test_what_cannot_be_a_rule(wish: Wish, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_rule(wish, BERLIN, NOW, NOW)


@given(
    st.integers(1, 60),
    st.integers(0, 1439),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]),
)
def test_turns_come_in_order_each_once(days: int, minute: int, name: str) -> None:
    zone = ZoneInfo(name)
    starts = datetime(2027, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001
    rule = Rule(f"FREQ=DAILY;INTERVAL={days};COUNT=20", starts, zone)
    at, found = datetime(2026, 12, 1, tzinfo=UTC), []
    while following := rule.after(at):
        found.append(following)
        at = following
    assert found == sorted(set(found))
    assert len(found) == 20

"""What a calendar shows, and what it tells other programs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from igny8_media.errors import InputError
from igny8_media.planning.view import days_of
from igny8_media.planning.week import Slot, read_days_off
from igny8_media.publishing.placing import Turn
from igny8_media.stages.calendars import Calendars
from tests.planning.conftest import Desk
from tests.publishing.toy import START


@pytest.fixture
def calendars(desk: Desk) -> Calendars:
    return Calendars(desk.world.engine, "Europe/Berlin", desk.world.clock)


def test_a_week_has_what_is_planned_and_what_is_free(desk: Desk, calendars: Calendars) -> None:
    calendars.get("main")
    desk.add("first")
    calendar, days = calendars.view("main", "week", date(2026, 11, 25))
    assert [day.day.day for day in days] == [23, 24, 25, 26, 27, 28, 29]
    assert str(calendar.zone) == "Europe/Berlin"
    mine = [entry for day in days for entry in day.entries if entry.place == "twitter"]
    assert mine[0].text == "first"
    assert mine[0].queued
    assert mine[0].at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert mine[0].local.strftime("%H:%M") == "08:30"
    assert [entry.publication_id for entry in mine[1:]] == [None] * 16
    assert [e.at for e in mine] == sorted(e.at for e in mine)


def test_a_month_is_whole_and_a_day_off_has_no_slots(calendars: Calendars) -> None:
    calendars.add_days_off("main", read_days_off("2026-12-24", "2026-12-26", ""), "Christmas")
    _, days = calendars.view("main", "month", date(2026, 12, 5))
    assert len(days) == 31
    off = days[23]
    assert off.off == {"": "Christmas"}
    assert off.entries == ()
    assert days[22].entries


def test_the_night_without_half_past_two_has_a_slot_at_three(calendars: Calendars) -> None:
    calendars.add_slots("main", "twitter", [Slot(6, 150)])
    _, (day,) = calendars.view("main", "day", date(2027, 3, 28))
    assert "03:00" in [e.local.strftime("%H:%M") for e in day.entries if e.place == "twitter"]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_no_calendar_has_that_day(day: date) -> None:
    with pytest.raises(InputError, match="choose another date"):
        days_of("month", day)


def test_another_zone_moves_the_queue_and_keeps_the_local_time(
    desk: Desk, calendars: Calendars
) -> None:
    calendars.get("main")
    desk.add("first")
    assert calendars.set_zone("main", "America/New_York").moved == 1
    assert desk.due()["first"] == datetime(2026, 11, 22, 16, tzinfo=UTC)  # Sunday 11:00 there
    with pytest.raises(InputError, match="no time zone"):
        calendars.set_zone("main", "Mars/Olympus")


def test_a_site_that_begins_with_its_zone_has_slots(calendars: Calendars) -> None:
    calendars.set_zone("shop", "Asia/Tokyo")
    assert calendars.names() == ["main", "shop"]
    assert calendars.get("shop").weeks["twitter"].slots


def test_slots_that_are_removed_stay_removed_until_a_reset(calendars: Calendars) -> None:
    slots = calendars.get("main").weeks["youtube"].slots
    calendars.remove_slots("main", "youtube", slots)
    assert calendars.get("main").weeks["youtube"].slots == ()
    with pytest.raises(InputError, match="has no slot"):
        calendars.remove_slots("main", "youtube", slots[:1])
    calendars.reset("main", ["youtube"])
    assert calendars.get("main").weeks["youtube"].slots == slots


def test_slots_that_the_queue_needs_are_not_removed(desk: Desk, calendars: Calendars) -> None:
    slots = calendars.get("main").weeks["twitter"].slots
    desk.add("first")
    with pytest.raises(InputError, match="X has no slots on the site main"):
        calendars.remove_slots("main", "twitter", slots)
    assert calendars.get("main").weeks["twitter"].slots == slots


def test_the_feed_is_what_rfc_5545_says(desk: Desk, calendars: Calendars) -> None:
    words = 'Ein "Satz"; mit, allem: \\ und\nneuer Zeile — ' + "日本語のテキスト " * 20
    wanted = desk.wanted("x", Turn(START))
    wanted.placement.outgoing["text"] = words
    (one,) = desk.queue.plan([wanted])
    written = calendars.feed("main")
    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines), "every line ends with CR LF"
    assert max(map(len, lines)) <= 75, "lines are folded by bytes"
    for line in lines:
        line.decode("utf-8")  # and never inside a character
    parsed: Any = Calendar.from_ical(written)
    assert parsed["VERSION"] == "2.0"
    assert parsed["PRODID"]
    (event,) = parsed.walk("VEVENT")
    assert event["UID"] == f"publication-{one}@igny8-media"
    assert event["DTSTAMP"].dt == desk.world.clock()
    assert event["DTSTART"].dt == desk.due()[words]
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=15)
    assert " ".join(words.split())[:200] in event["DESCRIPTION"]
    unfolded = written.replace(b"\r\n ", b"").decode()
    assert 'Ein "Satz"\\; mit\\, allem: \\\\ und' in unfolded
    desk.queue.move(one, START + timedelta(days=3))
    again: Any = Calendar.from_ical(calendars.feed("main"))
    (moved,) = again.walk("VEVENT")
    assert moved["UID"] == event["UID"]
    assert moved["DTSTART"].dt == START + timedelta(days=3)


def test_what_was_cancelled_is_not_in_the_calendar(desk: Desk, calendars: Calendars) -> None:
    desk.add("first")
    desk.world.planning.cancel(desk.world.planning.planned()[0].post_id)
    assert b"VEVENT" not in calendars.feed("main")
    with Session(desk.world.engine):
        _, days = calendars.view("main", "week", None)
    assert not [e for day in days for e in day.entries if e.publication_id]

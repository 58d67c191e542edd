"""The calendar for other programs: iCalendar (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from igny8_media.planning.places import label
from igny8_media.planning.view import Entry

_MINUTES = timedelta(minutes=15)
_STATUS = {"published": "CONFIRMED", "failed": "CANCELLED"}


def feed(site: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """Everything that is planned or out, an event each; times are UTC, so no zone is needed.

    An event keeps its UID for good, so that a program which read the feed before moves it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//igny8-media//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("name", f"Posts of {site}")
    calendar.add("x-wr-calname", f"Posts of {site}")
    for entry in entries:
        if entry.publication_id is not None:
            calendar.add_component(_event(entry, now))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"publication-{entry.publication_id}@igny8-media")
    event.add("dtstamp", now)
    event.add("dtstart", entry.at)
    event.add("dtend", entry.at + _MINUTES)
    event.add("summary", f"{label(entry.place)}: {entry.text or entry.content_id}"[:120])
    event.add("description", f"{entry.text}\n\n{entry.account}, {entry.status}".strip())
    event.add("status", _STATUS.get(entry.status, "TENTATIVE"))
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    return event

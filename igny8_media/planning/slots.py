"""A place's slots in the database, as people, figures and the beginning set them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from igny8_media.database.tables import CalendarSlot, PlatformPlan
from igny8_media.errors import InputError
from igny8_media.planning.defaults import starts
from igny8_media.planning.openings import Earlier, SiteCalendar
from igny8_media.planning.places import label
from igny8_media.planning.week import Origin, Slot, check_new


def reset(session: Session, site: str, place: str, now: datetime) -> None:
    """What a place begins with, instead of what it has."""
    start = starts()[place]
    session.execute(
        delete(CalendarSlot).where(CalendarSlot.site == site, CalendarSlot.platform == place)
    )
    _keep(session, site, place, start.slots, Origin.START, now)
    session.merge(
        PlatformPlan(
            site=site,
            platform=place,
            gap_minutes=start.density.gap,
            daily_cap=start.density.cap,
            before={},
        )
    )
    session.flush()


def add_slots(
    session: Session, calendar: SiteCalendar, place: str, new: Sequence[Slot], now: datetime
) -> None:
    """Raises InputError for one that overlaps another or never comes, and adds none then."""
    week = calendar.weeks[place]
    check_new(new, week.slots, week.density, label(place))
    _keep(session, calendar.name, place, new, Origin.PERSON, now)
    _taken_over(session, calendar.name, place)
    session.flush()


def remove_slots(
    session: Session, calendar: SiteCalendar, place: str, gone: Sequence[Slot]
) -> None:
    """Raises InputError for one that there is not."""
    for slot in gone:
        if slot not in calendar.weeks[place].slots:
            raise InputError(
                f"{label(place)} has no slot {slot.name} on the site {calendar.name}; "
                "`igny8-media calendar slots list` shows those it has."
            )
        session.execute(
            delete(CalendarSlot).where(
                CalendarSlot.site == calendar.name,
                CalendarSlot.platform == place,
                CalendarSlot.weekday == slot.weekday,
                CalendarSlot.local_time == slot.time,
            )
        )
    _taken_over(session, calendar.name, place)


def replace_slots(
    session: Session,
    site: str,
    place: str,
    slots: Mapping[Origin, Sequence[Slot]],
    before: Earlier | None,
    now: datetime,
) -> None:
    """Give a place these slots, by who set them, instead of its own; `before` may come back."""
    session.execute(
        delete(CalendarSlot).where(CalendarSlot.site == site, CalendarSlot.platform == place)
    )
    for origin, those in slots.items():
        _keep(session, site, place, those, origin, now)
    kept: dict[str, Any] = {}
    if before is not None:
        last = before.last_day.isoformat() if before.last_day else ""
        kept = {"slots": [[slot.weekday, slot.minute] for slot in before.slots], "last_day": last}
    session.get_one(PlatformPlan, (site, place)).before = kept
    session.flush()


def _taken_over(session: Session, site: str, place: str) -> None:
    """Who changes slots by hand means the ones that are shown, and from now on."""
    session.get_one(PlatformPlan, (site, place)).before = {}


def _keep(
    session: Session,
    site: str,
    place: str,
    slots: Sequence[Slot],
    origin: Origin,
    now: datetime,
) -> None:
    session.add_all(
        CalendarSlot(
            site=site,
            platform=place,
            weekday=slot.weekday,
            local_time=slot.time,
            origin=origin,
            created_at=now,
        )
        for slot in slots
    )

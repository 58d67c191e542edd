"""Sites and their calendars, as people change them: zone, slots, density, days off."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from igny8_media.database.tables import Blackout, CalendarSlot, Content, PlatformPlan, Site
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.planning.openings import Earlier, SiteCalendar, Week
from igny8_media.planning.places import PLACES
from igny8_media.planning.slots import reset
from igny8_media.planning.week import DaysOff, Density, Origin, Slot, read_time
from igny8_media.publishing.moments import zone_of

MAIN: Final = "main"
_LONGEST_GAP: Final = 7 * 24 * 60
_MOST_A_DAY: Final = 200
_ONE_FIRST_USE: Final = 0x16179  # any constant of our own: one first use of a site at a time


class DayOff(Frozen):
    """A blackout as people see it; `platform` is "" for all."""

    id: int
    platform: str
    first: date
    last: date
    note: str


def open_site(session: Session, name: str, zone: str, now: datetime) -> Site:
    """The site, made with this zone on first use; every place has its first slots then.

    A place that has no plan yet was never used: that is how slots which somebody removed stay
    removed.
    """
    site = session.get(Site, name)
    planned = _planned(session, name)
    if site is not None and planned >= set(PLACES):
        return site
    if session.get_bind().dialect.name == "postgresql":  # on SQLite, writing is the lock
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_FIRST_USE})
        planned = _planned(session, name)
        site = session.get(Site, name)
    if site is None:
        zone_of(zone)
        site = Site(name=name, time_zone=zone, automation={}, updated_at=now)
        session.add(site)
        session.flush()
    for place in PLACES:
        if place not in planned:
            reset(session, name, place, now)
    return site


def _planned(session: Session, name: str) -> set[str]:
    return set(session.scalars(select(PlatformPlan.platform).where(PlatformPlan.site == name)))


def calendar_of(session: Session, name: str, zone: str, now: datetime) -> SiteCalendar:
    """Everything about when a site posts; `zone` is that of a site used for the first time."""
    site = open_site(session, name, zone, now)
    slots: dict[str, list[Slot]] = {place: [] for place in PLACES}
    by_hand: dict[str, list[Slot]] = {place: [] for place in PLACES}
    for row in session.scalars(select(CalendarSlot).where(CalendarSlot.site == name)):
        slot = Slot(row.weekday, read_time(row.local_time))
        slots[row.platform].append(slot)
        if row.origin == Origin.PERSON:
            by_hand[row.platform].append(slot)
    plans = {
        row.platform: row
        for row in session.scalars(select(PlatformPlan).where(PlatformPlan.site == name))
    }
    return SiteCalendar(
        name=name,
        zone=ZoneInfo(site.time_zone),
        weeks={
            place: Week(
                tuple(sorted(slots[place])),
                Density(plans[place].gap_minutes, plans[place].daily_cap),
                frozenset(by_hand[place]),
                _earlier(plans[place]),
            )
            for place in PLACES
        },
        days_off=tuple(
            DaysOff(day.first, day.last, day.platform) for day in days_off(session, name)
        ),
    )


def _earlier(plan: PlatformPlan) -> Earlier | None:
    if not plan.before:
        return None
    last = plan.before["last_day"]
    return Earlier(
        tuple(Slot(day, minute) for day, minute in plan.before["slots"]),
        date.fromisoformat(last) if last else None,
    )


def sites_of(session: Session, content_ids: Collection[str]) -> dict[str, str]:
    """Whose each article is; what a person wrote belongs to the site `main`."""
    found = dict.fromkeys(content_ids, MAIN)
    wanted = list(found)
    for start in range(0, len(wanted), 400):
        query = select(Content.content_id, Content.site).where(
            Content.content_id.in_(wanted[start : start + 400])
        )
        found.update(session.execute(query).tuples().all())
    return found


def site_names(session: Session) -> list[str]:
    return list(session.scalars(select(Site.name).order_by(Site.name)))


def set_density(
    session: Session, calendar: SiteCalendar, place: str, gap: int | None, cap: int | None
) -> Density:
    """Raises InputError for a density that no calendar can keep."""
    held = calendar.weeks[place].density
    wanted = Density(held.gap if gap is None else gap, held.cap if cap is None else cap)
    if not 1 <= wanted.gap <= _LONGEST_GAP:
        raise InputError(f"A gap of {wanted.gap} minutes cannot be kept; give 1 to {_LONGEST_GAP}.")
    if not 1 <= wanted.cap <= _MOST_A_DAY:
        raise InputError(
            f"{wanted.cap} posts a day cannot be planned; give 1 to {_MOST_A_DAY}, or remove the "
            "slots of a platform that rests."
        )
    row = session.get_one(PlatformPlan, (calendar.name, place))
    row.gap_minutes, row.daily_cap = wanted.gap, wanted.cap
    session.flush()
    return wanted


def set_zone(session: Session, site: Site, zone: str, now: datetime) -> None:
    """Raises InputError for a zone that does not exist."""
    zone_of(zone)
    site.time_zone, site.updated_at = zone, now
    session.flush()


def days_off(session: Session, site: str) -> list[DayOff]:
    query = select(Blackout).where(Blackout.site == site).order_by(Blackout.first_day, Blackout.id)
    return [
        DayOff(
            id=row.id,
            platform=row.platform,
            first=date.fromisoformat(row.first_day),
            last=date.fromisoformat(row.last_day),
            note=row.note,
        )
        for row in session.scalars(query)
    ]


def add_days_off(session: Session, site: str, off: DaysOff, note: str) -> int:
    row = Blackout(
        site=site,
        platform=off.place,
        first_day=off.first.isoformat(),
        last_day=off.last.isoformat(),
        note=note,
    )
    session.add(row)
    session.flush()
    return row.id


def remove_days_off(session: Session, number: int) -> str:
    """The site whose blackout that was. Raises InputError where there is none."""
    row = session.get(Blackout, number)
    if row is None:
        most = session.scalar(select(func.count(Blackout.id)))
        raise InputError(
            f"There is no blackout {number}; `igny8-media calendar blackout list` shows "
            f"{'those there are' if most else 'that there are none'}."
        )
    session.delete(row)
    session.flush()
    return row.site

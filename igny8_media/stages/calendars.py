"""Sites' calendars as commands and pages use them; what changes them moves the queue along."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from igny8_media.database.transactions import transaction
from igny8_media.frozen import Frozen
from igny8_media.planning import chosen, sites, slots
from igny8_media.planning.feed import feed
from igny8_media.planning.known import check_site
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.queue import Queue
from igny8_media.planning.queuerows import alone_with_calendars
from igny8_media.planning.view import Day, Span, days_of, publications, view
from igny8_media.planning.week import DaysOff, Density, Slot, close_pairs
from igny8_media.publishing.ledger import utc_now

_PAST, _AHEAD = timedelta(days=90), timedelta(days=731)
"""How much of it other programs are told."""


class Changed(Frozen):
    """`moved` is how many posts of the queue got another time by it; `note` what to know."""

    moved: int
    note: str = ""


class Calendars:
    """`zone` is that of a site that is used for the first time. A change and what it moves in the
    queue are one transaction: either both are there or neither. A site that there is not is an
    InputError; `set_zone` makes one."""

    def __init__(self, engine: Engine, zone: str, now: Callable[[], datetime] = utc_now) -> None:
        self._engine, self._zone, self._now = engine, zone, now
        self._queue = Queue(engine, zone, now)

    @contextmanager
    def _open(self, site: str) -> Iterator[tuple[Session, SiteCalendar]]:
        with transaction(self._engine) as session:
            check_site(session, site)
            yield session, sites.calendar_of(session, site, self._zone, self._now())

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        with transaction(self._engine) as session:
            alone_with_calendars(session)
            yield session

    @contextmanager
    def _change(self, site: str) -> Iterator[tuple[Session, SiteCalendar]]:
        with self._changing() as session:
            check_site(session, site)
            yield session, sites.calendar_of(session, site, self._zone, self._now())

    def get(self, site: str) -> SiteCalendar:
        with self._open(site) as (_, calendar):
            return calendar

    def names(self) -> list[str]:
        """The sites there are, the main one always among them."""
        with self._open(sites.MAIN) as (session, _):
            return sites.site_names(session)

    def set_zone(self, site: str, zone: str) -> Changed:
        """Raises InputError for a zone that does not exist."""
        with self._changing() as session:
            # Not first in the usual zone: the first use may be this one.
            row = sites.open_site(session, site, zone, self._now())
            sites.set_zone(session, row, zone, self._now())
            return Changed(moved=self._queue.refill_in(session))

    def add_slots(self, site: str, place: str, new: Sequence[Slot]) -> Changed:
        """Raises InputError for one that overlaps another or never comes."""
        with self._change(site) as (session, calendar):
            slots.add_slots(session, calendar, place, new, self._now())
            return Changed(moved=self._queue.refill_in(session))

    def remove_slots(self, site: str, place: str, gone: Sequence[Slot]) -> Changed:
        """Raises InputError for one that there is not, and where the queue cannot do without."""
        with self._change(site) as (session, calendar):
            slots.remove_slots(session, calendar, place, gone)
            session.flush()
            return Changed(moved=self._queue.refill_in(session))

    def choose(self, site: str, place: str, wanted: Sequence[Slot]) -> Changed:
        """The slots that figures speak for, at once, instead of those there are."""
        with self._change(site) as (session, calendar):
            chosen.give(session, calendar, place, wanted, self._now())
            return Changed(moved=self._queue.refill_in(session))

    def undo(self, site: str, place: str) -> Changed:
        """What was there before figures chose. Raises InputError where they chose nothing."""
        with self._change(site) as (session, calendar):
            chosen.take_back(session, calendar, place, self._now())
            return Changed(moved=self._queue.refill_in(session))

    def reset(self, site: str, places: Sequence[str]) -> Changed:
        """Back to what these platforms began with."""
        with self._change(site) as (session, _):
            for place in places:
                slots.reset(session, site, place, self._now())
            return Changed(moved=self._queue.refill_in(session))

    def set_density(self, site: str, place: str, gap: int | None, cap: int | None) -> Changed:
        """Raises InputError for what no calendar can keep."""
        with self._change(site) as (session, calendar):
            density = sites.set_density(session, calendar, place, gap, cap)
            note = _rests(calendar.weeks[place].slots, density)
            return Changed(moved=self._queue.refill_in(session), note=note)

    def days_off(self, site: str) -> list[sites.DayOff]:
        with self._open(site) as (session, _):
            return sites.days_off(session, site)

    def add_days_off(self, site: str, off: DaysOff, note: str) -> Changed:
        with self._change(site) as (session, _):
            sites.add_days_off(session, site, off, note)
            return Changed(moved=self._queue.refill_in(session))

    def remove_days_off(self, number: int) -> Changed:
        """Raises InputError where there is no such blackout."""
        with self._changing() as session:
            sites.remove_days_off(session, number)
            return Changed(moved=self._queue.refill_in(session))

    def view(self, site: str, span: Span, first: date | None) -> tuple[SiteCalendar, list[Day]]:
        """The day, week or month around a date, by default today where the site is."""
        with self._open(site) as (session, calendar):
            now = self._now()
            days = days_of(span, first or now.astimezone(calendar.zone).date())
            offs = sites.days_off(session, site)
            notes = {
                day: {off.platform: off.note for off in offs if off.first <= day <= off.last}
                for day in days
            }
            return calendar, view(session, calendar, days, notes, now)

    def feed(self, site: str) -> bytes:
        """The site's posts as iCalendar, from a quarter of a year ago to two years ahead."""
        with self._open(site) as (session, calendar):
            now = self._now()
            today = now.astimezone(calendar.zone).date()
            entries = publications(session, calendar, today - _PAST, today + _AHEAD)
            return feed(site, entries, now)


def _rests(slots: Sequence[Slot], density: Density) -> str:
    """What a density leaves unused: it is allowed, and people should know."""
    most = max((sum(slot.weekday == day for slot in slots) for day in range(7)), default=0)
    if most > density.cap:
        return f"Some days have {most} slots, of which {density.cap} are used."
    pairs = close_pairs(slots, density.gap)
    if pairs:
        one, other = pairs[0]
        return f"{one.name} and {other.name} are closer than that: one of them is used, not both."
    return ""

"""When a place of a site is open: its slots as moments, day after day."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from igny8_media.planning.localtime import moment_of
from igny8_media.planning.week import DaysOff, Density, Slot


@dataclass(frozen=True)
class Earlier:
    """The slots that a place had before its figures chose others, and the last day (in the site's
    zone) on which they still count; None where none does."""

    slots: tuple[Slot, ...]
    last_day: date | None = None


@dataclass(frozen=True)
class Week:
    """A place of a site: its slots and how densely it posts; `by_hand` are those of its slots that
    a person set."""

    slots: tuple[Slot, ...]
    density: Density
    by_hand: frozenset[Slot] = frozenset()
    earlier: Earlier | None = None

    def slots_of(self, day: date) -> tuple[Slot, ...]:
        """Those that count on a day of the site."""
        before = self.earlier
        if before is not None and before.last_day is not None and day <= before.last_day:
            return before.slots
        return self.slots


@dataclass(frozen=True)
class SiteCalendar:
    """Everything about when a site posts. `weeks` has every place."""

    name: str
    zone: ZoneInfo
    weeks: Mapping[str, Week]
    days_off: tuple[DaysOff, ...] = ()

    def is_off(self, place: str, day: date) -> bool:
        """`day` is one in the site's zone."""
        return any(
            off.first <= day <= off.last and off.place in ("", place) for off in self.days_off
        )

    def slots_on(self, place: str, day: date) -> list[datetime]:
        """The UTC moments of a day in order, each once: two slots that one night's change of
        clocks moves onto each other are one."""
        if self.is_off(place, day):
            return []
        minutes = (
            slot.minute for slot in self.weeks[place].slots_of(day) if slot.weekday == day.weekday()
        )
        return sorted({moment_of(day, minute, self.zone) for minute in minutes})


@dataclass
class Openings:
    """The moments of a place from `start` to `end`, worked out as far as somebody asks.

    Positions are indices into `at` and `day`, and `closed` ones are skipped: what is closed once
    stays closed, so that looking for the next open one costs next to nothing after the first time.
    """

    calendar: SiteCalendar
    place: str
    start: datetime
    end: datetime
    at: list[int] = field(default_factory=list)
    """UTC seconds since 1970."""
    day: list[date] = field(default_factory=list)
    _next: list[int] = field(default_factory=list)
    _reached: date | None = None

    def first(self, moment: int) -> int | None:
        """The position of the first open one at or after a moment (UTC seconds)."""
        while (not self.at or self.at[-1] < moment) and self._grow():
            pass
        return self._open(bisect_left(self.at, moment))

    def close(self, position: int) -> None:
        self._next[position] = position + 1

    def _open(self, position: int) -> int | None:
        root = position
        while True:
            while root < len(self._next) and self._next[root] != root:
                root = self._next[root]
            if root < len(self._next):
                break
            if not self._grow():
                return None
        while position < root:  # who comes next takes the short way
            position, self._next[position] = self._next[position], root
        return root

    def _grow(self) -> bool:
        """Work out another day; False at the end."""
        local = self.start.astimezone(self.calendar.zone).date()
        day = local if self._reached is None else self._reached + timedelta(days=1)
        if datetime(day.year, day.month, day.day, tzinfo=UTC) > self.end:
            return False
        self._reached = day
        for moment in self.calendar.slots_on(self.place, day):
            seconds = int(moment.timestamp())
            if not self.at or seconds > self.at[-1]:
                self._next.append(len(self.at))
                self.at.append(seconds)
                # Usually `day`; not where a skipped time was moved over midnight.
                self.day.append(moment.astimezone(self.calendar.zone).date())
        return True

"""Who gets which slot: the queue of one account, worked out from nothing each time.

Because everything that may still move is placed anew, the result does not depend on how it came
into the queue, one by one or all at once.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from igny8_media.errors import InputError
from igny8_media.planning.openings import Openings, SiteCalendar
from igny8_media.planning.places import label
from igny8_media.publishing.moments import HORIZON


@dataclass(frozen=True, slots=True)
class Queued:
    """A post that waits for a slot. `key` names it; a higher `priority` goes first."""

    key: int
    site: str
    place: str
    queued_at: datetime
    priority: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A moment at which the account posts, whatever the queue wants."""

    at: datetime
    site: str
    place: str


class _Account:
    """What an account has planned while slots are given out."""

    def __init__(self, calendars: Mapping[str, SiteCalendar]) -> None:
        self._calendars = calendars
        self._zones: set[ZoneInfo] = {one.zone for one in calendars.values()}
        self._times: list[tuple[int, int]] = []
        self._longest = 0
        self._days: Counter[tuple[ZoneInfo, str, date]] = Counter()

    def take(self, at: int, site: str, place: str) -> None:
        gap = self.gap(site, place)
        insort(self._times, (at, gap))
        self._longest = max(self._longest, gap)
        moment = datetime.fromtimestamp(at, UTC)
        for zone in self._zones:
            self._days[zone, place, moment.astimezone(zone).date()] += 1

    def gap(self, site: str, place: str) -> int:
        """In seconds."""
        return self._calendars[site].weeks[place].density.gap * 60

    def is_free(self, at: int, day: date, site: str, place: str) -> bool:
        calendar = self._calendars[site]
        if self._days[calendar.zone, place, day] >= calendar.weeks[place].density.cap:
            return False
        gap = self.gap(site, place)
        window = max(gap, self._longest)
        position = bisect_left(self._times, (at - window, 0))
        while position < len(self._times) and self._times[position][0] <= at + window:
            other, its_gap = self._times[position]
            if other == at or abs(other - at) < max(gap, its_gap):
                return False
            position += 1
        return True


def assign(
    queue: Collection[Queued],
    taken: Iterable[Taken],
    calendars: Mapping[str, SiteCalendar],
    now: datetime,
    late: Collection[int] = (),
) -> dict[int, datetime]:
    """A moment for each of an account's queue, by key: the earliest free slot for each in turn.

    The turns go by priority, then by who came first. A slot is free where it is still to come, no
    other post of the account is closer than the larger of the two gaps, and the place's cap of
    that day (in the site's zone) is not reached. `taken` is never moved. One of those whose slot
    passed, the `late` keys, goes at once where `now` is free like a slot. Raises InputError where
    somebody finds no slot within two years; with `late` ones, who finds none is left out.
    """
    account = _Account(calendars)
    for one in taken:
        account.take(int(one.at.timestamp()), one.site, one.place)
    openings: dict[tuple[str, str], Openings] = {}
    found: dict[int, datetime] = {}
    for post in sorted(queue, key=lambda one: (-one.priority, one.queued_at, one.key)):
        where = post.site, post.place
        if where not in openings:
            openings[where] = Openings(calendars[post.site], post.place, now, now + HORIZON)
        if post.key in late and _at_once(post, calendars[post.site], account, now):
            found[post.key] = datetime.fromtimestamp(int(now.timestamp()), UTC)
            continue
        try:
            found[post.key] = _place(post, openings[where], account, now)
        except InputError:
            if not late:
                raise
    return found


def _at_once(post: Queued, calendar: SiteCalendar, account: _Account, now: datetime) -> bool:
    """Take this moment for a post, if it is free."""
    at, day = int(now.timestamp()), now.astimezone(calendar.zone).date()
    if calendar.is_off(post.place, day) or not account.is_free(at, day, post.site, post.place):
        return False
    account.take(at, post.site, post.place)
    return True


def _place(post: Queued, openings: Openings, account: _Account, now: datetime) -> datetime:
    earliest = int(now.timestamp()) + 1
    if post.not_before is not None:
        earliest = max(earliest, int(post.not_before.timestamp()))
    while True:
        position = openings.first(earliest)
        if position is None:
            raise InputError(_full(post, openings))
        at = openings.at[position]
        # Closed for good either way: what an account has planned only grows here.
        openings.close(position)
        if account.is_free(at, openings.day[position], post.site, post.place):
            account.take(at, post.site, post.place)
            return datetime.fromtimestamp(at, UTC)


def _full(post: Queued, openings: Openings) -> str:
    name, where = label(post.place), f"{post.place} --site {post.site}"
    if not openings.calendar.weeks[post.place].slots:
        return (
            f"{name} has no slots on the site {post.site}; add some with `igny8-media calendar "
            f"slots add {where}`."
        )
    return (
        f"{name} has no free slot on the site {post.site} within two years; add slots with "
        f"`igny8-media calendar slots add {where}`, or let more out a day with `igny8-media "
        f"calendar plan {where}`."
    )

"""Local times as moments, also on the two nights of the year that are not like the others."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time, `minute` minutes after midnight, on a day in a zone.

    A time that comes twice is the first of the two; one that the clocks skip is moved to the first
    minute that exists after it, as in 02:30 to 03:00. A person who names one moment is asked
    instead (`publishing.moments`); a slot comes every week, and nobody is there to be asked.
    """
    hours, minutes = divmod(minute, 60)
    local = datetime.combine(day, time(hours, minutes), zone)
    first, second = _offset(local), _offset(local.replace(fold=1))
    if first < second:  # it is skipped: with fold 0 it has the offset of before
        naive = local.replace(tzinfo=None)
        return _change(zone, naive - second, naive - first)
    return local.astimezone(UTC)


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


@lru_cache(maxsize=4096)
def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between these two, in UTC, at which the zone's offset changes."""
    low, high = before.replace(tzinfo=UTC), after.replace(tzinfo=UTC)
    old = _offset(low.astimezone(zone))
    while high - low > _SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(middle.astimezone(zone)) == old:
            low = middle
        else:
            high = middle
    return high

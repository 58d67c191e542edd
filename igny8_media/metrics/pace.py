"""How often a post's figures are read: often while they move, seldom later, and one day no more."""

from datetime import datetime, timedelta
from typing import Final

from igny8_media.publishing.model import PostKind

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
STEPS: Final = (
    (_DAY, _HOUR),
    (3 * _DAY, 6 * _HOUR),
    (7 * _DAY, 12 * _HOUR),
    (30 * _DAY, _DAY),
    (365 * _DAY, 7 * _DAY),
)
"""Up to this age, every so often. All but the first are whole multiples of the schedules'."""
PAID_STEPS: Final = (
    (_DAY, _HOUR),
    (4 * _DAY, _DAY),
    (7 * _DAY, 3 * _DAY),
    (30 * _DAY, 7 * _DAY),
    (365 * _DAY, 90 * _DAY),
)
"""Where every day on which a post is read costs money, as on X: sixteen days in its year, not
eighty, and the third day among them, at which posts are compared."""
LIFE: Final = STEPS[-1][0]
_STORY: Final = timedelta(hours=23)
"""Stories and their figures end after a day."""
_EARLY: Final = 12
"""A twelfth of a step too early is due as well: a schedule's run comes some minutes earlier than
the last one ended, and would otherwise find nothing due and leave it for the one after."""


def life_of(kind: PostKind) -> timedelta:
    """The age after which figures are read no more."""
    return _STORY if kind == "story" else LIFE


def next_reading(
    published_at: datetime, read_at: datetime, kind: PostKind, *, paid: bool = False
) -> datetime | None:
    """When to read again what was read at `read_at`; None where that was the last time. `paid`
    says that the platform charges for days of reading.

    The last reading is at the end of the post's life or later, unless nobody came to do it.
    """
    end = published_at + life_of(kind)
    if read_at >= end:
        return None
    age = read_at - published_at
    step = next(step for until, step in (PAID_STEPS if paid else STEPS) if age < until)
    # A clock that was set back must not keep a post unread for as long.
    at = read_at + step - step / _EARLY
    return min(at, max(end, read_at + _HOUR / 2))


def first_reading(published_at: datetime) -> datetime:
    step = STEPS[0][1]
    return published_at + step - step / _EARLY


def after_failure(read_at: datetime, failures: int) -> datetime:
    """When to try again what failed so many times in a row, this one included."""
    return read_at + min(_HOUR * (1 << min(max(failures, 1) - 1, 10)), 7 * _DAY)

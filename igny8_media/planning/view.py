"""A day, a week or a month of a site: what is planned, and the slots that are still free."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content, Publication, SocialAccount, SocialPost
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.places import PLACES
from igny8_media.planning.sites import MAIN
from igny8_media.publishing.statuses import Status

Span = Literal["day", "week", "month"]


class Entry(Frozen):
    """A publication in the calendar, or, without an ID, a slot that nobody has taken.

    `at` is UTC; `local` is the same in the site's zone.
    """

    publication_id: int | None = None
    post_id: int | None = None
    at: datetime
    local: datetime
    place: str
    account: str = ""
    status: str = "free"
    queued: bool = False
    content_id: str = ""
    text: str = ""
    url: str | None = None


class Day(Frozen):
    """`off` are the platforms that rest, "" where all do, with the reason that was given."""

    day: date
    off: Mapping[str, str]
    entries: tuple[Entry, ...]


def days_of(span: Span, first: date) -> list[date]:
    """The days of the day, the week (from Monday) or the month that `first` is in.

    Raises InputError for one that nobody plans in.
    """
    if not 1970 < first.year < 9000:
        raise InputError(f"No calendar has a {span} around {first}; choose another date.")
    if span == "day":
        return [first]
    if span == "week":
        monday = first - timedelta(days=first.weekday())
        return [monday + timedelta(days=n) for n in range(7)]
    start = first.replace(day=1)
    following = (start + timedelta(days=31)).replace(day=1)
    return [start + timedelta(days=n) for n in range((following - start).days)]


def view(
    session: Session,
    calendar: SiteCalendar,
    days: Sequence[date],
    notes: Mapping[date, Mapping[str, str]],
    now: datetime,
) -> list[Day]:
    """These days, which follow each other; free slots only from `now` on. `notes` are the days
    off, as `Day.off`."""
    entries = publications(session, calendar, days[0], days[-1])
    by_day: dict[date, list[Entry]] = {day: [] for day in days}
    taken = {(entry.place, entry.at) for entry in entries}
    for entry in entries:
        by_day[entry.local.date()].append(entry)
    for day in days:
        for place in PLACES:
            by_day[day] += [
                Entry(at=at, local=at.astimezone(calendar.zone), place=place)
                for at in calendar.slots_on(place, day)
                if at > now
                and (place, at) not in taken
                and at.astimezone(calendar.zone).date() == day
            ]
    return [
        Day(
            day=day,
            off=notes.get(day, {}),
            entries=tuple(sorted(by_day[day], key=lambda entry: (entry.at, entry.place))),
        )
        for day in days
    ]


def publications(session: Session, calendar: SiteCalendar, first: date, last: date) -> list[Entry]:
    """What is planned for a site or went out, from one of its days to another, in order."""
    begins = datetime.combine(first, time(), calendar.zone).astimezone(UTC)
    ends = datetime.combine(last + timedelta(days=1), time(), calendar.zone).astimezone(UTC)
    at = func.coalesce(Publication.published_at, Publication.due_at)
    query = (
        select(Publication, SocialPost.platform, SocialAccount.name)
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .outerjoin(Content, Content.content_id == Publication.content_id)
        .where(
            func.coalesce(Content.site, MAIN) == calendar.name,
            Publication.status != Status.CANCELLED,
            # Twice, so that an index may serve: what was due long before may be out only now.
            or_(Publication.published_at >= begins, Publication.due_at >= begins),
            at >= begins,
            at < ends,
        )
        .order_by(at, Publication.id)
    )
    return [_entry(row, place, account, calendar) for row, place, account in session.execute(query)]


def _entry(row: Publication, place: str, account: str, calendar: SiteCalendar) -> Entry:
    at = row.published_at or row.due_at
    told = row.outgoing
    return Entry(
        publication_id=row.id,
        post_id=row.post_id,
        at=at,
        local=at.astimezone(calendar.zone),
        place=place,
        account=account,
        status=row.status,
        queued=row.queued_at is not None and row.status == Status.SCHEDULED,
        content_id=row.content_id,
        text=" ".join(str(told.get("title") or told.get("text") or "").split())[:300],
        url=row.url,
    )

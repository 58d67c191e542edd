"""Slots that a site's own figures chose: from which day they count, and the way back."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content, PlatformPlan, Publication, SocialPost
from igny8_media.errors import InputError
from igny8_media.planning.openings import Earlier, SiteCalendar
from igny8_media.planning.places import PLACES, label
from igny8_media.planning.sites import MAIN
from igny8_media.planning.slots import replace_slots
from igny8_media.planning.week import Origin, Slot
from igny8_media.publishing.statuses import Status


def week_of(now: datetime, zone: ZoneInfo) -> str:
    """The ISO week that it is in a zone, as in "2026-W48"."""
    year, number, _ = now.astimezone(zone).isocalendar()
    return f"{year}-W{number:02}"


def undecided(session: Session, site: str, week: str) -> bool:
    """Whether the slots of some place of a site are still to be decided about in this week."""
    mine = PlatformPlan.site == site
    open_ = exists().where(mine, PlatformPlan.decided != week)
    there = select(func.count()).select_from(PlatformPlan).where(mine).scalar_subquery()
    return bool(session.scalar(select(or_(open_, there < len(PLACES)))))


def decide(session: Session, site: str, place: str, week: str) -> bool:
    """Write down that a place's slots are decided about in this week; False where they are."""
    plan = session.get_one(PlatformPlan, (site, place), with_for_update=True)
    if plan.decided == week:
        return False
    plan.decided = week
    return True


def give(
    session: Session,
    calendar: SiteCalendar,
    place: str,
    slots: Sequence[Slot],
    now: datetime,
    last_day: date | None = None,
) -> None:
    """These slots for those that a place has, which count until `last_day` if there is one. What a
    person set and is still among them stays that person's."""
    held = calendar.weeks[place]
    mine = [slot for slot in slots if slot in held.by_hand]
    learned = [slot for slot in slots if slot not in held.by_hand]
    origins = {Origin.PERSON: mine, Origin.FIGURES: learned}
    before = Earlier(held.slots, last_day)
    replace_slots(session, calendar.name, place, origins, before, now)


def take_back(session: Session, calendar: SiteCalendar, place: str, now: datetime) -> None:
    """The slots there were before figures chose others, at once. They count as set by a person, who
    has said that they are to stay. Raises InputError where there are none."""
    before = calendar.weeks[place].earlier
    if before is None:
        raise InputError(
            f"{label(place)} on the site {calendar.name} has no slots that figures chose since "
            "somebody changed them last, so there is nothing to take back."
        )
    replace_slots(session, calendar.name, place, {Origin.PERSON: before.slots}, None, now)


def last_waiting(session: Session, calendar: SiteCalendar, place: str) -> date | None:
    """The last day, in the site's zone, that the queue has given to a post of the place."""
    query = (
        select(func.max(Publication.due_at))
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .outerjoin(Content, Content.content_id == Publication.content_id)
        .where(
            Publication.queued_at.is_not(None),
            Publication.status == Status.SCHEDULED,
            SocialPost.platform == place,
            func.coalesce(Content.site, MAIN) == calendar.name,
        )
    )
    last = session.scalar(query)
    return last.astimezone(calendar.zone).date() if last else None

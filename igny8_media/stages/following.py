"""The slots of a site follow what performed best there: once a week, where somebody wants that."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from igny8_media.database.notifications import notify
from igny8_media.database.transactions import transaction
from igny8_media.frozen import Frozen
from igny8_media.planning import chosen
from igny8_media.planning.localtime import moment_of
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.places import PLACES, label
from igny8_media.planning.queuerows import alone_with_calendars
from igny8_media.planning.sites import MAIN, calendar_of
from igny8_media.planning.week import DAYS, Slot
from igny8_media.publishing.moments import zone_of

if TYPE_CHECKING:
    import pandas as pd

    from igny8_media.analytics.best_times import BestTimes
    from igny8_media.stages.workshop import Workshop

_MOST_NAMED: Final = 6
"""Slots of a kind in a sentence."""


class Followed(Frozen):
    """A place whose slots are others now, and the sentence that tells it."""

    site: str
    place: str
    told: str


def wanted(shop: "Workshop") -> bool:
    """Whether some site's week is still to be decided about; cheap."""
    return any(_open(shop, site) for site in _sites(shop))


def follow_best_times(shop: "Workshop") -> list[Followed]:
    """Give the places of sites that want it the slots that their own figures speak for.

    A place is decided about once in a week of its site, however many do this and however often.
    Nothing that is planned moves: the slots there were count until the last day that has a post of
    the queue. What a person set stays.
    """
    return [one for site in _sites(shop) if _open(shop, site) for one in _follow(shop, site)]


def _sites(shop: "Workshop") -> list[str]:
    return [site for site, rules in shop.automations.all().items() if rules.follow_best_times]


def _calendar(shop: "Workshop", site: str, now: datetime) -> SiteCalendar:
    with transaction(shop.engine) as session:
        return calendar_of(session, site, shop.settings.time_zone, now)


def _open(shop: "Workshop", site: str) -> bool:
    from igny8_media.database.tables import Site

    with transaction(shop.engine, reading=True) as session:
        zone = zone_of(session.get_one(Site, site).time_zone)
        return chosen.undecided(session, site, chosen.week_of(shop.planning.now(), zone))


def _follow(shop: "Workshop", site: str) -> list[Followed]:
    # Here alone: pandas and SciPy take longer to import than most commands take.
    from igny8_media.analytics.loading import as_of, load
    from igny8_media.analytics.posts import post_table

    now = shop.planning.now()
    calendar = _calendar(shop, site, now)
    # As it stood when the week began: whoever decides later in it decides the same.
    monday = _monday(now, calendar.zone)
    loaded = as_of(load(shop.engine, site=site), monday)
    posts = post_table(loaded, str(calendar.zone), monday)
    found = (_follow_place(shop, calendar, posts, place, now) for place in PLACES)
    return [one for one in found if one is not None]


def _follow_place(
    shop: "Workshop", calendar: SiteCalendar, posts: "pd.DataFrame", place: str, now: datetime
) -> Followed | None:
    best = _best(calendar, posts, place, now)
    with transaction(shop.engine) as session:
        alone_with_calendars(session)
        there = calendar_of(session, calendar.name, str(calendar.zone), now)
        if (there.zone, there.weeks[place]) != (calendar.zone, calendar.weeks[place]):
            return None  # somebody changes it meanwhile: the next look decides
        if not chosen.decide(session, calendar.name, place, chosen.week_of(now, calendar.zone)):
            return None
        if best is None:
            return None
        last_day = chosen.last_waiting(session, calendar, place)
        slots = [one.slot for one in best.suggested]
        chosen.give(session, calendar, place, slots, now, last_day)
        told = _told(calendar, best, last_day)
        week = chosen.week_of(now, calendar.zone)
        notify(session, f"slots:{calendar.name}:{place}:{week}", "slots", told, now)
    return Followed(site=calendar.name, place=place, told=told)


def _monday(now: datetime, zone: ZoneInfo) -> datetime:
    """When the week began that it is in a zone."""
    today = now.astimezone(zone).date()
    return moment_of(today - timedelta(days=today.weekday()), 0, zone)


def _best(
    calendar: SiteCalendar, posts: "pd.DataFrame", place: str, now: datetime
) -> "BestTimes | None":
    """What the place's figures speak for; None where that is too few, or what it has."""
    from igny8_media.analytics.best_times import best_times, enough

    held = calendar.weeks[place]
    local = now.astimezone(calendar.zone)
    last = held.earlier.last_day if held.earlier else None
    if (last is not None and local.date() <= last) or not enough(posts, place):
        return None
    best = best_times(posts, calendar.name, place, held, local, held.by_hand)
    slots = {one.slot for one in best.suggested}
    # Fewer would be a place that posts less, which nobody asked for.
    return None if slots == set(held.slots) or len(slots) < len(held.slots) else best


def _told(calendar: SiteCalendar, best: "BestTimes", last_day: date | None) -> str:
    held = set(calendar.weeks[best.place].slots)
    fresh = [one for one in best.suggested if one.slot not in held]
    gone = sorted(held - {one.slot for one in best.suggested})
    worth = {one.slot.of_week // 60: one.worth for one in best.hours}
    mine = [one.worth for one in fresh if not one.explored]
    learning = [one.slot for one in fresh if one.explored]
    where = "" if calendar.name == MAIN else f" of {calendar.name}"
    begins = f" from {last_day + timedelta(days=1)} on" if last_day else ""
    changed = f"{_named([one.slot for one in fresh])} instead of {_named(gone)}"
    why = []
    if mine:
        old = _mean([worth[slot.of_week // 60] for slot in gone])
        why.append(
            f"by {best.posts} compared posts {'most' if learning else 'those'} are worth "
            f"{_mean(mine):.2f} times the mean hour of the week, and what they replace {old:.2f}"
        )
    if learning:
        be, them = ("is", "it") if len(learning) == 1 else ("are", "them")
        known = "" if mine else f", as {best.posts} compared posts tell little of {them}"
        why.append(f"{_named(learning)} {be} there to learn from{known}")
    site = "" if calendar.name == MAIN else f" --site {calendar.name}"
    return (
        f"{label(best.place)}{where} has new slots{begins}, {changed}: {'; '.join(why)}. Back to "
        f"the old ones: igny8-media calendar slots undo {best.place}{site}"
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _named(slots: Sequence[Slot]) -> str:
    names = [f"{DAYS[slot.weekday].capitalize()} {slot.time}" for slot in slots[:_MOST_NAMED]]
    more = len(slots) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")

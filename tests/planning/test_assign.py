"""The queue: what always holds, whoever waits and whatever is planned already."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.errors import InputError
from igny8_media.planning.assign import Queued, Taken, assign
from igny8_media.planning.openings import SiteCalendar, Week
from igny8_media.planning.week import DaysOff, Density, Slot

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
PLACES = ("instagram", "instagram_reels")
_slots = st.sets(st.builds(Slot, st.integers(0, 6), st.integers(0, 1439)), min_size=1, max_size=12)
_weeks = st.builds(
    lambda slots, gap, cap: Week(tuple(sorted(slots)), Density(gap, cap)),
    _slots,
    st.integers(1, 400),
    st.integers(1, 3),
)
_days = st.dates(date(2026, 11, 20), date(2027, 4, 10))
_off = st.builds(
    lambda first, days, place: DaysOff(first, first + timedelta(days=days), place),
    _days,
    st.integers(0, 9),
    st.sampled_from(["", *PLACES]),
)
_calendars = st.builds(
    lambda zone, weeks, off: SiteCalendar(
        "main", ZoneInfo(zone), dict(zip(PLACES, weeks, strict=True)), tuple(off)
    ),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    st.tuples(_weeks, _weeks),
    st.lists(_off, max_size=4),
)
_moments = st.integers(0, 150 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n))
_queues = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.integers(0, 2),
        st.integers(0, 3),
        st.none() | _moments,
    ),
    max_size=40,
).map(
    lambda told: [
        Queued(key, "main", place, NOW - timedelta(hours=queued), priority, before)
        for key, (place, priority, queued, before) in enumerate(told)
    ]
)
_taken = st.lists(st.builds(Taken, _moments, st.just("main"), st.sampled_from(PLACES)), max_size=8)


@given(_queues, _taken, _calendars)
def test_what_always_holds(queue: list[Queued], taken: list[Taken], calendar: SiteCalendar) -> None:
    found = assign(queue, taken, {"main": calendar}, NOW)
    assert set(found) == {post.key for post in queue}
    planned = [(found[post.key], post.place) for post in queue]
    others = [(one.at, one.place) for one in taken]
    for number, (at, place) in enumerate(planned):
        week = calendar.weeks[place]
        local = at.astimezone(calendar.zone)
        assert at > NOW
        assert at in calendar.slots_on(place, local.date())
        assert not calendar.is_off(place, local.date())
        for other, elsewhere in planned[number + 1 :] + others:
            gap = max(week.density.gap, calendar.weeks[elsewhere].density.gap)
            assert abs(other - at) >= timedelta(minutes=gap)
    days = Counter(
        (place, at.astimezone(calendar.zone).date()) for at, place in [*planned, *others]
    )
    ours = {(place, at.astimezone(calendar.zone).date()) for at, place in planned}
    for place, day in ours:
        assert days[place, day] <= calendar.weeks[place].density.cap
    for post in queue:
        assert post.not_before is None or found[post.key] >= post.not_before


@given(_queues, _taken, _calendars)
def test_who_came_first_goes_first(
    queue: list[Queued], taken: list[Taken], calendar: SiteCalendar
) -> None:
    found = assign(queue, taken, {"main": calendar}, NOW)
    for one in queue:
        for other in queue:
            sooner = one.not_before or NOW, other.not_before or NOW
            before = (-one.priority, one.queued_at, one.key) < (
                -other.priority,
                other.queued_at,
                other.key,
            )
            if one.place == other.place and before and sooner[0] <= sooner[1]:
                assert found[one.key] < found[other.key]


@given(_queues, _taken, _calendars, st.data())
def test_the_order_of_asking_does_not_matter(
    queue: list[Queued], taken: list[Taken], calendar: SiteCalendar, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(queue))
    calendars = {"main": calendar}
    assert assign(queue, taken, calendars, NOW) == assign(shuffled, taken, calendars, NOW)


@given(_queues, _calendars)
def test_each_gets_the_earliest_it_can_have(queue: list[Queued], calendar: SiteCalendar) -> None:
    """Against looking at every slot for everybody, one after the other."""
    found = assign(queue, [], {"main": calendar}, NOW)
    planned: list[tuple[datetime, str]] = []
    for post in sorted(queue, key=lambda one: (-one.priority, one.queued_at, one.key)):
        week, earliest = calendar.weeks[post.place], post.not_before or NOW
        day = earliest.astimezone(calendar.zone).date() - timedelta(days=1)
        at = None
        while at is None:
            for slot in calendar.slots_on(post.place, day):
                local = slot.astimezone(calendar.zone).date()
                that_day = sum(
                    place == post.place and when.astimezone(calendar.zone).date() == local
                    for when, place in planned
                )
                near = any(
                    abs(when - slot)
                    < timedelta(minutes=max(week.density.gap, calendar.weeks[place].density.gap))
                    for when, place in planned
                )
                if slot > NOW and slot >= earliest and that_day < week.density.cap and not near:
                    at = slot
                    break
            day += timedelta(days=1)
        planned.append((at, post.place))
        assert found[post.key] == at


def test_two_sites_share_an_account_and_its_gap() -> None:
    week = Week((Slot(0, 600), Slot(1, 600)), Density(60, 2))
    calendars = {
        name: SiteCalendar(name, ZoneInfo("UTC"), {"twitter": week}) for name in ("a", "b")
    }
    queue = [Queued(n, site, "twitter", NOW) for n, site in enumerate("abab")]
    found = assign(queue, [], calendars, NOW)
    assert len(set(found.values())) == 4


def test_a_place_without_slots_is_told() -> None:
    calendar = SiteCalendar("main", ZoneInfo("UTC"), {"twitter": Week((), Density(60, 2))})
    with pytest.raises(InputError, match="X has no slots on the site main; add some"):
        assign([Queued(1, "main", "twitter", NOW)], [], {"main": calendar}, NOW)


def test_a_queue_longer_than_two_years_is_told() -> None:
    week = Week((Slot(0, 600),), Density(60, 1))
    calendar = SiteCalendar("main", ZoneInfo("UTC"), {"twitter": week})
    queue = [Queued(n, "main", "twitter", NOW) for n in range(106)]
    with pytest.raises(InputError, match="no free slot on the site main within two years"):
        assign(queue, [], {"main": calendar}, NOW)

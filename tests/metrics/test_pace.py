"""How often figures are read."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from igny8_media.metrics.pace import (
    LIFE,
    PAID_STEPS,
    STEPS,
    after_failure,
    first_reading,
    next_reading,
)

OUT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ages = st.timedeltas(timedelta(days=-3), timedelta(days=500))


@given(ages)
def test_the_next_reading_is_later_and_not_too_soon(age: timedelta) -> None:
    at = next_reading(OUT, OUT + age, "text")
    if age >= LIFE:
        assert at is None
    else:
        assert at is not None
        assert at >= OUT + age + HOUR / 2
        assert at <= OUT + age + timedelta(days=7)


@given(ages, ages)
def test_older_posts_are_not_read_more_often(one: timedelta, other: timedelta) -> None:
    young, old = sorted((one, other))
    first, second = (next_reading(OUT, OUT + age, "text") for age in (young, old))
    if second is not None and first is not None and second < OUT + LIFE:
        assert first - (OUT + young) <= second - (OUT + old)


@given(st.timedeltas(HOUR / 2, timedelta(days=30)))
def test_a_life_of_readings_ends(first: timedelta) -> None:
    at, count = OUT + first, 0
    while True:
        following = next_reading(OUT, at, "text")
        count += 1
        if following is None:
            break
        assert following > at
        at = following
    assert count < 140
    assert OUT + LIFE <= at <= OUT + LIFE + HOUR


def test_a_platform_that_charges_for_days_is_read_on_few_of_them() -> None:
    at: datetime | None = first_reading(OUT)
    days, ages = set(), []
    while at is not None:
        days.add(at.date())
        ages.append(at - OUT)
        at = next_reading(OUT, at, "text", paid=True)
    assert len(days) <= 16
    # Figures are compared at three days: there is one not long before and one not long after.
    assert any(2 <= age / timedelta(days=1) <= 3 for age in ages)
    assert any(3 <= age / timedelta(days=1) <= 4 for age in ages)


def test_a_schedule_that_comes_a_few_minutes_late_finds_it_due_the_next_time() -> None:
    tick, every = OUT + timedelta(days=2), timedelta(hours=6)
    for _ in range(20):
        read = tick + timedelta(minutes=10)
        at = next_reading(OUT, read, "text")
        assert at is not None
        tick += every * max(1, round((at - tick) / every))
        assert at <= tick


def test_steps_fit_the_schedules() -> None:
    for until, step in STEPS[1:]:
        assert step % timedelta(hours=6) == timedelta(0)
        assert until % step == timedelta(0) or until == LIFE
    assert all(step % timedelta(hours=6) == timedelta(0) for _, step in PAID_STEPS[1:])


def test_stories_end_with_their_day() -> None:
    assert next_reading(OUT, OUT + timedelta(hours=10), "story") == OUT + timedelta(
        hours=10, minutes=55
    )
    assert next_reading(OUT, OUT + timedelta(hours=23), "story") is None
    assert first_reading(OUT) < OUT + HOUR


def test_failures_are_tried_more_and_more_seldom() -> None:
    waits = [after_failure(OUT, failures) - OUT for failures in range(1, 15)]
    assert waits[0] == HOUR
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=7)

"""When people have seen enough of a post."""

from datetime import UTC, datetime, timedelta

import pytest

from igny8_media.planning.decay import Reading, at_comparable_age, decayed

OUT = datetime(2027, 1, 1, tzinfo=UTC)


def _reading(count: int, series: str = "", **more: int) -> Reading:
    return Reading(OUT, series, {"likes": count, **more})


@pytest.mark.parametrize(
    ("counts", "stops"),
    [
        ([100, 29, 20, 5], True),
        ([100, 90, 29, 20, 5], True),
        ([100, 31, 20, 5], False),  # one of the last three still had enough
        ([100, 20, 5], False),  # two bad days may be chance
        ([9, 0, 0, 0], False),  # there was nothing to lose
        ([100], False),
        ([], False),
    ],
)
def test_the_last_three_against_the_first(counts: list[int], stops: bool) -> None:
    assert bool(decayed([_reading(count) for count in counts])) is stops


def test_what_was_not_read_proves_nothing() -> None:
    assert decayed([_reading(100), None, _reading(1), None, _reading(1)]) == ""
    assert decayed([_reading(100), None, _reading(1), _reading(2), _reading(3)])


def test_series_that_count_differently_are_not_compared() -> None:
    assert decayed([_reading(100, "old"), *[_reading(1, "new")] * 3]) == ""


def test_only_figures_that_all_have_are_compared() -> None:
    # The platform stopped to tell clicks: that is not what people stopped to do.
    later = [_reading(40)] * 3
    assert decayed([_reading(50, clicks=500), *later]) == ""


def test_figures_that_went_below_zero_count_as_none() -> None:
    assert decayed([_reading(100), *[_reading(-5)] * 3])


def test_a_reading_is_taken_at_a_comparable_age() -> None:
    def at(days: float, count: int) -> Reading:
        return Reading(OUT + timedelta(days=days), "", {"likes": count})

    readings = [at(0.5, 1), at(3, 2), at(6, 3), at(30, 4)]
    found = at_comparable_age(OUT, readings)
    assert found is not None
    assert found.figures == {"likes": 3}
    assert at_comparable_age(OUT, [at(1, 1), at(8, 1)]) is None
    assert at_comparable_age(OUT, [Reading(OUT + timedelta(days=3), "", {})]) is None

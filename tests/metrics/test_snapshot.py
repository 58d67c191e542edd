"""What is kept of a reading, and worked out of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.metrics.snapshot import RATES, Before, snapshot
from igny8_media.publishing.readings import COUNTS, FIGURES, Reading, reading

numbers = st.one_of(
    st.none(), st.integers(-(10**20), 10**20), st.floats(), st.booleans(), st.text(max_size=4)
)


@given(st.dictionaries(st.sampled_from(FIGURES), numbers))
def test_every_figure_is_there_or_missing_with_a_reason(given: dict[str, object]) -> None:
    kept = snapshot(reading(given, {}, "X gives none", {}), "s", "X")
    assert set(kept.figures) | set(kept.missing) == {*FIGURES, *RATES}
    assert not set(kept.figures) & set(kept.missing)
    assert all(kept.missing.values())
    for name, value in kept.figures.items():
        assert 0 <= value <= 2**63
        assert math.isfinite(value)
        if name in COUNTS:
            assert isinstance(value, int)
        if name in RATES:
            assert value <= 1


def test_what_cannot_be_is_refused_and_told() -> None:
    kept = snapshot(Reading({"likes": -3, "comments": 2}, {}), "s", "LinkedIn")
    assert kept.figures["comments"] == 2
    assert "likes" not in kept.figures
    assert kept.missing["likes"] == "LinkedIn said -3, which cannot be"
    assert kept.problem == "LinkedIn said -3 likes, which cannot be."


def test_what_fell_is_kept_and_marked() -> None:
    before = Before({"likes": 12, "views": 100, "saves": None}, "s")
    kept = snapshot(Reading({"likes": 9, "views": 100, "saves": 1}, {}), "s", "X", before)
    assert kept.figures["likes"] == 9
    assert kept.notes == {"likes": "fell from 12 to 9"}


def test_another_way_of_counting_is_a_break_and_no_fall() -> None:
    kept = snapshot(Reading({"views": 5}, {}), "new", "X", Before({"views": 100}, "old"))
    assert kept.notes == {"series": "counted otherwise than before (old)"}


@pytest.mark.parametrize(
    ("figures", "rate"),
    [
        ({"likes": 3, "comments": 1, "shares": 1, "saves": 5, "impressions": 100}, 0.1),
        ({"likes": 3, "impressions": 100, "views": 10}, 0.03),
        ({"likes": 3, "views": 10}, 0.3),
        ({"likes": 3, "reach": 30}, 0.1),
        ({"likes": 3}, None),
        ({"impressions": 3}, None),
        ({"likes": 0, "impressions": 0}, None),
        ({"likes": 5, "impressions": 3}, None),
    ],
)
def test_engagement_comes_from_what_is_there(figures: dict[str, float], rate: float | None) -> None:
    kept = snapshot(Reading(figures, {}), "s", "X")
    assert kept.figures.get("engagement_rate") == rate
    assert (rate is None) == ("engagement_rate" in kept.missing)


def test_clicks_are_a_share_of_impressions() -> None:
    kept = snapshot(Reading({"clicks": 1, "impressions": 50}, {}), "s", "X")
    assert kept.figures["click_through_rate"] == 0.02

"""Properties of what is learned of the hours of a week, and of the slots that follow."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_media.analytics.belief import Spreads, learn
from igny8_media.analytics.best_times import best_times
from igny8_media.analytics.history import CELLS, History, no_history
from igny8_media.analytics.priors import prior_mean
from igny8_media.analytics.suggesting import choose, ranked, suggest_slots
from igny8_media.planning.defaults import starts
from igny8_media.planning.week import Density, Slot, close_pairs

_FIRST = starts()["linkedin"].slots
_USUAL = Spreads()


def _history(cells: Sequence[int], figures: Sequence[float], ages: Sequence[float]) -> History:
    cell = np.array(cells, dtype=np.int64)
    return History(
        "linkedin", cell // 24, cell % 24, np.array(figures, dtype=float),
        np.array(ages, dtype=float), np.zeros(len(cell), dtype=np.int64),
    )  # fmt: skip


_posts = st.lists(
    st.tuples(
        st.integers(0, CELLS - 1),
        st.floats(0, 1e6, allow_subnormal=False),
        st.floats(0, 700, allow_subnormal=False),
    ),
    max_size=60,
)


def _of(posts: Sequence[tuple[int, float, float]]) -> History:
    return _history([p[0] for p in posts], [p[1] for p in posts], [p[2] for p in posts])


def test_without_posts_it_is_the_prior() -> None:
    belief = learn(no_history("linkedin"), _FIRST)
    np.testing.assert_array_equal(belief.mean, prior_mean(_FIRST) - prior_mean(_FIRST).mean())
    first = [one.slot for one in ranked(belief, _FIRST)[: len(_FIRST)]]
    assert sorted(first) == sorted(_FIRST)
    rng = np.random.default_rng(0)
    chosen = suggest_slots(no_history("linkedin"), len(_FIRST), rng, explored=0)
    assert tuple(one.slot for one in chosen) == _FIRST


def test_posts_that_reached_nothing_at_all_teach_nothing() -> None:
    belief = learn(_history([30, 31, 32], [0, 0, 0], [1, 2, 3]), _FIRST)
    np.testing.assert_array_equal(belief.mean, learn(no_history("linkedin"), _FIRST).mean)


@settings(max_examples=30)
@given(_posts, st.randoms(use_true_random=False))
def test_the_order_of_posts_is_of_no_matter(
    posts: list[tuple[int, float, float]], luck: object
) -> None:
    shuffled = list(posts)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = learn(_of(posts), _FIRST), learn(_of(shuffled), _FIRST)
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-9)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-9)


@settings(max_examples=30)
@given(_posts, st.floats(1e-3, 1e3))
def test_the_unit_of_figures_is_of_no_matter(
    posts: list[tuple[int, float, float]], times: float
) -> None:
    posts = [(cell, round(figure, 3), age) for cell, figure, age in posts]
    scaled = [(cell, figure * times, age) for cell, figure, age in posts]
    one, other = learn(_of(posts), _FIRST, _USUAL), learn(_of(scaled), _FIRST, _USUAL)
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-6)


@settings(max_examples=30)
@given(_posts)
def test_what_is_believed_is_finite_and_about_the_mean_hour(
    posts: list[tuple[int, float, float]],
) -> None:
    belief = learn(_of(posts), _FIRST)
    assert np.isfinite(belief.mean).all()
    assert abs(belief.mean.mean()) < 1e-9
    assert (np.linalg.eigvalsh(belief.covariance) > -1e-8).all()


@settings(max_examples=15)
@given(st.integers(0, CELLS - 1), st.floats(1.3, 6))
def test_the_more_posts_say_so_the_more_it_is_believed(cell: int, times: float) -> None:
    others = [(c, 10.0, 1.0) for c in range(0, CELLS, 4) if abs(c - cell) > 3]
    worth, spread = [], []
    for posts in (0, 1, 2, 4, 8, 16, 32):
        belief = learn(_of([*others, *[(cell, 10.0 * times, 1.0)] * posts]), _FIRST, _USUAL)
        worth.append(belief.mean[cell])
        spread.append(belief.spread[cell])
    assert all(b > a for a, b in itertools.pairwise(worth))
    assert all(b < a for a, b in itertools.pairwise(spread))


@settings(max_examples=20)
@given(st.integers(0, CELLS - 1), st.integers(0, CELLS - 1), st.floats(10, 1000), st.integers(0, 9))
def test_one_lucky_post_does_not_outrank_a_proven_slot(
    proven: int, lucky: int, viral: float, seed: int
) -> None:
    """Thirty posts with twice the usual engagement against one with ten to a thousand times."""
    if lucky == proven:
        return
    rng = np.random.default_rng(seed)
    elsewhere = rng.choice(CELLS, 80)
    posts = [(int(c), 20 * float(np.exp(rng.normal(0, 0.5))), 5.0) for c in elsewhere]
    posts += [(proven, 40 * float(np.exp(rng.normal(0, 0.5))), 5.0) for _ in range(30)]
    without = learn(_of(posts), ())
    belief = learn(_of([*posts, (lucky, 20 * viral, 5.0)]), ())
    far = min((lucky - proven) % CELLS, (proven - lucky) % CELLS) > 4
    if far and lucky not in set(elsewhere.tolist()) and without.mean[lucky] < without.mean[proven]:
        assert belief.mean[lucky] < belief.mean[proven]


def test_old_habits_fade() -> None:
    """A year ago evenings were good, lately mornings are."""
    evenings, mornings = [24 * d + 20 for d in range(7)], [24 * d + 8 for d in range(7)]
    old = [(c, 60.0, 400.0) for c in evenings * 6] + [(c, 20.0, 400.0) for c in mornings * 6]
    new = [(c, 20.0, 10.0) for c in evenings * 3] + [(c, 60.0, 10.0) for c in mornings * 3]
    belief = learn(_of(old + new), ())
    assert belief.mean[mornings].min() > belief.mean[evenings].max()


def test_groups_are_compared_within_themselves_only() -> None:
    """A second account with a hundred times the audience, posting at night: nights are not best."""
    day, night = [24 * d + 12 for d in range(7)] * 4, [24 * d + 3 for d in range(7)] * 4
    cell = np.array(day + night, dtype=np.int64)
    figure = np.array([10.0] * 28 + [1000.0] * 28)
    group = np.array([0] * 28 + [1] * 28, dtype=np.int64)
    belief = learn(
        History("linkedin", cell // 24, cell % 24, figure, np.full(56, 5.0), group), _FIRST
    )
    assert belief.mean[night].mean() < belief.mean[day].mean()


@settings(max_examples=30)
@given(
    _posts, st.integers(0, 40), st.integers(0, 2**32 - 1), st.integers(1, 400), st.integers(1, 4)
)
def test_slots_keep_the_gap_and_the_cap(
    posts: list[tuple[int, float, float]], k: int, seed: int, gap: int, cap: int
) -> None:
    density = Density(gap, cap)
    rng = np.random.default_rng(seed)
    chosen = [one.slot for one in suggest_slots(_of(posts), k, rng, density=density)]
    assert len(chosen) == len(set(chosen)) <= k
    assert chosen == sorted(chosen)
    assert not close_pairs(chosen, gap)
    assert all(sum(s.weekday == day for s in chosen) <= cap for day in range(7))


def test_a_fifth_is_explored_and_what_is_little_known_among_it() -> None:
    rng = np.random.default_rng(5)
    cells = [24 * d + h for d in range(7) for h in (9, 12)] * 6
    figures = 20 * np.exp(rng.normal(0, 0.6, len(cells)))
    belief = learn(_history(cells, list(figures), [5.0] * len(cells)), _FIRST)
    explored = [
        one
        for _ in range(200)
        for one in choose(belief, 7, rng, _FIRST, Density(60, 3))
        if one.explored
    ]
    assert 0.15 < len(explored) / 1400 < 0.25
    assert len({one.slot for one in explored}) > 30


def test_a_slot_keeps_the_minute_that_it_has() -> None:
    first = (Slot(2, 9 * 60 + 45),)
    chosen = suggest_slots(
        no_history("linkedin"), 1, np.random.default_rng(0), first=first, explored=0
    )
    assert chosen[0].slot == first[0]


def test_the_interval_is_about_the_figure_and_narrows() -> None:
    few = ranked(learn(_of([(33, 10.0, 1.0)] * 3), _FIRST, _USUAL))
    many = ranked(learn(_of([(33, 10.0, 1.0), (100, 10.0, 1.0)] * 40), _FIRST, _USUAL))
    for one in (*few, *many):
        assert one.low < one.worth < one.high
    [before], [after] = ([o for o in r if o.slot == Slot(1, 540)] for r in (few, many))
    assert after.high / after.low < before.high / before.low
    assert after.posts == 40


@pytest.mark.parametrize("place", sorted(starts()))
def test_nothing_is_tried_before_anything_is_known(place: str) -> None:
    """A site whose posts are all too young to compare has exactly the slots it begins with."""
    names = ["place", "state", "account", "form", "series", "weekday", "hour"]
    young = pd.DataFrame(columns=[*names, "engagement_72h", "age_days"])
    for week in range(6):
        at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(weeks=week)
        found = best_times(young, "main", place, None, at)
        assert found.posts == 0
        assert tuple(one.slot for one in found.suggested) == starts()[place].slots

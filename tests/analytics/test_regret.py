"""On audiences made otherwise than the learner thinks it misses less and less, less than others."""

import numpy as np
import pytest

from igny8_media.planning.week import Density
from tests.analytics.audience import Audience, Chooser, at_random, by_averages, learned, regret

_DENSITY = Density(gap=180, cap=2)
_PLACES = ("linkedin", "instagram")
_WEEKS, _SEEDS = 16, 4


def _missed(way: Chooser) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.array(
        [
            regret(
                Audience(place, np.random.default_rng([seed, n])), way, _WEEKS, 14, _DENSITY, seed
            )
            for n, place in enumerate(_PLACES)
            for seed in range(_SEEDS)
        ]
    )


@pytest.fixture(scope="module")
def ours() -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return _missed(learned)


def test_it_falls(ours: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> None:
    assert ours[:, 8:].mean() < 0.8 * ours[:, :1].mean()


@pytest.mark.parametrize("way", [at_random, by_averages])
def test_it_is_smaller_than(
    way: Chooser, ours: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"
) -> None:
    assert ours[:, 8:].mean() < 0.8 * _missed(way)[:, 8:].mean()

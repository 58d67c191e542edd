"""Regret of the suggested slots against the true best ones, on simulated audiences, over a year.

For each week: the share of the best slots' engagement that was missed, the mean over audiences of
several places with its 95 % interval; for the product, for chance, and for raw averages.
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from igny8_media.analytics.history import Numbers
from igny8_media.planning.week import Density
from tests.analytics.audience import (
    Audience,
    Chooser,
    at_random,
    by_averages,
    by_averages_of_all,
    learned,
    regret,
)

_PLACES = ("linkedin", "twitter", "facebook", "instagram", "tiktok")
_WEEKS, _MOVED, _SLOTS = 52, 30, 7
_DENSITY = Density(gap=180, cap=2)
_WAYS: dict[str, Chooser] = {
    "learned": learned,
    "at random": at_random,
    "raw averages from the usual slots": by_averages,
    "raw averages after four weeks at random": by_averages_of_all,
}
_SPANS = ((0, 1), (1, 4), (4, 8), (8, 16), (16, 30), (30, 34), (34, 42), (42, 52))


def _audience(place: str, seed: int) -> Audience:
    number = _PLACES.index(place)
    return Audience(place, np.random.default_rng([seed, number]), moved_in=_MOVED)


def _missed(given: tuple[str, str, int]) -> Numbers:
    name, place, seed = given
    return regret(_audience(place, seed), _WAYS[name], _WEEKS, _SLOTS, _DENSITY, seed)


def main(seeds: int) -> None:
    audiences = [(place, seed) for seed in range(seeds) for place in _PLACES]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        missed = {
            name: np.array(list(pool.map(_missed, [(name, *each) for each in audiences])))
            for name in _WAYS
        }
    print(f"{len(audiences)} audiences, {_SLOTS} posts a week; habits move after week {_MOVED}")
    print("weeks".ljust(40) + "".join(f"{f'{a + 1}-{b}':>9}" for a, b in _SPANS) + "      all")
    for name, weeks in missed.items():
        spans = [100 * weeks[:, a:b].mean(axis=1) for a, b in (*_SPANS, (0, _WEEKS))]
        error = [1.96 * s.std(ddof=1) / np.sqrt(len(s)) for s in spans]
        print(name.ljust(40) + "".join(f"{s.mean():>7.1f} %" for s in spans))
        print("".ljust(40) + "".join(f"± {e:>5.1f}  " for e in error))
    ours = missed["learned"]
    falls = ours[:, 16:_MOVED].mean(axis=1) - ours[:, 0]
    _verdict("regret falls from the first week to weeks 17 to 30, by", falls)
    for name, others in missed.items():
        if name != "learned":
            less = ours[:, 4:].mean(axis=1) - others[:, 4:].mean(axis=1)
            _verdict(f"from week 5 it is smaller than {name}, by", less)


def _verdict(what: str, difference: Numbers) -> None:
    """Told of the same audiences side by side: it holds when all of the interval is below zero."""
    mean = difference.mean()
    error = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    mark = "ok  " if mean + error < 0 else "OVER"
    print(f"{mark} {what} {-100 * mean:.1f} ± {100 * error:.1f} points")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)

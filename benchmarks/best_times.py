"""Regret of the suggested slots against the true best ones, on simulated audiences, over a year.

For each week: the share of the best slots' engagement that was missed, the mean over audiences of
several places with its 95 % interval; for the product, for chance, and for raw averages.
"""

import sys

import numpy as np

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


def main(seeds: int) -> None:
    missed = {
        name: np.array(
            [
                regret(_audience(place, seed), way, _WEEKS, _SLOTS, _DENSITY, seed)
                for seed in range(seeds)
                for place in _PLACES
            ]
        )
        for name, way in _WAYS.items()
    }
    print(f"{seeds * len(_PLACES)} audiences, {_SLOTS} posts a week; habits move in week {_MOVED}")
    print("weeks".ljust(42) + "".join(f"{a + 1:>5}-{b:<4}" for a, b in _SPANS) + "    all")
    for name, weeks in missed.items():
        spans = [weeks[:, a:b].mean(axis=1) for a, b in (*_SPANS, (0, _WEEKS))]
        print(name.ljust(42) + "  ".join(f"{100 * s.mean():>6.1f} %" for s in spans))
        interval = [1.96 * s.std(ddof=1) / np.sqrt(len(s)) for s in spans]
        print("".ljust(42) + "  ".join(f"{100 * i:>5.1f} ±" for i in interval))
    ours = missed["learned"]
    falls = ours[:, 16:_MOVED].mean() < ours[:, :1].mean()
    others = [w[:, 4:].mean() for name, w in missed.items() if name != "learned"]
    less = all(ours[:, 4:].mean() < other for other in others)
    print("ok   regret falls" if falls else "OVER regret does not fall")
    print("ok   and is smaller" if less else "OVER and is not smaller")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)

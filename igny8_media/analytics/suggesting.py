"""Which slots a place should have, from what is believed of the hours of the week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from igny8_media.analytics.belief import Belief, learn
from igny8_media.analytics.history import CELLS, HOURS, History, Numbers
from igny8_media.planning.defaults import starts
from igny8_media.planning.week import Density, Slot

EXPLORED: Final = 0.2
"""The share of slots, on average, that are chosen to learn from and not because they are best."""
SURE: Final = 1.645
"""Standard deviations that 90 % lie between."""
_WEEK: Final = 7 * 24 * 60


@dataclass(frozen=True)
class Suggestion:
    """A slot, and what it is worth: 1 is the mean hour of the week, 2 twice as much engagement.

    With 90 % it lies between `low` and `high`. `posts` is how many went out in that hour.
    `explored` says that it was chosen to learn from.
    """

    slot: Slot
    worth: float
    low: float
    high: float
    posts: int
    explored: bool = False


def ranked(belief: Belief, first: Sequence[Slot] = ()) -> tuple[Suggestion, ...]:
    """All 168 hours, the best first; where `first` has a slot within an hour, its minute."""
    return tuple(_suggestion(belief, int(cell), first) for cell in _best_first(belief.mean))


def suggest_slots(
    history: History,
    k: int,
    rng: np.random.Generator,
    *,
    first: Sequence[Slot] | None = None,
    density: Density | None = None,
    explored: float = EXPLORED,
) -> tuple[Suggestion, ...]:
    """The `k` slots of a week to post at from now on, in the order of the week; fewer where the gap
    and the cap of `density` leave no room for more.

    Most are those that are worth most. Of `k`, the share `explored` on average is drawn instead as
    Thompson sampling does: from one way the worth of all hours could be, as likely as it is, the
    best hour. So what is little known is tried, and what is known to be poor is not. `first` and
    `density` are what the place begins with unless they are given.
    """
    start = starts()[history.place]
    slots = start.slots if first is None else tuple(first)
    return choose(learn(history, slots), k, rng, slots, density or start.density, explored)


def choose(
    belief: Belief,
    k: int,
    rng: np.random.Generator,
    first: Sequence[Slot],
    density: Density,
    explored: float = EXPLORED,
    kept: Collection[Slot] = (),
) -> tuple[Suggestion, ...]:
    """`suggest_slots` for what is already learned; `kept` are among the `k` anyway."""
    taken = [_suggestion(belief, slot.of_week // 60, (slot,)) for slot in sorted(kept)]
    tried = min(max(0, k - len(taken)), int(explored * k + rng.random()))
    for cell in _best_first(belief.mean):
        if len(taken) >= k - tried:
            break
        one = _suggestion(belief, int(cell), first)
        if _fits(one.slot, taken, density):
            taken.append(one)
    for _ in range(tried):
        drawn = _draw(belief, rng)
        for cell in _best_first(drawn):
            one = _suggestion(belief, int(cell), first, explored=True)
            if _fits(one.slot, taken, density):
                taken.append(one)
                break
    return tuple(sorted(taken, key=lambda one: one.slot))


def _best_first(worth: Numbers) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    # Differences that only rounding makes are none: then the earlier in the week comes first.
    return np.argsort(-np.round(worth, 9), kind="stable").astype(np.int64)


def _draw(belief: Belief, rng: np.random.Generator) -> Numbers:
    values, vectors = np.linalg.eigh(belief.covariance)
    steps = rng.standard_normal(CELLS) * np.sqrt(np.maximum(values, 0.0))
    drawn: Numbers = belief.mean + vectors @ steps
    return drawn


def _fits(slot: Slot, taken: Sequence[Suggestion], density: Density) -> bool:
    that_day = 0
    for other in taken:
        apart = (slot.of_week - other.slot.of_week) % _WEEK
        if min(apart, _WEEK - apart) < max(density.gap, 1):
            return False
        that_day += other.slot.weekday == slot.weekday
    return that_day < density.cap


def _suggestion(
    belief: Belief, cell: int, first: Sequence[Slot], *, explored: bool = False
) -> Suggestion:
    day, hour = divmod(cell, HOURS)
    minute = next(
        (s.minute for s in first if (s.weekday, s.minute // 60) == (day, hour)), hour * 60
    )
    mean, spread = float(belief.mean[cell]), float(belief.spread[cell])
    return Suggestion(
        slot=Slot(day, minute),
        worth=float(np.exp(mean)),
        low=float(np.exp(mean - SURE * spread)),
        high=float(np.exp(mean + SURE * spread)),
        posts=int(belief.posts[cell]),
        explored=explored,
    )

"""Audiences with habits of their own, and ways to choose when to post to them.

None of it is made the way the learner thinks: habits are two bumps in the day, of any height and
place, days that differ, evenings that are longer at the weekend; what a post gets is counted, most
of it luck, now and then viral; after some weeks the habits move.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from igny8_media.analytics.history import CELLS, DAYS, HOURS, History, Numbers
from igny8_media.analytics.suggesting import suggest_slots
from igny8_media.planning.defaults import starts
from igny8_media.planning.week import Density, Slot

Chooser = Callable[[History, int, Density, np.random.Generator], Sequence[Slot]]


@dataclass
class Audience:
    """Of one place. `moved_in` is the week in which its habits move by some hours."""

    place: str
    rng: np.random.Generator
    moved_in: int = 10_000
    luck: float = 0.8
    viral: float = 0.03
    growth: float = 0.01
    level: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = float(self.rng.uniform(8, 60))
        self._before = self._habits()
        self._after = np.roll(self._before.reshape(DAYS, HOURS), 5, axis=1).reshape(CELLS)

    def _habits(self) -> Numbers:
        hours = np.arange(HOURS)
        first, second = self.rng.uniform(6, 13), self.rng.uniform(15, 23)
        worth = np.full((DAYS, HOURS), 0.25)
        days = self.rng.uniform(0.6, 1.3, DAYS)
        for day in range(DAYS):
            late = 1.5 * (day >= 5)
            for middle, height in ((first, self.rng.uniform(0.4, 1.0)), (second, 0.0)):
                tall = height or self.rng.uniform(0.6, 1.4)
                away = np.abs(hours - middle - late)
                worth[day] += tall * np.exp(-((np.minimum(away, 24 - away) / 2.5) ** 2))
        worth *= days[:, None]
        habits: Numbers = (worth / worth.mean()).reshape(CELLS)
        return habits

    def worth(self, week: int) -> Numbers:
        return self._after if week >= self.moved_in else self._before

    def answer(self, week: int, cell: int) -> float:
        """What one post gets, in whole likes."""
        mean = self.level * (1 + self.growth) ** week * self.worth(week)[cell]
        mean *= np.exp(self.rng.normal(0, self.luck))
        if self.rng.random() < self.viral:
            mean *= np.exp(self.rng.normal(2.5, 0.5))
        return float(self.rng.poisson(min(mean, 1e9)))


def learned(history: History, k: int, density: Density, rng: np.random.Generator) -> list[Slot]:
    """What the product suggests."""
    return [one.slot for one in suggest_slots(history, k, rng, density=density)]


def at_random(_: History, k: int, density: Density, rng: np.random.Generator) -> list[Slot]:
    return _spread_out(rng.random(CELLS), k, density)


def by_averages(history: History, k: int, density: Density, rng: np.random.Generator) -> list[Slot]:
    """The hours with the best raw averages so far, after a first week of the usual slots."""
    if not len(history):
        return list(starts()[history.place].slots[:k])
    posts = np.bincount(history.cell, minlength=CELLS)
    sums = np.bincount(history.cell, history.figure, CELLS)
    return _spread_out(sums / np.maximum(posts, 1) + 1e-9 * rng.random(CELLS), k, density)


def by_averages_of_all(
    history: History, k: int, density: Density, rng: np.random.Generator
) -> list[Slot]:
    """The same, after four weeks at random: averages of more hours, to be fair to them."""
    if not len(history) or history.age_days.max() < 28:
        return at_random(history, k, density, rng)
    return by_averages(history, k, density, rng)


def regret(
    audience: Audience, choose: Chooser, weeks: int, k: int, density: Density, seed: int
) -> Numbers:
    """By week, the share of the best slots' engagement that was missed, luck left out."""
    rng = np.random.default_rng(seed)
    cells: list[int] = []
    figures: list[float] = []
    out: list[int] = []
    missed = np.zeros(weeks)
    for week in range(weeks):
        history = History(
            audience.place,
            np.array(cells, dtype=np.int64) // HOURS,
            np.array(cells, dtype=np.int64) % HOURS,
            np.array(figures),
            7.0 * (week - np.array(out, dtype=float)),
            np.zeros(len(cells), dtype=np.int64),
        )
        chosen = [slot.of_week // 60 for slot in choose(history, k, density, rng)]
        worth = audience.worth(week)
        best = [slot.of_week // 60 for slot in _spread_out(worth, k, density)]
        missed[week] = 1 - worth[chosen].mean() / worth[best].mean()
        cells += chosen
        figures += [audience.answer(week, cell) for cell in chosen]
        out += [week] * len(chosen)
    return missed


def _spread_out(worth: Numbers, k: int, density: Density) -> list[Slot]:
    """The best hours that the gap and the cap leave room for, one after the other."""
    taken: list[Slot] = []
    for cell in np.argsort(-worth, kind="stable"):
        slot = Slot(int(cell) // HOURS, int(cell) % HOURS * 60)
        apart = [(slot.of_week - other.of_week) % (7 * 24 * 60) for other in taken]
        near = any(min(a, 7 * 24 * 60 - a) < density.gap for a in apart)
        if not near and sum(t.weekday == slot.weekday for t in taken) < density.cap:
            taken.append(slot)
        if len(taken) == k:
            break
    return taken

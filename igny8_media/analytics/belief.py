"""What each hour of the week is worth, learned from a history: hierarchical, robust, and fading.

A post's figure is what is usual for its group, times what its hour is worth, times luck. On the
logarithm these add up; the worth of 168 hours has a Gaussian prior (`priors`), what is usual may
drift, luck has heavy tails. How far to trust the figures is learned from them too (empirical
Bayes): the spreads are those under which the history is likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from igny8_media.analytics.history import CELLS, History, Numbers
from igny8_media.analytics.priors import prior_covariance, prior_mean
from igny8_media.planning.week import Slot

HALF_LIFE_DAYS: Final = 90.0
"""After so long a post counts half: audiences change their habits."""
_FORGOTTEN: Final = 0.02

_SCALES: Final = (0.5, 1.0, 2.0)
_NOISES: Final = (0.35, 0.5, 0.7, 1.0, 1.4)
_USUAL_NOISE: Final = 0.8
_TAILS: Final = 4.0
"""Degrees of freedom of luck (Student's t): the farther out a post is, the less it counts."""
_ROUNDS: Final = 3

_BLOCK_DAYS: Final = 28.0
_LEVEL_SPREAD: Final = 1.0
_LEVEL_DRIFT: Final = 0.3
_LEVEL_MEMORY: Final = 4.0
"""What is usual in a group: its spread, and how far it drifts, over how many blocks."""


@dataclass(frozen=True, eq=False)
class Belief:
    """`mean` and `covariance` of the logarithm of what each of 168 hours is worth, relative to the
    mean hour of the week; `posts`, how many went out in each; `noise`, the spread of luck."""

    mean: Numbers
    covariance: Numbers
    posts: Numbers
    noise: float

    @property
    def spread(self) -> Numbers:
        """Standard deviations."""
        spread: Numbers = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        return spread


@dataclass(frozen=True)
class Spreads:
    """The scales of the prior's spreads, and the spread of luck."""

    common: float = 1.0
    own: float = 1.0
    noise: float = _USUAL_NOISE


def learn(history: History, slots: Sequence[Slot], spreads: Spreads | None = None) -> Belief:
    """What is believed after this history, where a site posts at `slots` at first.

    Nothing but the history's figures relative to each other matters: neither their unit, nor the
    order of the posts. Without posts it is the prior. `spreads` are learned unless they are given.
    """
    prior = prior_mean(slots)
    posts = np.bincount(history.cell, minlength=CELLS).astype(float)
    seen = _Seen.of(history, prior)
    if seen is None:
        chosen = spreads or Spreads()
        return _centred(prior, prior_covariance(chosen.common, chosen.own), posts, chosen.noise)
    weight = seen.fading * _doubt(seen.residual, _robust_spread(seen.residual))
    chosen = spreads or _likeliest(seen, weight)
    for _ in range(_ROUNDS):
        figures = _Figures(seen, weight, chosen.noise)
        worth, covariance, level = figures.posterior(chosen.common, chosen.own)
        left = seen.residual - worth[seen.cell] - level[seen.block]
        weight = seen.fading * _doubt(left, chosen.noise)
    return _centred(prior + worth, covariance, posts, chosen.noise)


@dataclass(frozen=True, eq=False)
class _Seen:
    """The history as logarithms less what the prior expects. `block` numbers what is usual for a
    group in four weeks, `drift` is the covariance of those."""

    cell: Any
    block: Any
    residual: Numbers
    fading: Numbers
    drift: Numbers

    @staticmethod
    def of(history: History, prior: Numbers) -> "_Seen | None":
        fading = 0.5 ** (np.maximum(history.age_days, 0) / HALF_LIFE_DAYS)
        kept = np.isfinite(history.figure) & (history.figure >= 0) & (fading >= _FORGOTTEN)
        if not (kept & (history.figure > 0)).any():
            return None
        # In one order, so that sums do not depend on the rows' own.
        order = np.lexsort((history.figure, history.age_days, history.cell, history.group))
        order = order[kept[order]]
        cell, group = history.cell[order], history.group[order]
        residual = _logarithms(history.figure[order], group) - prior[cell]
        for one in np.unique(group):
            inside = group == one
            residual[inside] -= np.median(residual[inside])
        age = (history.age_days[order] // _BLOCK_DAYS).astype(np.int64)
        blocks, block = np.unique(np.stack([group, age], axis=1), axis=0, return_inverse=True)
        same = blocks[:, None, 0] == blocks[None, :, 0]
        apart = np.abs(blocks[:, None, 1] - blocks[None, :, 1])
        drift = np.where(
            same,
            _LEVEL_SPREAD**2 + _LEVEL_DRIFT**2 * np.exp(-apart / _LEVEL_MEMORY),
            0.0,
        )
        return _Seen(cell, block.reshape(-1), residual, fading[order], drift)


def _logarithms(figure: Numbers, group: Any) -> Numbers:
    """With something small added for posts that reached nothing: a quarter of the group's median,
    so that it has the figure's own unit."""
    result = np.zeros(len(figure))
    for one in np.unique(group):
        inside = group == one
        there = figure[inside]
        if (there > 0).any():
            result[inside] = np.log1p(there / (0.25 * np.median(there[there > 0])))
    return result


def _likeliest(seen: _Seen, weight: Numbers) -> Spreads:
    """The spreads under which the history is likeliest, all else equal the usual ones."""
    best, found = -np.inf, Spreads()
    for noise in _NOISES:
        figures = _Figures(seen, weight, noise)
        for common, own in product(_SCALES, _SCALES):
            unusual = (
                np.log2(common) ** 2 + np.log2(own) ** 2 + (np.log(noise / _USUAL_NOISE) / 0.7) ** 2
            )
            evidence = figures.evidence(common, own) - 0.5 * unusual
            if evidence > best:
                best, found = evidence, Spreads(common, own, noise)
    return found


class _Figures:
    """What the history says of the worth of hours: `information` times worth is `score`, levels
    eliminated. Weights count a post once, less, or more."""

    def __init__(self, seen: _Seen, weight: Numbers, noise: float) -> None:
        count, variance = len(seen.drift), noise**2
        weight = weight / variance
        table = np.bincount(seen.block * CELLS + seen.cell, weight, count * CELLS)
        self._both = table.reshape(count, CELLS)
        self._sums = np.bincount(seen.block, weight * seen.residual, count)
        precision = np.linalg.inv(seen.drift) + np.diag(self._both.sum(axis=1))
        self._levels = cho_factor(precision, lower=True)
        eliminated = cho_solve(self._levels, self._both)
        self._information = np.diag(self._both.sum(axis=0)) - self._both.T @ eliminated
        sums = np.bincount(seen.cell, weight * seen.residual, CELLS)
        self._score = sums - eliminated.T @ self._sums
        self._fixed = (
            weight @ seen.residual**2
            - self._sums @ cho_solve(self._levels, self._sums)
            + (weight.sum() * variance) * np.log(variance)
            + _log_size(self._levels)
            + np.linalg.slogdet(seen.drift)[1]
        )

    def evidence(self, common: float, own: float) -> float:
        """The logarithm of the history's likelihood, up to a constant."""
        precision, size = _precision(common, own)
        factor = cho_factor(precision + self._information, lower=True, check_finite=False)
        fit = self._score @ cho_solve(factor, self._score, check_finite=False)
        return float(-0.5 * (self._fixed - fit + size + _log_size(factor)))

    def posterior(self, common: float, own: float) -> tuple[Numbers, Numbers, Numbers]:
        """The worth of hours, its covariance, and the levels."""
        factor = cho_factor(_precision(common, own)[0] + self._information, lower=True)
        covariance = cho_solve(factor, np.eye(CELLS))
        worth = covariance @ self._score
        return worth, covariance, cho_solve(self._levels, self._sums - self._both @ worth)


@lru_cache(maxsize=64)
def _precision(common: float, own: float) -> tuple[Numbers, float]:
    """The inverse of the prior's covariance, and the logarithm of the covariance's determinant."""
    factor = cho_factor(prior_covariance(common, own), lower=True)
    return cho_solve(factor, np.eye(CELLS)), _log_size(factor)


def _log_size(factor: Any) -> float:
    return float(2 * np.log(np.diag(factor[0])).sum())


def _doubt(left: Numbers, noise: float) -> Numbers:
    weight: Numbers = (_TAILS + 1) / (_TAILS + (left / noise) ** 2)
    return weight


def _robust_spread(residual: Numbers) -> float:
    return max(float(1.4826 * np.median(np.abs(residual))), _NOISES[0])


def _centred(worth: Numbers, covariance: Numbers, posts: Numbers, noise: float) -> Belief:
    """Relative to the mean hour of the week: that alone the figures can tell."""
    around = covariance - covariance.mean(axis=0)
    around = around - around.mean(axis=1)[:, None]
    return Belief(worth - worth.mean(), around, posts, noise)

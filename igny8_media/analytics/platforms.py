"""Which platform does best, and how sure that is."""

from typing import Final

import numpy as np
import pandas as pd

from igny8_media.analytics.history import Numbers
from igny8_media.frozen import Frozen

FEW: Final = 5
"""Compared posts below which a platform cannot be called the best."""
SURE: Final = 0.9
_TAILS: Final = 4.0
_ROUNDS: Final = 20
_DRAWS: Final = 20_000
_INTERVAL: Final = 1.645
_LEAST_NOISE: Final = 0.3


class Standing(Frozen):
    """What a post on a platform usually gets (engagement at 72 hours), and with 90 % between which
    bounds that lies; `best` is the probability that no other platform's is higher."""

    platform: str
    posts: int
    usual: float
    low: float
    high: float
    best: float


def standings(posts: pd.DataFrame) -> tuple[Standing, ...]:
    """Of each platform with posts that can be compared, the best first.

    On the logarithm, with luck of heavy tails, so that one viral post moves little; platforms with
    few posts are drawn toward what is usual everywhere, the more the fewer they are.
    """
    known = posts[posts["engagement_72h"].notna()]
    names = sorted(str(name) for name in known["platform"].unique())
    if not names:
        return ()
    figures = [
        np.log(known.loc[known["platform"] == name, "engagement_72h"].to_numpy("float64") + 0.5)
        for name in names
    ]
    middle, error = np.array([_middle(each) for each in figures]).T
    drawn, spread = _drawn_together(middle, error)
    chances = np.random.default_rng(0).standard_normal((_DRAWS, len(names))) * spread + drawn
    best = np.bincount(chances.argmax(axis=1), minlength=len(names)) / _DRAWS
    found = [
        Standing(
            platform=name,
            posts=len(each),
            usual=_figure(m),
            low=_figure(m - _INTERVAL * s),
            high=_figure(m + _INTERVAL * s),
            best=float(b),
        )
        for name, each, m, s, b in zip(names, figures, drawn, spread, best, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.usual, one.platform)))


def best_platform(found: tuple[Standing, ...]) -> str | None:
    """The platform that is best with a probability of `SURE` and has posts enough; else None."""
    for one in found:
        if len(found) > 1 and one.best >= SURE and one.posts >= FEW:
            return one.platform
    return None


def _middle(values: Numbers) -> tuple[float, float]:
    """The middle of a Student's t through these, and its standard error."""
    middle = float(np.median(values))
    noise = max(float(1.4826 * np.median(np.abs(values - middle))), _LEAST_NOISE)
    weight = np.ones(len(values))
    for _ in range(_ROUNDS):
        weight = (_TAILS + 1) / (_TAILS + ((values - middle) / noise) ** 2)
        middle = float(weight @ values / weight.sum())
        noise = max(float(np.sqrt(weight @ (values - middle) ** 2 / len(values))), _LEAST_NOISE)
    return middle, noise / float(np.sqrt(len(values)))


def _drawn_together(middle: Numbers, error: Numbers) -> tuple[Numbers, Numbers]:
    """Each drawn toward the middle of all, by how well it is known against how they differ."""
    if len(middle) < 2:
        return middle, error
    weight = 1 / error**2
    overall = weight @ middle / weight.sum()
    # DerSimonian and Laird's estimate of the variance between groups.
    excess = weight @ (middle - overall) ** 2 - (len(middle) - 1)
    between = max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0.01)
    trust = between / (between + error**2)
    weight = 1 / (between + error**2)
    overall = weight @ middle / weight.sum()
    return overall + trust * (middle - overall), np.sqrt(trust) * error


def _figure(logarithm: float) -> float:
    return max(float(np.exp(logarithm)) - 0.5, 0.0)

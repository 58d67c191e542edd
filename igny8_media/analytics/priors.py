"""What is believed of the hours of a week before anything went out, and how hours resemble others.

Everything here is about logarithms: 0.4 is half as much again.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from igny8_media.analytics.history import CELLS, DAYS, HOURS, Numbers
from igny8_media.planning.week import Slot

_GOOD: Final = 0.25
"""How much better a place's first slots are taken to be than other hours of the day."""
_NEAR: Final = 1.5
"""Hours over which that fades."""
_NIGHT: Final = -0.3
_ASLEEP: Final = slice(0, 6)

DAY_SPREAD: Final = 0.15
HOUR_SPREAD: Final = 0.3
CELL_SPREAD: Final = 0.2
"""Standard deviations of what a weekday, an hour of the day, and the two together are worth."""
_HOURS_ALIKE: Final = 2.5
"""Hours over which the worth of an hour stays about the same."""
_SAME_KIND: Final = 0.5
"""How much of a weekday's worth it shares with the other working days, or the weekend."""


def prior_mean(slots: Sequence[Slot]) -> Numbers:
    """What each hour of the week (168) is worth, around 0, where a site begins with `slots`."""
    worth = np.zeros((DAYS, HOURS))
    worth[:, _ASLEEP] = _NIGHT
    hours = np.arange(HOURS)
    for slot in slots:
        away = hours - slot.minute // 60
        near = _GOOD * np.exp(-((away / _NEAR) ** 2))
        worth[slot.weekday] = np.maximum(worth[slot.weekday], near)
    flat = worth.reshape(CELLS)
    centred: Numbers = flat - flat.mean()
    return centred


@lru_cache(maxsize=64)
def prior_covariance(common: float, own: float) -> Numbers:
    """How what hours of the week are worth goes together (168 x 168).

    `common` scales the spread of weekdays and of hours of the day, `own` that of both together.
    """
    weekend = np.arange(DAYS) >= 5
    same = (weekend[:, None] == weekend[None, :]).astype(float)
    days = _SAME_KIND * same + (1 - _SAME_KIND) * np.eye(DAYS)
    apart = np.arange(HOURS)[:, None] - np.arange(HOURS)[None, :]
    # The usual kernel for what is periodic; for near hours exp(-apart^2 / (2 * alike^2)).
    width = 2 * np.pi * _HOURS_ALIKE / HOURS
    hours = np.exp(-2 * np.sin(np.pi * apart / HOURS) ** 2 / width**2)
    every = np.ones((DAYS, DAYS)), np.ones((HOURS, HOURS))
    covariance: Numbers = (
        (common * DAY_SPREAD) ** 2 * np.kron(days, every[1])
        + (common * HOUR_SPREAD) ** 2 * np.kron(every[0], hours)
        + (own * CELL_SPREAD) ** 2 * np.kron(days, hours)
        + 1e-6 * np.eye(CELLS)
    )
    return covariance

"""When a site should post on a place: what was learned of its hours, and the slots that follow."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from igny8_media.analytics.belief import Belief, learn
from igny8_media.analytics.posts import history_of
from igny8_media.analytics.suggesting import EXPLORED, Suggestion, choose, ranked
from igny8_media.planning.defaults import starts
from igny8_media.planning.openings import Week
from igny8_media.planning.week import Slot

FEW: Final = 20
"""Compared posts below which the slots are mostly what is usual for the place."""
RECENT_DAYS: Final = 180.0
"""Posts that are older count for less than a quarter: twenty of them say little of today."""


@dataclass(frozen=True, eq=False)
class BestTimes:
    """`posts` is how many could be compared. `suggested` are as many slots as the place has,
    where its gap and cap leave room for them; `hours` are all of the week, the best first."""

    place: str
    posts: int
    belief: Belief
    suggested: tuple[Suggestion, ...]
    hours: tuple[Suggestion, ...]

    @property
    def few(self) -> bool:
        return self.posts < FEW


def best_times(
    posts: pd.DataFrame,
    site: str,
    place: str,
    held: Week | None,
    now: datetime,
    kept: Collection[Slot] = (),
) -> BestTimes:
    """From `post_table`'s rows of this site. `held` is what the place has now; None for what it
    begins with; `kept` are slots that stay among them. What is tried to learn from changes with the
    week that `now` says in its own zone, and not with each look.
    """
    start = starts()[place]
    week = held or Week(start.slots, start.density)
    history = history_of(posts, place)
    belief = learn(history, start.slots)
    year, number, _ = now.isocalendar()
    rng = np.random.default_rng([year, number, zlib.crc32(f"{site}/{place}".encode())])
    first = (*week.slots, *start.slots)
    # Before anything is known there is nothing to weigh a trial against.
    explored = EXPLORED if len(history) else 0.0
    suggested = choose(belief, len(week.slots), rng, first, week.density, explored, kept)
    return BestTimes(place, len(history), belief, suggested, ranked(belief, first))


def enough(posts: pd.DataFrame, place: str) -> bool:
    """Whether a place has so many posts that its slots may follow them without being asked."""
    history = history_of(posts, place)
    return int((history.age_days <= RECENT_DAYS).sum()) >= FEW

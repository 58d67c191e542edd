"""What a place's posts reached, as the learning of best times sees it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

DAYS: Final = 7
HOURS: Final = 24
CELLS: Final = DAYS * HOURS


@dataclass(frozen=True, eq=False)
class History:
    """Posts of one place (`planning.places`) of one site, one entry each, in any order.

    `weekday` (0 for Monday) and `hour` are local; `figure` is the engagement at the age at which
    posts are compared; `age_days` is how long ago it went out. Posts of one `group` (account, form,
    series) may be compared with each other: what is usual is learned for each.
    """

    place: str
    weekday: Codes
    hour: Codes
    figure: Numbers
    age_days: Numbers
    group: Codes

    def __len__(self) -> int:
        return len(self.figure)

    @property
    def cell(self) -> Codes:
        """Weekday and hour as one number, from Monday 0 h."""
        return self.weekday * HOURS + self.hour


def no_history(place: str) -> History:
    """Of a place where nothing went out yet."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return History(place, none, none, nothing, nothing, none)

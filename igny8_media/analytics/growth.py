"""What each publication had reached at one age: totals grow, so raw totals favour what is old."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from igny8_media.analytics.columns import COUNTS, ENGAGEMENTS, MEASURES

AGE_HOURS: Final = 72.0
"""The age at which posts are compared: by then most have gathered most of what they will."""

_TOO_LATE: Final = 4.0

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Readings:
    """All readings in the order of publication and moment, without pandas.

    `owner` is the row of the publication, `hours` the age, `series` a code. `begins` says which
    readings are the first of their publication, `ends` which are the last.
    """

    owner: Places
    hours: Numbers
    series: Places
    begins: Truths
    ends: Truths
    order: Places
    frame: pd.DataFrame

    def values(self, name: str) -> Numbers:
        """A figure in this order; NaN where it is not given, or not possible (below zero)."""
        column = self.frame[name].to_numpy("float64", na_value=np.nan)
        with np.errstate(invalid="ignore"):
            column[column < 0] = np.nan
        return column[self.order]


def ordered(publications: pd.DataFrame, frame: pd.DataFrame) -> Readings:
    """`publications` by ascending ID, `frame` the readings of them as `load` gives both.

    Readings from before their publication, by clocks that disagree, count as at its moment.
    """
    ids = frame["publication_id"].to_numpy("int64")
    taken = _microseconds(frame["taken_at"])
    order = np.lexsort((taken, ids))
    known = publications["publication_id"].to_numpy("int64")
    owner = np.searchsorted(known, ids[order]).astype(np.int64)
    published = _microseconds(publications["published_at"])
    hours = np.maximum((taken[order] - published[owner]) / 3.6e9, 0.0)
    begins = np.ones(len(owner), dtype=bool)
    begins[1:] = owner[1:] != owner[:-1]
    ends = np.ones(len(owner), dtype=bool)
    ends[:-1] = begins[1:]
    series: Places = frame["series"].cat.codes.to_numpy("int64").astype(np.int64)[order]
    return Readings(owner, hours, series, begins, ends, order, frame)


def at_age(readings: Readings, name: str, count: int, hours: float = AGE_HOURS) -> Numbers:
    """A total at that age for each of `count` publications; NaN where it cannot be told.

    Between the last reading before that age and the first one after it the total is taken to grow
    in proportion to the logarithm of the age; a post begins with 0. Nothing is told of a post that
    was not read at or after that age, nor of one that was read much too early and much too late
    only, nor of one whose platform began to count otherwise between the two readings. A reading
    below both its neighbours is a slip of the platform and left out;
    totals that fall and stay lower are believed.
    """
    values = readings.values(name)
    there = np.flatnonzero(~np.isnan(values))
    there = there[~_slips(values[there], readings.owner[there])]
    owner, age, value = readings.owner[there], readings.hours[there], values[there]
    series = readings.series[there]
    first_after = _firsts(owner, age >= hours, count)
    last_before = _lasts(owner, age < hours, count)
    told = first_after >= 0
    after = first_after[told]
    before = last_before[told]
    has_before = before >= 0
    from_age = np.where(has_before, age[before], 0.0)
    from_value = np.where(has_before, value[before], 0.0)
    way = np.log1p(hours) - np.log1p(from_age)
    whole = np.log1p(age[after]) - np.log1p(from_age)
    figure = from_value + (value[after] - from_value) * (way / whole)
    figure[has_before & (series[before] != series[after])] = np.nan
    figure[(age[after] > _TOO_LATE * hours) & (from_age < hours / _TOO_LATE)] = np.nan
    result = np.full(count, np.nan)
    result[told] = figure
    return result


def latest(readings: Readings, count: int) -> pd.DataFrame:
    """The newest reading of each of `count` publications that gives a figure, by figure.

    A platform that stops giving a figure (X after 30 days) leaves the last one it gave. Beside the
    figures stand `readings`, how many there are, `read_at`, `series`, that of the newest,
    `falls`, whether a total went down for good, and `breaks`, whether its counting changed.
    """
    told: dict[str, Any] = {}
    falls = np.zeros(count, dtype=bool)
    for name in (*COUNTS, *MEASURES):
        values = readings.values(name)
        there = np.flatnonzero(~np.isnan(values))
        last = _lasts(readings.owner[there], np.ones(len(there), dtype=bool), count)
        column = np.full(count, np.nan)
        column[last >= 0] = values[there][last[last >= 0]]
        told[name] = pd.Series(column).astype("Int64" if name in COUNTS else "Float64")
        if name in COUNTS:
            owner = readings.owner[there]
            kept = ~_slips(values[there], owner)
            owner, kept_values = owner[kept], values[there][kept]
            same = (owner[1:] == owner[:-1]) & (
                readings.series[there][kept][1:] == readings.series[there][kept][:-1]
            )
            falls[owner[1:][same & (kept_values[1:] < kept_values[:-1])]] = True
    breaks = np.zeros(count, dtype=bool)
    changed = ~readings.begins[1:] & (readings.series[1:] != readings.series[:-1])
    breaks[readings.owner[1:][changed]] = True
    newest = readings.order[readings.ends]
    owners = readings.owner[readings.ends]
    frame = pd.DataFrame(told)
    frame["readings"] = np.bincount(readings.owner, minlength=count)
    rows = readings.frame[["taken_at", "series"]].iloc[newest].set_index(owners)
    frame["read_at"] = rows["taken_at"].reindex(range(count))
    frame["series"] = rows["series"].reindex(range(count))
    frame["falls"] = falls
    frame["breaks"] = breaks
    return frame


def engagement(figures: pd.DataFrame, group: "pd.Series[int]") -> Numbers:
    """The sum of what people did with each post, comparable within its `group`.

    A group (platform, account, series) counts those of `ENGAGEMENTS` that at least half of its
    posts that have any of them have; a post that lacks one of those has no sum. So a figure that a
    platform never gives costs nothing, and one that a reading lacks does not make a post look poor.
    """
    values = figures[list(ENGAGEMENTS)].to_numpy("float64", na_value=np.nan)
    given = ~np.isnan(values)
    some = given.any(axis=1)
    codes = pd.factorize(group)[0]
    posts = np.bincount(codes[some], minlength=codes.max(initial=-1) + 1)
    total = np.zeros(len(values))
    for part in range(len(ENGAGEMENTS)):
        having = np.bincount(codes[given[:, part]], minlength=len(posts))
        counted = ((having * 2 >= posts) & (having > 0))[codes]
        total += np.where(counted, values[:, part], 0.0)
    total[~some] = np.nan
    return total


def _slips(values: Numbers, owner: Places) -> Truths:
    """Readings lower than the one before and the one after them, of the same publication."""
    slips = np.zeros(len(values), dtype=bool)
    if len(values) > 2:
        inner = (owner[2:] == owner[:-2]) & (values[1:-1] < values[:-2])
        slips[1:-1] = inner & (values[1:-1] < values[2:])
    return slips


def _firsts(owner: Places, fits: Truths, count: int) -> Places:
    """Where, for each owner, the first that fits stands; -1 for none."""
    found = np.full(count, -1, dtype=np.int64)
    where = np.flatnonzero(fits)[::-1]
    found[owner[where]] = where
    return found


def _lasts(owner: Places, fits: Truths, count: int) -> Places:
    found = np.full(count, -1, dtype=np.int64)
    where = np.flatnonzero(fits)
    found[owner[where]] = where
    return found


def _microseconds(column: "pd.Series[Any]") -> Places:
    moments: Places = column.dt.as_unit("us").astype("int64").to_numpy("int64")
    return moments

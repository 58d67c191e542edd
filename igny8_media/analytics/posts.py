"""One row for each post that is out: what it reached, and how it compares with others."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from igny8_media.analytics.columns import ENGAGEMENTS
from igny8_media.analytics.growth import AGE_HOURS, at_age, engagement, latest, ordered
from igny8_media.analytics.history import History
from igny8_media.analytics.loading import Loaded
from igny8_media.publishing.moments import zone_of

ENOUGH: Final = 5
"""Posts of a group from which what is usual there is told."""
_GROUP: Final = ["place", "account", "form", "series"]


class State(StrEnum):
    """Whether a post can be compared with others, and if not, why."""

    COMPARED = "compared"
    YOUNG = "young"
    UNREAD = "unread"
    UNTOLD = "untold"


def post_table(loaded: Loaded, zone: str, now: datetime) -> pd.DataFrame:
    """The publications with, beside what `load` and `growth.latest` tell of each:

    `local` (its site's time, `zone` where the site has none), `weekday` (0 for Monday), `hour`,
    `age_days`; `engagement`, what people did with it so far, and `engagement_72h`, what they had
    done at that age (null where it cannot be told, see `state`); `times_usual`, that to the median
    of its group (place, account, form, series), null where the group is smaller than `ENOUGH`.
    """
    posts = loaded.publications
    count = len(posts)
    readings = ordered(posts, loaded.readings)
    table = pd.concat([posts, latest(readings, count)], axis=1)
    naive = _local(posts, loaded.zones, zone)
    table["local"] = naive
    table["weekday"] = naive.dt.day_of_week.astype("int64")
    table["hour"] = naive.dt.hour.astype("int64")
    age = (pd.Timestamp(now) - posts["published_at"]).dt.total_seconds()
    table["age_days"] = age / 86_400
    group = table.groupby(_GROUP, observed=True, dropna=False).ngroup()
    aged = pd.DataFrame({name: at_age(readings, name, count) for name in ENGAGEMENTS})
    figure = engagement(aged, group)
    table["engagement"] = pd.Series(engagement(table, group)).astype("Int64")
    table["engagement_72h"] = pd.Series(figure).astype("Float64")
    table["times_usual"] = _times_usual(figure, group).astype("Float64")
    table["state"] = pd.Categorical(
        np.select(
            [~np.isnan(figure), table["readings"] == 0, age < AGE_HOURS * 3600],
            [State.COMPARED, State.UNREAD, State.YOUNG],
            State.UNTOLD,
        ),
        categories=[str(state) for state in State],
    )
    return table


def history_of(posts: pd.DataFrame, place: str) -> History:
    """The posts of a place that can be compared, as the learning of best times sees them; of one
    site, as `post_table` gives them."""
    known = posts[(posts["place"] == place) & (posts["state"] == State.COMPARED)]
    group = known.groupby(_GROUP, observed=True, dropna=False).ngroup()
    return History(
        place=place,
        weekday=known["weekday"].to_numpy("int64"),
        hour=known["hour"].to_numpy("int64"),
        figure=known["engagement_72h"].to_numpy("float64"),
        age_days=known["age_days"].to_numpy("float64"),
        group=group.to_numpy("int64").astype(np.int64),
    )


def _local(posts: pd.DataFrame, zones: dict[str, str], zone: str) -> pd.Series:
    """Wall-clock times, each in its site's zone."""
    local = pd.Series(pd.NaT, index=posts.index, dtype="datetime64[us]")
    for site in posts["site"].cat.categories:
        there = (posts["site"] == site).to_numpy()
        place = zone_of(zones.get(site, zone))
        local[there] = posts.loc[there, "published_at"].dt.tz_convert(place).dt.tz_localize(None)
    return local


def _times_usual(figure: np.ndarray, group: pd.Series) -> pd.Series:
    figures = pd.Series(figure)
    grouped = figures.groupby(group.to_numpy())
    usual, posts = grouped.transform("median"), grouped.transform("count")
    return (figures / usual).where((posts >= ENOUGH) & (usual > 0))

"""What the rows of posts add up to: overall, by platform, by content, by hour of the week.

Every figure stands beside the number of posts that it is made of; where no post gives it, it is
null and never 0.
"""

from typing import Any

import numpy as np
import pandas as pd

from igny8_media.analytics.columns import COUNTS
from igny8_media.analytics.posts import State

TOTALS = (*COUNTS, "watch_seconds")


def overview(posts: pd.DataFrame) -> dict[str, Any]:
    """The whole in a few figures; moments are pandas Timestamps or None."""
    states = posts["state"].value_counts()
    rates = posts["engagement_rate"].dropna()
    return {
        "posts": len(posts),
        "contents": int(posts["content_id"].nunique()),
        "first": posts["published_at"].min() if len(posts) else None,
        "last": posts["published_at"].max() if len(posts) else None,
        **{str(state): int(states.get(state, 0)) for state in State},
        "deleted": int(posts["deleted"].sum()),
        "falls": int(posts["falls"].sum()),
        "breaks": int(posts["breaks"].sum()),
        "engagement_rate": float(rates.median()) if len(rates) else None,
        "engagement_rate_posts": len(rates),
        "figures": {
            name: {
                "total": _number(_total(posts[name])),
                "posts": int(posts[name].count()),
                "not_given_by": not_given(posts, name),
            }
            for name in TOTALS
        },
    }


def not_given(posts: pd.DataFrame, name: str) -> list[str]:
    """The platforms of these posts that were read and gave this figure for none of them."""
    read = posts[posts["readings"] > 0]
    given = read[name].notna().groupby(read["platform"], observed=True).any()
    return sorted(str(platform) for platform in given.index[~given])


def by_platform(posts: pd.DataFrame) -> pd.DataFrame:
    """A row for each platform, the most posts first."""
    return _summed(posts, "platform").sort_values(
        ["posts", "platform"], ascending=[False, True], ignore_index=True
    )


def by_content(posts: pd.DataFrame) -> pd.DataFrame:
    """A row for each content, posts and videos together, what did best first.

    `times_usual` is the geometric mean of its posts': sums would favour what went to many places.
    """
    grouped = posts.groupby("content_id", observed=True)
    table = _summed(posts, "content_id")
    table["videos"] = (posts["form"] == "video").groupby(posts["content_id"]).sum().to_numpy()
    table["platforms"] = grouped["platform"].agg(lambda p: ", ".join(sorted(set(p)))).to_numpy()
    table["first"] = grouped["published_at"].min().to_numpy()
    log = np.log(posts["times_usual"].to_numpy("float64", na_value=np.nan).clip(0.01))
    usual = pd.Series(log, index=posts.index).groupby(posts["content_id"])
    table["times_usual"] = np.exp(usual.mean().to_numpy())
    table["times_usual_posts"] = usual.count().to_numpy()
    return table.sort_values(
        ["times_usual", "content_id"], ascending=[False, True], ignore_index=True
    )


def by_slot(posts: pd.DataFrame) -> pd.DataFrame:
    """A row for each place, weekday and hour of the site's time at which something went out."""
    keys = ["place", "weekday", "hour"]
    grouped = posts.groupby(keys, observed=True)
    table = grouped.size().rename("posts").reset_index()
    table["compared"] = grouped["engagement_72h"].count().to_numpy()
    table["engagement_72h"] = grouped["engagement_72h"].median().to_numpy()
    table["times_usual"] = grouped["times_usual"].median().to_numpy()
    return table


def _summed(posts: pd.DataFrame, key: str) -> pd.DataFrame:
    """A row for each value of a column, in its order, with totals, medians and their posts."""
    grouped = posts.groupby(key, observed=True)
    table = grouped.size().rename("posts").reset_index()
    table["compared"] = grouped["engagement_72h"].count().to_numpy()
    table["engagement_72h"] = grouped["engagement_72h"].median().to_numpy()
    table["engagement_rate"] = grouped["engagement_rate"].median().to_numpy()
    table["engagement_rate_posts"] = grouped["engagement_rate"].count().to_numpy()
    table["deleted"] = grouped["deleted"].sum().to_numpy()
    table["breaks"] = grouped["breaks"].sum().to_numpy()
    for name in TOTALS:
        table[name] = grouped[name].sum(min_count=1).to_numpy()
        table[f"{name}_posts"] = grouped[name].count().to_numpy()
    return table


def _total(column: pd.Series) -> Any:
    return column.sum(min_count=1)


def _number(value: Any) -> int | float | None:
    if value is pd.NA or value is None or np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)

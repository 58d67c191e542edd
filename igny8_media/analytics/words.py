"""What must be said beside figures: what is missing, young, gone or not comparable."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from igny8_media.accounts.model import Service
from igny8_media.analytics.columns import COUNTS
from igny8_media.analytics.growth import AGE_HOURS
from igny8_media.analytics.posts import State
from igny8_media.analytics.views import not_given

_CLEARLY: Final = 1.5
"""Times what is usual from which a post is worth repeating."""


def notes(posts: pd.DataFrame, *, sandbox: bool) -> list[str]:
    """Which posts do not count, or count otherwise."""
    if not len(posts):
        kind = "sandbox accounts" if sandbox else "real accounts"
        other = "" if sandbox else "; --sandbox looks at those of the sandbox"
        return [f"Nothing went out on {kind} in that time{other}."]
    states = posts["state"].value_counts()
    told = [
        _said(states, State.YOUNG, f"younger than {AGE_HOURS:.0f} hours and not compared yet"),
        _said(states, State.UNREAD, "without a reading so far"),
        _said(states, State.UNTOLD, f"without the readings that tell of {AGE_HOURS:.0f} hours"),
        _counted(posts["deleted"], "gone from the platform; what was read until then stays"),
        _counted(posts["breaks"], "counted otherwise by the platform since; that is not compared"),
        _counted(posts["falls"], "down in a total: the platform took something back"),
    ]
    return [each for each in told if each]


def gaps(posts: pd.DataFrame, reasons: Mapping[tuple[str, str], str]) -> list[str]:
    """Which platforms do not give which figures, and why: `reasons` as `load` gives them."""
    found = []
    for figure in COUNTS:
        lacking = not_given(posts, figure)
        by_reason: dict[str, list[str]] = {}
        for platform in lacking:
            why = reasons.get((platform, figure), "")
            by_reason.setdefault(why, []).append(platform_label(platform))
        found += [
            f"{figure.capitalize()} not given by {', '.join(names)}{f': {why}' if why else ''}."
            for why, names in by_reason.items()
        ]
    return found


def again(posts: pd.DataFrame) -> list[str]:
    """How the post that did best, of those made from articles, comes again; none where none did
    clearly better than is usual."""
    may = posts[(posts["form"] == "social") & (posts["times_usual"] >= _CLEARLY).fillna(False)]
    if not len(may):
        return []
    best = may.sort_values(["times_usual", "post_id"], ascending=[False, True]).iloc[0]
    return [
        f"Post {best['post_id']} did best, with {best['times_usual']:.1f} times what is usual. It "
        f"comes again in fresh words by: igny8-media posts repeat {best['post_id']} --every 30d "
        "--at 09:00 --count 6"
    ]


def platform_label(platform: str) -> str:
    """The name people know it by."""
    return Service(platform).label


def _said(states: "pd.Series[int]", state: State, what: str) -> str:
    return _sentence(int(states.get(str(state), 0)), what)


def _counted(marked: "pd.Series[bool]", what: str) -> str:
    return _sentence(int(marked.sum()), what)


def _sentence(count: int, what: str) -> str:
    return f"{count} post{'s are' if count != 1 else ' is'} {what}." if count else ""

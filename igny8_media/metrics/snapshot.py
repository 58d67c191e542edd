"""What is kept of a reading: its figures once they are checked, and the rates that follow."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from igny8_media.publishing.readings import COUNTS, Reading

RATES: Final = ("click_through_rate", "engagement_rate")
_INTERACTIONS: Final = ("likes", "comments", "shares", "saves")
_SEEN: Final = ("impressions", "views", "reach")
_MOST: Final = 2**63 - 1


@dataclass(frozen=True)
class Snapshot:
    """`figures` are those that were given, and the rates; every other one is in `missing`.

    `notes` says what is odd about what is kept, by the figure's name, or about the "series".
    `problem` is a sentence about what was refused, or nothing.
    """

    figures: Mapping[str, float]
    missing: Mapping[str, str]
    notes: Mapping[str, str]
    series: str
    raw: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Before:
    """The reading before this one."""

    figures: Mapping[str, float | None]
    series: str


def snapshot(reading: Reading, series: str, label: str, before: Before | None = None) -> Snapshot:
    """Check a reading against itself and the one before."""
    missing = dict(reading.missing)
    figures: dict[str, float] = {}
    refused = []
    for name, value in reading.figures.items():
        if not math.isfinite(value) or not 0 <= value <= _MOST:
            refused.append(f"{value:g} {name}")
            missing[name] = f"{label} said {value:g}, which cannot be"
        else:
            figures[name] = round(value) if name in COUNTS else float(value)
    for name, (rate, why) in _rates(figures).items():
        if rate is None:
            missing[name] = why
        else:
            figures[name] = rate
    problem = f"{label} said {', '.join(refused)}, which cannot be." if refused else ""
    notes = _oddities(figures, series, before)
    return Snapshot(figures, missing, notes, series, reading.raw, problem)


def engagement(figures: Mapping[str, float]) -> tuple[float | None, str]:
    """Likes, comments, shares and saves, as many of them as are given, as a share of impressions,
    or else of views, or else of reach. None, with the reason, where that cannot be said."""
    given = [figures[name] for name in _INTERACTIONS if name in figures]
    over = next((name for name in _SEEN if name in figures), None)
    if not given or over is None:
        return None, "what it would be worked out of was not given"
    return _share(sum(given), figures[over], over)


def click_through(figures: Mapping[str, float]) -> tuple[float | None, str]:
    """Clicks as a share of impressions."""
    if "clicks" not in figures or "impressions" not in figures:
        return None, "what it would be worked out of was not given"
    return _share(figures["clicks"], figures["impressions"], "impressions")


def _rates(figures: Mapping[str, float]) -> dict[str, tuple[float | None, str]]:
    return {
        "click_through_rate": click_through(figures),
        "engagement_rate": engagement(figures),
    }


def _share(part: float, whole: float, of: str) -> tuple[float | None, str]:
    if not whole:
        return None, f"there are no {of} yet"
    if part > whole:
        # Platforms count some things sooner than others.
        return None, f"there are fewer {of} than what it would be a share of"
    return part / whole, ""


def _oddities(figures: Mapping[str, float], series: str, before: Before | None) -> dict[str, str]:
    if before is None:
        return {}
    if before.series != series:
        return {"series": f"counted otherwise than before ({before.series or 'unknown'})"}
    return {
        name: f"fell from {earlier:g} to {figures[name]:g}"
        for name in COUNTS
        if name in figures
        and (earlier := before.figures.get(name)) is not None
        and figures[name] < earlier
    }

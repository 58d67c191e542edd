"""Whether people still care for a post that comes again and again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FIGURES: Final = ("likes", "comments", "shares", "clicks", "saves")
TURNS: Final = 3
"""How many turns in a row must have failed: one bad day is chance."""
LEFT: Final = 0.3
"""What share of the first turn's interactions is too little."""
_LEAST: Final = 10
"""Interactions the first turn must have had: below that, shares of it are noise."""
_EARLIEST, _LATEST = timedelta(days=2), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reading:
    """Totals since publication; a figure that the platform does not give is not in `figures`.
    Readings of two `series` are counted differently and not compared."""

    taken_at: datetime
    series: str
    figures: dict[str, int]


def at_comparable_age(published_at: datetime, readings: Iterable[Reading]) -> Reading | None:
    """The last reading from two days to a week after publication; later ones would favour what is
    old, and earlier ones tell of luck."""
    fit = [
        reading
        for reading in readings
        if _EARLIEST <= reading.taken_at - published_at <= _LATEST and reading.figures
    ]
    return max(fit, key=lambda reading: reading.taken_at, default=None)


def decayed(turns: Sequence[Reading | None]) -> str:
    """Why it should stop, as a sentence, or "". `turns` are the post and its repetitions in order;
    None where there is no reading, which is no proof of anything."""
    read = [turn for turn in turns if turn is not None]
    first, last = read[:1], read[1:][-TURNS:]
    if len(last) < TURNS or any(turn.series != first[0].series for turn in last):
        return ""
    shared = set(first[0].figures).intersection(*(turn.figures for turn in last))
    begun = _sum(first[0], shared)
    now = [_sum(turn, shared) for turn in last]
    if begun < _LEAST or any(count >= LEFT * begun for count in now):
        return ""
    counts = ", ".join(map(str, now))
    return (
        f"The last {TURNS} turns had {counts} interactions, and the first had {begun}: people have "
        "seen it."
    )


def _sum(reading: Reading, figures: Iterable[str]) -> int:
    return sum(max(0, reading.figures[name]) for name in figures)

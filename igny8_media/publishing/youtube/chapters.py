"""Chapters in a video's description: one line each, a time and a name."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_STAMP: Final = re.compile(r"^\s*[(\[]?((?:\d{1,2}:)?\d{1,2}:\d{2})[)\]]?(?=\s|$)", re.M)
_FEWEST: Final = 3
_SHORTEST: Final = 10


def chapter_problems(description: str, duration: float) -> list[str]:
    """Why YouTube would show no chapters although the description lists some; it says nothing
    itself and drops all of them (YouTube Help, "Video chapters").

    Lines that begin with a time are meant as chapters if the first is 0:00 or there are three.
    `duration` is the video's, in seconds.
    """
    times = [_seconds(found) for found in _STAMP.findall(description)]
    if not times or (times[0] != 0 and len(times) < _FEWEST):
        return []
    found = []
    if times[0] != 0:
        found.append("The first chapter must begin at 0:00, or YouTube shows none; add it.")
    if len(times) < _FEWEST:
        found.append(f"YouTube shows chapters from {_FEWEST} on; add some or remove the times.")
    return [*found, *_gaps(times, duration)]


def _gaps(times: Sequence[int], duration: float) -> list[str]:
    lengths = [later - earlier for earlier, later in pairwise(times)]
    if any(length <= 0 for length in lengths):
        return ["The chapters' times must ascend; put them in order."]
    if duration and times[-1] >= duration:
        return ["The last chapter begins after the video's end; correct its time."]
    if duration:
        lengths.append(round(duration) - times[-1])
    if any(length < _SHORTEST for length in lengths):
        return [f"Each chapter must last {_SHORTEST} seconds or YouTube shows none; join some."]
    return []


def _seconds(stamp: str) -> int:
    total = 0
    for part in stamp.split(":"):
        total = 60 * total + int(part)
    return total

"""When music steps back: all through a section's speech, and up again between sections.

It does not follow single words or sentences, so it cannot pump; a pause shorter than a breath
between sections moves it only as far as it has time to go.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from igny8_media.video.model import SpokenSection

DEPTH: Final = 16.0
"""dB that music goes down under speech."""

_EDGE = 0.03  # seconds by which a word's times may be off
_SLOPE = 0.18  # seconds from full to ducked and back
_LONG_REST = 1.2  # seconds of silence inside a section in which music may come up

Interval = tuple[float, float]


def speech(sections: Sequence[SpokenSection]) -> list[Interval]:
    """When somebody speaks, in seconds: from each section's first word to its last."""
    found: list[Interval] = []
    for section in sections:
        inside: list[Interval] = []
        for word in section.words:
            start, end = word.start - _EDGE, word.end + _EDGE
            if inside and start - inside[-1][1] < _LONG_REST:
                inside[-1] = (inside[-1][0], max(end, inside[-1][1]))
            else:
                inside.append((start, end))
        found += inside
    return found


def ducking(times: NDArray[np.float64], spoken: Sequence[Interval]) -> NDArray[np.float32]:
    """The gain of the music in dB at each of `times` (seconds): 0 in pauses, -`DEPTH` in speech."""
    if not spoken:
        return np.zeros(len(times), np.float32)
    starts = np.array([start for start, _ in spoken])
    ends = np.array([end for _, end in spoken])
    before = np.searchsorted(starts, times, side="right") - 1
    since = np.where(before >= 0, times - ends[np.maximum(before, 0)], np.inf)
    until = np.append(starts, np.inf)[before + 1] - times
    away = np.clip(np.minimum(since, until) / _SLOPE, 0, 1)
    gain: NDArray[np.float32] = (-DEPTH * (0.5 + 0.5 * np.cos(np.pi * away))).astype(np.float32)
    return gain

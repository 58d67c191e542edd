"""How long a written script may take: its words are its author's, so only the tempo may give."""

import math
from collections.abc import Sequence
from typing import Final

from igny8_media.errors import InputError
from igny8_media.narration.layout import Block
from igny8_media.narration.narrate import TEMPOS, lay_out, seconds
from igny8_media.narration.reading import Reading
from igny8_media.narration.segments import split_words
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoScript
from igny8_media.video.presets import PRESETS, Preset

_STEP: Final = 0.02
_STEPS: Final = 4
_HOPELESS: Final = 1.5
"""Times the longest allowed: an estimate beyond that needs no voice to be believed."""
_AS_LONG: Final = 3.0
"""Seconds that an edit should leave free: another sentence is not spoken at the same pace."""


def check_estimate(script: VideoScript, preset: Preset) -> None:
    """Refuse a script that is far too long before any of it is spoken. Raises InputError."""
    estimate = script.total_duration_estimate
    if estimate > _HOPELESS * preset.max_duration:
        raise InputError(_too_long(script, preset, f"about {_span(estimate)}", estimate))


def fitted(
    reading: Reading, preset: Preset, takes: FolderCache
) -> tuple[Sequence[Block], tuple[str, ...]]:
    """The reading at the tempo nearest to the voice's own that suits the preset, and notes.

    Tempo moves in steps, so that a small edit leaves it, and every other section, as it was. A
    script that is too short even at the slowest is left as it is, with a note. Raises InputError
    for one that is too long at the quickest.
    """
    blocks = lay_out(reading, takes, 1.0)
    natural = seconds(blocks)
    if preset.min_duration <= natural <= preset.max_duration:
        return blocks, ()
    slow = natural < preset.min_duration
    edge = TEMPOS[0] if slow else TEMPOS[1]
    for step in range(1, _STEPS + 1):
        tempo = 1 - step * _STEP if slow else 1 + step * _STEP
        # Pauses keep their length, so the whole changes by less than the tempo does.
        if not slow and natural / tempo > preset.max_duration and tempo < edge:
            continue
        if slow and natural / tempo < preset.min_duration:
            continue
        other = lay_out(reading, takes, tempo)
        if preset.min_duration <= seconds(other) <= preset.max_duration:
            change = f"{abs(tempo - 1):.0%} {'slower' if slow else 'faster'}"
            return other, (f"Spoken {change} than usual, to fit {preset.name}.",)
    if slow:
        return blocks, (
            f"It takes {natural:.1f} s, and {preset.name} should have at least "
            f"{preset.min_duration:g} s: add a sentence or two.",
        )
    quickest = seconds(other)
    raise InputError(_too_long(reading.script, preset, f"{quickest:.1f} s", quickest))


def _too_long(script: VideoScript, preset: Preset, takes: str, duration: float) -> str:
    words = sum(len(split_words(s.narration, script.language)) for s in script.sections)
    over = 1 - (preset.max_duration - _AS_LONG) / duration
    roomier = [
        f"--preset {other.name} (up to {_span(other.max_duration)})"
        for other in PRESETS.values()
        if duration <= other.max_duration and other.composition == preset.composition
    ]
    return (
        f"Spoken, the script takes {takes}, and {preset.name} allows "
        f"{_span(preset.max_duration)}: cut about {math.ceil(over * words)} of its {words} words"
        + (f", or use {' or '.join(roomier)}." if roomier else ".")
    )


def _span(duration: float) -> str:
    return f"{duration:.0f} s" if duration < 120 else f"{duration / 60:.0f} minutes"

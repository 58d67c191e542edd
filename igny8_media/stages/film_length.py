"""How long a written script may take: its words are its author's, so only the tempo may give."""

import math
from collections.abc import Sequence
from typing import Final

from igny8_media.errors import InputError
from igny8_media.narration.layout import Block
from igny8_media.narration.narrate import TEMPOS, lay_out, seconds
from igny8_media.narration.reading import Reading
from igny8_media.narration.segments import split_words
from igny8_media.narration.tempo import fit_tempo
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoScript
from igny8_media.video.presets import PRESETS, Preset

_HOPELESS: Final = 1.5
"""Times the longest allowed: an estimate beyond that needs no voice to be believed."""
_AS_LONG: Final = 3.0
"""Seconds that an edit should leave free: another sentence is not spoken at the same pace."""


def check_estimate(script: VideoScript, preset: Preset, *, elsewhere: bool = True) -> None:
    """Refuse a script that is far too long before any of it is spoken. Raises InputError."""
    estimate = script.total_duration_estimate
    if estimate > _HOPELESS * preset.max_duration:
        about = f"about {_span(estimate)}"
        raise InputError(_too_long(script, preset, about, estimate, elsewhere=elsewhere))


def fitted(
    reading: Reading,
    preset: Preset,
    takes: FolderCache,
    *,
    usual: float = 1.0,
    elsewhere: bool = True,
) -> tuple[Sequence[Block], tuple[str, ...]]:
    """The reading at the tempo nearest to the voice's own that suits the preset, and notes.

    A script that is too short even at the slowest is left as it is, with a note. Raises InputError
    for one that is too long at the quickest. `usual` is a tempo to keep if it suits; `elsewhere`
    tells which presets would take a script that is too long.
    """
    fit = fit_tempo(reading, takes, (preset.min_duration, preset.max_duration), usual=usual)
    if fit.fits:
        note = f"Spoken {fit.change} than usual, to fit {preset.name}."
        return fit.blocks, (note,) if fit.tempo not in (1.0, usual) else ()
    if fit.seconds < preset.min_duration:
        return fit.blocks, (
            f"It takes {fit.seconds:.1f} s, and {preset.name} should have at least "
            f"{preset.min_duration:g} s: add a sentence or two.",
        )
    quickest = seconds(lay_out(reading, takes, TEMPOS[1]))
    raise InputError(
        _too_long(reading.script, preset, f"{quickest:.1f} s", quickest, elsewhere=elsewhere)
    )


def _too_long(
    script: VideoScript, preset: Preset, takes: str, duration: float, *, elsewhere: bool
) -> str:
    words = sum(len(split_words(s.narration, script.language)) for s in script.sections)
    over = 1 - (preset.max_duration - _AS_LONG) / duration
    roomier = [
        f"--preset {other.name} (up to {_span(other.max_duration)})"
        for other in PRESETS.values()
        if elsewhere and duration <= other.max_duration and other.composition == preset.composition
    ]
    return (
        f"Spoken, the script takes {takes}, and {preset.name} allows "
        f"{_span(preset.max_duration)}: cut about {math.ceil(over * words)} of its {words} words"
        + (f", or use {' or '.join(roomier)}." if roomier else ".")
    )


def _span(duration: float) -> str:
    return f"{duration:.0f} s" if duration < 120 else f"{duration / 60:.0f} minutes"

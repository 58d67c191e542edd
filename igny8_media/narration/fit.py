"""A narration that takes as long as its form allows: measured, not estimated."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Candidate
from igny8_media.errors import OutsideError
from igny8_media.narration.narrate import write_narration
from igny8_media.narration.reading import Reading, read_aloud
from igny8_media.narration.tempo import Fit, fit_tempo
from igny8_media.scripts.writer import speaking_rate
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration, VideoForm, VideoScript

RANGES: dict[VideoForm, tuple[float, float]] = {
    VideoForm.SHORT: (45.0, 58.0),
    VideoForm.LONG: (180.0, 900.0),
}
"""Seconds. A short of up to 58 s serves Shorts, Reels and TikTok alike."""

_TRIES = 3
_LOUDNESS, _TOLERANCE, _PEAK = -14.0, 1.0, -1.0

Rewrite = Callable[[float], VideoScript | None]
"""A new script for a voice of that many words a minute (as `speaking_rate` counts them), or None
if the article gives none."""


class Fitting(NamedTuple):
    """A script that has its length, read by a voice at a tempo."""

    reading: Reading
    fit: Fit


def fit_narration(
    script: VideoScript,
    form: VideoForm,
    voices: Sequence[Candidate],
    out_dir: Path,
    rewrite: Rewrite,
    *,
    takes: FolderCache,
    hear: TranscriptionRouter | None = None,
) -> tuple[VideoScript, Narration]:
    """Speak `script` into `out_dir`; tempo, then length, give way until it fits its form.

    What was spoken once is kept in `takes`: another tempo stretches it, and a rewritten script
    speaks only the sentences that are new. Returns the script as spoken. Raises InputError for a
    script with nothing to say, OutsideError if no voice speaks or three scripts in a row come out
    too long or too short.
    """
    reading, fit = fitting(script, form, voices, rewrite, takes=takes, hear=hear)
    return reading.script, write_narration(reading, fit.blocks, out_dir)


def fitting(
    script: VideoScript,
    form: VideoForm,
    voices: Sequence[Candidate],
    rewrite: Rewrite,
    *,
    takes: FolderCache,
    hear: TranscriptionRouter | None = None,
) -> Fitting:
    """The reading that `fit_narration` writes, and its tempo. Raises the same."""
    low, high = RANGES[form]
    passed_over: tuple[str, ...] = ()
    for number in range(_TRIES):
        reading = read_aloud(script, voices, takes, hear=hear)
        # Who gave up is not asked again: the script is being fitted to another voice's pace.
        if len(reading.left) < len(voices):
            passed_over, voices = reading.notes, reading.left
        notes = tuple(dict.fromkeys((*passed_over, *reading.notes)))
        reading = reading._replace(notes=notes)
        fit = fit_tempo(reading, takes, (low, high))
        if fit.fits:
            return Fitting(reading, fit)
        again = rewrite(speaking_rate(script, fit.seconds))
        if again is None or number == _TRIES - 1:
            break
        script = again
    raise OutsideError(
        f"The {form} narration took {fit.seconds:.0f} s and must take "
        f"{low:.0f} to {high:.0f} s; try another voice or shorten the article's sentences."
    )


def problems(narration: Narration, bounds: tuple[float, float]) -> list[str]:
    """What keeps a narration from its form: length (`bounds`, seconds), loudness, peaks, order."""
    low, high = bounds
    found = []
    if not low <= narration.duration <= high:
        found.append(f"It takes {narration.duration:.1f} s, not {low:.0f} to {high:.0f}.")
    if abs(narration.loudness - _LOUDNESS) > _TOLERANCE:
        found.append(f"It is {narration.loudness:.1f} LUFS loud, not {_LOUDNESS:.0f} ± 1.")
    if narration.true_peak > _PEAK:
        found.append(f"It peaks at {narration.true_peak:.1f} dBTP, over {_PEAK:.0f}.")
    words = [word for section in narration.sections for word in section.words]
    if any(b.start < a.start for a, b in pairwise(words)):
        found.append("Its words are out of order.")
    return found

"""A narration that takes as long as its form allows: measured, not estimated."""

import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from igny8_media.ai.voices import Speaker
from igny8_media.errors import OutsideError
from igny8_media.narration.narrate import narrate
from igny8_media.scripts.writer import speaking_rate
from igny8_media.video.model import Narration, VideoForm, VideoScript

RANGES: dict[VideoForm, tuple[float, float]] = {
    VideoForm.SHORT: (45.0, 58.0),
    VideoForm.LONG: (180.0, 900.0),
}
"""Seconds. A short of up to 58 s serves Shorts, Reels and TikTok alike."""

_TEMPO = (0.92, 1.08)  # beyond that a voice sounds rushed or drowsy
_MARGIN = 0.01
_TRIES = 3
_LOUDNESS, _TOLERANCE, _PEAK = -14.0, 1.0, -1.0

Rewrite = Callable[[float], VideoScript | None]
"""A new script for a voice of that many words a minute (as `speaking_rate` counts them), or None
if the article gives none."""


def fit_narration(
    script: VideoScript,
    form: VideoForm,
    voices: Sequence[Speaker],
    out_dir: Path,
    rewrite: Rewrite,
) -> tuple[VideoScript, Narration]:
    """Speak `script` into `out_dir`; tempo, then length, give way until it fits its form.

    Returns the script as spoken. Raises InputError for a script with nothing to say, OutsideError
    if no voice speaks or three scripts in a row come out too long or too short.
    """
    low, high = RANGES[form]
    for number in range(_TRIES):
        narration = _spoken(script, voices, out_dir, 1.0)
        if low <= narration.duration <= high:
            return script, narration
        bound = high * (1 - _MARGIN) if narration.duration > high else low * (1 + _MARGIN)
        tempo = narration.duration / bound
        if _TEMPO[0] <= tempo <= _TEMPO[1]:
            narration = _spoken(script, voices, out_dir, tempo)
            if low <= narration.duration <= high:
                return script, narration
        again = rewrite(speaking_rate(script, narration.duration))
        if again is None or number == _TRIES - 1:
            break
        script = again
    raise OutsideError(
        f"The {form} narration took {narration.duration:.0f} s and must take "
        f"{low:.0f} to {high:.0f} s; try another voice or shorten the article's sentences."
    )


def _spoken(
    script: VideoScript, voices: Sequence[Speaker], out_dir: Path, speed: float
) -> Narration:
    for old in out_dir.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    return narrate(script, out_dir, speakers=voices, speed=speed)


def problems(narration: Narration, form: VideoForm) -> list[str]:
    """Everything that keeps a narration from its form: length, loudness, peaks, order of words."""
    low, high = RANGES[form]
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

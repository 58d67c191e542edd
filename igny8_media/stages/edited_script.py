"""Scripts that a person changed or approved: the words are theirs, only the tempo may give."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Candidate
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.fit import RANGES, Rewrite, fitting
from igny8_media.narration.narrate import write_narration
from igny8_media.narration.reading import read_aloud
from igny8_media.stages.film_length import check_estimate, fitted
from igny8_media.stages.places import presets_of
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration, VideoForm, VideoScript
from igny8_media.video.scriptfile import parse_script


def read_edited(edited: Any, form: VideoForm, pictures: Collection[str]) -> VideoScript:
    """The script as a person left it, what they left out filled in.

    `pictures` are the keys of the article's pictures. Raises InputError with one sentence that
    names the section and the field, or says how much too long the script is.
    """
    name = f"The edited script of the {form} video"
    script = parse_script(json.dumps(edited), name)
    for number, section in enumerate(script.sections, start=1):
        if section.image and section.image not in pictures:
            known = f"name {' or '.join(pictures)}, or" if pictures else "it has none, so"
            raise InputError(
                f"{name}: section {number}, field image: {section.image!r} is no picture of the "
                f"article; {known} leave the field out."
            )
    # Estimates of what was written before tell nothing of what stands there now.
    now = parse_script(json.dumps(without_estimates(edited)), name)
    check_estimate(now, presets_of(form)[0], elsewhere=False)
    return script


def without_estimates(edited: Any) -> Any:
    """The same, but for how long each section was thought to take."""
    if isinstance(edited, dict):
        return {k: without_estimates(v) for k, v in edited.items() if k != "duration_estimate"}
    return [without_estimates(each) for each in edited] if isinstance(edited, list) else edited


def usual_tempo(
    written: VideoScript,
    form: VideoForm,
    voices: Sequence[Candidate],
    rewrite: Rewrite,
    takes: FolderCache,
    hear: TranscriptionRouter | None = None,
) -> float:
    """The tempo of the video that nobody edited: what a person left alone should sound the same.

    Its sentences were kept when they were spoken, so this costs no speech.
    """
    try:
        return fitting(written, form, voices, rewrite, takes=takes, hear=hear).fit.tempo
    except OutsideError:
        return 1.0  # it never fitted, which is a reason to edit it


def speak_edited(
    script: VideoScript,
    form: VideoForm,
    voices: Sequence[Candidate],
    out_dir: Path,
    *,
    usual: float,
    takes: FolderCache,
    hear: TranscriptionRouter | None = None,
) -> tuple[Narration, tuple[str, ...]]:
    """Speak a person's own words into `out_dir`; returns the narration, and notes on its length.

    The tempo is the `usual` one, else one that suits every place the form goes to. Raises
    InputError for a script that is too long for one of them.
    """
    reading = read_aloud(script, voices, takes, hear=hear)
    blocks, notes = fitted(reading, presets_of(form)[0], takes, usual=usual, elsewhere=False)
    return write_narration(reading, blocks, out_dir), notes


def bounds(form: VideoForm, *, edited: bool) -> tuple[float, float]:
    """Seconds that a narration may take; a person's own may be short, which a note tells them."""
    return (0.0, presets_of(form)[0].max_duration) if edited else RANGES[form]

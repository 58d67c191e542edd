"""A script read aloud: one sound file, and when every section and every word is heard."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final

from igny8_media.ai.speech import Word
from igny8_media.ai.voices import Candidate
from igny8_media.errors import InputError
from igny8_media.narration.layout import Block, block
from igny8_media.narration.loudness import normalise
from igny8_media.narration.reading import Reading, read_aloud
from igny8_media.narration.sound import Piece
from igny8_media.narration.takes import FRAME_RATE
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration, SpokenSection, VideoScript

SAMPLE_RATE: Final = 48_000  # Hz
NARRATION_FILE: Final = "narration.wav"
TEMPOS: Final = (0.92, 1.08)
"""Beyond that a voice sounds drowsy or rushed."""


def narrate(
    script: VideoScript,
    out_dir: Path,
    *,
    speakers: Sequence[Candidate],
    takes: FolderCache,
    speed: float = 1.0,
) -> Narration:
    """Speak a script into `out_dir/narration.wav` (48 kHz, mono, -14 LUFS).

    `speakers` are tried in order; one voice speaks the whole script, and why an earlier one did
    not is said in the notes. Sentences spoken before come from `takes` and new ones are kept
    there. `speed` may be 0.92 to 1.08, to fit a duration. Every section starts and ends on a
    video frame, at 30 frames a second.

    Raises InputError for a script or section with nothing to say, OutsideError (naming engine
    and section) when no voice can speak it.
    """
    if not TEMPOS[0] <= speed <= TEMPOS[1]:
        raise InputError(f"A speed of {speed:g} would sound wrong; choose 0.92 to 1.08.")
    reading = read_aloud(script, speakers, takes)
    return write_narration(reading, lay_out(reading, takes, speed), out_dir)


def lay_out(reading: Reading, takes: FolderCache, tempo: float) -> list[Block]:
    """Every section of a reading in whole video frames, `tempo` times as fast as spoken."""
    last = len(reading.sections) - 1
    return [
        block(said, takes, tempo=tempo, last=number == last)
        for number, said in enumerate(reading.sections)
    ]


def seconds(blocks: Sequence[Block]) -> float:
    return sum(block.frames for block in blocks) / FRAME_RATE


def write_narration(reading: Reading, blocks: Sequence[Block], out_dir: Path) -> Narration:
    """Join the sections into `out_dir/narration.wav` at its final loudness."""
    raw = out_dir / "joined.wav"
    audio = out_dir / NARRATION_FILE
    frames = sum(block.frames for block in blocks)
    try:
        Piece.joined([block.sound for block in blocks]).write(raw)
        samples = frames * SAMPLE_RATE // FRAME_RATE
        loudness = normalise(raw, audio, rate=SAMPLE_RATE, samples=samples)
    finally:
        raw.unlink(missing_ok=True)
    cuts = [0, *accumulate(block.frames for block in blocks)]
    return Narration(
        audio=NARRATION_FILE,
        duration=frames / FRAME_RATE,
        sections=tuple(
            _section(section.section_id, own, start, start + own.frames)
            for section, own, start in zip(reading.script.sections, blocks, cuts, strict=False)
        ),
        engine=reading.speaker.engine.name,
        voice=reading.speaker.voice.name,
        provider=reading.speaker.name,
        model=reading.speaker.model,
        characters=reading.characters,
        language=reading.script.language,
        timing=reading.timing,
        loudness=loudness.integrated,
        true_peak=loudness.true_peak,
        notes=reading.notes,
    )


def _section(section_id: str, own: Block, first: int, after: int) -> SpokenSection:
    """`first` and `after` are the section's first video frame and the one after its last."""
    start = first / FRAME_RATE
    return SpokenSection(
        section_id=section_id,
        start=start,
        end=after / FRAME_RATE,
        words=tuple(
            Word(text=word.text, start=start + word.start, end=start + word.end)
            for word in own.words
        ),
    )

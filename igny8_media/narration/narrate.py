"""A script read aloud: one sound file, and when every section and every word is heard."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from igny8_media.ai.speech import Utterance, Word
from igny8_media.ai.voices import Speaker
from igny8_media.ai.wav import read_wav, voiced
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.loudness import normalise
from igny8_media.narration.segments import split_sentences
from igny8_media.narration.sound import Piece
from igny8_media.narration.spoken import SpokenWord, spoken_form
from igny8_media.narration.spoken import clean as clean_text
from igny8_media.video.model import Narration, Section, SpokenSection, VideoScript

SAMPLE_RATE: Final = 48_000  # Hz
NARRATION_FILE: Final = "narration.wav"

_LEAD_IN, _TAIL = 0.15, 0.6
_BETWEEN_SECTIONS = 0.5
_AFTER_SENTENCE, _AFTER_QUESTION, _AFTER_CUT = 0.30, 0.35, 0.12
_FADE = 4  # milliseconds
_MARGIN = 0.02  # seconds kept around the voice
_LEVEL_RANGE = 4.0  # dB that a sentence may be moved to match the others
_SPEEDS = (0.92, 1.08)
_SHORTEST = 0.02  # seconds that a word lasts at least


class _Sentence(NamedTuple):
    words: tuple[SpokenWord, ...]
    pause: float

    @property
    def spoken(self) -> str:
        return " ".join(word.spoken for word in self.words)


class _Take(NamedTuple):
    """A spoken sentence, trimmed; word times are seconds from its start."""

    sound: Piece
    words: tuple[Word, ...]
    pause: float


def narrate(
    script: VideoScript, out_dir: Path, *, speakers: Sequence[Speaker], speed: float = 1.0
) -> Narration:
    """Speak a script into `out_dir/narration.wav` (48 kHz, mono, -14 LUFS).

    `speakers` are tried in order; one voice speaks the whole script, and why an earlier one did
    not is said in the notes. `speed` may be 0.92 to 1.08, to fit a duration. What each section's
    speech is before mixing stays in `out_dir/sections/<number>-<section_id>.wav`.

    Raises InputError for a script or section with nothing to say, OutsideError (naming engine
    and section) when no voice can speak it.
    """
    if not _SPEEDS[0] <= speed <= _SPEEDS[1]:
        raise InputError(f"A speed of {speed:g} would sound wrong; choose 0.92 to 1.08.")
    if not script.sections:
        raise InputError("The script has no sections; write at least one before narrating it.")
    if not speakers:
        raise InputError(f"No voice was given for the language {script.language!r}.")
    sentences = [_sentences(section, script.language) for section in script.sections]
    notes: list[str] = []
    for speaker in speakers:
        try:
            takes, timing = _speak(script, sentences, speaker, out_dir, speed)
        except OutsideError as error:
            notes.append(f"{speaker.engine.name} did not speak: {error}")
            continue
        return _mix(script, takes, out_dir, speaker, timing, notes)
    raise OutsideError(" ".join(notes))


def _sentences(section: Section, language: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    for text in split_sentences(clean_text(section.narration), language):
        words = tuple(spoken_form(text, language))
        if words:
            found.append(_Sentence(words, _pause_after(text)))
    if not found:
        raise InputError(
            f"Section {section.section_id!r} has nothing that can be said"
            " (only marks or emoji); give it a sentence or remove it."
        )
    return found


def _pause_after(text: str) -> float:
    end = text.rstrip("\"'”’»)]")[-1:]
    if end in "?!؟？！":
        return _AFTER_QUESTION
    return _AFTER_SENTENCE if end in ".…。:।۔" else _AFTER_CUT


def _speak(
    script: VideoScript,
    sentences: Sequence[Sequence[_Sentence]],
    speaker: Speaker,
    out_dir: Path,
    speed: float,
) -> tuple[list[list[_Take]], set[str]]:
    """The takes of every section, and how their word times were found."""
    folder = out_dir / "sections"
    folder.mkdir(exist_ok=True)
    scratch = folder / "sentence.wav"
    takes: list[list[_Take]] = []
    timing: set[str] = set()
    for section, own in zip(script.sections, sentences, strict=True):
        try:
            spoken = []
            for sentence in own:
                said = speaker.engine.speak(sentence.spoken, speaker.voice, scratch, speed=speed)
                timing.add(said.timing)
                spoken.append(_take(said, sentence, speaker.engine.name))
        except OutsideError as error:
            raise OutsideError(f"{error} (section {section.section_id!r})") from error
        finally:
            scratch.unlink(missing_ok=True)
        takes.append(spoken)
    return takes, timing


def _take(said: Utterance, sentence: _Sentence, engine: str) -> _Take:
    samples, rate = read_wav(said.audio, engine)
    heard = voiced(samples, rate)
    if heard is None:
        raise OutsideError(f"{engine} returned silence for {sentence.spoken[:60]!r}.")
    start, end = max(0.0, heard[0] - _MARGIN), min(said.duration, heard[1] + _MARGIN)
    sound = Piece.read(said.audio).cut(start, end).softened(_FADE)
    words = _shown(said.words, sentence.words, start, end - start)
    return _Take(sound, words, sentence.pause)


def _shown(
    said: Sequence[Word], words: Sequence[SpokenWord], offset: float, duration: float
) -> tuple[Word, ...]:
    """The spoken words gathered into those that captions show."""
    shown: list[Word] = []
    at = 0
    clock = 0.0
    for word in words:
        own = said[at : at + len(word.spoken.split())]
        at += len(own)
        start = min(max(own[0].start - offset, clock), duration)
        clock = min(max(own[-1].end - offset, start + _SHORTEST), duration)
        shown.append(Word(text=word.display, start=min(start, clock), end=clock))
    return tuple(shown)


def _mix(
    script: VideoScript,
    takes: Sequence[Sequence[_Take]],
    out_dir: Path,
    speaker: Speaker,
    timing: set[str],
    notes: Sequence[str],
) -> Narration:
    level = _median_level(takes)
    rate = takes[0][0].sound.rate
    pieces = [Piece.silence(_LEAD_IN, rate)]
    clock = pieces[0].duration
    spoken: list[tuple[Word, ...]] = []
    edges: list[tuple[float, float]] = []  # first and last sound of each section
    for number, own in enumerate(takes):
        section, words = _section(own, level, rate)
        name = re.sub(r"[^\w-]", "_", script.sections[number].section_id)[:40]
        section.write(out_dir / "sections" / f"{number + 1:02d}-{name}.wav")
        spoken.append(_moved(words, clock))
        edges.append((clock, clock + section.duration))
        gap = Piece.silence(_TAIL if number == len(takes) - 1 else _BETWEEN_SECTIONS, rate)
        pieces += [section, gap]
        clock += section.duration + gap.duration
    raw = out_dir / "sections" / "joined.wav"
    Piece.joined(pieces).write(raw)
    audio = out_dir / NARRATION_FILE
    loudness = normalise(raw, audio, rate=SAMPLE_RATE)
    raw.unlink()
    duration = Piece.read(audio).duration
    cuts = [0.0, *((a[1] + b[0]) / 2 for a, b in pairwise(edges)), duration]
    return Narration(
        audio=NARRATION_FILE,
        duration=duration,
        sections=tuple(
            SpokenSection(section_id=section.section_id, start=start, end=end, words=words)
            for section, start, end, words in zip(
                script.sections, cuts[:-1], cuts[1:], spoken, strict=True
            )
        ),
        engine=speaker.engine.name,
        voice=speaker.voice.name,
        language=script.language,
        timing="estimate" if "estimate" in timing else "engine",
        loudness=loudness.integrated,
        true_peak=loudness.true_peak,
        notes=tuple(notes),
    )


def _median_level(takes: Sequence[Sequence[_Take]]) -> float:
    levels = sorted(take.sound.level for own in takes for take in own)
    return levels[len(levels) // 2]


def _section(takes: Sequence[_Take], level: float, rate: int) -> tuple[Piece, tuple[Word, ...]]:
    """One section's sentences with the pauses between them, all about equally loud."""
    pieces: list[Piece] = []
    words: list[Word] = []
    clock = 0.0
    for index, take in enumerate(takes):
        if index:
            pieces.append(Piece.silence(takes[index - 1].pause, rate))
            clock += pieces[-1].duration
        correction = max(-_LEVEL_RANGE, min(_LEVEL_RANGE, level - take.sound.level))
        # Only ever down: engines already use the whole range, and up would clip.
        pieces.append(take.sound.gained(min(0.0, correction)))
        words += _moved(take.words, clock)
        clock += take.sound.duration
    return Piece.joined(pieces), tuple(words)


def _moved(words: Sequence[Word], by: float) -> tuple[Word, ...]:
    return tuple(Word(text=word.text, start=word.start + by, end=word.end + by) for word in words)

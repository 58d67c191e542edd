"""Spoken sentences, kept: what nobody changed is not spoken again, and sounds the same again.

Piper draws each utterance anew, so a kept take is also what keeps an unedited section as it was.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.forced import align
from igny8_media.ai.heard import find_words
from igny8_media.ai.speech import Timing, Utterance, Word
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Speaker
from igny8_media.ai.wav import read_wav, voiced
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.records import fingerprint
from igny8_media.video.ffmpeg import run

FRAME_RATE: Final = 30  # of every video here
_VERSION: Final = "2"
"""To be raised when the same sentence would be spoken or timed differently, or kept otherwise."""

_SOUND, _TIMES = "speech.wav", "times.json"
_COMMON_RATE = 48_000  # Hz, for engines whose rate does not divide into video frames
_QUICKEST = 0.02
"""Seconds a letter: a hurried voice takes 0.045, so below this the end of the text is missing."""
_SLOWEST = 1.0
"""Seconds a character, and some for a start: a slow voice takes 0.3 for a Chinese one, so above
this it is not the text that is heard, and no film would have its length."""
_START = 5.0
_TELLING = 20  # letters that a text must have before its length tells anything


class _Times(Frozen):
    """What is kept beside the sound of a take."""

    timing: Timing
    note: str
    words: tuple[Word, ...]


class Take(NamedTuple):
    """One sentence as an engine spoke it; `words` (seconds) are those of the spoken form.

    `mark` is the fingerprint of everything that decided it; `note` says why words that the engine
    did not time could not be found in the sound either, or who heard them there.
    """

    mark: str
    sound: Path
    rate: int
    words: tuple[Word, ...]
    timing: Timing
    note: str


def speak(text: str, language: str, speaker: Speaker, takes: FolderCache, espeak: Espeak) -> Take:
    """The take of a sentence by this voice: the one that was kept, or a new one.

    `espeak` helps to find the words in the sound of engines that tell no times. Raises OutsideError
    if the engine fails, returns silence, or breaks off; nothing is kept then.
    """
    engine, voice = speaker.engine, speaker.voice
    mark = fingerprint(
        "take",
        _VERSION,
        engine.name,
        engine.version,
        voice.id or voice.name,
        language,
        FRAME_RATE,
        text,
    )

    def make(folder: Path) -> None:
        said = engine.speak(text, voice, folder / _SOUND)
        _check(said, text, engine.name)
        if said.timing == "estimate":
            found = align(said.audio, text, language, espeak, folder)
            if not found.problem:
                times = _Times(timing="alignment", note="", words=found.words)
            else:
                times = _Times(timing="estimate", note=found.problem, words=said.words)
        else:
            times = _Times(timing=said.timing, note="", words=said.words)
        _write_times(folder, times)

    return _kept(mark, takes, make)


def heard(
    take: Take, text: str, language: str, hear: TranscriptionRouter, takes: FolderCache
) -> Take:
    """A take of `text` whose times are estimates, with those of a transcript instead.

    It stays as it is where nobody hears it, or hears other words; its note then says that too.
    """
    mark = fingerprint("heard", _VERSION, take.mark)

    def make(folder: Path) -> None:
        listened = hear.hear(take.sound, language)
        found = find_words(take.sound, text, listened.transcript.words)
        if found.problem:
            raise OutsideError(found.problem)
        shutil.copyfile(take.sound, folder / _SOUND)
        words, listener = found.words, f"{listened.provider} ({listened.transcript.model})"
        _write_times(folder, _Times(timing="transcription", note=listener, words=words))

    try:
        return _kept(mark, takes, make)
    except OutsideError as error:
        return take._replace(note=f"{take.note}; {str(error).rstrip('.')}")


def at_tempo(take: Take, tempo: float, takes: FolderCache) -> Take:
    """The take `tempo` times as fast at its own pitch, at a rate that divides into video frames.

    Stretched, not spoken again: it stays the same reading, word for word.
    """
    if tempo == 1.0 and take.rate % FRAME_RATE == 0:
        return take
    mark = fingerprint("tempo", _VERSION, take.mark, f"{tempo:.3f}")

    def make(folder: Path) -> None:
        rate = take.rate if take.rate % FRAME_RATE == 0 else _COMMON_RATE
        chain = f"atempo={tempo:.3f},aresample={rate}" if tempo != 1.0 else f"aresample={rate}"
        arguments = ["-i", str(take.sound), "-af", chain, "-c:a", "pcm_s16le", "-bitexact"]
        run([*arguments, str(folder / _SOUND)], cwd=folder, task="change the tempo of the speech")
        words = tuple(
            word.model_copy(update={"start": word.start / tempo, "end": word.end / tempo})
            for word in take.words
        )
        _write_times(folder, _Times(timing=take.timing, note=take.note, words=words))

    return _kept(mark, takes, make)


def _check(said: Utterance, text: str, engine: str) -> None:
    """Raise OutsideError for a take that cannot be what was asked for."""
    samples, rate = read_wav(said.audio, engine)
    heard = voiced(samples, rate)
    if heard is None:
        raise OutsideError(f"{engine} returned silence for {text[:60]!r}.")
    letters = sum(character.isalnum() for character in text)
    if letters >= _TELLING and heard[1] - heard[0] < letters * _QUICKEST:
        raise OutsideError(
            f"{engine} broke off after {heard[1]:.1f} s of a text with {letters} letters:"
            f" {text[:60]!r}."
        )
    if heard[1] - heard[0] > _START + len(text) * _SLOWEST:
        raise OutsideError(
            f"{engine} took {heard[1] - heard[0]:.0f} s for a text with {letters} letters:"
            f" {text[:60]!r}."
        )
    if [word.text for word in said.words] != text.split():
        raise OutsideError(f"{engine} timed other words than it was given: {text[:60]!r}.")


def _write_times(folder: Path, times: _Times) -> None:
    (folder / _TIMES).write_text(times.model_dump_json(), encoding="utf-8")


def _kept(mark: str, takes: FolderCache, make: Callable[[Path], None]) -> Take:
    """The take under `mark`; one that cannot be read counts as absent and is made again."""
    folder = takes.get(mark)
    if folder is not None:
        try:
            return _load(mark, folder)
        except (OSError, ValueError, OutsideError):
            shutil.rmtree(folder, ignore_errors=True)
    return _load(mark, takes.fetch(mark, make))


def _load(mark: str, folder: Path) -> Take:
    times = _Times.model_validate_json((folder / _TIMES).read_bytes())
    _, rate = read_wav(folder / _SOUND, "The cache of spoken sentences")
    return Take(mark, folder / _SOUND, rate, times.words, times.timing, times.note)

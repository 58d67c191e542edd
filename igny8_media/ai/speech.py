"""The contract every voice keeps, local or remote."""

from pathlib import Path
from typing import Literal, Protocol

from igny8_media.frozen import Frozen


class Word(Frozen):
    """A spoken word as captions show it; seconds from the start of whatever carries it."""

    text: str
    start: float
    end: float


class Utterance(Frozen):
    """One spoken text: a mono 16-bit WAV file, and the times of its words in seconds.

    The words are those of the given text, split at white space, in order, punctuation kept.
    """

    audio: Path
    sample_rate: int
    duration: float
    words: tuple[Word, ...]
    timing: Literal["engine", "alignment", "estimate"]


class Voice(Frozen):
    """`language` is an ISO 639-1 code."""

    name: str
    language: str
    licence: str = ""


class SpeechEngine(Protocol):
    """Turns text into speech. Engines are context managers: what they start, they stop.

    `version` changes when the same voice may sound different: releases, models, the server asked.
    """

    name: str

    @property
    def version(self) -> str: ...

    def voices(self) -> tuple[Voice, ...]: ...

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`.

        Raises OutsideError if the engine fails or returns silence.
        """
        ...

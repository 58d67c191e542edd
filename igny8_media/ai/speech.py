"""The contract every voice keeps, local or remote."""

from pathlib import Path
from typing import Literal, Protocol

from igny8_media.ai.text import ProviderError
from igny8_media.frozen import Frozen

Timing = Literal["engine", "alignment", "transcription", "estimate"]
"""How word times were found, best first: the engine told them; its sound was compared with a voice
that tells them; the words were heard in it; the time was divided among them."""


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
    timing: Timing


class Voice(Frozen):
    """`language` is an ISO 639-1 code: the one it speaks, or is to speak now.

    One that speaks several has them in `languages`, and none in `language` until one is chosen;
    none in either where its server does not tell. `id` is what the provider calls it, where that
    is not its name.
    """

    name: str
    language: str
    licence: str = ""
    id: str = ""
    languages: tuple[str, ...] = ()

    def speaks(self, language: str) -> bool:
        return language in (self.language, *self.languages)

    def speaking(self, language: str) -> "Voice":
        """The same voice for texts in this language."""
        return self.model_copy(update={"language": language, "languages": ()})


class SpeechError(ProviderError):
    """A provider did not speak."""


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

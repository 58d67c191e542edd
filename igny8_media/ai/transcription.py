"""The contract everybody keeps who hears words in sound, local or remote."""

import wave
from pathlib import Path
from typing import Protocol

from igny8_media.ai.speech import Word
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen


class Transcript(Frozen):
    """What was heard: words in order with their seconds from the start of the sound.

    `language` is an ISO 639-1 code, empty where nobody told; `duration` are the sound's seconds.
    No words means that no speech was heard. `model` is the one that listened, as its provider
    names it.
    """

    language: str
    duration: float
    words: tuple[Word, ...]
    model: str

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class Transcriber(Protocol):
    """`name` is the provider's. Errors, logs and reprs never hold the key."""

    name: str

    @property
    def model(self) -> str: ...

    def transcribe(self, audio: Path, language: str | None, timeout: float) -> Transcript:
        """Hear a mono WAV file, and wait `timeout` seconds at most.

        `language` (ISO 639-1) is what is spoken, None to have it found out. Raises TextError, and
        OutsideError if `audio` cannot be read.
        """
        ...

    def models(self, timeout: float) -> tuple[str, ...]:
        """The models that can be asked; costs nothing, and so tells whether it is there and takes
        our key. Raises TextError."""
        ...


def sound_seconds(audio: Path) -> float:
    """How long a WAV file is. Raises OutsideError if it is none."""
    try:
        with wave.open(str(audio), "rb") as wav:
            return wav.getnframes() / wav.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise OutsideError(f"The sound {audio.name} cannot be read: {error}.") from None

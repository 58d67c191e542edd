"""Which voice speaks a language, and how fast a language is read."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from igny8_media.ai.espeak import Espeak, voice_name
from igny8_media.ai.piper import Piper
from igny8_media.ai.speech import SpeechEngine, Voice

# Words a minute, pauses between sentences and sections included, of the voice that comes first
# for each language; figures and signs counted as the words they are read as. Measured on
# narrations of 20 to 90 seconds made here in November 2026.
_WORDS_PER_MINUTE = {
    "en": 180, "de": 139, "fr": 176, "es": 150, "it": 141, "pt": 132, "nl": 146, "ru": 136,
    "pl": 110, "tr": 94, "ar": 93, "hi": 147, "zh": 109, "id": 97, "sv": 123, "ko": 78, "uk": 87,
    "he": 123,
}  # fmt: skip
_USUAL_PACE = 125.0


def words_per_minute(language: str) -> float:
    """How fast a language is read here; 125 where it was not measured. Estimates lengths."""
    return float(_WORDS_PER_MINUTE.get(language, _USUAL_PACE))


class Speaker(NamedTuple):
    """`provider` is who is asked, as the settings name it, and `model` what it is asked for; both
    may be empty."""

    engine: SpeechEngine
    voice: Voice
    provider: str = ""
    model: str = ""

    @property
    def name(self) -> str:
        return self.provider or self.engine.name

    def ready(self) -> "Speaker":
        return self


class Candidate(Protocol):
    """Who may speak, without having been asked yet."""

    @property
    def name(self) -> str: ...

    def ready(self) -> Speaker:
        """The voice. Raises OutsideError if it cannot be had now, and InputError for one that the
        settings name and that is not there."""
        ...


def usual_voice(voices: Sequence[Voice], language: str) -> Voice | None:
    """The voice for a language where none is named: the accent people expect, or any.

    Always the same one of the same voices, and of those that speak several languages the one that
    has this one first.
    """
    accent = voice_name(language)

    def rank(voice: Voice) -> tuple[bool, bool, int, str]:
        tag = voice.name.lower().replace("_", "-")
        at = voice.languages.index(language) if language in voice.languages else 0
        return (tag != accent, not tag.startswith(accent), at, voice.name)

    fits = [voice for voice in voices if voice.speaks(language)]
    return min(fits, key=rank).speaking(language) if fits else None


def available_voices() -> dict[str, tuple[Voice, ...]]:
    """Every voice of the engines on this machine, by the engine's name: for `doctor`.

    Raises OutsideError if an engine does not start; its sentence says what to do.
    """
    with Espeak() as espeak, Piper(espeak) as piper:
        piper.ready()
        return {engine.name: engine.voices() for engine in (piper, espeak)}

"""Which voice speaks a language, best first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from igny8_media.ai.espeak import UNREADABLE, Espeak, voice_name
from igny8_media.ai.piper import Piper
from igny8_media.ai.speech import SpeechEngine, Voice
from igny8_media.errors import InputError

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
    engine: SpeechEngine
    voice: Voice


@contextmanager
def speakers(language: str, *, piper_url: str | None = None) -> Iterator[tuple[Speaker, ...]]:
    """The voices for an ISO 639-1 language, best first; what they started stops at the end.

    Piper comes first where it has the language (English alone unless `piper_url` names a server
    with other voices), then espeak-ng. Raises InputError where nothing reads the language, and
    OutsideError where a server that was named does not answer.
    """
    with Espeak() as espeak, Piper(espeak, piper_url) as piper:
        found: list[Speaker] = []
        if language == "en" or piper_url:
            found += _first(piper, language)
        if language not in UNREADABLE:
            found += _first(espeak, language)
        if not found:
            name = UNREADABLE.get(language, f"the language {language!r}")
            raise InputError(
                f"No voice here reads {name}; set a Piper server that has a voice for it,"
                " or make this content without videos."
            )
        yield tuple(found)


def _first(engine: Espeak | Piper, language: str) -> list[Speaker]:
    """The engine's voice for the language: the accent people expect, or any."""
    own = [voice for voice in engine.voices() if voice.language == language]
    own.sort(key=lambda voice: (voice.name != voice_name(language), voice.name))
    return [Speaker(engine, own[0])] if own else []


def available_voices(*, piper_url: str | None = None) -> dict[str, tuple[Voice, ...]]:
    """Every voice of every engine, by the engine's name: for `doctor`.

    Raises OutsideError if an engine does not start; its sentence says what to do.
    """
    with Espeak() as espeak, Piper(espeak, piper_url) as piper:
        piper.ready()
        return {engine.name: engine.voices() for engine in (piper, espeak)}

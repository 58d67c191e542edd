"""Coqui's two kinds of server: its own `tts-server`, and xtts-api-server.

`tts-server` of coqui-tts 0.28 (TTS/server/server.py): `POST /api/tts`, `GET /voices` in MaryTTS's
form; it serves XTTS, Bark and every other model of theirs. xtts-api-server 0.9
(xtts_api_server/server.py): `POST /tts_to_audio/`, `GET /speakers_list`.
"""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from igny8_media.ai.speech import SpeechError, Utterance, Voice
from igny8_media.ai.speech_http import SpeechServer, kept, known, sayable
from igny8_media.ai.text import Fault

# XttsConfig.languages; those with a second part are what the model calls them.
_XTTS: Final = (
    "en", "es", "fr", "de", "it", "pt", "pl", "tr", "ru", "nl", "cs", "ar", "zh-cn", "hu", "ko",
    "ja", "hi",
)  # fmt: skip
# suno-ai/bark, README, "Supported Languages"; it hears the language from the text.
_BARK: Final = (
    "en", "de", "es", "fr", "hi", "it", "ja", "ko", "pl", "pt", "ru", "tr", "zh",
)  # fmt: skip
_MULTILINGUAL: Final = "multilingual"
_PARTS: Final = 3
_NAMES: Final = TypeAdapter(tuple[str, ...])


class CoquiSpeech(SpeechServer):
    """A `SpeechEngine` over `tts-server`; it tells no word times and knows no speed.

    A voice that is the path of a WAV file there, as in `/voices/anna.wav`, is cloned.
    """

    def voices(self) -> tuple[Voice, ...]:
        if self._listed is None:
            lines = self._http.get("/voices").decode("utf-8", "replace").split("\n")
            listed = [line.rsplit(" ", 2) for line in lines if line.strip()]
            if any(len(parts) < _PARTS or parts[0].startswith("<") for parts in listed):
                raise SpeechError(
                    f"{self.name} answered something that is no list of voices; check TTS_URL and "
                    "IGNY8_TTS_API.",
                    Fault.UNAVAILABLE,
                )
            self._listed = tuple(_voice(name, locale) for name, locale, _ in listed)
        return self._listed

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable(self.name, text)
        # A form, for headers cannot carry most letters.
        asked = {"text": text, "language_id": _xtts_code(voice.language)}
        if voice.name.lower().endswith(".wav"):
            asked["speaker_wav"] = voice.name
        else:
            known(self.name, voice, self.voices())
            asked["speaker_id"] = voice.name
        return kept(self.name, self._http.post("/api/tts", data=asked), text, out, tempo=speed)


class XttsSpeech(SpeechServer):
    """A `SpeechEngine` over xtts-api-server; it tells no word times.

    Its speed is a setting of the whole server, so sound is stretched here. Every failure there is
    a 500, also of what was asked wrongly: so voice and language are looked at first.
    """

    def voices(self) -> tuple[Voice, ...]:
        if self._listed is None:
            try:
                names = _NAMES.validate_json(self._http.get("/speakers_list"))
            except ValidationError:
                raise SpeechError(
                    f"{self.name} answered something that is no list of speakers; check "
                    "TTS_URL and IGNY8_TTS_API.",
                    Fault.UNAVAILABLE,
                ) from None
            self._listed = tuple(
                Voice(name=name, language="", languages=_plain(_XTTS)) for name in names
            )
        return self._listed

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable(self.name, text)
        known(self.name, voice, self.voices())
        if voice.language not in _plain(_XTTS):
            raise SpeechError(
                f"{self.name} does not speak the language {voice.language!r}.", Fault.REFUSED
            )
        # A text that names a file of the server would be read out of that file.
        asked = {
            "text": f"{text.strip()} " if text.strip().lower().endswith(".txt") else text,
            "speaker_wav": voice.name,
            "language": _xtts_code(voice.language),
        }
        return kept(
            self.name, self._http.post("/tts_to_audio/", json=asked), text, out, tempo=speed
        )


def _voice(name: str, locale: str) -> Voice:
    """Of a line "Claribel Dervla multilingual u": name, which may have spaces, locale, gender."""
    if locale == _MULTILINGUAL:
        own = _BARK if name == "bark" else _plain(_XTTS)
        return Voice(name=name, language="", languages=own)
    return Voice(name=name, language=locale.replace("_", "-").split("-")[0].lower())


def _plain(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.split("-")[0] for code in codes)


def _xtts_code(language: str) -> str:
    return next((code for code in _XTTS if code.split("-")[0] == language), language)

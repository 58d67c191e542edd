"""OpenAI's voices, and servers that speak its `audio/speech`: Speaches, Kokoro-FastAPI, others."""

import time
from pathlib import Path
from typing import Any, Final

import httpx2
import openai
from pydantic import BaseModel

from igny8_media.ai.openai_client import open_openai
from igny8_media.ai.speech import SpeechError, Utterance, Voice
from igny8_media.ai.speech_http import (
    LIST_SECONDS,
    MOST_SOUND,
    SpeechServer,
    decoded,
    kept,
    known,
    sayable,
    spoke_not,
    too_much,
)
from igny8_media.ai.text import Fault
from igny8_media.ai.text_http import read_body, refused, timeouts, unreachable

_MOST_CHARACTERS: Final = 4096  # CreateSpeechRequest, OpenAI's openapi.json 2.3.0
_SPEEDS: Final = (0.25, 4.0)

# CreateSpeechRequest.voice there; first the one that every model of theirs has.
_VOICES: Final = (
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage",
    "shimmer", "verse",
)  # fmt: skip
# platform.openai.com/docs/guides/text-to-speech, "Supported languages": those of Whisper.
_LANGUAGES: Final = (
    "af", "ar", "az", "be", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa",
    "fi", "fr", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "kk", "kn", "ko", "lt",
    "lv", "mi", "mk", "mr", "ms", "ne", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "sw", "ta", "th", "tl", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


class OpenAISpeech:
    """A `SpeechEngine` over `POST /audio/speech`; it tells no word times.

    OpenAI itself lists no voices: those its documentation names are taken, and asking for its
    models, which costs nothing, tells whether it is there.
    """

    name = "openai"

    def __init__(self, base_url: str, key: str, model: str, *, seconds: float) -> None:
        self._model, self._seconds, self._base = model, seconds, base_url.rstrip("/")
        self._client = open_openai(base_url, key)
        self._listed: tuple[Voice, ...] | None = None

    def __repr__(self) -> str:
        return f"OpenAISpeech({self._base!r}, model={self._model!r})"

    def close(self) -> None:
        self._client.close()

    @property
    def version(self) -> str:
        return f"{self._base} {self._model}"

    def voices(self) -> tuple[Voice, ...]:
        if self._listed is None:
            patience = min(LIST_SECONDS, self._seconds)
            self._read(
                self._client.models.with_streaming_response.list(timeout=timeouts(patience)),
                patience,
            )
            self._listed = tuple(
                Voice(name=name, language="", languages=_LANGUAGES) for name in _VOICES
            )
        return self._listed

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable(self.name, text, _MOST_CHARACTERS)
        sound = self._read(
            self._client.audio.speech.with_streaming_response.create(
                model=self._model,
                voice=voice.name,
                input=text,
                response_format="wav",
                **_paced(speed),
                timeout=timeouts(self._seconds),
            ),
            self._seconds,
        )
        return kept(self.name, sound, text, out)

    def _read(self, call: Any, seconds: float) -> bytes:
        ends = time.monotonic() + seconds
        try:
            with call as response:
                return read_body(response, ends, MOST_SOUND)
        except openai.APIStatusError as error:
            answer = error.response
            raise spoke_not(
                refused(self.name, error.status_code, answer.content, answer.headers)
            ) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise spoke_not(unreachable(self.name, error, seconds)) from None
        except ValueError as error:
            raise too_much(self.name, error) from None


class OpenAIShapedSpeech(SpeechServer):
    """A server of one's own with `/v1/audio/speech`.

    Speaches and Kokoro-FastAPI list voices at `/v1/audio/voices`, other servers have no list: what
    is asked of them then is the voice that the settings name.
    """

    def voices(self) -> tuple[Voice, ...]:
        if self._listed is None:
            try:
                body = self._http.get("/v1/audio/voices")
            except SpeechError as error:
                if error.fault is not Fault.REFUSED:
                    raise
                self._listed = ()
            else:
                self._listed = decoded(self.name, body, _Listed).voices_of(self._model)
        return self._listed

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable(self.name, text, _MOST_CHARACTERS)
        if self.voices():
            known(self.name, voice, self.voices())
        asked = {
            "model": self._model,
            "voice": voice.id or voice.name,
            "input": text,
            "response_format": "wav",
            **_paced(speed),
        }
        return kept(self.name, self._http.post("/v1/audio/speech", json=asked), text, out)


def _paced(speed: float) -> dict[str, Any]:
    """Nothing for the usual speed, which some servers take only unsaid."""
    return {} if speed == 1.0 else {"speed": min(max(speed, _SPEEDS[0]), _SPEEDS[1])}


class _Entry(BaseModel):
    """A voice, or a model with its voices, as Speaches lists them."""

    id: str = ""
    name: str = ""
    language: str | list[str] | None = None
    voices: tuple["_Entry", ...] = ()


class _Listed(BaseModel):
    """Kokoro-FastAPI: {"voices": ["af_heart", ...]}; others: objects there, or in `data`."""

    voices: tuple[str | _Entry, ...] = ()
    data: tuple[_Entry, ...] = ()

    def voices_of(self, model: str) -> tuple[Voice, ...]:
        found: list[_Entry] = []
        for one in (*self.voices, *self.data):
            entry = _Entry(id=one) if isinstance(one, str) else one
            if entry.voices:
                found += entry.voices if entry.id in ("", model) else ()
            else:
                found.append(entry)
        return tuple(
            Voice(
                name=entry.name or entry.id,
                id=entry.id or entry.name,
                language="",
                languages=_codes(entry.language),
            )
            for entry in found
            if entry.name or entry.id
        )


def _codes(language: str | list[str] | None) -> tuple[str, ...]:
    told = [language] if isinstance(language, str) else language or []
    return tuple(dict.fromkeys(code.replace("_", "-").split("-")[0].lower() for code in told))

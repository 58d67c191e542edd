"""ElevenLabs: speech with the time of every character.

API of api.elevenlabs.io, its openapi.json of 2025-08: `POST /v1/text-to-speech/{voice}/with-
timestamps`, `GET /v1/voices`, `GET /v1/models`.
"""

import base64
import binascii
from pathlib import Path
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from igny8_media.ai.characters import words_of_characters
from igny8_media.ai.speech import SpeechError, Utterance, Voice
from igny8_media.ai.speech_http import SpeechHttp, decoded, kept, known, sayable
from igny8_media.ai.speech_sound import pcm_wav
from igny8_media.ai.text import Fault

_RATE: Final = 24_000
"""Hz; raw samples at more than that are for larger plans."""
_SPEEDS: Final = (0.7, 1.2)
"""What the API takes; beyond it the sound is stretched here."""
_SEED: Final = 8
"""Any: with one, the same sentence sounds the same again as far as their service can."""


class ElevenLabsSpeech:
    """A `SpeechEngine`. Sentences are asked for alone, without what stands around them: so one that
    did not change sounds as it did, and is not paid for again."""

    name = "elevenlabs"

    def __init__(
        self, base_url: str, key: str, model: str, most: int | None, *, seconds: float
    ) -> None:
        """`most` is how many characters the model takes at once, as far as that is known."""
        self._http = SpeechHttp(self.name, base_url, {"xi-api-key": key}, seconds)
        self._model, self._most = model, most
        self._listed: tuple[Voice, ...] | None = None

    def __repr__(self) -> str:
        return f"ElevenLabsSpeech({self._http!r}, model={self._model!r})"

    def close(self) -> None:
        self._http.close()

    @property
    def version(self) -> str:
        return self._model

    def voices(self) -> tuple[Voice, ...]:
        """The account's voices, those first that were verified for a language of their own."""
        if self._listed is None:
            languages = self._languages()
            listed = decoded(self.name, self._http.get("/v1/voices"), _Voices)
            self._listed = tuple(
                Voice(
                    name=voice.name,
                    id=voice.voice_id,
                    language="",
                    languages=tuple(dict.fromkeys((*voice.verified(self._model), *languages))),
                )
                for voice in listed.voices
            )
        return self._listed

    def _languages(self) -> tuple[str, ...]:
        """Of the model. Raises SpeechError, REFUSED, for one that they do not have."""
        try:
            models = _MODELS.validate_json(self._http.get("/v1/models"))
        except ValidationError:
            raise SpeechError(
                f"{self.name} answered something that is not an answer of its API; check its "
                "address.",
                Fault.UNAVAILABLE,
            ) from None
        speaking = {model.model_id: model for model in models if model.can_do_text_to_speech}
        if self._model not in speaking:
            raise SpeechError(
                f"{self.name} has no model called {self._model!r}; set IGNY8_ELEVENLABS_MODEL to "
                f"one of {', '.join(sorted(speaking))}.",
                Fault.REFUSED,
            )
        told = speaking[self._model].languages
        return tuple(dict.fromkeys(_code(language.language_id) for language in told))

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable(self.name, text, self._most)
        if not voice.id:
            known(self.name, voice, self.voices())
            voice = next(one for one in self.voices() if one.name == voice.name)
        near = min(max(speed, _SPEEDS[0]), _SPEEDS[1])
        asked = {"text": text, "model_id": self._model, "seed": _SEED}
        body = self._http.post(
            f"/v1/text-to-speech/{voice.id}/with-timestamps",
            params={"output_format": f"pcm_{_RATE}"},
            json=asked if near == 1.0 else {**asked, "voice_settings": {"speed": near}},
        )
        answer = decoded(self.name, body, _Spoken)
        try:
            samples = base64.b64decode(answer.audio_base64, validate=True)
        except binascii.Error:
            raise SpeechError(
                f"{self.name} sent sound that is no base64.", Fault.MALFORMED
            ) from None
        rest = speed / near
        said = kept(self.name, pcm_wav(samples, _RATE), text, out, tempo=rest)
        if answer.alignment is None:
            return said
        words = words_of_characters(text, answer.alignment.timed(), rest, said.duration)
        return said.model_copy(update={"words": words, "timing": "engine"}) if words else said


def _code(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


class _Verified(BaseModel):
    language: str
    model_id: str


class _Voice(BaseModel):
    voice_id: str
    name: str
    verified_languages: tuple[_Verified, ...] | None = None

    def verified(self, model: str) -> tuple[str, ...]:
        told = self.verified_languages or ()
        return tuple(_code(one.language) for one in told if one.model_id == model)


class _Voices(BaseModel):
    voices: tuple[_Voice, ...]


class _Language(BaseModel):
    language_id: str


class _Model(BaseModel):
    model_id: str
    can_do_text_to_speech: bool = True
    languages: tuple[_Language, ...] = ()


_MODELS: Final = TypeAdapter(tuple[_Model, ...])


class _Alignment(BaseModel):
    characters: tuple[str, ...]
    character_start_times_seconds: tuple[float, ...]
    character_end_times_seconds: tuple[float, ...]

    def timed(self) -> tuple[tuple[str, float, float], ...]:
        return tuple(
            zip(
                self.characters,
                self.character_start_times_seconds,
                self.character_end_times_seconds,
                strict=False,
            )
        )


class _Spoken(BaseModel):
    audio_base64: str
    alignment: _Alignment | None = None

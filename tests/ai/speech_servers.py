"""A server on the loopback that speaks every contract of speech, with any sound and any trouble."""

import base64
import io
import json
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from tests.ai.servers import Reply

RATE = 24_000
MODEL = "eleven_multilingual_v2"


def wav(samples: Any, rate: int = RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(np.asarray(samples, dtype="<i2").tobytes())
    return out.getvalue()


def tone(text: str) -> bytes:
    """As long as the text would take, with nothing to hear in it but that it is there."""
    seconds = max(0.3, 0.06 * len(text))
    at = np.arange(int(seconds * RATE)) / RATE
    return wav(9000 * np.sin(2 * np.pi * 180 * at) * (1 - 0.5 * np.sin(2 * np.pi * 4 * at)))


def silence(_text: str) -> bytes:
    return wav(np.zeros(RATE))


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, Any] | None
    """None for what was read, not asked to be made."""


@dataclass
class VoiceServer:
    """`replies` are given first, one a request for speech; `trouble` is given to every request.

    `say` makes the sound, `time` the times of characters for it.
    """

    url: str = ""
    say: Callable[[str], bytes] = tone
    time: Callable[[str], list[tuple[str, float, float]] | None] = lambda text: evenly(text)
    replies: list[Reply] = field(default_factory=list)
    trouble: Reply | None = None
    listing: Any = None
    """What is answered to who asks for voices; None is what the contract's usual server says."""
    asked: list[Asked] = field(default_factory=list)

    @property
    def said(self) -> list[Asked]:
        return [one for one in self.asked if one.body is not None]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.trouble:
            return self.trouble
        if asked.body is None:
            return self._listed(asked)
        if self.replies:
            return self.replies.pop(0)
        if asked.path.endswith("/with-timestamps"):
            return Reply(self.timed(asked.body["text"]))
        return Reply(self.say(asked.body.get("input") or asked.body["text"]))

    def timed(self, text: str) -> dict[str, Any]:
        with wave.open(io.BytesIO(self.say(text))) as sound:
            assert sound.getframerate() == RATE
            samples = sound.readframes(sound.getnframes())
        found = self.time(text)
        alignment = found and {
            "characters": [one for one, _, _ in found],
            "character_start_times_seconds": [start for _, start, _ in found],
            "character_end_times_seconds": [end for _, _, end in found],
        }
        return {
            "audio_base64": base64.b64encode(samples).decode(),
            "alignment": alignment,
            "normalized_alignment": alignment,
        }

    def _listed(self, asked: Asked) -> Reply:
        if self.listing is not None and "voices" in asked.path:
            return self.listing if isinstance(self.listing, Reply) else Reply(self.listing)
        if asked.path == "/v1/models" and "xi-api-key" not in asked.headers:
            return Reply({"object": "list", "data": [{"id": "tts-1"}]})
        usual = {
            "/v1/models": [
                {"model_id": MODEL, "can_do_text_to_speech": True, "languages": LANGUAGES},
                {"model_id": "listener", "can_do_text_to_speech": False, "languages": []},
            ],
            "/v1/voices": {"voices": VOICES},
            "/voices": b"Claribel Dervla multilingual u\nAna Florence multilingual u\n",
            "/speakers_list": ["narrator", "calm female"],
        }
        found = usual.get(asked.path)
        return Reply(found) if found is not None else Reply({"detail": "Not Found"}, 404)


LANGUAGES = [{"language_id": code, "name": code} for code in ("en", "de", "ja")]
VOICES = [
    {"voice_id": "id-rachel", "name": "Rachel", "category": "premade", "labels": {}},
    {
        "voice_id": "id-anna",
        "name": "Anna",
        "category": "premade",
        "labels": {},
        "verified_languages": [{"language": "de", "model_id": MODEL}],
    },
]


def evenly(text: str) -> list[tuple[str, float, float]]:
    return [(one, 0.05 * at, 0.05 * (at + 1)) for at, one in enumerate(text)]


@contextmanager
def voice_server() -> Iterator[VoiceServer]:
    state, ends = VoiceServer(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            if self.headers["content-type"] == "application/x-www-form-urlencoded":
                self._answer({key: values[0] for key, values in parse_qs(raw).items()})
            else:
                self._answer(json.loads(raw))

        def _answer(self, body: dict[str, Any] | None) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = state.answer(Asked(parts.path, query, headers, body))
            if reply.wait:
                ends.wait(reply.wait)
            told = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            # As Flask does, whatever it sends.
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("connection", "close")
            for name, value in {"content-length": str(len(told)), **reply.headers}.items():
                self.send_header(name, value)
            try:
                self.end_headers()
                if not reply.drip:
                    self.wfile.write(told)
                for at in range(len(told) if reply.drip else 0):
                    self.wfile.write(told[at : at + 1])
                    self.wfile.flush()
                    if ends.wait(reply.drip):
                        return
            except OSError:
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        ends.set()
        server.shutdown()
        thread.join()
        server.server_close()

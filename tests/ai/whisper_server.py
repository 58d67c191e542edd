"""A server with OpenAI's transcriptions on the loopback; the listening is done by faster-whisper.

What it takes is for the vendors' own descriptions of their APIs to judge: it keeps every request.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sent:
    """One multipart request: fields in order as (name, value), the file's name, type and bytes."""

    path: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]
    file_name: str
    file_type: str
    sound: bytes

    def named(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]


@dataclass
class WhisperServer:
    """`hear` makes the answer of a request; `trouble` is (status, body) for every question."""

    url: str = ""
    hear: Callable[[Sent], dict[str, Any]] = lambda _sent: {}
    trouble: tuple[int, bytes, dict[str, str]] | None = None
    troubles: int = -1  # how many requests meet it; all, if below 0
    wait: float = 0.0
    served: tuple[str, ...] = ("Systran/faster-whisper-small",)
    sent: list[Sent] = field(default_factory=list)
    listed: int = 0


@contextmanager
def whisper_server() -> Iterator[WhisperServer]:
    state = WhisperServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            state.listed += 1
            data = [{"id": name, "object": "model"} for name in state.served]
            self._give(200, json.dumps({"object": "list", "data": data}).encode(), {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.sent.append(
                _parsed(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            time.sleep(state.wait)
            if state.trouble is not None and state.troubles != 0:
                state.troubles -= 1
                self._give(*state.trouble)
                return
            if state.sent[-1].named("model")[0] not in state.served:
                self._give(404, b'{"detail": "Model is not installed locally."}', {})
                return
            self._give(200, json.dumps(state.hear(state.sent[-1])).encode(), {})

        def _give(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # the client did not wait

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _parsed(path: str, headers: dict[str, str], body: bytes) -> Sent:
    message = message_from_bytes(
        b"Content-Type: " + headers["content-type"].encode() + b"\n\n" + body
    )
    fields, name, kind, sound = [], "", "", b""
    for part in message.get_payload():
        payload = part.get_payload(decode=True)
        key = str(part.get_param("name", header="Content-Disposition"))
        if part.get_filename():
            name, kind, sound = part.get_filename(), part.get_content_type(), payload
            fields.append((key, "(binary)"))
        else:
            fields.append((key, payload.decode()))
    return Sent(path, headers, fields, name, kind, sound)

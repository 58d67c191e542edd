"""Model servers on the loopback: both vendors' contracts, and every way to fail."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-563492ad6f91700001"


@dataclass
class Reply:
    """`drip` sends a byte at a time with that many seconds between."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0


Writes = Callable[[dict[str, Any]], str]


@dataclass
class ModelServer:
    """`replies` are given first, one a request; then what `write` makes of the request is.

    `asked` are the bodies of questions, `hung_up` is set when a client left before the end. Nobody
    is answered before `together` of them have asked, `arrived` counts them.
    """

    url: str = ""
    write: Writes = lambda _body: "{}"
    replies: list[Reply] = field(default_factory=list)
    trouble: Reply | None = None
    served: tuple[str, ...] = ("served-1", "served-2")
    asked: list[dict[str, Any]] = field(default_factory=list)
    listed: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    together: int = 0
    arrived: int = 0
    _meeting: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, path: str, body: dict[str, Any] | None) -> Reply:
        if body is None:
            self.listed += 1
        else:
            self.asked.append(body)
        with self._meeting:
            self.arrived += 1
            self._meeting.notify_all()
            if not self._meeting.wait_for(lambda: self.arrived >= self.together, 60):
                raise TimeoutError(f"{self.arrived} asked beside each other, not {self.together}")
        if self.trouble:
            return self.trouble
        if body is None:
            return Reply({"object": "list", "data": [{"id": name} for name in self.served]})
        if self.replies:
            return self.replies.pop(0)
        return said(self.write(body), body["model"], anthropic=path.endswith("/messages"))


def said(
    text: str | None,
    model: str = "served-1",
    *,
    anthropic: bool = False,
    stop: str | None = None,
    refusal: str | None = None,
) -> Reply:
    """A whole answer in one vendor's shape."""
    if anthropic:
        return Reply(
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": model,
                "content": [{"type": "text", "text": text or ""}],
                "stop_reason": stop or "end_turn",
                "usage": {"input_tokens": 100, "output_tokens": 20},
            }
        )
    return Reply(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": stop or "stop",
                    "message": {"role": "assistant", "content": text, "refusal": refusal},
                }
            ],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    )


@contextmanager
def model_server() -> Iterator[ModelServer]:
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            self._give(state.answer(self.path, None))

        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            self._give(state.answer(self.path, json.loads(self.rfile.read(size))))

        def _give(self, reply: Reply) -> None:
            if reply.wait:
                _ends.wait(reply.wait)
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("connection", "close")
            try:
                self.end_headers()
                if not reply.drip:
                    self.wfile.write(body)
                for at in range(len(body) if reply.drip else 0):
                    self.wfile.write(body[at : at + 1])
                    self.wfile.flush()
                    if _ends.wait(reply.drip):
                        return
            except OSError:
                state.hung_up.set()

    _ends = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        _ends.set()
        server.shutdown()
        thread.join()
        with suppress(OSError):
            server.server_close()


def closed_port() -> str:
    """An address nobody listens at."""
    with model_server() as state:
        return state.url

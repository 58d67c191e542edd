"""A site on the loopback that answers as told, and small real pictures."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    mime: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


@dataclass
class Site:
    """`routes` maps a path without its query to an answer or to a function of path and headers."""

    url: str
    routes: dict[str, Answer | Callable[[str, dict[str, str]], Answer]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Site]:
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {k.lower(): v for k, v in self.headers.items()}
            found.asked.append((self.path, headers))
            route = found.routes.get(self.path.split("?")[0], Answer(b"gone", status=404))
            answer = route if isinstance(route, Answer) else route(self.path, headers)
            self.send_response(answer.status)
            sent = {"Content-Type": answer.mime, "Content-Length": str(len(answer.body))}
            for name, value in {**sent, **answer.headers}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            if not answer.drip:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                if stop.wait(answer.drip):
                    return
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Site(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def picture(format: str = "PNG", size: tuple[int, int] = (120, 80), **options: object) -> bytes:
    """The bytes of a small picture that a real encoder wrote."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, format, **options)
    return out.getvalue()

"""A sandbox that runs, and a web server whose files platforms may fetch."""

import io
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from hypothesis import strategies as st
from PIL import Image

from igny8_media.sandbox.server import Running, running

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(("public", "private", "FILE_UPLOAD", "PULL_FROM_URL", "2099-01-01")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(
                (
                    "title",
                    "tags",
                    "privacyStatus",
                    "publishAt",
                    "categoryId",
                    "source",
                    "video_size",
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
"""JSON of any shape, with words that platforms know here and there."""


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(one_sandbox: Running) -> Running:
    """The session's sandbox as if it had just started."""
    one_sandbox.reset()
    one_sandbox.config(
        processing_seconds=0.0,
        latency_ms=0.0,
        daily_limit={},
        rate_limit={},
        auto_consent=False,
        lenient=False,
        dedupes=True,
        advance_seconds=0.0,
    )
    return one_sandbox


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client


class Site:
    """A web server of this machine: what `files` holds, by path, as (media type, content)."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = site.files.get(self.path)
                self.send_response(200 if found else 404)
                mime, content = found or ("text/plain", b"")
                self.send_header("Content-Type", mime)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def add(self, name: str, mime: str, content: bytes) -> str:
        """The address of a new file."""
        self.files[f"/{name}"] = (mime, content)
        return f"{self.url}/{name}"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def jpeg(width: int = 1080, height: int = 1080, format: str = "JPEG") -> bytes:
    """A picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, format)
    return made.getvalue()


def mp4(
    seconds: float = 12.0, width: int = 1080, height: int = 1920, size: int = 0, tail: bool = False
) -> bytes:
    """The boxes of a video of this length, its index first (or last with `tail`), filled up to
    `size` bytes with pictures nobody can see."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, round(seconds * 1000)) + bytes(80))
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    tkhd = box(b"tkhd", bytes(40) + matrix + struct.pack(">II", width << 16, height << 16))
    begin = box(b"ftyp", b"isom" + bytes(4) + b"isommp42")
    index = box(b"moov", mvhd + box(b"trak", tkhd))
    data = box(b"mdat", bytes(max(0, size - len(begin) - len(index) - 8)))
    return begin + data + index if tail else begin + index + data

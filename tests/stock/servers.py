"""Pexels and Pixabay on the loopback, as their documentation of 2026-11 describes them.

They refuse what the real ones refuse, so that a client which asks wrongly fails here too. Files
are real: JPEG by Pillow, MP4 by FFmpeg's encoder.
"""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np
from PIL import Image

PEXELS_KEY = "pexels-key-563492ad6f917000010000014640aabbccdd"
PIXABAY_KEY = "9656065-a4094594c34f9ac14c7fc4c39"


@dataclass
class Answer:
    body: bytes
    status: int = 200
    mime: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """What a library holds: found if a word of the query is among `words`."""

    id: int
    words: str
    width: int = 3000
    height: int = 4000
    duration: float = 0.0
    seed: int = 0
    author: str = "Ana Souza"
    broken: str = ""

    @property
    def is_clip(self) -> bool:
        return self.duration > 0


@dataclass
class Library:
    """A fake's state: what it holds, what it was asked, and how it misbehaves.

    `trouble` replaces every answer of the API.
    """

    url: str = ""
    items: list[Item] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    trouble: Answer | None = None

    def searches(self) -> list[dict[str, str]]:
        return [query for path, query, _ in self.asked if "search" in path or "/api/" in path]


def _json(value: object, status: int = 200, **headers: str) -> Answer:
    return Answer(json.dumps(value).encode(), status, headers=headers)


def _found(library: Library, words: str, clips: bool) -> list[Item]:
    asked = set(words.lower().split())
    return [
        item
        for item in library.items
        if item.is_clip == clips and asked & set(item.words.lower().split())
    ]


def _pexels(library: Library, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    if headers.get("authorization") != PEXELS_KEY:  # no "Bearer" before it
        return _json({"status": 401, "code": "Unauthorized"}, 401)
    if library.trouble:
        return library.trouble
    known = {"query", "orientation", "size", "locale", "page", "per_page", "color"}
    if (
        set(query) - known
        or not query.get("query")
        or query.get("orientation", "square") not in ("landscape", "portrait", "square")
        or query.get("size", "small") not in ("large", "medium", "small")
        or not 1 <= int(query.get("per_page", "15")) <= 80
    ):
        return _json({"error": "Bad Request"}, 400)
    limits = {"X-Ratelimit-Limit": "200", "X-Ratelimit-Remaining": "199", "X-Ratelimit-Reset": "9"}
    page = {"page": 1, "per_page": int(query["per_page"]), "total_results": 1}
    if path == "/v1/search":
        photos = [_pexels_photo(library, i) for i in _found(library, query["query"], False)]
        return _json({**page, "photos": photos}, **limits)
    if path == "/videos/search":
        videos = [_pexels_video(library, i) for i in _found(library, query["query"], True)]
        return _json({**page, "url": library.url, "videos": videos}, **limits)
    return _json({"error": "Not Found"}, 404)


def _pexels_photo(library: Library, item: Item) -> dict[str, object]:
    file = f"{library.url}/files/{item.id}.jpeg"
    sizes = ("large2x", "large", "medium", "small", "portrait", "landscape", "tiny")
    return {
        "id": item.id,
        "width": item.width,
        "height": item.height,
        "url": f"https://www.pexels.com/photo/{item.words.replace(' ', '-')}-{item.id}/",
        "photographer": item.author,
        "photographer_url": "https://www.pexels.com/@ana",
        "photographer_id": "680589",
        "avg_color": "#978E82",
        "src": {"original": file} | dict.fromkeys(sizes, f"{file}?auto=compress&h=350"),
        "liked": False,
        "alt": item.words.capitalize(),
    }


def _pexels_video(library: Library, item: Item) -> dict[str, object]:
    def file(number: int, quality: str, width: int | None, height: int | None) -> dict[str, object]:
        kind = "application/x-mpegURL" if quality == "hls" else "video/mp4"
        return {
            "id": number,
            "quality": quality,
            "file_type": kind,
            "width": width,
            "height": height,
            "fps": 25.0 if width else None,
            "link": f"{library.url}/files/{item.id}.mp4?size={number}",
        }

    return {
        "id": item.id,
        "width": item.width,
        "height": item.height,
        "url": f"https://www.pexels.com/video/{item.words.replace(' ', '-')}-{item.id}/",
        "image": f"{library.url}/files/{item.id}.jpeg",
        "full_res": None,
        "tags": [],
        "duration": item.duration,
        "user": {"id": 1, "name": item.author, "url": "https://www.pexels.com/@ana"},
        "video_files": [
            file(1, "uhd", 2160, 3840),
            file(2, "hd", 1080, 1920),
            file(3, "sd", 360, 640),
            file(4, "hls", None, None),
        ],
        "video_pictures": [],
    }


def _pixabay(library: Library, path: str, query: dict[str, str], _: dict[str, str]) -> Answer:
    def wrong(why: str) -> Answer:
        return Answer(f"[ERROR 400] {why}".encode(), 400, "text/plain")

    if query.get("key") != PIXABAY_KEY:
        return wrong('"key" is missing or invalid: Invalid or missing API key.')
    if library.trouble:
        return library.trouble
    if len(query.get("q", "")) > 100:
        return wrong('"q" is too long.')
    if not 3 <= int(query.get("per_page", "20")) <= 200:
        return wrong('"per_page" is out of valid range.')
    if query.get("orientation", "all") not in ("all", "horizontal", "vertical"):
        return wrong('"orientation" is invalid.')
    clips = path == "/api/videos/"
    if not clips and path != "/api/":
        return Answer(b"[ERROR 404]", 404, "text/plain")
    hits = [
        (_pixabay_video if clips else _pixabay_photo)(library, item)
        for item in _found(library, query.get("q", ""), clips)
    ]
    return _json({"total": len(hits), "totalHits": len(hits), "hits": hits})


def _pixabay_hit(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "pageURL": f"https://pixabay.com/photos/{item.words.replace(' ', '-')}-{item.id}/",
        "type": "photo",
        "tags": ", ".join(item.words.split()),
        "user": item.author,
        "user_id": 48777,
        "userImageURL": "",
        "views": 7671,
        "downloads": 6439,
        "likes": 5,
        "comments": 2,
    }


def _pixabay_photo(library: Library, item: Item) -> dict[str, object]:
    return {
        **_pixabay_hit(item),
        "previewURL": f"{library.url}/files/{item.id}_150.jpg",
        "webformatURL": f"{library.url}/files/{item.id}_640.jpg",
        "largeImageURL": f"{library.url}/files/{item.id}.jpg",
        "imageWidth": item.width,
        "imageHeight": item.height,
        "imageSize": 4731420,
    }


def _pixabay_video(library: Library, item: Item) -> dict[str, object]:
    def file(name: str, width: int, height: int) -> dict[str, object]:
        link = "" if name == "large" else f"{library.url}/files/{item.id}.mp4?{name}"
        sizes = (0, 0) if name == "large" else (width, height)
        return {"url": link, "width": sizes[0], "height": sizes[1], "size": 9, "thumbnail": ""}

    return {
        **_pixabay_hit(item),
        "type": "film",
        "duration": round(item.duration),
        "videos": {
            "large": file("large", 2160, 3840),
            "medium": file("medium", 1080, 1920),
            "small": file("small", 720, 1280),
            "tiny": file("tiny", 540, 960),
        },
    }


def _file(library: Library, path: str) -> Answer:
    number = int(path.rsplit("/", 1)[1].split(".")[0])
    item = next(item for item in library.items if item.id == number)
    if item.broken == "gone":
        return Answer(b"expired", 403, "text/plain")
    if item.broken == "html":
        return Answer(b"<!doctype html><p>Please sign in", 200, "text/html")
    if item.broken == "cut":
        return Answer(photo(item.seed or item.id)[:4000], 200, "image/jpeg")
    if path.endswith(".mp4"):
        return Answer(clip(item.seed or item.id), 200, "video/mp4")
    return Answer(photo(item.seed or item.id), 200, "image/jpeg")


@lru_cache(maxsize=64)
def photo(seed: int, size: tuple[int, int] = (900, 1200), quality: int = 85) -> bytes:
    """A picture like no other seed's: soft shapes, as photographs have."""
    out = io.BytesIO()
    scene(seed).resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return out.getvalue()


def scene(seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 255, (16, 12, 3), dtype=np.uint8)).resize(
        (480, 640), Image.Resampling.BICUBIC
    )


@lru_cache(maxsize=16)
def clip(seed: int) -> bytes:
    """Half a second of MP4."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w") as out:
            stream = out.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 432, 576, "yuv420p"
            picture = scene(seed).resize((432, 576))
            for _ in range(5):
                out.mux(stream.encode(av.VideoFrame.from_image(picture)))
            out.mux(stream.encode())
        return path.read_bytes()


Api = Callable[[Library, str, dict[str, str], dict[str, str]], Answer]


@contextmanager
def _serving(api: Api) -> Iterator[Library]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            library.asked.append((parts.path, query, headers))
            if parts.path.startswith("/files/"):
                answer = _file(library, parts.path)
            else:
                answer = api(library, parts.path, query, headers)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.mime)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            # A client that has read enough hangs up.
            with suppress(ConnectionError):
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    library = Library(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield library
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def pexels_server() -> Iterator[Library]:
    with _serving(_pexels) as library:
        yield library


@contextmanager
def pixabay_server() -> Iterator[Library]:
    with _serving(_pixabay) as library:
        yield library

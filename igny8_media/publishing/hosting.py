"""The files of a post, for adapters: as a path to stream from, and as an address to fetch."""

import logging
import secrets
import shutil
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from igny8_media.accounts.model import Account
from igny8_media.publishing.contract import Media
from igny8_media.publishing.model import MediaFile
from igny8_media.storage.media_store import MediaStore

log = logging.getLogger(__name__)

_POLL: Final = 0.05
"""Seconds within which the server notices that it is to end."""


class StoredMedia:
    """The media store's files. As a context manager it stops the server that sandbox accounts
    fetch from, if one was needed."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store
        self._near = _Near()

    def __enter__(self) -> "StoredMedia":
        return self

    def __exit__(self, *_: object) -> None:
        self._near.close()

    def of(self, account: Account) -> Media:
        """The sandbox lives on this machine and fetches from it; platforms need a public host."""
        return _OnThisMachine(self._store, self._near) if account.sandbox else _Hosted(self._store)


class _Hosted:
    def __init__(self, store: MediaStore) -> None:
        self._store = store

    def path(self, file: MediaFile) -> Path:
        return self._store.local_path(file.key)

    def public_url(self, file: MediaFile) -> str:
        return self._store.public_url(file.key)


class _OnThisMachine(_Hosted):
    def __init__(self, store: MediaStore, near: "_Near") -> None:
        super().__init__(store)
        self._near = near

    def public_url(self, file: MediaFile) -> str:
        return self._near.url(self.path(file), file.mime)


class _Near:
    """Serves single files on loopback, each under a name that cannot be guessed."""

    def __init__(self) -> None:
        self._names: dict[tuple[Path, str], str] = {}
        self._files: dict[str, tuple[Path, str]] = {}
        self._server: ThreadingHTTPServer | None = None
        self._lock = threading.Lock()

    def url(self, path: Path, mime: str) -> str:
        with self._lock:
            if self._server is None:
                self._server = _Server(("127.0.0.1", 0), _handler(self._files))
                threading.Thread(
                    target=self._server.serve_forever, args=(_POLL,), name="media", daemon=True
                ).start()
            name = self._names.get((path, mime))
            if name is None:
                name = self._names[path, mime] = secrets.token_urlsafe(16)
                self._files[f"/{name}"] = (path, mime)
            return f"http://127.0.0.1:{self._server.server_port}/{name}"

    def close(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever fetched broke off; that is theirs to say."""
        log.debug("A fetch of media broke off.", exc_info=True)


def _handler(files: dict[str, tuple[Path, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            found = files.get(self.path)
            if found is None or not found[0].is_file():
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            path, mime = found
            with path.open("rb") as file:
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", mime)
                self.send_header("Content-Length", str(path.stat().st_size))
                self.end_headers()
                if body:
                    shutil.copyfileobj(file, self.wfile, 1 << 20)

        def log_message(self, *_: object) -> None:
            """The addresses are secret, and nobody reads along."""

    return Handler

"""The files of posts, as adapters are handed them: on this machine, and where platforms fetch."""

import logging
import secrets
import shutil
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from igny8_media.publishing.model import MediaFile
from igny8_media.storage.media_store import MediaStore

log = logging.getLogger(__name__)

_POLL: Final = 0.05
"""Seconds within which the server notices that it is to end."""


class StoredMedia:
    """Files of the media store, public where its settings make them so."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    def path(self, file: MediaFile) -> Path:
        return self._store.local_path(file.key)

    def public_url(self, file: MediaFile) -> str:
        return self._store.public_url(file.key)


class LoopbackMedia(StoredMedia):
    """For accounts on the sandbox: it fetches from this machine, so that nothing need be public.

    The server starts with the first address that is asked for and lasts until `close`; nobody can
    guess a path, and only files that were asked for are shown.
    """

    def __init__(self, store: MediaStore) -> None:
        super().__init__(store)
        self._paths: dict[str, str] = {}
        self._shown: dict[str, tuple[Path, str]] = {}
        self._lock = Lock()

    def public_url(self, file: MediaFile) -> str:
        path = self.path(file)
        with self._lock:
            name = self._paths.setdefault(file.key, f"/{secrets.token_urlsafe(24)}")
            self._shown[name] = (path, file.mime)
            return f"http://127.0.0.1:{self._server.server_port}{name}"

    @cached_property
    def _server(self) -> "_Server":
        server = _Server(self._shown)
        Thread(target=server.serve_forever, args=(_POLL,), name="media", daemon=True).start()
        return server

    def close(self) -> None:
        with self._lock:
            server = self.__dict__.pop("_server", None)
        if server is not None:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, shown: dict[str, tuple[Path, str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.shown = shown

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever fetched broke off; that is theirs to say."""
        log.debug("A fetch of media broke off.", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        path, mime = self.server.shown.get(self.path, (None, ""))
        try:
            file = path.open("rb") if path else None
        except OSError:
            file = None
        if path is None or file is None:
            self.send_error(404)
            return
        with file:
            self.send_response(200)
            self.send_header("Content-Type", mime)
            self.send_header("Content-Length", str(path.stat().st_size))
            self.end_headers()
            if self.command == "GET":
                shutil.copyfileobj(file, self.wfile, 1 << 20)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the path is a secret."""

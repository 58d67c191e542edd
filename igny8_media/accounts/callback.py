"""Where the browser comes back to after consent: a page on this machine, for one visit."""

import html
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import parse_qs, urlsplit

from igny8_media.accounts.errors import ConsentError
from igny8_media.errors import InputError

PATH: Final = "/callback"
DEFAULT_PORT: Final = 8976
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<body style="font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem">
<h1>{title}</h1><p>{text}</p></body></html>
"""


class Callback:
    """A server that waits for one visit with the right `state`."""

    def __init__(self, port: int) -> None:
        self._visits: SimpleQueue[Mapping[str, str]] = SimpleQueue()
        self.state = secrets.token_urlsafe(32)
        callback = self

        class Handler(_Handler):
            def answer_to(self, visit: Mapping[str, str]) -> tuple[int, str, str]:
                return callback._answer_to(visit)

            def keep(self, visit: Mapping[str, str]) -> None:
                callback._visits.put({"error": "unknown", **visit})

        try:
            self._server = _Server(("127.0.0.1", port), Handler)
        except OSError as error:
            raise InputError(
                f"Port {port}, which the platform sends you back to, cannot be used "
                f"({error.strerror}); end the program that has it, or choose another with --port "
                "and register that address with the platform."
            ) from None
        self.port = int(self._server.server_address[1])

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float, label: str) -> str:
        """The code that the platform sent. Raises ConsentError when the person said no, or nothing
        comes in time."""
        ends = time.monotonic() + seconds
        try:
            visit = self._visits.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            raise ConsentError(
                f"Nobody answered {label}'s question within {seconds / 60:.0f} minutes; run the "
                "command again, and allow it in the browser."
            ) from None
        if code := visit.get("code"):
            return code
        if visit.get("error") in ("access_denied", "user_cancelled_login", "user_denied"):
            raise ConsentError(
                f"{label} was not allowed to let us post, so nothing was connected; run the "
                "command again to change your mind."
            )
        said = visit.get("error_description") or visit.get("error_message") or visit["error"]
        raise ConsentError(
            f"{label} did not ask for your consent: {' '.join(said.split())[:200].rstrip('.')}. "
            "Check the application's settings there; see docs/accounts.md."
        )

    def _answer_to(self, visit: Mapping[str, str]) -> tuple[int, str, str]:
        """The status, title and text of the page."""
        # Anybody can send a browser here: only who knows the state is answered to.
        if not secrets.compare_digest(visit.get("state", "").encode(), self.state.encode()):
            return 400, "Not connected", "This visit belongs to no question that is open."
        if not visit.get("code"):
            return 200, "Not connected", "Nothing was allowed. You can close this page."
        return 200, "Thank you", "You can close this page and go back to the terminal."


class _Server(ThreadingHTTPServer):
    """With threads, because browsers open connections that they do not use."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a browser that breaks off has read enough, and the terminal is a person's."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def answer_to(self, visit: Mapping[str, str]) -> tuple[int, str, str]:
        raise NotImplementedError

    def keep(self, visit: Mapping[str, str]) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != PATH:
            self._answer(404, "Nothing here", "Only the address that you are sent back to is.")
            return
        visit = {name: values[0] for name, values in parse_qs(address.query).items()}
        status, title, text = self.answer_to(visit)
        try:
            # First the page: whoever waits for the visit may end this process.
            self._answer(status, title, text)
        finally:
            if status == 200:
                self.keep(visit)

    def _answer(self, status: int, title: str, text: str) -> None:
        body = _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # The address holds the code.
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address holds the code."""


@contextmanager
def waiting_for_visit(port: int) -> Iterator[Callback]:
    """A callback that can be visited; 0 takes a free port. Raises InputError for one in use."""
    callback = Callback(port)
    thread = Thread(target=callback.serve, name="callback", daemon=True)
    thread.start()
    try:
        yield callback
    finally:
        callback.close()
        thread.join()

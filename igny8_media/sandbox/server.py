"""The server: all six platforms and the sandbox's own addresses on one port of this machine."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from igny8_media.errors import OutsideError
from igny8_media.sandbox.call import Platform, serve
from igny8_media.sandbox.control import Control
from igny8_media.sandbox.faults import Faults, Wire
from igny8_media.sandbox.linkedin import platform as linkedin
from igny8_media.sandbox.meta import facebook, instagram
from igny8_media.sandbox.page import Page
from igny8_media.sandbox.state import Config, World
from igny8_media.sandbox.tiktok import platform as tiktok
from igny8_media.sandbox.twitter import platform as twitter
from igny8_media.sandbox.youtube import platform as youtube

PLATFORMS: Final[Mapping[str, Platform]] = {
    module.platform.service: module.platform
    for module in (linkedin, twitter, facebook, instagram, tiktok, youtube)
}
_STARTING: Final = 10.0


def make_app(world: World, faults: Faults | None = None) -> ASGIApp:
    """The application, for any ASGI server; broken connections need uvicorn."""
    faults = faults or Faults()
    routes = [*Page(world).routes(), *Control(world, faults, PLATFORMS).routes()]
    for platform in PLATFORMS.values():
        routes += serve(platform, world, faults, PLATFORMS)
    return Wire(Starlette(routes=routes), world.now)


def make_server(app: ASGIApp) -> uvicorn.Server:
    """uvicorn, quiet, on asyncio's own loop: its transports can be reset, as the faults need."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            date_header=False,  # ours tells the world's time
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,
        )
    )


def listen(port: int) -> socket.socket:
    """A listening socket on this machine only. Raises OutsideError where the port is taken."""
    # With the protocol named, asyncio switches off Nagle's delay (40 ms a reply).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise OutsideError(
            f"Port {port} cannot be used ({error.strerror}); choose another one with --port."
        ) from error
    return listener


class Running:
    """A sandbox that runs: `url` is its address, `state` its world (look, do not touch)."""

    def __init__(self, url: str, state: World, client: httpx.Client) -> None:
        self.url, self.state, self._client = url, state, client

    def account(self, service: str, **fields: Any) -> dict[str, Any]:
        """A new account with tokens, see `POST /_sandbox/accounts`."""
        made: dict[str, Any] = self.post("accounts", service=service, **fields)
        return made

    def fault(self, service: str, role: str, kind: str, **fields: Any) -> None:
        """Queue a fault: `times`, and `after` in seconds."""
        self.post("faults", service=service, role=role, kind=kind, **fields)

    def config(self, **fields: Any) -> None:
        self.post("config", **fields)

    def revoke(self, service: str, what: str = "all") -> None:
        """End the service's tokens: "access", or "all" with their refresh tokens."""
        self.post("revoke", service=service, what=what)

    def posts(self, service: str | None = None) -> list[dict[str, Any]]:
        """What was committed, oldest first."""
        found: list[dict[str, Any]] = self.get("posts", **({"service": service} if service else {}))
        return found

    def requests(self, service: str) -> dict[str, int]:
        """How many requests came, by role."""
        counts: dict[str, int] = self.get("requests").get(service, {})
        return counts

    def clear_faults(self) -> None:
        self._client.delete("/_sandbox/faults").raise_for_status()

    def reset(self) -> None:
        """Forget everybody and everything, and all faults."""
        self.post("reset")

    def get(self, path: str, /, **params: str) -> Any:
        return _answer(self._client.get(f"/_sandbox/{path}", params=params))

    def post(self, path: str, /, **fields: Any) -> Any:
        return _answer(self._client.post(f"/_sandbox/{path}", json=fields))


def _answer(response: httpx.Response) -> Any:
    if response.status_code == 400:
        raise ValueError(response.json()["error"])
    response.raise_for_status()
    return response.json()


@contextmanager
def running(folder: Path | None = None, port: int = 0, **config: Any) -> Iterator[Running]:
    """A sandbox in a thread of this process; `config` holds fields of `state.Config`.

    Port 0 takes a free one. Without a folder nothing is kept.
    """
    world = World(folder, Config(**config))
    listener = listen(port)
    server = make_server(make_app(world))
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), name="sandbox", daemon=True
    )
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread.start()
    try:
        # The socket listens already: the first request waits until the server takes it.
        with httpx.Client(base_url=url, timeout=_STARTING, trust_env=False) as client:
            client.get("/_sandbox/requests").raise_for_status()
            yield Running(url, world, client)
    finally:
        server.should_exit = True
        thread.join(_STARTING)
        listener.close()

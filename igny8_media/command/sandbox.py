"""Runs the sandbox: six platforms on this machine, to publish to without an account."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from igny8_media.sandbox.server import listen, make_app, make_server
from igny8_media.sandbox.state import World
from igny8_media.settings import load_settings


def sandbox(port: int, folder: Path | None, *, forget: bool) -> None:
    """Serve until it is stopped. What was published is kept in `folder`, by default beside the
    rest of our state; `forget` begins with nothing. Raises OutsideError for a port in use."""
    world = World(folder or load_settings().resolved_home / "sandbox")
    if forget:
        world.clear()
        world.save()
    listener = listen(port)
    print(
        f"The sandbox plays all six platforms; see what was published on "
        f"http://127.0.0.1:{port} (Ctrl+C stops it).",
        file=sys.stderr,
        flush=True,
    )
    # A script's background job inherits an ignored SIGINT, which uvicorn would then never hear.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # the ordinary way to end it
        make_server(make_app(world)).run(sockets=[listener])

"""Starts the Dagster UI and daemon on the state that the command line uses."""

import os
import signal
import socket
import sys

from igny8_media.errors import OutsideError
from igny8_media.instance import open_instance, prepare_home
from igny8_media.settings import load_settings


def dev(host: str, port: int) -> None:
    """Replace this process by `dagster dev`."""
    _check_port(host, port)
    settings = load_settings()
    settings.content_dir.mkdir(parents=True, exist_ok=True)
    home = prepare_home(settings)
    open_instance(settings).dispose()  # sets the limits of the pools
    print(
        f"Dagster opens on http://{host}:{port}; drop an article into {settings.content_dir}/ "
        "and it is made into posts and videos.",
        file=sys.stderr,
        flush=True,
    )
    command = [sys.executable, "-m", "dagster", "dev", "-m", "igny8_media.definitions"]
    command += ["-h", host, "-p", str(port)]
    # `dg dev` supersedes this command, but only inside a project folder; this one works anywhere.
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",
    }
    # A script's background job inherits an ignored SIGINT, which Dagster would hand on to SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell, our own interpreter


def _check_port(host: str, port: int) -> None:
    """Dagster itself goes on without its UI, with a second daemon on the same state."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OutsideError(
                f"Port {port} cannot be used ({error.strerror}); choose another one with --port."
            ) from error

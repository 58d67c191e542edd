"""A real server that speaks S3: rclone's, on a folder."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEY, SECRET, BUCKET = "test-key", "test-secret-word", "media"


@dataclass(frozen=True)
class Server:
    """`folder` is where it keeps the objects of the bucket."""

    url: str
    folder: Path


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """The server, with an empty bucket below `root`."""
    folder = root / "data" / BUCKET
    folder.mkdir(parents=True)
    port = free_port()
    command = [
        *(str(Path(sys.executable).with_name("rclone")), "serve", "s3", str(folder.parent)),
        *("--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"),
        *("--config", str(root / "none.conf"), "--vfs-cache-mode", "off"),
        *("--log-file", str(root / "log")),
    ]
    with subprocess.Popen(command) as process:
        try:
            _wait(port)
            yield Server(f"http://127.0.0.1:{port}", folder)
        finally:
            process.terminate()


def environment(url: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        "AWS_S3_ENDPOINT_URL": url,
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("rclone does not answer")

"""A process of our own that answers each line of JSON with another."""

import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any


class Worker:
    """Begun by the first question, with the command that `command` gives then; one that died is
    begun anew by the next. `quiet` keeps what it writes to stderr from people."""

    def __init__(self, command: Callable[[], Sequence[str]], *, quiet: bool = False) -> None:
        self._command = command
        self._stderr = subprocess.DEVNULL if quiet else None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Its answer, None where it ended without one. Raises what `command` raises."""
        with self._lock:
            process = self._started()
            assert process.stdin  # noqa: S101 - narrows the type: both are pipes
            assert process.stdout  # noqa: S101
            try:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = b""
            if not line:
                self._stop()
                return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr
            )
        return self._process

    def _stop(self) -> None:
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # it died with a request unread
                if pipe:
                    pipe.close()
        self._process.wait()
        self._process = None

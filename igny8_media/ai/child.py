"""A helper program that lives no longer than we do."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

GUARD = Path(__file__).with_name("guard.py")
_LAST_LINES = 3


class GuardedProcess:
    """A running command under `guard.py`; what it prints is kept for the error message."""

    def __init__(self, command: Sequence[str], *, cwd: Path | None = None) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        # -I -S: the guard needs nothing but the standard library, and starts faster without site.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), *command],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            cwd=cwd,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def last_words(self) -> str:
        """The last lines that the command printed, in one line."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return " / ".join(line.strip() for line in lines[-_LAST_LINES:]) or "it printed nothing"

    def close(self) -> None:
        """Stop the command and wait until it is gone."""
        if self._log.closed:
            return
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

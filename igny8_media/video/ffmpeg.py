"""FFmpeg as a child process: started with a list of arguments, never left behind.

The executable comes with the imageio-ffmpeg package (IMAGEIO_FFMPEG_EXE names another one).
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import imageio_ffmpeg

from igny8_media.errors import OutsideError
from igny8_media.video.framepipe import FramePipe


def executable() -> str:
    """Path of the FFmpeg program. Raises OutsideError where there is none."""
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise OutsideError(
            "FFmpeg was not found: reinstall the imageio-ffmpeg package, "
            "or set IMAGEIO_FFMPEG_EXE to the path of an FFmpeg program."
        ) from error


class FFmpeg:
    """One run of FFmpeg. As a context manager it kills what still runs when the block fails.

    `task` completes the sentence "FFmpeg could not ...". `cpu_seconds` is known once the process
    has ended. `pipes` are file descriptors it may write to. Errors are OutsideError with FFmpeg's
    own last line.
    """

    def __init__(
        self, arguments: Sequence[str], *, cwd: Path, task: str, pipes: Sequence[int] = ()
    ) -> None:
        self.cpu_seconds = 0.0
        self._task = task
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 closed with the process
        command = [executable(), "-hide_banner", "-nostats", *arguments]
        try:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                bufsize=0,
                pass_fds=pipes,
                start_new_session=True,  # Ctrl-C reaches us alone; we end the child ourselves
            )
        except OSError as error:
            self._log.close()
            raise OutsideError(f"FFmpeg could not be started: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._log.close()

    def write(self, data: memoryview) -> None:
        """Feed standard input. Raises OutsideError if FFmpeg has stopped reading."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 Popen was given PIPE
        with self.reading():
            while data:
                data = data[stdin.write(data) :]

    def frames(self, size: tuple[int, int]) -> FramePipe:
        """Where frames of `size` go in; its errors become ours in `reading`."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 Popen was given PIPE
        return FramePipe(stdin.fileno(), size)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raises OutsideError if FFmpeg stops reading what the block sends it."""
        try:
            yield
        except BrokenPipeError as error:
            raise self._failed() from error

    def finish(self) -> str:
        """Close standard input, wait for the end and return what FFmpeg logged."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 Popen was given PIPE
        stdin.close()
        self._reap()
        if self._process.returncode:
            raise self._failed()
        return self._logged()

    def kill(self) -> None:
        """End the process and everything it started, if it still runs."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            stdin.close()
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        if self._process.returncode is None:
            _, status, usage = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self.cpu_seconds = usage.ru_utime + usage.ru_stime

    def _logged(self) -> str:
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def _failed(self) -> OutsideError:
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            stdin.close()
        self._reap()
        return OutsideError(sentence(self._task, self._process.returncode, self._logged()))


def sentence(task: str, status: int, log: str) -> str:
    """What went wrong, in one sentence with its remedy where we know one."""
    if "No space left on device" in log:
        return f"FFmpeg could not {task}: the disk is full; free some space and run it again."
    if status < 0:
        return f"FFmpeg could not {task}: it was killed by signal {-status}; run it again."
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Conversion failed", "Exiting with"))]
    return f"FFmpeg could not {task}: {said[-1] if said else f'it ended with status {status}'}"


def run(arguments: Sequence[str], *, cwd: Path, task: str) -> tuple[str, float]:
    """Run FFmpeg to its end; returns its log and the CPU seconds it took."""
    with FFmpeg(arguments, cwd=cwd, task=task) as process:
        return process.finish(), process.cpu_seconds

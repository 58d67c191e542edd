"""How far a render is, for people: a bar on a terminal, plain lines where there is none."""

import threading
import time
from types import TracebackType
from typing import Self

from rich import progress as bars
from rich.console import Console

from igny8_media.video.render import Progress


class Teller:
    """Says what is being done, and how far the rendering is.

    As a context manager it clears the bar away, also when the block fails. `rendering` may be
    called from any thread.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._bar: bars.Progress | None = None
        self._task: bars.TaskID | None = None
        self._tenth = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()

    def tell(self, what: str) -> None:
        """One line: what happens now."""
        self._clear()
        self._line(what)

    def rendering(self, reached: Progress) -> None:
        with self._lock:
            if self._console.is_terminal:
                self._draw(reached)
            else:
                self._say(reached)

    def _say(self, reached: Progress) -> None:
        tenth = int(reached.fraction * 10)
        if tenth > self._tenth:
            self._tenth = tenth
            self._line(f"{10 * tenth} % rendered, {_pace(reached)}")

    def _draw(self, reached: Progress) -> None:
        if self._bar is None:
            self._bar = bars.Progress(
                bars.TextColumn("        "),
                bars.BarColumn(),
                bars.TaskProgressColumn(),
                bars.TextColumn("{task.fields[pace]}"),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task("", total=reached.total, pace="")
            self._bar.start()
        assert self._task is not None  # noqa: S101 made with the bar
        self._bar.update(self._task, completed=reached.done, pace=_pace(reached))

    def _clear(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _line(self, text: str) -> None:
        elapsed = time.monotonic() - self._started
        self._console.print(f"{elapsed:6.1f} s  {text}", markup=False, soft_wrap=True)


def _pace(reached: Progress) -> str:
    left = reached.seconds_left
    if left is None:
        return "starting"
    return f"{reached.fps:.0f} frames/s" + (f", {_clock(left)} left" if left >= 0.5 else "")


def _clock(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

"""What our own rooms log, shown to whoever waits at a terminal."""

import logging
import time

from rich.console import Console


class shown_log:
    """Shows the log of our own rooms on the terminal, each line with the time since the start."""

    def __init__(self, console: Console) -> None:
        self._handler = _ConsoleHandler(console)

    def __enter__(self) -> None:
        logger = logging.getLogger("igny8_media")
        logger.setLevel(logging.DEBUG)
        logger.addHandler(self._handler)

    def __exit__(self, *exc: object) -> None:
        logging.getLogger("igny8_media").removeHandler(self._handler)


class _ConsoleHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__(logging.DEBUG)
        self._console, self._started = console, time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        elapsed = time.monotonic() - self._started
        style = "yellow" if record.levelno >= logging.WARNING else None
        line = f"{elapsed:6.1f} s  {record.getMessage()}"
        self._console.print(line, style=style, markup=False, soft_wrap=True)

"""`kill -9`, on oneself, at a step that was named beforehand."""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Final

from sqlalchemy import Engine, event

_FILES: Final = ("os.remove", "os.rmdir", "os.rename")
"""What changes what others find on the disk, as Python's audit hooks name it."""


def forked(work: Callable[[], None]) -> bool:
    """Do the work in a process of its own; whether it was killed. Raises AssertionError where it
    failed by itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        raise AssertionError(f"A process ended with status {ended} before it could be killed.")
    return ended != 0


def dying_at(step: int) -> Callable[[str], None]:
    """What to call at each step, of whatever name: at that one the process gets SIGKILL."""
    numbers = count(1)  # several threads may take steps

    def take(_: str) -> None:
        if next(numbers) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return take


def count_work(take: Callable[[str], None]) -> None:
    """From now on, `take` hears of every statement and commit before the database does, and of
    every file before it goes. There is no way back: for a process that ends soon."""
    event.listen(Engine, "before_cursor_execute", lambda *_: take("statement"))
    event.listen(Engine, "commit", lambda _: take("commit"))
    sys.addaudithook(lambda name, _: take(name) if name in _FILES else None)

"""Turns with a provider, so that many processes together keep to what it takes.

A slot is a file that is locked while a request is under way: the system frees it when its process
ends, however it ends. Requests within a time are counted in a small SQLite file beside it.
"""

import logging
import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from pyrate_limiter import Duration, Rate, RateItem, SQLiteBucket

from igny8_media.ai.limits import Limit, limits_of
from igny8_media.errors import OutsideError

log = logging.getLogger(__name__)

PATIENCE: Final = 600.0
_LOOKS_EVERY: Final = 0.1
_EVERY: Final = {"s": Duration.SECOND, "m": Duration.MINUTE, "h": Duration.HOUR}


class BusyError(OutsideError):
    """No turn came in time: our own requests are as many as the provider may have."""


class Pool:
    """Turns by `limits` (those not named are the shipped ones), kept in `folder`.

    A provider without a limit, such as an engine on this machine, is always free.
    """

    def __init__(
        self, folder: Path, limits: Iterable[Limit] = (), *, patience: float = PATIENCE
    ) -> None:
        self._folder, self._patience = folder, patience
        self._limits = limits_of(limits)

    @contextmanager
    def turn(self, provider: str) -> Iterator[None]:
        """Wait for a turn, and hold it for the block: one request to `provider`.

        Raises BusyError after ten minutes.
        """
        limit = self._limits.get(provider)
        if limit is None:
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        ends = time.monotonic() + self._patience
        slot = self._slot(limit, ends)
        try:
            self._in_time(limit, ends)
            yield
        finally:
            slot.release()

    def _slot(self, limit: Limit, ends: float) -> FileLock:
        """Any free one; not the first, at which everybody would look."""
        while True:
            for at in random.sample(range(limit.at_once), limit.at_once):
                lock = FileLock(self._folder / f"{limit.provider}.{at}.lock")
                try:
                    lock.acquire(blocking=False)
                except Timeout:
                    continue
                return lock
            self._wait(limit, _LOOKS_EVERY, ends)

    def _in_time(self, limit: Limit, ends: float) -> None:
        while (pause := self._counted(limit)) > 0:
            self._wait(limit, pause, ends)

    def _counted(self, limit: Limit) -> float:
        """Zero if this request may be sent now, and is counted; else seconds to wait."""
        if limit.requests is None:
            return 0.0
        rate = Rate(limit.requests, _EVERY[limit.every])
        path = self._folder / f"{limit.provider}.sqlite"
        # One at a time from opening to closing: the bucket's own lock leaves both out, and SQLite
        # refuses who opens a file that another is closing.
        with FileLock(path.with_suffix(".counting.lock")):
            try:
                waits = _waits(rate, path)
            except sqlite3.DatabaseError as error:
                # A file that is broken costs a count, and must not stop the work for ever.
                log.warning("The requests to %s are counted anew: %s", limit.provider, error)
                path.unlink(missing_ok=True)
                waits = 0
        return waits / 1000

    def _wait(self, limit: Limit, seconds: float, ends: float) -> None:
        if time.monotonic() + seconds > ends:
            raise BusyError(
                f"{limit.provider} has no turn left within {self._patience:.0f} seconds by its "
                f"limit, {limit}; try again later, or change IGNY8_PROVIDER_LIMITS."
            )
        # Not all at the same moment.
        time.sleep(max(seconds, 0.01) * random.uniform(1.0, 1.3))  # noqa: S311 - no secret


def _waits(rate: Rate, path: Path) -> int:
    """Milliseconds to wait; zero if the request was counted as one of now."""
    item = RateItem("request", time.time_ns() // 10**6)
    with closing(SQLiteBucket.init_from_file([rate], db_path=str(path))) as bucket:
        if bucket.put(item):
            bucket.leak(item.timestamp)
            return 0
        waits = bucket.waiting(item)
        assert isinstance(waits, int)  # noqa: S101 - the asynchronous ones are other classes
        if waits > rate.interval:  # the clock was put back since
            bucket.flush()
            waits = 0
        return max(waits, 1)

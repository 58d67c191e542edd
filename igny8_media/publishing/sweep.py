"""Everything that is due, in bounded concurrency, by however many sweeps run at once."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Final

from igny8_media.errors import OutsideError
from igny8_media.publishing.claims import Claim
from igny8_media.publishing.ledger import LEASE_SECONDS, Ledger
from igny8_media.publishing.publisher import Publisher

log = logging.getLogger(__name__)

CONCURRENCY: Final = 8
_LOOK: Final = 2.0
_BACKWARDS: Final = timedelta(minutes=5)


def sweep(
    ledger: Ledger,
    publisher: Publisher,
    *,
    concurrency: int = CONCURRENCY,
    stay: float = 0.0,
    upcoming: bool = False,
    only: list[int] | None = None,
    watch: Callable[[], None] = lambda: None,
    catch_up: Callable[[], object] = lambda: None,
) -> int:
    """Publish what is due; returns how many claims were worked on.

    `stay` is how many seconds it may go on for what is under way and due again within them
    (processing, a probe); `upcoming` is to wait also for what becomes due for the first time, so
    that it goes out on the second. Media of what is due soon are prepared. `watch` is
    called every second or two while it waits. `catch_up` gives what lapsed its new turn; it is
    called before each claim, for a machine may sleep in between and accounts may come back. Raises
    OutsideError when the clock ran backwards.
    """
    _check_clock(ledger)
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:80]
    ends = time.monotonic() + stay
    working: dict[Future[None], Claim] = {}
    worked = 0
    # The leases end last: also when this fails, what is under way goes on to its end.
    with (
        _Heartbeat(publisher, working),
        ThreadPoolExecutor(concurrency, thread_name_prefix="publish") as pool,
    ):
        while True:
            free = 2 * concurrency - len(working)
            # Long uploads of what has time never hold up what is due.
            early = sum(claim.due_at > ledger.now() for claim in working.values())
            ahead = max(0, max(1, concurrency // 2) - early)
            # Asked for in batches: each claim is a transaction.
            claims = []
            if free >= concurrency:
                catch_up()
                claims = publisher.claim(owner, free, only, ahead)
            for claim in claims:
                working[pool.submit(publisher.publish, claim)] = claim
            worked += len(claims)
            if not claims:
                watch()
            if working:
                _collect(working)
            elif not claims and not _sleep(ledger, ends, upcoming, only):
                return worked


def _collect(working: dict[Future[None], Claim]) -> None:
    done, _ = wait(working, timeout=1.0, return_when=FIRST_COMPLETED)
    for future in done:
        claim = working.pop(future)
        error = future.exception()
        if error is not None:
            # Its lease runs out, and the next sweep goes on where the ledger says it is.
            log.error("publication %d: %s: %s", claim.id, type(error).__name__, error)


def _sleep(ledger: Ledger, ends: float, upcoming: bool, only: list[int] | None) -> bool:
    """Wait for what is due next; False when that is later than this sweep stays."""
    left = ends - time.monotonic()
    if left <= 0:
        return False
    at = ledger.wake_at(timedelta(seconds=left), begun=not upcoming, only=only)
    if at is None:
        return False
    # No longer than that: somebody may publish now, or cancel, while we wait.
    time.sleep(min(left, _LOOK, max(0.25, (at - ledger.now()).total_seconds())))
    return True


def _check_clock(ledger: Ledger) -> None:
    newest = ledger.newest()
    if newest is not None and newest - ledger.now() > _BACKWARDS:
        raise OutsideError(
            f"The clock of this machine says {ledger.now():%Y-%m-%d %H:%M} UTC, and the ledger was "
            f"written at {newest:%Y-%m-%d %H:%M} UTC: set the clock; nothing was sent."
        )


class _Heartbeat:
    """Renews the leases of what is being worked on while the block runs."""

    def __init__(self, publisher: Publisher, working: dict[Future[None], Claim]) -> None:
        self._publisher, self._working = publisher, working
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="leases", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(LEASE_SECONDS / 5):
            try:
                self._publisher.hold_on(list(self._working.values()))
            except Exception as error:  # without a renewal no commit is sent: that is safe
                log.warning("leases could not be renewed: %s", error)

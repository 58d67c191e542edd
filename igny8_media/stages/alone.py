"""One maker at a time of each asset: two who make the same at once would both be charged for it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_LOCKS: Final = 4096
"""Files at most, and so many that assets which are made at once seldom share one."""


@contextmanager
def alone(folder: Path, content_id: str, asset: str) -> Iterator[bool]:
    """Hold the asset for the block, among all processes that share `folder`; yields whether
    somebody else had to be waited for.

    The system gives back what a dead process held. Machines that share no folder are not kept
    apart by this; their queue does that.
    """
    from filelock import FileLock, Timeout  # only who makes something needs it

    folder.mkdir(parents=True, exist_ok=True)
    number = int.from_bytes(sha256(f"{content_id}\n{asset}".encode()).digest()[:4], "big")
    lock = FileLock(folder / f"{number % _LOCKS:04}.lock")
    waited = False
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waited = True
        log.info("%s: %s is being made by another run, which is waited for", content_id, asset)
        lock.acquire()
    try:
        yield waited
    finally:
        lock.release()

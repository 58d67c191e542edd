"""What a publisher holds while it works on one publication."""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from igny8_media.errors import OutsideError
from igny8_media.publishing.model import Outgoing

# On Linux the usual monotonic clock stands still while a laptop sleeps, and leases do not.
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


class Phase(StrEnum):
    """How far the part at hand is. COMMITTING stands in the ledger before the request that makes
    it public is sent, so that a process that dies in between leaves a question, not a repeat."""

    NEW = "new"
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    DONE = "done"


class LeaseLost(OutsideError):
    """Somebody else holds the publication now: stop, and write nothing."""


@dataclass(frozen=True)
class Claim:
    """One publication as it was when it was claimed; `lease` is the number that writing needs."""

    id: int
    lease: int
    post_id: int
    account_id: int
    content_id: str
    outgoing: Outgoing
    phase: Phase
    part: int
    attempts: int
    probes: int
    due_at: datetime
    started_at: datetime
    committing_since: datetime | None
    accepted_since: datetime | None

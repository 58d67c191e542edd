"""Everything that can come of asking a platform, as a closed set.

No platform's words are in here: adapters translate status codes and error bodies.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Published:
    """The post is out. `id` is the platform's own; `url` where people see it, if known yet."""

    id: str
    url: str | None = None
    notes: tuple[str, ...] = ()
    """What did not work beside it (a thumbnail refused), in sentences."""


@dataclass(frozen=True)
class Accepted:
    """The commit took effect and the platform is working; ask `status` after so many seconds."""

    after: float = 10.0
    id: str | None = None


@dataclass(frozen=True)
class Ready:
    """Everything is prepared: the commit may be sent."""


@dataclass(frozen=True)
class Waiting:
    """The platform still works on something prepared; ask `prepare` again. Not a failed attempt."""

    after: float
    what: str


@dataclass(frozen=True)
class Absent:
    """The probe looked, and this commit did not take effect: it may be sent."""


@dataclass(frozen=True)
class Retryable:
    """Nothing became public and trying again may work, not before `after` seconds if it is given.

    `afresh` says that what was prepared is worthless and must be prepared anew. `counted` is False
    when it was no fault (rate limits): it does not use up an attempt.
    """

    reason: str
    after: float | None = None
    afresh: bool = False
    counted: bool = True


@dataclass(frozen=True)
class Permanent:
    """Nothing became public, and the same post will be refused again."""

    reason: str


@dataclass(frozen=True)
class NeedsAuth:
    """The account's person must connect it again. `renewable` is False where a new token would not
    help (a scope that was never granted)."""

    reason: str
    renewable: bool = True


@dataclass(frozen=True)
class Quota:
    """The account takes no more posts until then. `person` says that waiting alone does not help,
    so that its person is told."""

    until: datetime
    reason: str
    person: bool = False


@dataclass(frozen=True)
class Halted:
    """The configuration is at fault, for every account of this platform (a retired API version)."""

    reason: str


@dataclass(frozen=True)
class Ambiguous:
    """The commit was sent and nobody knows. From a probe: the platform cannot tell; `check` is
    what a person should look at. `late` is for how many seconds it may yet take effect: a platform
    that did not answer in time may still be at it.
    """

    reason: str
    check: str = ""
    late: float = 0.0


Refusal = Retryable | Permanent | NeedsAuth | Quota | Halted | Ambiguous
Outcome = Published | Accepted | Ready | Waiting | Absent | Refusal


class Refused(Exception):
    """Carries a refusal out of the middle of an adapter's work."""

    def __init__(self, outcome: Refusal) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome

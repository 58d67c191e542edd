"""What a sweep for figures works on, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from igny8_media.accounts.model import Service
from igny8_media.metrics.snapshot import Snapshot
from igny8_media.publishing.readings import Asked


@dataclass(frozen=True)
class Claim:
    """A publication that is ours to read until then; `failures` is how often that failed last."""

    asked: Asked
    account_id: int
    service: Service
    content_id: str
    form: str
    place: str
    until: datetime
    failures: int


@dataclass(frozen=True)
class Taken:
    """A reading that was kept."""

    claim: Claim
    account: str
    sandbox: bool
    taken_at: datetime
    snapshot: Snapshot


@dataclass(frozen=True)
class Saved:
    """What became of some claims: readings that were kept, how many posts turned out to be gone,
    how many have no figures, and how many are tried again later."""

    taken: tuple[Taken, ...] = ()
    gone: int = 0
    not_given: int = 0
    later: int = 0

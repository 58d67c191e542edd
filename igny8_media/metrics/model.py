"""What a sweep for figures works on, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from igny8_media.publishing.readings import Asked


@dataclass(frozen=True)
class Claim:
    """A publication that is ours to read until then; `failures` is how often that failed last."""

    asked: Asked
    account_id: int
    until: datetime
    failures: int


@dataclass(frozen=True)
class Swept:
    """How many posts were read, turned out to be gone, have no figures, and are tried later."""

    read: int = 0
    gone: int = 0
    not_given: int = 0
    later: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.read + other.read,
            self.gone + other.gone,
            self.not_given + other.not_given,
            self.later + other.later,
        )

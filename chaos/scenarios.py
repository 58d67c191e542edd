"""What can go wrong, for every kind of post: one scenario for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

BEFORE_AND_AFTER: Final = (
    "reset_before",
    "reset_after",
    "error_before",
    "error_after",
    "limited",
    "limited_bare",
    "unauthorized",
    "truncate",
    "slow",
)
_ROLES: Final = ("prepare", "upload", "commit", "status")
_IN_DOUBT: Final = ("reset_after", "truncate", "error_after")
_LOOKING: Final = ("reset_before", "error_before", "limited", "unauthorized", "truncate")

_AHEAD: Final = ("prepare", "upload")
_WHILE_PREPARED: Final = ("reset_after", "error_before", "limited", "unauthorized")

Manner = Literal["faults", "refused", "revoked", "killed"]


@dataclass(frozen=True)
class Scenario:
    """`faults` are (role, kind) pairs that wait on the sandbox; `kill_at` is the number of the
    step at which the process gets SIGKILL. `transient` says that the post must be out in the end,
    `ahead` that it is due later, so that its media are prepared before its time.
    """

    manner: Manner
    faults: tuple[tuple[str, str], ...] = ()
    kill_at: int = 0
    transient: bool = True
    ahead: bool = False

    @property
    def name(self) -> str:
        return f"{self._what}{', prepared ahead' if self.ahead else ''}"

    @property
    def _what(self) -> str:
        if self.manner == "killed":
            return f"kill -9 at step {self.kill_at}" + (", answer lost" if self.faults else "")
        if self.manner == "faults":
            return " then ".join(f"{role} {kind}" for role, kind in self.faults)
        return {"refused": "connection refused", "revoked": "401 for good"}[self.manner]


def scenarios(roles: Mapping[str, int], steps: int) -> Iterator[Scenario]:
    """For a kind whose undisturbed way takes these requests, by role, and so many steps."""
    yield Scenario("refused")
    yield Scenario("revoked")
    for role in _ROLES:
        if roles.get(role):
            for kind in BEFORE_AND_AFTER:
                yield Scenario("faults", ((role, kind),))
    yield Scenario("faults", (("commit", "duplicate"),), transient=False)
    yield Scenario("faults", (("any", "stuck"),), transient=False)
    yield Scenario("faults", (("any", "processing_failed"),), transient=False)
    for lost in _IN_DOUBT:
        for kind in _LOOKING:
            yield Scenario("faults", (("commit", lost), ("probe", kind)))
    for step in range(1, steps + 1):
        yield Scenario("killed", kill_at=step)
    if any(roles.get(role) for role in _AHEAD):
        for role in _AHEAD:
            if roles.get(role):
                for kind in _WHILE_PREPARED:
                    yield Scenario("faults", ((role, kind),), ahead=True)
        for step in range(1, steps + 1, 3):
            yield Scenario("killed", kill_at=step, ahead=True)

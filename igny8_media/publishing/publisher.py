"""One publication, step by step: prepare, write down, commit, and settle what is in doubt.

The order of writing and sending is the whole point. "About to commit" is on disk before the one
request that makes a post public; whoever finds it there without a verdict asks the platform.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from igny8_media.accounts.model import Account
from igny8_media.errors import Igny8Error, InputError
from igny8_media.publishing.claims import Claim, LeaseLost, Phase, ticks
from igny8_media.publishing.contract import Adapter
from igny8_media.publishing.ledger import LEASE_SECONDS, Ledger
from igny8_media.publishing.ledgerhandles import LedgerHandles
from igny8_media.publishing.outcomes import (
    Ambiguous,
    Outcome,
    Permanent,
    Ready,
    Refusal,
    Refused,
    Retryable,
)
from igny8_media.publishing.settling import (
    MOST_ATTEMPTS,
    AccountDesk,
    Address,
    Settling,
    Work,
    backoff,
)

log = logging.getLogger(__name__)

_COMMIT_SECONDS: Final = 120.0
"""What must be left of a lease for a commit: its request and the answer take less."""
_SKEW: Final = timedelta(minutes=10)
_NOT_CONNECTED: Final = timedelta(minutes=10)


Connect = Callable[[Account, Callable[[], None]], Adapter]
"""`connect(account, guard)` makes the adapter; its Api calls `guard` right before a commit."""


class Publisher:
    """Works on claimed publications. `trace` hears of every step and may raise to simulate a fault;
    it is called between writing and sending, where a process can die.
    """

    def __init__(
        self,
        ledger: Ledger,
        accounts: AccountDesk,
        connect: Connect,
        trace: Callable[[str], None] = lambda _: None,
        address: Address = lambda _account, _id, url: url,
    ) -> None:
        self._settling = Settling(ledger, accounts, address)
        self._ledger = ledger
        self._accounts = accounts
        self._connect = connect
        self._trace = trace
        self._safe_until: dict[tuple[int, int], float] = {}

    def claim(
        self, owner: str, limit: int, only: list[int] | None = None, ahead: int = 0
    ) -> list[Claim]:
        """Claims with the moment, on this process's own clock, until which a commit is safe."""
        begun = ticks()
        claims = self._ledger.claim(owner, limit, ahead=ahead, only=only)
        for claim in claims:
            self._safe_until[claim.id, claim.lease] = begun + LEASE_SECONDS - _COMMIT_SECONDS
        return claims

    def hold_on(self, claims: list[Claim]) -> None:
        """Renew the leases of what is being worked on."""
        begun = ticks()
        held = self._ledger.renew(claims)
        for claim in claims:
            # By its lease: a newer claim of the same post must not vouch for one that hung.
            if claim.id in held and (claim.id, claim.lease) in self._safe_until:
                self._safe_until[claim.id, claim.lease] = begun + LEASE_SECONDS - _COMMIT_SECONDS

    def publish(self, claim: Claim) -> None:
        """Go as far as it goes now. Writes what came of it into the ledger and raises nothing that
        a platform, an account or a file can cause."""
        try:
            try:
                self._publish(claim)
            except LeaseLost:
                raise
            except Exception as error:  # a mistake of ours must not leave it hanging
                log.exception("publication %d: a mistake", claim.id)
                again = self._ledger.now() + timedelta(seconds=backoff(claim.attempts))
                self._ledger.stumbled(claim, _mistake(error), again, MOST_ATTEMPTS)
        except LeaseLost as error:
            log.warning("%s", error)
        finally:
            self._safe_until.pop((claim.id, claim.lease), None)

    def _publish(self, claim: Claim) -> None:
        account = self._accounts.get(claim.account_id)
        try:
            adapter = self._connect(account, lambda: self._guard(claim))
        except Igny8Error as error:
            at = self._ledger.now() + _NOT_CONNECTED
            self._ledger.later(claim, "waiting", str(error), at)
            return
        handles = LedgerHandles(self._ledger, claim)
        work = Work(claim, account, adapter, handles, claim.phase, claim.part)
        self._trace("claimed")
        while work.phase is not Phase.DONE:
            outcome = self._step(work)
            self._trace(f"{work.phase} answered")
            if not self._settling.settle(work, outcome):
                break
        pause = adapter.tools.api.pause
        if pause is not None:
            self._accounts.park(account.id, *pause)

    def _guard(self, claim: Claim) -> None:
        if ticks() > self._safe_until.get((claim.id, claim.lease), 0.0):
            raise LeaseLost(f"Publication {claim.id} was held too long without a renewal.")

    # One step

    def _step(self, work: Work) -> Outcome:
        try:
            if work.phase is Phase.ACCEPTED:
                return work.adapter.status(work.post, work.handles, work.part)
            if work.phase is Phase.COMMITTING:
                return self._probe(work)
            problems = work.adapter.validate(work.post)
            if problems:
                return Permanent(" ".join(problems))
            outcome = work.adapter.prepare(work.post, work.handles, work.part)
            if not isinstance(outcome, Ready) or work.early(self._ledger.now()):
                return outcome
            wrong = self._clock_is_wrong(work)
            return wrong or self._commit(work)
        except Refused as refused:
            return self._not_a_verdict(work, refused.outcome)
        except LeaseLost:
            raise
        except InputError as error:
            return self._in_doubt(work, Permanent(str(error)))
        except Igny8Error as error:
            return self._in_doubt(work, Retryable(str(error)))
        except Exception as error:  # a mistake of ours must not lose or repeat a post
            log.exception("publication %d: a mistake in %s", work.claim.id, type(work.adapter))
            return self._in_doubt(work, Retryable(_mistake(error)))

    def _commit(self, work: Work) -> Outcome:
        self._trace("prepared")
        self._guard(work.claim)
        work.since = self._ledger.about_to_commit(work.claim)
        work.phase = Phase.COMMITTING
        self._trace("committing")
        work.sent = True
        return work.adapter.commit(work.post, work.handles, work.part)

    def _probe(self, work: Work) -> Outcome:
        settled = work.since + timedelta(seconds=work.adapter.settle)
        early = (settled - self._ledger.now()).total_seconds()
        # More than that only where the clock was set back meanwhile.
        if 0 < early <= work.adapter.settle:
            return Retryable("The platform is asked in a moment.", after=early, counted=False)
        return work.adapter.probe(work.post, work.handles, work.part, work.since)

    def _not_a_verdict(self, work: Work, refusal: Refusal) -> Outcome:
        """A question that was refused leaves the question, whatever it was refused for: only what
        an adapter answers to it is a verdict about the post."""
        if work.phase is Phase.NEW or work.sent:
            return refusal
        if isinstance(refusal, Retryable):
            # Also what was prepared may be gone because it is out.
            return replace(refusal, afresh=False)
        return Retryable(refusal.reason) if isinstance(refusal, Permanent | Ambiguous) else refusal

    def _in_doubt(self, work: Work, otherwise: Permanent | Retryable) -> Outcome:
        """What an error of ours means: once the commit may have been sent, nobody knows."""
        if work.sent:
            return Ambiguous(otherwise.reason)
        return self._not_a_verdict(work, otherwise)

    def _clock_is_wrong(self, work: Work) -> Outcome | None:
        skew = work.adapter.tools.api.skew
        if skew is None or abs(skew) < _SKEW:
            return None
        which = "ahead of" if skew > timedelta(0) else "behind"
        return Retryable(
            f"The clock of this machine is {abs(skew)} {which} that of "
            f"{work.account.service.label}; set it, and the post goes out.",
            after=600.0,
            counted=False,
        )


def _mistake(error: Exception) -> str:
    return f"Publishing failed inside igny8-media ({type(error).__name__}: {error})."

"""What comes of a step of publishing, written down: what happens next, and who is told."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from igny8_media.accounts.model import Account
from igny8_media.errors import Igny8Error
from igny8_media.publishing.claims import Claim, Phase
from igny8_media.publishing.contract import Adapter
from igny8_media.publishing.ledger import Ledger
from igny8_media.publishing.ledgerhandles import LedgerHandles
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Halted,
    NeedsAuth,
    Outcome,
    Permanent,
    Published,
    Quota,
    Ready,
    Refused,
    Retryable,
    Waiting,
)
from igny8_media.publishing.statuses import Status

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 6
MOST_PROBES: Final = 12
_GIVE_UP: Final = timedelta(hours=72)
_WORKING: Final = timedelta(hours=24)
"""How long a platform may work on what it accepted (TikTok's moderation takes hours)."""
_SELDOM: Final = 900.0
_HALT: Final = timedelta(hours=1)


class AccountDesk(Protocol):
    """What publishing changes about accounts."""

    def get(self, account_id: int) -> Account: ...

    def park(self, account_id: int, until: datetime, reason: str) -> None: ...

    def needs_reconnect(self, account_id: int, reason: str) -> bool: ...

    def notify(self, key: str, kind: str, text: str) -> bool: ...


Address = Callable[[Account, str, str | None], str | None]
"""`address(account, platform_id, url)` is where people see it, if that is not at `url`."""


class Work:
    """Where the work on a claim is. `asking` is that a commit of the past is being looked into."""

    def __init__(
        self,
        claim: Claim,
        account: Account,
        adapter: Adapter,
        handles: LedgerHandles,
        phase: Phase,
        part: int,
    ) -> None:
        self.claim, self.account, self.adapter, self.handles = claim, account, adapter, handles
        self.phase, self.part, self.attempts = phase, part, claim.attempts
        self.post = claim.outgoing
        self.since = claim.committing_since or claim.started_at
        self.sent = False
        self.asking = False

    def early(self, now: datetime) -> bool:
        """Whether it is only to be prepared at that moment."""
        return now < self.claim.due_at


class Settling:
    """Writes outcomes into the ledger, and what they mean for the account."""

    def __init__(self, ledger: Ledger, accounts: AccountDesk, address: Address) -> None:
        self._ledger, self._accounts, self._address = ledger, accounts, address

    def settle(self, work: Work, outcome: Outcome) -> bool:
        """Write down what came of a step; True when there is more to do at once."""
        ledger, claim = self._ledger, work.claim
        asked, work.sent = work.sent, False
        work.asking = work.phase is not Phase.NEW and not asked
        if isinstance(outcome, Published):
            last = work.part + 1 >= work.adapter.parts(work.post)
            notes = " ".join(outcome.notes)
            url = self._address(work.account, outcome.id, outcome.url)
            found = work.asking
            if not ledger.published(claim, work.part, last, outcome.id, url, notes, found=found):
                self._another(work, url or outcome.id)
                return False
            work.handles.note({f"id:{work.part}": outcome.id, f"url:{work.part}": url})
            if url is None:
                self._locate(work, outcome.id)
            work.part, work.phase = work.part + 1, Phase.DONE if last else Phase.NEW
            work.attempts = 0
            return not last
        if isinstance(outcome, Accepted):
            return self._accepted(work, outcome)
        if isinstance(outcome, Absent):
            return self._nothing_there(work)
        if isinstance(outcome, Ready):
            ledger.later(claim, "prepared", "", claim.due_at)
            return False
        if isinstance(outcome, Waiting):
            at = ledger.now() + timedelta(seconds=outcome.after)
            if self._too_old(work):
                self._fail(work, f"{outcome.what} It took too long.")
            else:
                ledger.later(claim, "waiting", outcome.what, at)
            return False
        if isinstance(outcome, Ambiguous):
            self._ambiguous(work, outcome, asked)
            return False
        self._refused(work, outcome)
        return False

    def _another(self, work: Work, where: str) -> None:
        """The probe found a post with the same words that is another publication's."""
        place = work.account.service.label
        self._ledger.end(
            work.claim,
            Status.NEEDS_REVIEW,
            f"{place} has a post with these words, which is another one of yours: {where}. Look "
            "whether there is a second.",
        )

    def _locate(self, work: Work, platform_id: str) -> None:
        """Ask where people see what is out; it is out just the same when nobody can say."""
        try:
            url = work.adapter.permalink(platform_id)
        except (Refused, Igny8Error) as error:
            log.info("publication %d: no address yet: %s", work.claim.id, error)
            return
        if url:
            self._ledger.located(work.claim.id, work.part, url)

    def _accepted(self, work: Work, outcome: Accepted) -> bool:
        since = work.claim.accepted_since
        if work.phase is Phase.ACCEPTED and since and self._ledger.now() - since > _WORKING:
            check = f"Look at the account on {work.account.service.label}: it has been at work"
            self._ledger.end(work.claim, Status.NEEDS_REVIEW, f"{check} for more than a day.")
            return False
        # The longer it has taken, the longer it may: a stuck one is not asked every ten seconds.
        so_far = (self._ledger.now() - since).total_seconds() if since else 0.0
        after = max(outcome.after, min(so_far / 5, _SELDOM))
        self._ledger.accepted(work.claim, after, outcome.id)
        return False

    def _nothing_there(self, work: Work) -> bool:
        reason = "It was sent and did not arrive."
        if work.attempts + 1 >= MOST_ATTEMPTS:
            self._fail(work, reason)
            return False
        self._ledger.later(
            work.claim, "absent", reason, self._ledger.now(), attempts=1, phase=Phase.NEW
        )
        return False

    def _ambiguous(self, work: Work, outcome: Ambiguous, asked: bool) -> None:
        now = self._ledger.now()
        if asked:  # the commit itself: ask when the platform has had time to show it
            at = now + timedelta(seconds=max(work.adapter.settle, outcome.late))
            self._ledger.later(work.claim, "ambiguous", outcome.reason, at)
        elif work.phase is not Phase.COMMITTING:
            self._refused(work, Retryable(outcome.reason))
        else:
            check = outcome.check or (f"Look whether the post is on {work.account.service.label}.")
            self._ledger.end(work.claim, Status.NEEDS_REVIEW, f"{outcome.reason} {check}".strip())

    def _refused(self, work: Work, outcome: Outcome) -> None:
        ledger, claim, now = self._ledger, work.claim, self._ledger.now()
        # A refused commit did nothing; a refused question leaves the question.
        phase = None if work.asking else Phase.NEW
        if isinstance(outcome, Permanent):
            self._fail(work, outcome.reason)
        elif isinstance(outcome, NeedsAuth):
            self._accounts.needs_reconnect(work.account.id, outcome.reason)
            ledger.later(claim, "waiting", outcome.reason, now, phase=phase)
        elif isinstance(outcome, Quota):
            # It may have room again when the post is due.
            until = (
                min(outcome.until, claim.due_at)
                if work.early(self._ledger.now())
                else outcome.until
            )
            if outcome.person:
                self._tell_person(work.account, outcome.reason, now)
            self._accounts.park(work.account.id, until, outcome.reason)
            ledger.later(claim, "waiting", outcome.reason, until, phase=phase)
        elif isinstance(outcome, Halted):
            key = f"halted:{work.account.service}:{now.date()}"
            self._accounts.notify(key, "halted", outcome.reason)
            self._accounts.park(work.account.id, now + _HALT, outcome.reason)
            ledger.later(claim, "waiting", outcome.reason, now + _HALT, phase=phase)
        elif isinstance(outcome, Retryable):
            self._again(work, outcome, phase)
        else:
            raise TypeError(f"{outcome} is no answer to {work.phase}")

    def _tell_person(self, account: Account, reason: str, now: datetime) -> None:
        """Once a day, however many posts run into it."""
        key = f"halted:{account.service}:{account.id}:{now.date()}"
        text = (
            f"The posts of {account.name} on {account.service.label} wait. {reason} When that is "
            f"done: igny8-media accounts resume {account.id}"
        )
        self._accounts.notify(key, "halted", text)

    def _again(self, work: Work, outcome: Retryable, phase: Phase | None) -> None:
        ledger, now = self._ledger, self._ledger.now()
        if work.asking and not outcome.afresh:
            tries, most = work.claim.probes, MOST_PROBES
            if tries + outcome.counted > most or self._too_old(work):
                where = work.account.service.label
                reason = f"{where} could not be asked whether the post is out: {outcome.reason} "
                check = f"Look whether it is on {where}."
                ledger.end(work.claim, Status.NEEDS_REVIEW, reason + check)
                return
            wait = outcome.after if outcome.after is not None else backoff(tries)
            at = now + timedelta(seconds=wait)
            ledger.later(work.claim, "asking", outcome.reason, at, probes=int(outcome.counted))
            return
        left = (work.claim.due_at - now).total_seconds()
        counted = outcome.counted and left <= 0
        if work.attempts + counted >= MOST_ATTEMPTS or self._too_old(work):
            self._fail(work, outcome.reason)
            return
        wait = backoff(work.attempts) if outcome.after is None else outcome.after
        if outcome.counted and left > 0:
            # Ahead of its time nothing is used up: a few tries, and the first that counts when due.
            wait = max(outcome.after or 0.0, min(max(backoff(0), left / 2), left))
        ledger.later(
            work.claim,
            "retry",
            outcome.reason,
            now + timedelta(seconds=wait),
            attempts=int(counted),
            phase=Phase.NEW if outcome.afresh else phase,
            afresh=outcome.afresh,
        )

    def _fail(self, work: Work, reason: str) -> None:
        parts = work.adapter.parts(work.post)
        if work.part:
            reason = f"{work.part} of {parts} parts are out, then: {reason}"
        self._ledger.end(work.claim, Status.FAILED, reason)

    def _too_old(self, work: Work) -> bool:
        return self._ledger.now() - work.claim.started_at > _GIVE_UP


def backoff(tries: int) -> float:
    """Seconds: half a minute, doubling to an hour, and a third more or less of it by chance."""
    wait: float = min(30.0 * 2**tries, 3600.0)
    return wait * random.uniform(0.67, 1.33)  # noqa: S311 - spreads load, guards nothing

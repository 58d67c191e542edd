"""Reading everything that is due: in full batches, several at once, each account as it allows."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Engine

from igny8_media.accounts.model import Account, Service
from igny8_media.errors import Igny8Error
from igny8_media.metrics.keeping import save
from igny8_media.metrics.model import Claim, Swept
from igny8_media.metrics.watch import Watch
from igny8_media.publishing.outcomes import Halted, NeedsAuth, Quota, Refusal, Refused, Retryable
from igny8_media.publishing.readings import Read, Reader, chunks

log = logging.getLogger(__name__)

CONCURRENCY: Final = 8
_AT_ONCE: Final = 10_000
"""Claims held in memory."""
_ROOM: Final = timedelta(minutes=5)
"""What must be left of a lease when a lot is begun."""
_REST: Final = timedelta(minutes=15)
_LEAST: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


class AccountDesk(Protocol):
    """What reading changes about accounts."""

    def get(self, account_id: int) -> Account: ...

    def park(self, account_id: int, until: datetime, reason: str) -> None: ...

    def needs_reconnect(self, account_id: int, reason: str) -> bool: ...


class Sweep:
    """`reader_of` makes an account's reader, a new one for each lot; see `run`."""

    def __init__(
        self,
        engine: Engine,
        accounts: AccountDesk,
        reader_of: Callable[[Account], Reader],
        now: Callable[[], datetime],
        *,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._engine, self._accounts, self._reader_of, self._now = engine, accounts, reader_of, now
        self._watch = Watch(engine, now)
        self._concurrency = concurrency
        self._resting: dict[int | Service, tuple[datetime, str]] = {}
        """Until when an account, or a whole service, is left alone, and why."""

    def run(self, *, videos: bool | None = None, everything: bool = False) -> Swept:
        """Read what is due: videos, posts, or both; with `everything` also what is not due yet."""
        self._watch.begin()
        if everything:
            self._watch.hasten()
        done = Swept()
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="metrics") as pool:
            while claims := self._watch.claim(_AT_ONCE, videos=videos):
                lots = {
                    pool.submit(self._read, account, lot): lot
                    for account, lot in self._lots(claims)
                }
                for future in as_completed(lots):
                    done += self._settle(future, lots.pop(future))
        return done

    def _lots(self, claims: Sequence[Claim]) -> Iterator[tuple[Account, list[Claim]]]:
        """What is asked for together. What failed before is asked for apart from the rest, and in
        ever smaller company, until what spoils it for the others is alone."""
        for account_id, mine in _grouped(claims, lambda claim: claim.account_id).items():
            try:
                account = self._accounts.get(account_id)
                reader = self._reader_of(account)
            except Igny8Error as error:  # a setting that does not fit, an account just removed
                self._watch.put_off(mine, self._now() + _HOUR, str(error))
                continue
            allowed = self._allowed(account, reader, mine)
            for failures, group in _grouped(allowed, lambda claim: claim.failures).items():
                by_id = {claim.asked.publication_id: claim for claim in group}
                for lot in reader.lots([claim.asked for claim in group]):
                    for some in chunks(lot, max(1, len(lot) >> max(0, failures - 1))):
                        yield account, [by_id[one.publication_id] for one in some]

    def _allowed(self, account: Account, reader: Reader, mine: list[Claim]) -> list[Claim]:
        """Those that the account's day has room for, in the order of the claims; the rest waits for
        the next day."""
        if reader.daily is None:
            return mine
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        left = max(0, reader.daily - self._watch.read_since(account.id, midnight))
        why = f"{account.service.label} allows {reader.daily} posts of {account.name} a day."
        if mine[left:]:
            self._watch.put_off(mine[left:], midnight + timedelta(days=1), why)
        return mine[:left]

    def _read(self, account: Account, lot: Sequence[Claim]) -> "_Answer":
        """In a thread of its own: asks, and touches no table but the account's tokens."""
        resting = self._rests(account)
        if resting:
            return _Answer({}, put_off=resting)
        if self._now() > lot[0].until - _ROOM:
            return _Answer({}, put_off=(self._now(), ""))  # to be claimed anew
        reader = self._reader_of(account)
        parked = account.parked_until
        if reader.shares_limits and parked is not None and parked > self._now():
            return _Answer({}, put_off=(parked, account.parked_reason))
        try:
            read = reader.read([claim.asked for claim in lot])
        except Refused as refused:
            pause = self._heed(account, reader, refused.outcome)
            each: Refusal = refused.outcome
            return _Answer({claim.asked.platform_id: each for claim in lot}, reader.series, pause)
        self._heed(account, reader, None)
        return _Answer(read, reader.series)

    def _rests(self, account: Account) -> tuple[datetime, str] | None:
        now = self._now()
        found = (self._resting.get(account.id), self._resting.get(account.service))
        return next((rest for rest in found if rest and rest[0] > now), None)

    def _heed(
        self, account: Account, reader: Reader, refusal: Refusal | None
    ) -> tuple[datetime, str] | None:
        """Leave the account alone for as long as its platform asks; until when, and why, where the
        lot has to wait for that."""
        now = self._now()
        whom: int | Service = account.id
        rest: tuple[datetime, str] | None = None
        match refusal:
            case Quota():
                rest = refusal.until, refusal.reason
            case Retryable(counted=False):
                after = timedelta(seconds=refusal.after) if refusal.after is not None else _REST
                rest = now + max(after, _LEAST), refusal.reason
            case NeedsAuth():
                self._accounts.needs_reconnect(account.id, refusal.reason)
                rest = now + _HOUR, refusal.reason
            case Halted():
                log.error("%s", refusal.reason)
                whom, rest = account.service, (now + _HOUR, refusal.reason)
        pause = rest or reader.tools.api.pause
        if pause is not None:
            self._resting[whom] = pause
            if reader.shares_limits and not isinstance(refusal, NeedsAuth | Halted):
                self._accounts.park(account.id, *pause)
        return rest

    def _settle(self, future: "Future[_Answer]", lot: Sequence[Claim]) -> Swept:
        try:
            answer = future.result()
        except Igny8Error as error:
            answer = _Answer({}, put_off=(self._now() + _HOUR, str(error)))
        except Exception:  # a mistake of ours in one platform must not cost the others
            log.exception("figures of account %d: a mistake", lot[0].account_id)
            answer = _Answer({}, put_off=(self._now() + _HOUR, "A mistake of ours; see the log."))
        if answer.put_off is None:
            return save(self._engine, self._now, lot, answer.read, answer.series)
        self._watch.put_off(lot, *answer.put_off)
        return Swept(later=len(lot))


def _grouped(claims: Sequence[Claim], by: Callable[[Claim], int]) -> dict[int, list[Claim]]:
    groups: dict[int, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(by(claim), []).append(claim)
    return groups


@dataclass(frozen=True)
class _Answer:
    """What came of each post of a lot by its platform's ID, or until when all of it has to wait."""

    read: Mapping[str, Read]
    series: str = ""
    put_off: tuple[datetime, str] | None = None

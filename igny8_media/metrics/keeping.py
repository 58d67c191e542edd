"""What came of reading a lot, written down: snapshots, and when each post is read next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, and_, insert, select, update
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.database.notifications import notify
from igny8_media.database.tables import (
    MetricsWatch,
    Publication,
    PublicationMetrics,
    SocialAccount,
)
from igny8_media.database.transactions import transaction
from igny8_media.metrics.model import Claim, Swept
from igny8_media.metrics.pace import after_failure, life_of, next_reading
from igny8_media.metrics.snapshot import RATES, Before, Snapshot, snapshot
from igny8_media.publishing.outcomes import Refusal
from igny8_media.publishing.readings import COUNTS, FIGURES, NotGiven, NotThere, Read, Reading

_NOT_GIVEN: Final = timedelta(days=1)
_TRIED: Final = timedelta(days=30)
"""How long after a post's life its last reading is tried."""


def save(
    engine: Engine,
    now: Callable[[], datetime],
    claims: Sequence[Claim],
    read: Mapping[str, Read],
    series: str,
) -> Swept:
    """Write down what came of a lot of one account, all or nothing."""
    taken_at = now()
    with transaction(engine) as session:
        held = _held(session, claims)
        ours = [claim for claim in claims if claim.asked.publication_id in held]
        if not ours:
            return Swept()
        account = session.get_one(SocialAccount, ours[0].account_id)
        work = _Work(session, account, held, taken_at, series)
        before = _before(session, held)
        for claim in ours:
            work.take(claim, read[claim.asked.platform_id], before)
        work.write()
        return work.swept()


class _Work:
    """A lot while it is written down."""

    def __init__(
        self,
        session: Session,
        account: SocialAccount,
        held: Mapping[int, "_Held"],
        taken_at: datetime,
        series: str,
    ) -> None:
        self._session, self._account, self._held = session, account, held
        self._at, self._series = taken_at, series
        self._label = Service(account.service).label
        self._paid = account.service == Service.TWITTER
        self._watches: list[dict[str, Any]] = []
        self._rows: list[dict[str, Any]] = []
        self._counts = {"gone": 0, "not_given": 0, "later": 0}

    def take(self, claim: Claim, read: Read, before: Mapping[int, Before]) -> None:
        match read:
            case Reading():
                self._keep(claim, read, before.get(claim.asked.publication_id))
            case NotThere():
                self._miss(claim, read)
            case NotGiven():
                self._counts["not_given"] += 1
                self._next(claim, self._at + _NOT_GIVEN, problem=read.reason)
            case _:
                self._fail(claim, read)

    def write(self) -> None:
        if self._rows:
            self._session.execute(insert(PublicationMetrics), self._rows)
        self._session.execute(update(MetricsWatch), self._watches)

    def swept(self) -> Swept:
        return Swept(read=len(self._rows), **self._counts)

    def _keep(self, claim: Claim, read: Reading, before: Before | None) -> None:
        asked = claim.asked
        if read.named:
            self._session.execute(
                update(Publication)
                .where(Publication.id == asked.publication_id)
                .values(platform_id=read.named)
            )
        kept = snapshot(read, self._series, self._label, before)
        self._rows.append(_row(asked.publication_id, self._at, kept))
        at = next_reading(asked.published_at, self._at, asked.kind, paid=self._paid)
        self._next(claim, at, last_at=self._at, problem=kept.problem)

    def _miss(self, claim: Claim, read: NotThere) -> None:
        """Gone only when it is not found twice in a row: what a platform cannot find for a moment
        must not be given up for good."""
        id = claim.asked.publication_id
        if self._held[id].problem != read.reason:
            self._fail(claim, read)
            return
        self._counts["gone"] += 1
        self._next(claim, None, gone=True, problem=read.reason)
        text = (
            f"{read.reason} It went out as {self._account.name} on "
            f"{claim.asked.published_at:%Y-%m-%d}; its figures are kept and read no more."
        )
        notify(self._session, f"gone:{id}", "gone", text, self._at)

    def _fail(self, claim: Claim, read: NotThere | Refusal) -> None:
        self._counts["later"] += 1
        failures = claim.failures + 1
        at = after_failure(self._at, failures)
        self._next(claim, at, failures=failures, problem=read.reason)

    def _next(
        self,
        claim: Claim,
        at: datetime | None,
        *,
        problem: str,
        failures: int = 0,
        gone: bool = False,
        last_at: datetime | None = None,
    ) -> None:
        asked = claim.asked
        # What fails for long after its time is not tried for ever.
        if at is not None and at > asked.published_at + life_of(asked.kind) + _TRIED:
            at = None
        self._watches.append(
            {
                "publication_id": asked.publication_id,
                "next_at": at,
                "claimed_until": None,
                "last_at": last_at or self._held[asked.publication_id].last_at,
                "failures": failures,
                "gone": gone,
                "problem": problem,
            }
        )


@dataclass(frozen=True)
class _Held:
    last_at: datetime | None
    problem: str


def _held(session: Session, claims: Sequence[Claim]) -> dict[int, _Held]:
    """Those of the claims that are still ours."""
    if not claims:
        return {}
    query = (
        select(MetricsWatch.publication_id, MetricsWatch.last_at, MetricsWatch.problem)
        .where(
            MetricsWatch.publication_id.in_([claim.asked.publication_id for claim in claims]),
            MetricsWatch.claimed_until == claims[0].until,
        )
        .with_for_update()
    )
    return {id: _Held(last, problem) for id, last, problem in session.execute(query)}


def _before(session: Session, held: Mapping[int, _Held]) -> dict[int, Before]:
    table = PublicationMetrics
    query = (
        select(table.publication_id, table.series, *(getattr(table, name) for name in COUNTS))
        .join(
            MetricsWatch,
            and_(
                MetricsWatch.publication_id == table.publication_id,
                MetricsWatch.last_at == table.taken_at,
            ),
        )
        .where(table.publication_id.in_(list(held)))
    )
    return {
        id: Before(dict(zip(COUNTS, figures, strict=True)), series)
        for id, series, *figures in session.execute(query)
    }


def _row(publication_id: int, taken_at: datetime, kept: Snapshot) -> dict[str, Any]:
    figures = {name: kept.figures.get(name) for name in (*FIGURES, *RATES)}
    return {
        "publication_id": publication_id,
        "taken_at": taken_at,
        "series": kept.series,
        "missing": dict(kept.missing),
        "notes": dict(kept.notes),
        "raw": dict(kept.raw),
        **figures,
    }

"""The ledger: which post goes out when, who works on it, and what became of it.

Every change of a claimed publication is fenced: it is written only while the claim is the newest,
so a process that slept through its lease can no longer change anything.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import (
    Publication,
    PublicationEvent,
    PublicationHandle,
    SocialAccount,
)
from igny8_media.database.transactions import transaction
from igny8_media.publishing.claims import Claim, LeaseLost, Phase
from igny8_media.publishing.ledgerrows import (
    AHEAD,
    claim_of,
    drop_handles,
    end_row,
    end_unreadable,
    ends_as,
    forget_prepared,
    held_by,
    is_anothers,
    lapsed,
    note,
    release,
    workable,
)
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.news import tell
from igny8_media.publishing.statuses import Status
from igny8_media.publishing.unseen import UNSEEN

LEASE_SECONDS: Final = 300.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The tables `publication`, `publication_handle` and `publication_event`.

    Leases run on the database server's clock where there is one, so that machines whose clocks
    differ agree; a `now` that is given replaces both clocks.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self.now = now or utc_now
        self._server_clock = now is None and engine.dialect.name == "postgresql"

    # Claiming

    def claim(
        self, owner: str, limit: int, *, ahead: int = 0, only: Sequence[int] | None = None
    ) -> list[Claim]:
        """Take up to `limit` publications that are due and that nobody works on; up to `ahead` of
        these may be some that are due soon and whose media can be prepared.

        Those of accounts that are parked or wait for their person stay, except that an open
        question (committing, accepted) of a parked account may be asked about. What lapsed waits
        for its new turn. `only` limits it to these IDs.
        """
        with transaction(self._engine) as session:
            now = self._lease_now(session)
            rows = self._workable(session, now, limit, only)
            if ahead and len(rows) < limit:
                rows += self._workable(
                    session, now, min(ahead, limit - len(rows)), only, ahead=True
                )
            forget_prepared(session, [row for row in rows if row.started_at is None])
            claims = []
            for row in rows:
                try:
                    sent = Outgoing.model_validate(row.outgoing)
                except ValidationError:
                    end_unreadable(session, row, self.now())
                    continue
                row.lease += 1
                row.lease_by = owner
                row.lease_until = now + timedelta(seconds=LEASE_SECONDS)
                if row.due_at <= self.now():
                    row.status = Status.PUBLISHING
                row.started_at = row.started_at or self.now()
                claims.append(claim_of(row, sent))
            return claims

    def _workable(
        self,
        session: Session,
        lease_now: datetime,
        limit: int,
        only: Sequence[int] | None,
        *,
        ahead: bool = False,
    ) -> list[Publication]:
        query = (
            select(Publication)
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .where(*workable(self.now(), self.now(), lease_now, ahead=ahead), ~lapsed(self.now()))
            .order_by(Publication.next_at, Publication.id)
            .limit(limit)
        )
        if only is not None:
            query = query.where(Publication.id.in_(only))
        if self._engine.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True, of=Publication)
        return list(session.scalars(query))

    def renew(self, claims: Sequence[Claim]) -> set[int]:
        """Hold on to these for another lease; returns the IDs that are still held."""
        held = set()
        with transaction(self._engine) as session:
            until = self._lease_now(session) + timedelta(seconds=LEASE_SECONDS)
            for claim in claims:
                done = session.execute(held_by(claim).values(lease_until=until))
                if done.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
                    held.add(claim.id)
        return held

    def wake_at(
        self, within: timedelta, *, begun: bool, only: Sequence[int] | None = None
    ) -> datetime | None:
        """When the next publication is due or may be prepared, if that is `within`; `begun` leaves
        out those that nobody has worked on yet."""
        now = self.now()
        found = []
        with transaction(self._engine, reading=True) as session:
            for ahead in (False, True):
                query = (
                    select(func.min(Publication.next_at))
                    .join(SocialAccount, SocialAccount.id == Publication.account_id)
                    .where(*workable(now + within, now, now, ahead=ahead), ~lapsed(now))
                )
                if begun:
                    query = query.where(Publication.started_at.is_not(None))
                if only is not None:
                    query = query.where(Publication.id.in_(only))
                at = session.scalar(query)
                if at is not None:
                    found.append(at - AHEAD if ahead else at)
        return min(found, default=None)

    def newest(self) -> datetime | None:
        """When the ledger was last written to."""
        with transaction(self._engine, reading=True) as session:
            return session.scalar(
                select(PublicationEvent.at).order_by(PublicationEvent.id.desc()).limit(1)
            )

    # What the holder of a claim writes

    def handles(self, claim: Claim) -> dict[str, Any]:
        with transaction(self._engine, reading=True) as session:
            rows = session.scalars(
                select(PublicationHandle).where(PublicationHandle.publication_id == claim.id)
            )
            return {row.name: row.value for row in rows}

    def put_handle(self, claim: Claim, name: str, value: Any) -> None:
        with self._holding(claim) as (session, _):
            session.merge(PublicationHandle(publication_id=claim.id, name=name, value=value))

    def drop_handles(self, claim: Claim, prefix: str) -> None:
        with self._holding(claim) as (session, _):
            drop_handles(session, claim.id, prefix)

    def about_to_commit(self, claim: Claim) -> datetime:
        """On disk when this returns; the request may be sent now. Returns when that was."""
        since = self.now()
        with self._holding(claim, durable=True) as (session, row):
            row.phase = Phase.COMMITTING
            row.committing_since = since
            row.commits += 1
            row.lease_until = self._lease_now(session) + timedelta(seconds=LEASE_SECONDS)
            note(session, claim.id, since, "committing", f"part {row.part + 1}")
        return since

    def published(
        self,
        claim: Claim,
        part: int,
        last: bool,
        platform_id: str,
        url: str | None,
        notes: str,
        *,
        found: bool = False,
    ) -> bool:
        """A part is out; with the `last` one, the post is.

        `found` says that a probe found it. What it found may be another post with the same words:
        where that is so nothing is written, and the answer is False.
        """
        now = self.now()
        with self._holding(claim) as (session, row):
            if found and is_anothers(session, row, platform_id):
                return False
            session.merge(
                PublicationHandle(publication_id=claim.id, name=f"id:{part}", value=platform_id)
            )
            if url:
                session.merge(
                    PublicationHandle(publication_id=claim.id, name=f"url:{part}", value=url)
                )
            row.committing_since = row.accepted_since = None
            row.probes = 0
            if part == 0:
                row.platform_id, row.url = platform_id, url
            if last:
                row.status, row.phase, row.published_at = Status.PUBLISHED, Phase.DONE, now
                row.reason = notes
                release(row)
                # Some are addresses that anybody could upload to.
                drop_handles(session, claim.id, "")
                tell(session, row, now)
            else:
                row.part, row.phase, row.attempts = part + 1, Phase.NEW, 0
            note(session, claim.id, now, "published", url or platform_id)
            return True

    def located(self, publication_id: int, part: int, url: str) -> None:
        """Where people see a part that is out. Needs no claim: it changes nothing that is sent."""
        with transaction(self._engine) as session:
            row = session.get_one(Publication, publication_id)
            session.merge(
                PublicationHandle(publication_id=publication_id, name=f"url:{part}", value=url)
            )
            if part == 0:
                row.url = url

    def accepted(self, claim: Claim, after: float, platform_id: str | None) -> None:
        """The commit took effect, and the platform is at work."""
        now = self.now()
        with self._holding(claim) as (session, row):
            first = row.phase != Phase.ACCEPTED
            if first:
                row.phase, row.accepted_since = Phase.ACCEPTED, now
                note(session, claim.id, now, "accepted", platform_id or "")
            row.platform_id = platform_id or row.platform_id
            row.next_at = now + timedelta(seconds=after)
            row.reason = ""
            release(row)

    def later(
        self,
        claim: Claim,
        what: str,
        reason: str,
        at: datetime,
        *,
        attempts: int = 0,
        probes: int = 0,
        phase: Phase | None = None,
        afresh: bool = False,
    ) -> None:
        """Let go until `at`; `attempts` and `probes` are added to what is counted already."""
        with self._holding(claim) as (session, row):
            row.attempts += attempts
            row.probes += probes
            row.reason, row.next_at = UNSEEN.sub("", reason), at
            if phase is not None:
                row.phase = phase
                row.committing_since = row.accepted_since = None
            if row.phase == Phase.NEW:
                row.status = Status.SCHEDULED
            if afresh:
                drop_handles(session, claim.id, "")
            release(row)
            note(session, claim.id, self.now(), what, reason)

    def end(self, claim: Claim, status: Status, reason: str) -> None:
        """It failed, or a person must look at it."""
        with self._holding(claim) as (session, row):
            end_row(session, row, status, reason, self.now())

    def stumbled(self, claim: Claim, reason: str, at: datetime, most: int) -> None:
        """A mistake of ours: let go until `at`, and for good after so many."""
        with self._holding(claim) as (session, row):
            row.attempts += 1
            if row.attempts >= most:
                end_row(session, row, ends_as(row), reason, self.now())
                return
            if row.phase == Phase.NEW:
                row.status = Status.SCHEDULED
            row.reason, row.next_at = reason, at
            release(row)
            note(session, claim.id, self.now(), "retry", reason)

    # Inside

    @contextmanager
    def _holding(
        self, claim: Claim, *, durable: bool = False
    ) -> Iterator[tuple[Session, Publication]]:
        """The row, locked, while the claim is the newest. Raises LeaseLost."""
        with transaction(self._engine, durable=durable) as session:
            row = session.scalars(
                select(Publication).where(Publication.id == claim.id).with_for_update()
            ).one()
            if row.lease != claim.lease or row.lease_until is None:
                raise LeaseLost(f"Publication {claim.id} was taken over while it was worked on.")
            yield session, row

    def _lease_now(self, session: Session) -> datetime:
        if self._server_clock:
            now = session.scalar(select(func.now()))
            assert isinstance(now, datetime)  # noqa: S101 - a server has a clock
            return now.astimezone(UTC)
        return self.now()

"""The ledger: which post goes out when, who works on it, and what became of it.

Every change of a claimed publication is fenced: it is written only while the claim is the newest,
so a process that slept through its lease can no longer change anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Engine, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from igny8_media.database.tables import (
    Publication,
    PublicationEvent,
    PublicationHandle,
    SocialAccount,
)
from igny8_media.publishing.claims import Claim, LeaseLost, Phase, Status
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.unseen import UNSEEN

LEASE_SECONDS: Final = 300.0
KEPT: Final = ("id:", "url:")
"""Handles of what is out; they are never dropped."""


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

    def claim(self, owner: str, limit: int, *, only: Sequence[int] | None = None) -> list[Claim]:
        """Take up to `limit` publications that are due and that nobody works on.

        Those of accounts that are parked or wait for their person stay, except that an open
        question (committing, accepted) of a parked account may be asked about. `only` limits it
        to these IDs.
        """
        with self._transaction() as session:
            now = self._lease_now(session)
            query = (
                select(Publication)
                .join(SocialAccount, SocialAccount.id == Publication.account_id)
                .where(*workable(self.now(), self.now(), now))
                .order_by(Publication.next_at, Publication.id)
                .limit(limit)
            )
            if only is not None:
                query = query.where(Publication.id.in_(only))
            if self._engine.dialect.name == "postgresql":
                query = query.with_for_update(skip_locked=True, of=Publication)
            claims = []
            for row in session.scalars(query):
                try:
                    sent = Outgoing.model_validate(row.outgoing)
                except ValidationError:
                    _unreadable(session, row, self.now())
                    continue
                row.lease += 1
                row.lease_by = owner
                row.lease_until = now + timedelta(seconds=LEASE_SECONDS)
                row.status = Status.PUBLISHING
                row.started_at = row.started_at or self.now()
                claims.append(_claim_of(row, sent))
            return claims

    def renew(self, claims: Sequence[Claim]) -> set[int]:
        """Hold on to these for another lease; returns the IDs that are still held."""
        held = set()
        with self._transaction() as session:
            until = self._lease_now(session) + timedelta(seconds=LEASE_SECONDS)
            for claim in claims:
                done = session.execute(_mine(claim).values(lease_until=until))
                if done.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
                    held.add(claim.id)
        return held

    def wake_at(
        self, within: timedelta, *, begun: bool, only: Sequence[int] | None = None
    ) -> datetime | None:
        """When the next publication is due, if that is `within`; `begun` leaves out those that
        nobody has worked on yet."""
        now = self.now()
        query = select(func.min(Publication.next_at)).where(*workable(now + within, now, now))
        if begun:
            query = query.where(Publication.started_at.is_not(None))
        if only is not None:
            query = query.where(Publication.id.in_(only))
        with self._transaction(reading=True) as session:
            return session.scalar(
                query.join(SocialAccount, SocialAccount.id == Publication.account_id)
            )

    def newest(self) -> datetime | None:
        """When the ledger was last written to."""
        with self._transaction(reading=True) as session:
            return session.scalar(
                select(PublicationEvent.at).order_by(PublicationEvent.id.desc()).limit(1)
            )

    # What the holder of a claim writes

    def handles(self, claim: Claim) -> dict[str, Any]:
        with self._transaction(reading=True) as session:
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
            if found and _is_anothers(session, row, platform_id):
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
                _release(row)
                # Some are addresses that anybody could upload to.
                drop_handles(session, claim.id, "")
            else:
                row.part, row.phase, row.attempts = part + 1, Phase.NEW, 0
            note(session, claim.id, now, "published", url or platform_id)
            return True

    def located(self, publication_id: int, part: int, url: str) -> None:
        """Where people see a part that is out. Needs no claim: it changes nothing that is sent."""
        with self._transaction() as session:
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
            _release(row)

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
            _release(row)
            note(session, claim.id, self.now(), what, reason)

    def end(self, claim: Claim, status: Status, reason: str) -> None:
        """It failed, or a person must look at it."""
        with self._holding(claim) as (session, row):
            _end(session, row, status, reason, self.now())

    def stumbled(self, claim: Claim, reason: str, at: datetime, most: int) -> None:
        """A mistake of ours: let go until `at`, and for good after so many."""
        with self._holding(claim) as (session, row):
            row.attempts += 1
            if row.attempts >= most:
                _end(session, row, _ends_as(row), reason, self.now())
                return
            if row.phase == Phase.NEW:
                row.status = Status.SCHEDULED
            row.reason, row.next_at = reason, at
            _release(row)
            note(session, claim.id, self.now(), "retry", reason)

    # Inside

    @contextmanager
    def _transaction(self, *, durable: bool = False, reading: bool = False) -> Iterator[Session]:
        options = {"durable": durable, "reading": reading}
        with (
            self._engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _holding(
        self, claim: Claim, *, durable: bool = False
    ) -> Iterator[tuple[Session, Publication]]:
        """The row, locked, while the claim is the newest. Raises LeaseLost."""
        with self._transaction(durable=durable) as session:
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


def workable(due: datetime, now: datetime, lease_now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is due by then and may be worked on, in a query joined with the accounts."""
    asking = Publication.phase.in_((Phase.COMMITTING, Phase.ACCEPTED))
    parked = SocialAccount.parked_until
    return (
        Publication.status.in_((Status.SCHEDULED, Status.PUBLISHING)),
        Publication.next_at <= due,
        or_(Publication.lease_until.is_(None), Publication.lease_until < lease_now),
        SocialAccount.status == "active",
        or_(parked.is_(None), parked <= now, asking),
    )


def _starts(prefix: str) -> ColumnElement[bool]:
    # Not LIKE, for which SQLite thinks capitals the same.
    return func.substr(PublicationHandle.name, 1, len(prefix)) == prefix


DROPPABLE: Final = and_(*(~_starts(kept) for kept in KEPT))
"""In a query of handles: what may be forgotten."""


def _mine(claim: Claim) -> Any:
    return update(Publication).where(
        Publication.id == claim.id,
        Publication.lease == claim.lease,
        Publication.lease_until.is_not(None),
    )


def _claim_of(row: Publication, outgoing: Outgoing) -> Claim:
    assert row.started_at is not None  # noqa: S101 - set when it was claimed
    return Claim(
        id=row.id,
        lease=row.lease,
        post_id=row.post_id,
        account_id=row.account_id,
        content_id=row.content_id,
        outgoing=outgoing,
        phase=Phase(row.phase),
        part=row.part,
        attempts=row.attempts,
        probes=row.probes,
        due_at=row.due_at,
        started_at=row.started_at,
        committing_since=row.committing_since,
        accepted_since=row.accepted_since,
    )


def _release(row: Publication) -> None:
    row.lease_by = row.lease_until = None


def _end(session: Session, row: Publication, status: Status, reason: str, now: datetime) -> None:
    row.status, row.reason = status, UNSEEN.sub("", reason)
    if status == Status.FAILED:  # there is a verdict: nothing is in doubt any more
        row.phase = Phase.NEW
        row.committing_since = row.accepted_since = None
    _release(row)
    note(session, row.id, now, status, reason)


def _ends_as(row: Publication) -> Status:
    """What becomes of a post that cannot go on: where it may be out, a person must look."""
    return Status.FAILED if row.phase == Phase.NEW else Status.NEEDS_REVIEW


def _unreadable(session: Session, row: Publication, now: datetime) -> None:
    status = _ends_as(row)
    reason = "What was planned is not readable for this version of igny8-media; " + (
        "plan the post again."
        if status == Status.FAILED
        else "look whether the post is out, and say so."
    )
    _end(session, row, status, reason, now)


def note(session: Session, publication_id: int, at: datetime, what: str, detail: str) -> None:
    """`detail` may hold a platform's words: signs that would steer a terminal are taken out."""
    plain = UNSEEN.sub("", detail)
    session.add(PublicationEvent(publication_id=publication_id, at=at, what=what, detail=plain))


def _is_anothers(session: Session, row: Publication, platform_id: str) -> bool:
    """Whether a platform's ID is already that of another publication of the same account."""
    # Two that are in doubt at once and find the same post take their turn here.
    session.scalars(
        select(SocialAccount.id).where(SocialAccount.id == row.account_id).with_for_update()
    ).all()
    others = (
        select(PublicationHandle.value)
        .join(Publication, Publication.id == PublicationHandle.publication_id)
        .where(
            Publication.account_id == row.account_id,
            Publication.id != row.id,
            PublicationHandle.name.startswith("id:"),
        )
    )
    return platform_id in set(session.scalars(others))


def drop_handles(session: Session, publication_id: int, prefix: str) -> int:
    """Forget what was prepared, by how its name starts; what is out stays. Returns how many."""
    mine = PublicationHandle.publication_id == publication_id
    gone = session.execute(
        delete(PublicationHandle).where(mine, _starts(prefix), DROPPABLE),
        execution_options={"synchronize_session": False},
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has one


class LedgerHandles:
    """A publication's handles: read once, written through."""

    def __init__(self, ledger: Ledger, claim: Claim) -> None:
        self._ledger, self._claim = ledger, claim
        self._held: dict[str, Any] = ledger.handles(claim)

    def get(self, name: str) -> Any:
        # A copy: who changes it and puts it back must not find it unchanged.
        return deepcopy(self._held.get(name))

    def put(self, name: str, value: Any) -> None:
        if name in self._held and self._held[name] == value:
            return
        self._ledger.put_handle(self._claim, name, value)
        self._held[name] = deepcopy(value)

    def drop(self, prefix: str) -> None:
        self._ledger.drop_handles(self._claim, prefix)
        self._held = {
            name: value
            for name, value in self._held.items()
            if not name.startswith(prefix) or name.startswith(KEPT)
        }

    def note(self, found: Mapping[str, Any]) -> None:
        """What the ledger itself wrote."""
        self._held.update(found)

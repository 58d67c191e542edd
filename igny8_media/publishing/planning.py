"""What people decide about publications: when, not at all, once more, and what they saw."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Engine, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Account, Service
from igny8_media.database.tables import (
    Publication,
    PublicationEvent,
    PublicationHandle,
    SocialAccount,
    SocialPost,
)
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.publishing.claims import Phase, Status
from igny8_media.publishing.ledger import DROPPABLE, drop_handles, note, utc_now
from igny8_media.publishing.model import Outgoing

_STALE: Final = timedelta(days=7)
_KEPT: Final = timedelta(days=30)
_SHOWN: Final = 2000


class Event(Frozen):
    at: datetime
    what: str
    detail: str


class Planned(Frozen):
    """A publication as people see it. `form` and `place` are the post's; `account` is the account's
    name; `commits` counts the requests that could have made something public."""

    id: int
    post_id: int
    account_id: int
    account: str
    sandbox: bool
    service: Service
    content_id: str
    form: str
    place: str
    text: str
    status: Status
    reason: str
    due_at: datetime
    next_at: datetime
    started_at: datetime | None
    published_at: datetime | None
    platform_id: str | None
    url: str | None
    attempts: int
    commits: int
    part: int
    parts: int


class Planning:
    """The people's side of the ledger."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self.now = now

    def schedule(
        self, post_id: int, content_id: str, account: Account, outgoing: Outgoing, due_at: datetime
    ) -> int:
        """Plan a post for an account, or move it there; returns the publication's ID.

        What is sent is fixed here. Raises InputError when it is out, or being sent.
        """
        try:
            return self._schedule(post_id, content_id, account, outgoing, due_at)
        except IntegrityError:  # somebody planned it at the same moment: now it is there
            return self._schedule(post_id, content_id, account, outgoing, due_at)

    def _schedule(
        self, post_id: int, content_id: str, account: Account, outgoing: Outgoing, due_at: datetime
    ) -> int:
        if outgoing.service is not account.service:
            raise InputError(
                f"The post is for {outgoing.service.label} and {account.name} is an account of "
                f"{account.service.label}: choose another account."
            )
        with Session(self._engine) as session, session.begin():
            row = session.scalars(
                select(Publication)
                .where(Publication.post_id == post_id, Publication.account_id == account.id)
                .with_for_update()
            ).first()
            if row is None:
                row = Publication(
                    post_id=post_id,
                    account_id=account.id,
                    content_id=content_id,
                    service=account.service,
                    outgoing=outgoing.model_dump(mode="json"),
                    status=Status.SCHEDULED,
                    due_at=due_at,
                    next_at=due_at,
                    created_at=self.now(),
                )
                session.add(row)
            else:
                self._movable(session, row)
                row.outgoing = outgoing.model_dump(mode="json")
                row.status, row.reason = Status.SCHEDULED, ""
                row.due_at = row.next_at = due_at
                row.attempts, row.started_at = 0, None
                drop_handles(session, row.id, "")
            session.flush()
            note(session, row.id, self.now(), "scheduled", due_at.isoformat())
            return row.id

    def _movable(self, session: Session, row: Publication) -> None:
        where = f"Publication {row.id}"
        if row.status == Status.PUBLISHED:
            raise InputError(f"{where} is out already: {row.url or row.platform_id}.")
        if row.status == Status.NEEDS_REVIEW:
            raise InputError(
                f"{where} waits for you to look whether it is out; say so first with "
                f"`igny8-media posts settle {row.post_id}`."
            )
        if row.phase != Phase.NEW or row.lease_until is not None:
            raise InputError(f"{where} is being published right now: wait for what comes of it.")
        if row.part:
            raise InputError(
                f"{row.part} parts of {where.lower()} are out; `igny8-media posts retry "
                f"{row.post_id}` goes on after them."
            )

    def cancel(self, post_id: int) -> int:
        """Take back what has not begun; returns how many publications that were.

        Raises InputError for one that is being published.
        """
        with Session(self._engine) as session, session.begin():
            rows = self._of(session, post_id, (Status.SCHEDULED, Status.PUBLISHING, Status.FAILED))
            for row in rows:
                if row.phase != Phase.NEW or row.lease_until is not None:
                    raise InputError(
                        f"Publication {row.id} is being published right now: too late to cancel it."
                    )
                row.status, row.reason = Status.CANCELLED, "Cancelled by a person."
                note(session, row.id, self.now(), "cancelled", "")
            return len(rows)

    def retry(self, post_id: int) -> int:
        """Try what failed once more, from the first part that is not out."""
        with Session(self._engine) as session, session.begin():
            rows = self._of(session, post_id, (Status.FAILED,))
            for row in rows:
                self._again(session, row, "retried by a person")
            return len(rows)

    def settle(self, post_id: int, account_id: int | None, url: str | None) -> int:
        """A person looked: with `url` the part in doubt is out there, without it is not out.

        Returns how many publications were settled.
        """
        with Session(self._engine) as session, session.begin():
            rows = [
                row
                for row in self._of(session, post_id, (Status.NEEDS_REVIEW,))
                if account_id in (None, row.account_id)
            ]
            for row in rows:
                if url is None:
                    self._again(session, row, "a person found that it is not out")
                    continue
                platform_id = url.rstrip("/").rpartition("/")[2]
                for name, value in ((f"id:{row.part}", platform_id), (f"url:{row.part}", url)):
                    session.merge(PublicationHandle(publication_id=row.id, name=name, value=value))
                note(session, row.id, self.now(), "published", f"a person found it: {url}")
                if row.part == 0:
                    row.platform_id, row.url = row.platform_id or platform_id, url
                if row.part + 1 < len(row.outgoing.get("parts") or []):
                    row.part += 1
                    self._again(session, row, "goes on with the next part")
                else:
                    row.status, row.phase, row.reason = Status.PUBLISHED, Phase.DONE, ""
                    row.published_at = self.now()
            return len(rows)

    def _again(self, session: Session, row: Publication, why: str) -> None:
        row.status, row.phase, row.reason = Status.SCHEDULED, Phase.NEW, ""
        row.attempts = row.probes = 0
        row.committing_since = row.accepted_since = row.started_at = None
        row.next_at = self.now()
        drop_handles(session, row.id, "")
        note(session, row.id, self.now(), "retry", why)

    def _of(self, session: Session, post_id: int, statuses: Sequence[Status]) -> list[Publication]:
        query = (
            select(Publication)
            .where(Publication.post_id == post_id, Publication.status.in_(statuses))
            .with_for_update()
        )
        return list(session.scalars(query))

    # Looking

    def planned(
        self,
        *,
        post_ids: Sequence[int] | None = None,
        statuses: Sequence[Status] | None = None,
        unreported: bool = False,
    ) -> list[Planned]:
        """Publications with their accounts, the next due first."""
        query = (
            select(Publication, SocialAccount, SocialPost)
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .join(SocialPost, SocialPost.id == Publication.post_id)
            .order_by(Publication.due_at, Publication.id)
        )
        if post_ids is not None:
            query = query.where(Publication.post_id.in_(post_ids))
        if statuses is not None:
            query = query.where(Publication.status.in_(statuses))
        if unreported:
            query = query.where(
                Publication.published_at.is_not(None), Publication.reported_at.is_(None)
            )
        with Session(self._engine) as session:
            return [_planned(*rows) for rows in session.execute(query)]

    def events(self, publication_id: int) -> list[Event]:
        query = (
            select(PublicationEvent)
            .where(PublicationEvent.publication_id == publication_id)
            .order_by(PublicationEvent.id)
        )
        with Session(self._engine) as session:
            return [Event(at=e.at, what=e.what, detail=e.detail) for e in session.scalars(query)]

    def due_by(self, moment: datetime) -> int:
        """How many publications want work by then."""
        query = select(func.count(Publication.id)).where(
            Publication.status.in_((Status.SCHEDULED, Status.PUBLISHING)),
            Publication.next_at <= moment,
        )
        with Session(self._engine) as session:
            return session.scalar(query) or 0

    def overdue(self, late: timedelta) -> list[Planned]:
        """What was due so long ago and has not been begun, or has and nobody works on it."""
        moment = self.now() - late
        query = (
            select(Publication, SocialAccount, SocialPost)
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .join(SocialPost, SocialPost.id == Publication.post_id)
            .where(
                Publication.status.in_((Status.SCHEDULED, Status.PUBLISHING)),
                Publication.next_at < moment,
                or_(Publication.lease_until.is_(None), Publication.lease_until < moment),
            )
            .order_by(Publication.next_at)
        )
        with Session(self._engine) as session:
            return [_planned(*rows) for rows in session.execute(query)]

    # Keeping house

    def reported(self, publication_ids: Sequence[int]) -> None:
        """Dagster knows of these."""
        with Session(self._engine) as session, session.begin():
            for row in session.scalars(
                select(Publication).where(Publication.id.in_(publication_ids))
            ):
                row.reported_at = self.now()

    def tidy(self) -> dict[Literal["stale", "handles"], int]:
        """Give up what failed a week ago, and forget what was prepared for what has long ended."""
        now = self.now()
        with Session(self._engine) as session, session.begin():
            failed = select(Publication).where(
                Publication.status == Status.FAILED, Publication.next_at < now - _STALE
            )
            # Locked: a person may decide to retry one at this moment.
            stale = list(session.scalars(failed.with_for_update(skip_locked=True)))
            for row in stale:
                row.status = Status.CANCELLED
                note(session, row.id, now, "cancelled", f"Failed a week ago: {row.reason}")
            ended = select(Publication.id).where(
                Publication.status.in_((Status.PUBLISHED, Status.CANCELLED)),
                Publication.next_at < now - _KEPT,
            )
            gone = session.execute(
                delete(PublicationHandle).where(
                    PublicationHandle.publication_id.in_(ended), DROPPABLE
                ),
                execution_options={"synchronize_session": False},
            )
            return {"stale": len(stale), "handles": gone.rowcount}  # type: ignore[attr-defined]


def _planned(row: Publication, account: SocialAccount, post: SocialPost) -> Planned:
    waits = account.status_reason if account.status != "active" else ""
    return Planned(
        id=row.id,
        post_id=row.post_id,
        account_id=account.id,
        account=account.name,
        sandbox=account.sandbox,
        service=Service(row.service),
        content_id=row.content_id,
        form=post.form,
        place=post.platform,
        text=str(row.outgoing.get("text", ""))[:_SHOWN],
        status=Status(row.status),
        reason=row.reason or waits,
        due_at=row.due_at,
        next_at=row.next_at,
        started_at=row.started_at,
        published_at=row.published_at,
        platform_id=row.platform_id,
        url=row.url,
        attempts=row.attempts,
        commits=row.commits,
        part=row.part,
        parts=max(1, len(row.outgoing.get("parts") or [])),
    )

"""What people decide about publications: when, not at all, once more, and what they saw."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Engine, and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Account
from igny8_media.database.tables import (
    Publication,
    PublicationEvent,
    PublicationHandle,
    SocialAccount,
)
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.publishing.claims import Phase
from igny8_media.publishing.ledger import utc_now
from igny8_media.publishing.ledgerrows import DROPPABLE, drop_handles, note, take_away, workable
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.placing import Placement, check_movable, check_service, place
from igny8_media.publishing.planned import Event, Planned, planned_of, select_planned
from igny8_media.publishing.statuses import Status

_STALE: Final = timedelta(days=7)
_KEPT: Final = timedelta(days=30)


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
        check_service(outgoing, account)
        placement = Placement(
            post_id=post_id,
            account_id=account.id,
            content_id=content_id,
            service=account.service,
            outgoing=outgoing.model_dump(mode="json"),
            due_at=due_at,
        )
        with Session(self._engine) as session, session.begin():
            (publication_id,) = place(session, [placement], self.now())
            return publication_id

    def cancel(self, post_id: int) -> int:
        """Take back what has not begun; returns how many publications that were.

        Raises InputError for one that is being published.
        """
        with Session(self._engine) as session, session.begin():
            rows = self._of(session, post_id, (Status.SCHEDULED, Status.PUBLISHING, Status.FAILED))
            for row in rows:
                if row.lease_until is not None and row.due_at > self.now():
                    take_away(row)
                if row.phase != Phase.NEW or row.lease_until is not None:
                    raise InputError(
                        f"Post {post_id} is being published right now: too late to cancel it."
                    )
                row.status, row.reason = Status.CANCELLED, "Cancelled by a person."
                note(session, row.id, self.now(), "cancelled", "")
            return len(rows)

    def retry(self, post_id: int) -> int:
        """Try what failed once more, from the first part that is not out; also what was given up
        in the middle of a thread."""
        with Session(self._engine) as session, session.begin():
            ended = self._of(session, post_id, (Status.FAILED, Status.CANCELLED))
            rows = [row for row in ended if row.status == Status.FAILED or row.part]
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
            .order_by(Publication.id)
            .with_for_update()
        )
        return list(session.scalars(query))

    # Looking

    def planned(
        self,
        *,
        post_ids: Sequence[int] | None = None,
        statuses: Sequence[Status] | None = None,
    ) -> list[Planned]:
        """Publications with their accounts, the next due first."""
        query = select_planned().order_by(Publication.due_at, Publication.id)
        if post_ids is not None:
            query = query.where(Publication.post_id.in_(post_ids))
        if statuses is not None:
            query = query.where(Publication.status.in_(statuses))
        with Session(self._engine) as session:
            return [planned_of(row, account, post) for row, account, post in session.execute(query)]

    def chosen(self, post_id: int, account_id: int) -> dict[str, Any]:
        """The options that it is planned with, if it is, as far as they are not the usual ones."""
        return self.all_chosen([post_id]).get((post_id, account_id), {})

    def all_chosen(self, post_ids: Collection[int]) -> dict[tuple[int, int], dict[str, Any]]:
        """As `chosen`, of everything that is planned of these posts, by post and account."""
        usual = Options().model_dump(mode="json")
        wanted = sorted(set(post_ids))
        found: dict[tuple[int, int], dict[str, Any]] = {}
        with transaction(self._engine, reading=True) as session:
            for start in range(0, len(wanted), 400):
                query = select(
                    Publication.post_id, Publication.account_id, Publication.outgoing
                ).where(Publication.post_id.in_(wanted[start : start + 400]))
                for post_id, account_id, sent in session.execute(query):
                    held = sent.get("options") or {}
                    found[post_id, account_id] = {
                        name: held[name]
                        for name in usual
                        if held.get(name, usual[name]) != usual[name]
                    }
        return found

    def too_late(self, post_ids: Collection[int]) -> dict[tuple[int, int], str]:
        """Why what is planned of these posts cannot be moved any more, by post and account."""
        wanted = sorted(set(post_ids))
        found: dict[tuple[int, int], str] = {}
        with transaction(self._engine, reading=True) as session:
            for start in range(0, len(wanted), 400):
                query = select(Publication).where(
                    Publication.post_id.in_(wanted[start : start + 400])
                )
                for row in session.scalars(query):
                    try:
                        check_movable(row)
                    except InputError as error:
                        found[row.post_id, row.account_id] = str(error)
        return found

    def due_of(self, publication_ids: Sequence[int]) -> list[datetime]:
        """When each of these is planned, in their order."""
        found: dict[int, datetime] = {}
        with transaction(self._engine, reading=True) as session:
            for start in range(0, len(publication_ids), 400):
                query = select(Publication.id, Publication.due_at).where(
                    Publication.id.in_(publication_ids[start : start + 400])
                )
                found.update((number, at) for number, at in session.execute(query))
        return [found[number] for number in publication_ids]

    def events(self, publication_id: int) -> list[Event]:
        query = (
            select(PublicationEvent)
            .where(PublicationEvent.publication_id == publication_id)
            .order_by(PublicationEvent.id)
        )
        with Session(self._engine) as session:
            return [Event(at=e.at, what=e.what, detail=e.detail) for e in session.scalars(query)]

    def due_by(
        self,
        moment: datetime,
        *,
        only: Sequence[int] | None = None,
        sandbox: bool | None = None,
        ahead: bool = False,
    ) -> int:
        """How many publications could be worked on by then, were nobody at work on them longer:
        those of accounts that wait for their person, or are parked beyond it, are none of them.
        `only` counts among these IDs, `sandbox` among those for the sandbox, or for elsewhere;
        `ahead` counts those too that are due later and whose media can be prepared by then."""
        by_then = [and_(*workable(moment, moment, moment))]
        if ahead:
            by_then.append(and_(*workable(moment, moment, moment, ahead=True)))
        query = (
            select(func.count(Publication.id))
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .where(or_(*by_then))
        )
        if only is not None:
            query = query.where(Publication.id.in_(only))
        if sandbox is not None:
            query = query.where(SocialAccount.sandbox.is_(sandbox))
        with Session(self._engine) as session:
            return session.scalar(query) or 0

    def overdue(self, late: timedelta) -> list[Planned]:
        """What was due so long ago and has not been begun, or has and nobody works on it.

        Those of a parked account wait for their platform, which said until when.
        """
        now = self.now()
        moment = now - late
        parked = SocialAccount.parked_until
        query = (
            select_planned()
            .where(
                Publication.status.in_((Status.SCHEDULED, Status.PUBLISHING)),
                Publication.next_at < moment,
                Publication.due_at < moment,
                or_(Publication.lease_until.is_(None), Publication.lease_until < moment),
                or_(parked.is_(None), parked < moment),
            )
            .order_by(Publication.next_at)
        )
        with Session(self._engine) as session:
            return [planned_of(row, account, post) for row, account, post in session.execute(query)]

    # Keeping house

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

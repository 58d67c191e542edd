"""The queue in the ledger: posts that wait for a slot, and who moves when something changes.

Everything of an account that may still move is planned anew whenever something changes: a post
comes or goes, somebody names a time, a slot or a day off is added. A post that a sweep has begun,
or is about to, is never touched: its row is passed over where it is locked, and where it is due.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Row, and_, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content, Publication, SocialPost
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.planning.assign import Queued, Taken, assign
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.sites import MAIN, calendar_of
from igny8_media.publishing.claims import Phase, Status
from igny8_media.publishing.ledger import utc_now
from igny8_media.publishing.placing import Placement, Turn, check_movable, held, note_all, place
from igny8_media.publishing.posts import REJECTED, TURNED_DOWN

_RECENT: Final = timedelta(days=8)
"""What is out for longer keeps no gap and fills no day: gaps last a week at most."""
_NEW: Final = 2**62
"""Where the keys of posts begin that have no ID yet: after everybody who came before."""
_LOCK: Final = 0x1617A  # any constant of our own: one change of an account's queue at a time


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post for an account: at `placement.due_at`, or, with a turn there, when its turn comes."""

    placement: Placement
    site: str
    place: str


class Queue:
    """`zone` is that of a site that is used for the first time."""

    def __init__(self, engine: Engine, zone: str, now: Callable[[], datetime] = utc_now) -> None:
        self._engine, self._zone, self._now = engine, zone, now

    def plan(self, wanted: Sequence[Wanted]) -> list[int]:
        """Plan all of these or none; the publications' IDs in the same order.

        Raises InputError for one that is out, being sent, or finds no slot within two years.
        """
        try:
            return self._plan(wanted)
        except IntegrityError:  # somebody planned one at the same moment: now it is there
            return self._plan(wanted)

    def _plan(self, wanted: Sequence[Wanted]) -> list[int]:
        accounts = {one.placement.account_id for one in wanted}
        with transaction(self._engine) as session:
            return self.plan_in(session, wanted, accounts)

    def plan_in(
        self, session: Session, wanted: Sequence[Wanted], accounts: Collection[int]
    ) -> list[int]:
        """As `plan`, in a transaction that does more."""
        return place(session, self._placed(session, wanted, accounts), self._now())

    def preview(self, wanted: Sequence[Wanted]) -> list[datetime]:
        """When each would go out. Nothing is changed."""
        accounts = {one.placement.account_id for one in wanted}
        with transaction(self._engine) as session:
            found = [one.due_at for one in self._placed(session, wanted, accounts)]
            session.rollback()
            return found

    def _placed(
        self, session: Session, wanted: Sequence[Wanted], accounts: Collection[int]
    ) -> list[Placement]:
        """With the moments that the queue gives to them; who makes room is moved."""
        now = self._now()
        _one_at_a_time(session, accounts)
        _check_wanted(session, [one.placement.post_id for one in wanted])
        pairs = [(one.placement.post_id, one.placement.account_id) for one in wanted]
        there = {pair: row.id for pair, row in held(session, pairs).items()}
        keys = [there.get(pair, _NEW + number) for number, pair in enumerate(pairs)]
        by_account: dict[int, dict[int, Wanted]] = {account: {} for account in sorted(accounts)}
        for key, one in zip(keys, wanted, strict=True):
            by_account[one.placement.account_id][key] = one
        due: dict[int, datetime] = {}
        for account, mine in by_account.items():
            due |= self._arrange(session, account, mine, now)
        return [
            replace(one.placement, due_at=due.get(key, one.placement.due_at))
            for key, one in zip(keys, wanted, strict=True)
        ]

    def move(self, publication_id: int, at: datetime) -> int:
        """Plan one for a moment that a person chose; returns its post's ID.

        It leaves the queue, if it was there, and what waits there makes room. Raises InputError
        for one that is not planned, is out, or being sent.
        """
        with transaction(self._engine) as session:
            known = session.get(Publication, publication_id)
            if known is None:
                raise InputError(
                    f"There is no publication {publication_id}; `igny8-media calendar` shows "
                    "the number of each."
                )
            _one_at_a_time(session, [known.account_id])
            row = session.get_one(
                Publication, publication_id, with_for_update=True, populate_existing=True
            )
            check_movable(row)
            if row.status != Status.SCHEDULED:
                raise InputError(
                    f"Post {row.post_id} is {row.status}, so there is nothing to move; plan it "
                    f"with `igny8-media posts schedule {row.post_id}`."
                )
            row.due_at = row.next_at = at
            row.queued_at = row.not_before = None
            row.attempts, row.priority, row.started_at = 0, 0, None
            session.flush()
            note_all(session, self._now(), "scheduled", {row.id: at.isoformat()})
            self._arrange(session, row.account_id, {}, self._now())
            return row.post_id

    def free(self, account: int, site: str, place: str, count: int) -> list[datetime]:
        """The next moments that the queue would give to posts of an account, of those that are
        planned none moved."""
        now = self._now()
        with transaction(self._engine) as session:
            rows = session.execute(_of(account).where(_fixed(now))).all()
            taken = [Taken(_when(row), row.site, row.place) for row in rows]
            asking = [Queued(number, site, place, now) for number in range(count)]
            calendars = self._calendars(session, asking, taken, now)
            return sorted(assign(asking, taken, calendars, now).values())

    def refill(self, accounts: Collection[int] | None = None) -> int:
        """Plan anew what waits in the queue, of these accounts or of all; how many moved."""
        with transaction(self._engine) as session:
            return self.refill_in(session, accounts)

    def refill_in(self, session: Session, accounts: Collection[int] | None = None) -> int:
        """As `refill`, in a transaction that does more."""
        now = self._now()
        if accounts is None:
            waiting = select(Publication.account_id).where(_movable(now)).distinct()
            accounts = session.scalars(waiting).all()
        _one_at_a_time(session, accounts)
        return sum(
            len(self._arrange(session, account, {}, now)) for account in sorted(set(accounts))
        )

    def _arrange(
        self, session: Session, account: int, new: Mapping[int, Wanted], now: datetime
    ) -> dict[int, datetime]:
        """Give everybody in an account's queue a slot, with the `new` by key; those that are there
        are moved at once. Returns the moments of those that changed, and of all new ones."""
        movable = session.execute(
            _of(account).where(_movable(now)).with_for_update(skip_locked=True, of=Publication)
        ).all()
        rows = {row.id: row for row in movable if row.id not in new}
        queue = [_queued(row) for row in rows.values()]
        queue += [
            _newly(key, one, one.placement.turn) for key, one in new.items() if one.placement.turn
        ]
        if not queue:
            return {}
        taken = [
            Taken(one.placement.due_at, one.site, one.place)
            for one in new.values()
            if one.placement.turn is None
        ]
        # Read after the lock: what somebody else holds, or has begun meanwhile, stays where it is.
        fixed = session.execute(_of(account).where(_fixed(now))).all()
        taken += [
            Taken(_when(row), row.site, row.place)
            for row in fixed
            if row.id not in rows and row.id not in new
        ]
        found = assign(queue, taken, self._calendars(session, queue, taken, now), now)
        moved = {key: at for key, at in found.items() if key in rows and at != rows[key].due_at}
        if moved:
            session.execute(
                update(Publication),
                [{"id": key, "due_at": at, "next_at": at} for key, at in moved.items()],
            )
            note_all(session, now, "moved", {key: at.isoformat() for key, at in moved.items()})
        return moved | {key: at for key, at in found.items() if key in new}

    def _calendars(
        self, session: Session, queue: Sequence[Queued], taken: Sequence[Taken], now: datetime
    ) -> dict[str, SiteCalendar]:
        sites = {one.site for one in queue} | {one.site for one in taken}
        return {site: calendar_of(session, site, self._zone, now) for site in sorted(sites)}


def _check_wanted(session: Session, post_ids: Sequence[int]) -> None:
    """Raises InputError for one that a person turned down since it was looked at; until this
    transaction ends nobody turns one down."""
    ids = sorted(set(post_ids))
    for start in range(0, len(ids), 400):
        query = (
            select(SocialPost.id, SocialPost.status)
            .where(SocialPost.id.in_(ids[start : start + 400]))
            .order_by(SocialPost.id)
            .with_for_update(read=True)
        )
        for number, status in session.execute(query):
            if status in (REJECTED, TURNED_DOWN):
                raise InputError(
                    f"Post {number} was {status} meanwhile; `igny8-media posts approve {number}` "
                    "takes that back."
                )


def _one_at_a_time(session: Session, accounts: Collection[int]) -> None:
    """On SQLite the transaction itself is the lock. Not the account's row, for which whoever
    publishes waits."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:lock, :account)")
        for account in sorted(set(accounts)):
            session.execute(lock, {"lock": _LOCK, "account": account})


def _of(account: int) -> Any:
    return (
        select(
            Publication.id,
            Publication.due_at,
            Publication.next_at,
            Publication.published_at,
            Publication.phase,
            Publication.queued_at,
            Publication.priority,
            Publication.not_before,
            SocialPost.platform.label("place"),
            func.coalesce(Content.site, MAIN).label("site"),
        )
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .outerjoin(Content, Content.content_id == Publication.content_id)
        .where(Publication.account_id == account)
        .order_by(Publication.id)
    )


def _movable(now: datetime) -> ColumnElement[bool]:
    """What the queue planned, that nobody has begun and that is not due yet."""
    return and_(
        Publication.queued_at.is_not(None),
        Publication.status == Status.SCHEDULED,
        Publication.phase == Phase.NEW,
        Publication.part == 0,
        Publication.started_at.is_(None),
        Publication.lease_until.is_(None),
        Publication.due_at > now,
    )


def _fixed(now: datetime) -> ColumnElement[bool]:
    """What takes up a moment of its account."""
    under_way = (Status.SCHEDULED, Status.PUBLISHING, Status.NEEDS_REVIEW)
    return or_(
        Publication.status.in_(under_way),
        and_(Publication.status == Status.PUBLISHED, Publication.published_at > now - _RECENT),
    )


def _when(row: Row[Any]) -> datetime:
    at: datetime = row.published_at or (
        max(row.next_at, row.due_at) if row.phase == Phase.NEW else row.due_at
    )
    return at


def _queued(row: Row[Any]) -> Queued:
    return Queued(row.id, row.site, row.place, row.queued_at, row.priority, row.not_before)


def _newly(key: int, one: Wanted, turn: Turn) -> Queued:
    return Queued(key, one.site, one.place, turn.queued_at, turn.priority, turn.not_before)

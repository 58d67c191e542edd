"""The queue in the ledger: posts that wait for a slot, and who moves when something changes.

Everything of an account that may still move is planned anew whenever something changes: a post
comes or goes, somebody names a time, a slot or a day off is added. A post that a sweep has begun,
or is about to, is never touched: its row is passed over where it is locked, and where it is due.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Row, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.database.notifications import notify
from igny8_media.database.tables import Publication, SocialAccount
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.planning.assign import Queued, Taken, assign
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.queuerows import (
    afresh,
    at_earliest,
    check_wanted,
    fixed,
    movable,
    of_account,
    one_at_a_time,
    when,
)
from igny8_media.planning.sites import calendar_of
from igny8_media.publishing.ledger import utc_now
from igny8_media.publishing.ledgerrows import at_hand, lapsed
from igny8_media.publishing.news import whereabouts
from igny8_media.publishing.placing import Placement, Turn, check_movable, held, note_all, place
from igny8_media.publishing.statuses import Status

_NEW: Final = 2**62
"""Where the keys of posts begin that have no ID yet: after everybody who came before."""


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
        one_at_a_time(session, accounts)
        check_wanted(session, [one.placement.post_id for one in wanted])
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
            one_at_a_time(session, [known.account_id])
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
            rows = session.execute(of_account(account).where(fixed(now))).all()
            taken = [Taken(when(row), row.site, row.place) for row in rows]
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
            waiting = select(Publication.account_id).where(movable(now)).distinct()
            accounts = session.scalars(waiting).all()
        one_at_a_time(session, accounts)
        return sum(
            len(self._arrange(session, account, {}, now)) for account in sorted(set(accounts))
        )

    def catch_up(self) -> int:
        """Give what the queue planned and nobody sent in time (`ledgerrows.lapsed`) its turn anew:
        of each account one goes at once where that keeps gap and cap, and the others take the next
        slots, before all that came later. People are told once; returns how many these were.

        Those of accounts that are parked or wait for their person stay until that is over. What
        finds no slot stays too: it goes when the gap to the one before is over.
        """
        now = self._now()
        query = (
            select(Publication.account_id)
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .where(lapsed(now), at_hand(now))
            .distinct()
        )
        with transaction(self._engine, reading=True) as session:
            accounts = sorted(session.scalars(query))
        return sum(map(self._catch_up, accounts))

    def _catch_up(self, account: int) -> int:
        now = self._now()
        mine = Publication.account_id == account
        with transaction(self._engine) as session:
            one_at_a_time(session, [account])
            late = set(session.scalars(select(Publication.id).where(mine, lapsed(now))))
            moved = self._arrange(session, account, {}, now, late)
            found = {key: at for key, at in moved.items() if key in late}
            afresh(session, found)
            later = [at for at in found.values() if at > now]
            where = whereabouts(session.get_one(SocialAccount, account))
            if later:
                key = f"caught_up:{account}:{now.isoformat()}"
                notify(session, key, "caught_up", _moved(where, len(found), later), now)
            if late - found.keys():
                key = f"no_slots:{account}:{now.date()}"
                notify(session, key, "caught_up", _no_slots(where), now)
            return len(found)

    def _arrange(
        self,
        session: Session,
        account: int,
        new: Mapping[int, Wanted],
        now: datetime,
        late: Collection[int] = (),
    ) -> dict[int, datetime]:
        """Give everybody in an account's queue a slot, with the `new` by key; those that are there
        are moved at once. Returns the moments of those that changed, and of all new ones.

        The `late` ones lapsed, and are placed too. Whatever else is overdue then goes out now."""
        may = or_(movable(now), lapsed(now)) if late else movable(now)
        free = session.execute(
            of_account(account).where(may).with_for_update(skip_locked=True, of=Publication)
        ).all()
        rows = {row.id: row for row in free if row.id not in new}
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
        stays = session.execute(of_account(account).where(fixed(now))).all()
        taken += [
            Taken(at_earliest(row, now) if late else when(row), row.site, row.place)
            for row in stays
            if row.id not in rows and row.id not in new
        ]
        found = assign(queue, taken, self._calendars(session, queue, taken, now), now, late)
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


def _moved(where: str, count: int, later: Sequence[datetime]) -> str:
    posts = f"{count} queued post{'s' * (count > 1)} of {where} {'were' if count > 1 else 'was'}"
    waits = (
        f"{len(later)} wait for the next free slots, the last at {max(later):%Y-%m-%d %H:%M} UTC"
        if len(later) > 1
        else f"one waits for the next free slot, {later[0]:%Y-%m-%d %H:%M} UTC"
    )
    first = "one goes out now, and " * (len(later) < count)
    return f"{posts} not sent in time: {first}{waits}; `igny8-media calendar` shows them."


def _no_slots(where: str) -> str:
    return (
        f"Queued posts of {where} were not sent in time and find no slot now: each goes out when "
        "its gap and cap allow; `igny8-media calendar slots add` gives them slots."
    )


def _queued(row: Row[Any]) -> Queued:
    return Queued(row.id, row.site, row.place, row.queued_at, row.priority, row.not_before)


def _newly(key: int, one: Wanted, turn: Turn) -> Queued:
    return Queued(key, one.site, one.place, turn.queued_at, turn.priority, turn.not_before)

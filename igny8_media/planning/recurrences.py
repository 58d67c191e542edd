"""Recurring posts in the database: whose turn it is, and what came of each turn."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, exists, select, update
from sqlalchemy.orm import Session

from igny8_media.database.notifications import notify
from igny8_media.database.tables import (
    Publication,
    PublicationMetrics,
    Recurrence,
    RecurrenceTurn,
    SocialPost,
)
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.planning.decay import FIGURES, Reading, at_comparable_age
from igny8_media.planning.rules import Rule

ACTIVE: Final = "active"
PAUSED: Final = "paused"
ENDED: Final = "ended"
STOPPED: Final = "stopped"
_NEWS: Final = "repetition"
_CLAIM: Final = timedelta(minutes=30)
"""For how long a turn is somebody's: far more than a model takes to write a post."""


class Repeated(Frozen):
    """A recurring post; `rule` counts from `starts`, local time in `zone`. `made` are its turns so
    far, and `next_at` is None where there are no more."""

    id: int
    post_id: int
    account_id: int
    site: str
    rule: str
    starts: str
    zone: str
    status: str
    reason: str
    next_at: datetime | None
    made: int

    def turns(self) -> Rule:
        return Rule(self.rule, datetime.fromisoformat(self.starts), ZoneInfo(self.zone))


class TurnMade(Frozen):
    """`post_id` is None where the turn was skipped; `note` says why."""

    due_at: datetime
    post_id: int | None
    note: str


class Recurrences:
    """The tables `recurrence` and `recurrence_turn`."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def add(self, post_id: int, account_id: int, site: str, rule: Rule) -> Repeated:
        """Raises InputError where the post comes again for this account already."""
        with transaction(self._engine) as session:
            # Its row is the lock: two who repeat the same post at once take their turn.
            session.scalars(
                select(SocialPost.id).where(SocialPost.id == post_id).with_for_update()
            ).one()
            same = session.scalars(
                select(Recurrence).where(
                    Recurrence.post_id == post_id,
                    Recurrence.account_id == account_id,
                    Recurrence.status.in_((ACTIVE, PAUSED)),
                )
            ).first()
            if same is not None:
                raise InputError(
                    f"Post {post_id} comes again already (repetition {same.id}); end that first, "
                    f"with `igny8-media posts repetition {same.id} end`."
                )
            row = Recurrence(
                post_id=post_id,
                account_id=account_id,
                site=site,
                rule=rule.text,
                starts=rule.starts.isoformat(timespec="seconds"),
                time_zone=str(rule.zone),
                status=ACTIVE,
                next_at=rule.after(self._now()),
                created_at=self._now(),
            )
            session.add(row)
            session.flush()
            return _repeated(row)

    def all(self) -> Sequence[Repeated]:
        """Also those that have ended."""
        query = select(Recurrence).order_by(Recurrence.id)
        with transaction(self._engine, reading=True) as session:
            return [_repeated(row) for row in session.scalars(query)]

    def due(self, by: datetime) -> Sequence[Repeated]:
        """Active ones whose next turn is due by then, the next first."""
        query = (
            select(Recurrence)
            .where(Recurrence.status == ACTIVE, Recurrence.next_at <= by)
            .order_by(Recurrence.next_at, Recurrence.id)
        )
        with transaction(self._engine, reading=True) as session:
            return [_repeated(row) for row in session.scalars(query)]

    def get(self, number: int) -> Repeated:
        """Raises InputError where there is none."""
        with transaction(self._engine, reading=True) as session:
            return _repeated(_row(session, number))

    def made(self, number: int) -> Sequence[TurnMade]:
        """What came of its turns, in order."""
        query = (
            select(RecurrenceTurn)
            .where(RecurrenceTurn.recurrence_id == number)
            .order_by(RecurrenceTurn.due_at)
        )
        with transaction(self._engine, reading=True) as session:
            return [
                TurnMade(due_at=row.due_at, post_id=row.post_id, note=row.note)
                for row in session.scalars(query)
            ]

    def pause(self, number: int) -> Repeated:
        """No more turns until it is resumed. Raises InputError where it is not going on."""
        return self._change(number, (ACTIVE,), PAUSED)

    def resume(self, number: int) -> Repeated:
        """On from the next turn to come; those in between are left out. Also for one that was
        stopped, where a person knows better. Raises InputError where it has ended."""
        return self._change(number, (PAUSED, STOPPED), ACTIVE)

    def end(self, number: int) -> Repeated:
        """For good; what is planned already goes out."""
        return self._change(number, (ACTIVE, PAUSED, STOPPED), ENDED, "Ended by a person.")

    def _change(self, number: int, those: Sequence[str], status: str, reason: str = "") -> Repeated:
        with transaction(self._engine) as session:
            row = _row(session, number, lock=True)
            if row.status not in those:
                raise InputError(f"Repetition {number} is {row.status} already.")
            row.status, row.reason = status, reason
            if status == ACTIVE:
                row.next_at = _repeated(row).turns().after(self._now())
                if row.next_at is None:
                    raise InputError(f"Repetition {number} has no turns to come; begin a new one.")
            return _repeated(row)

    def stop(self, number: int, reason: str) -> None:
        """It goes on no more by itself, and its person is told."""
        with transaction(self._engine) as session:
            row = _row(session, number, lock=True)
            if row.status == ACTIVE:
                row.status, row.reason = STOPPED, reason
                # By its turns: whoever resumes it is told again when it stops again.
                key = f"repetition:{number}:stopped:{row.made}"
                told = f"Post {row.post_id} comes again no more. {reason}"
                notify(session, key, _NEWS, told, self._now())

    def claim(self, repeated: Repeated) -> datetime | None:
        """Until when the next turn is ours alone: a model is paid for each answer, also for one
        that nobody needs. None where it is somebody else's, or was made meanwhile. What was not
        given back with `let_go` ends by itself."""
        now = self._now()
        with transaction(self._engine) as session:
            row = begin_turn(session, repeated)
            if row is None or (row.claimed_until is not None and row.claimed_until > now):
                return None
            row.claimed_until = now + _CLAIM
            return row.claimed_until

    def let_go(self, number: int, until: datetime) -> None:
        """Give back the claim that lasts until then, if nobody has taken it over."""
        ours = Recurrence.id == number, Recurrence.claimed_until == until
        with transaction(self._engine) as session:
            session.execute(update(Recurrence).where(*ours).values(claimed_until=None))

    def earlier(self, repeated: Repeated) -> list[SocialPost]:
        """The post and what was made for its turns, in order."""
        made = exists().where(
            RecurrenceTurn.recurrence_id == repeated.id, RecurrenceTurn.post_id == SocialPost.id
        )
        query = (
            select(SocialPost)
            .where((SocialPost.id == repeated.post_id) | made)
            .order_by(SocialPost.id)
        )
        with transaction(self._engine, reading=True) as session:
            return list(session.scalars(query))

    def readings(self, repeated: Repeated, posts: Sequence[int]) -> list[Reading | None]:
        """What each of these posts reached on the account, at a comparable age."""
        query = (
            select(Publication.post_id, Publication.published_at, PublicationMetrics)
            .join(PublicationMetrics, PublicationMetrics.publication_id == Publication.id)
            .where(
                Publication.account_id == repeated.account_id,
                Publication.post_id.in_(posts),
                Publication.published_at.is_not(None),
            )
        )
        out: dict[int, datetime] = {}
        found: dict[int, list[Reading]] = {}
        with transaction(self._engine, reading=True) as session:
            for post_id, published_at, row in session.execute(query):
                out[post_id] = published_at
                told = {name: getattr(row, name) for name in FIGURES}
                figures = {name: value for name, value in told.items() if value is not None}
                reading = Reading(row.taken_at, row.series, figures)
                found.setdefault(post_id, []).append(reading)
        return [
            at_comparable_age(out[post], found[post]) if post in found else None for post in posts
        ]


def begin_turn(session: Session, repeated: Repeated) -> Recurrence | None:
    """The recurrence, locked, if the turn that `repeated` knows as the next is still to be made:
    None where somebody made it meanwhile, or changed their mind."""
    row = _row(session, repeated.id, lock=True)
    if row.status != ACTIVE or row.next_at != repeated.next_at:
        return None
    return row


def end_turn(
    session: Session,
    row: Recurrence,
    due_at: datetime,
    post_id: int | None,
    note: str,
    now: datetime,
) -> None:
    """Write down what came of a turn, and when the next is; of one that was left out, for the
    reason in `note`, the person is told. The turn's unique key refuses a second time, whatever
    else goes wrong."""
    session.add(RecurrenceTurn(recurrence_id=row.id, due_at=due_at, post_id=post_id, note=note))
    if note:
        # In one with the turn: who is killed in between would never come back to tell.
        key = f"repetition:{row.id}:{due_at:%Y%m%d%H%M}"
        told = f"Post {row.post_id} did not come again at {due_at:%Y-%m-%d %H:%M} UTC. {note}"
        notify(session, key, _NEWS, told, now)
    row.next_at = _repeated(row).turns().after(due_at)
    if post_id is not None:
        row.made += 1
    if row.next_at is None:
        row.status, row.reason = ENDED, "That was its last turn."
    session.flush()


def _row(session: Session, number: int, *, lock: bool = False) -> Recurrence:
    row = session.get(Recurrence, number, with_for_update=lock or None)
    if row is None:
        raise InputError(
            f"There is no repetition {number}; `igny8-media posts repetitions` shows them."
        )
    return row


def _repeated(row: Recurrence) -> Repeated:
    return Repeated(
        id=row.id,
        post_id=row.post_id,
        account_id=row.account_id,
        site=row.site,
        rule=row.rule,
        starts=row.starts,
        zone=row.time_zone,
        status=row.status,
        reason=row.reason,
        next_at=row.next_at,
        made=row.made,
    )

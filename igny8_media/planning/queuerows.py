"""The queue's rows in the ledger: which may move, which stay, and who takes turns."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, text, update
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content, Publication, SocialPost
from igny8_media.errors import InputError
from igny8_media.planning.sites import MAIN
from igny8_media.publishing.claims import Phase
from igny8_media.publishing.ledgerrows import GRACE
from igny8_media.publishing.statuses import REJECTED, TURNED_DOWN, Status

_RECENT: Final = timedelta(days=8)
"""What is out for longer keeps no gap and fills no day: gaps last a week at most."""
_LOCK: Final = 0x1617A  # any constant of our own: one change of an account's queue at a time
_CALENDARS: Final = 0x1617B  # another: who plans shares it, who changes a calendar has it alone


def check_wanted(session: Session, post_ids: Sequence[int]) -> None:
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


def one_at_a_time(session: Session, accounts: Collection[int]) -> None:
    """On SQLite the transaction itself is the lock. Not the account's row, for which whoever
    publishes waits. Until this transaction ends nobody else changes a calendar."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _CALENDARS})
        lock = text("SELECT pg_advisory_xact_lock(:lock, :account)")
        for account in sorted(set(accounts)):
            session.execute(lock, {"lock": _LOCK, "account": account})


def alone_with_calendars(session: Session) -> None:
    """For whoever changes a calendar, before anything else: nobody plans by it until this
    transaction ends, and what was planned before is seen."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CALENDARS})


def of_account(account: int) -> Any:
    return (
        select(
            Publication.id,
            Publication.due_at,
            Publication.next_at,
            Publication.published_at,
            Publication.status,
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


def movable(now: datetime) -> ColumnElement[bool]:
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


def fixed(now: datetime) -> ColumnElement[bool]:
    """What takes up a moment of its account."""
    under_way = (Status.SCHEDULED, Status.PUBLISHING, Status.NEEDS_REVIEW)
    return or_(
        Publication.status.in_(under_way),
        and_(Publication.status == Status.PUBLISHED, Publication.published_at > now - _RECENT),
    )


def when(row: Row[Any]) -> datetime:
    """The moment that a row takes up. What went out soon after its slot keeps the slot: seconds
    of sending do not make the next one too near."""
    due: datetime = row.due_at
    if row.published_at:
        out: datetime = row.published_at
        return due if timedelta(0) <= out - due <= GRACE else out
    return max(row.next_at, due) if row.phase == Phase.NEW else due


def at_earliest(row: Row[Any], now: datetime) -> datetime:
    """As `when`, where everything that is overdue is about to be sent."""
    at = when(row)
    under_way = row.status in (Status.SCHEDULED, Status.PUBLISHING)
    return now if under_way and at <= now - GRACE else at


def afresh(session: Session, ids: Collection[int]) -> None:
    """These lapsed and have another moment: what was begun for the old one is forgotten, and who
    died over it can write nothing any more."""
    numbers = sorted(ids)
    for start in range(0, len(numbers), 400):
        session.execute(
            update(Publication)
            .where(Publication.id.in_(numbers[start : start + 400]))
            .values(
                started_at=None,
                attempts=0,
                reason="",
                lease=Publication.lease + 1,
                lease_by=None,
                lease_until=None,
            )
        )

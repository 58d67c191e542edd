"""What people must be told: left here by whatever happened, taken out by whoever tells them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from igny8_media.database.tables import Notification
from igny8_media.database.transactions import transaction
from igny8_media.frozen import Frozen

_NEWS: Final = timedelta(days=7)
_FARTHEST: Final = timedelta(hours=12)
"""Nothing is put off for longer: beyond it, the clock was wrong when that was written."""


class Notice(Frozen):
    """One occasion; `kind` is what sort of news it is, `text` a sentence or two for a person."""

    id: int
    kind: str
    text: str
    created_at: datetime
    sent_at: datetime | None


def notify(session: Session, key: str, kind: str, text: str, now: datetime) -> bool:
    """Leave a notification; False when there is one with this key."""
    dialect = session.get_bind().dialect.name
    into = (postgresql if dialect == "postgresql" else sqlite).insert(Notification)
    # Several may leave the same at the same moment.
    query = into.on_conflict_do_nothing(index_elements=["key"]).returning(Notification.id)
    row = {"key": key, "kind": kind, "text": text, "created_at": now}
    return session.scalar(query.values(row)) is not None


class Notices:
    """The `notification` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def leave(self, key: str, kind: str, text: str, now: datetime) -> bool:
        """See `notify`."""
        with transaction(self._engine) as session:
            return notify(session, key, kind, text, now)

    def waiting(self, now: datetime) -> Sequence[Notice]:
        """Those that nobody was told of, oldest first, without those put off beyond `now`, and
        without what is no news any more after a week."""
        with transaction(self._engine, reading=True) as session:
            return [_notice(row) for row in session.scalars(_waiting(now))]

    def claim(self, now: datetime, until: datetime) -> Sequence[Notice]:
        """As `waiting`; they are the caller's to tell, and wait for nobody else until then."""
        query = _waiting(now).with_for_update(skip_locked=True)
        with transaction(self._engine) as session:
            rows = list(session.scalars(query))
            for row in rows:
                row.next_at = until
            return [_notice(row) for row in rows]

    def latest(self, most: int) -> Sequence[Notice]:
        """The newest, newest first, whether told or not."""
        query = select(Notification).order_by(Notification.id.desc()).limit(most)
        with transaction(self._engine, reading=True) as session:
            return [_notice(row) for row in session.scalars(query)]

    def last_sent(self) -> datetime | None:
        """When people were told something last."""
        with transaction(self._engine, reading=True) as session:
            return session.scalar(select(func.max(Notification.sent_at)))

    def failures(self, ids: Sequence[int]) -> int:
        """How often these could not be sent, at most."""
        query = select(func.max(Notification.attempts)).where(Notification.id.in_(ids))
        with transaction(self._engine, reading=True) as session:
            return session.scalar(query) or 0

    def told(self, ids: Sequence[int], now: datetime) -> None:
        with transaction(self._engine) as session:
            session.execute(
                update(Notification).where(Notification.id.in_(ids)).values(sent_at=now)
            )

    def put_off(self, ids: Sequence[int], until: datetime) -> None:
        """They could not be sent."""
        with transaction(self._engine) as session:
            session.execute(
                update(Notification)
                .where(Notification.id.in_(ids))
                .values(next_at=until, attempts=Notification.attempts + 1)
            )


def _waiting(now: datetime) -> Select[tuple[Notification]]:
    at = Notification.next_at
    return (
        select(Notification)
        .where(
            Notification.sent_at.is_(None),
            Notification.created_at > now - _NEWS,
            or_(at.is_(None), at <= now, at > now + _FARTHEST),
        )
        .order_by(Notification.id)
    )


def _notice(row: Notification) -> Notice:
    return Notice(
        id=row.id, kind=row.kind, text=row.text, created_at=row.created_at, sent_at=row.sent_at
    )

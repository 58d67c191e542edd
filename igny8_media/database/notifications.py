"""What people must be told: left here by whatever happened, taken out by whoever tells them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, or_, select, update
from sqlalchemy.orm import Session

from igny8_media.database.tables import Notification
from igny8_media.database.transactions import transaction
from igny8_media.frozen import Frozen

_NEWS: Final = timedelta(days=7)


class Notice(Frozen):
    """One occasion; `kind` is what sort of news it is, `text` a sentence or two for a person."""

    id: int
    kind: str
    text: str
    created_at: datetime
    sent_at: datetime | None


def notify(session: Session, key: str, kind: str, text: str, now: datetime) -> bool:
    """Leave a notification; False when there is one with this key."""
    if session.scalars(select(Notification.id).where(Notification.key == key)).first() is not None:
        return False
    session.add(Notification(key=key, kind=kind, text=text, created_at=now))
    return True


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
        query = (
            select(Notification)
            .where(
                Notification.sent_at.is_(None),
                Notification.created_at > now - _NEWS,
                or_(Notification.next_at.is_(None), Notification.next_at <= now),
            )
            .order_by(Notification.id)
        )
        with transaction(self._engine, reading=True) as session:
            return [_notice(row) for row in session.scalars(query)]

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


def _notice(row: Notification) -> Notice:
    return Notice(
        id=row.id, kind=row.kind, text=row.text, created_at=row.created_at, sent_at=row.sent_at
    )

"""Telling others what is out: each publication once, by whichever sweep comes first."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Publication
from igny8_media.publishing.planned import Planned, planned_of, select_planned

_UNTOLD: Final = (Publication.published_at.is_not(None), Publication.reported_at.is_(None))
_AT_ONCE: Final = 50


def untold(engine: Engine) -> bool:
    """Whether something is out that nobody was told of."""
    with Session(engine) as session:
        return session.scalar(select(Publication.id).where(*_UNTOLD).limit(1)) is not None


def report(engine: Engine, now: Callable[[], datetime], tell: Callable[[Planned], None]) -> int:
    """`tell` of everything that is out and was not told of; returns how many that were.

    The rows are held while they are told, so that two sweeps at once do not tell the same. What
    `tell` raises goes through, and those rows are told again later.
    """
    count = 0
    while told := _some(engine, now, tell):
        count += told
    return count


def _some(engine: Engine, now: Callable[[], datetime], tell: Callable[[Planned], None]) -> int:
    query = (
        select_planned()
        .where(*_UNTOLD)
        .order_by(Publication.published_at, Publication.id)
        .limit(_AT_ONCE)  # SQLite lets nobody else write meanwhile
        .with_for_update(skip_locked=True, of=Publication)
    )
    with Session(engine) as session, session.begin():
        rows = [(row, account, post) for row, account, post in session.execute(query)]
        for row, account, post in rows:
            tell(planned_of(row, account, post))
            row.reported_at = now()
        return len(rows)

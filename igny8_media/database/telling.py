"""Rows that somebody is told of, each of them once, by whichever sweep comes first."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Row, Select, select

from igny8_media.database.tables import Publication, PublicationMetrics
from igny8_media.database.transactions import transaction

_AT_ONCE: Final = 50
"""SQLite lets nobody else write while these are told."""

Told = type[Publication] | type[PublicationMetrics]
"""The tables that keep in `reported_at` when somebody was told of a row."""


def untold(engine: Engine, table: Told, *which: ColumnElement[bool]) -> bool:
    """Whether nobody was told of one of `which`, by default of all."""
    query = select(table.id).where(table.reported_at.is_(None), *which).limit(1)
    with transaction(engine, reading=True) as session:
        return session.scalar(query) is not None


def tell_untold(
    engine: Engine,
    table: Told,
    query: Select[Any],
    now: Callable[[], datetime],
    tell: Callable[[Row[Any]], None],
) -> int:
    """`tell` of what `query` finds, in its order, as far as nobody was told of it; returns how many
    that were. A row of `table` is the first of what it selects.

    The rows are held while they are told, so that two sweeps at once do not tell the same. What
    `tell` raises goes through, and those rows are told again later.
    """
    waiting = query.where(table.reported_at.is_(None)).limit(_AT_ONCE)
    held = waiting.with_for_update(skip_locked=True, of=table)
    count = 0
    while True:
        with transaction(engine) as session:
            rows = session.execute(held).all()
            for row in rows:
                tell(row)
                row[0].reported_at = now()
        if not rows:
            return count
        count += len(rows)

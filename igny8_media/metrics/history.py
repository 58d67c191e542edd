"""What publications have reached, as people see it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.database.tables import (
    MetricsWatch,
    Publication,
    PublicationMetrics,
    SocialAccount,
)
from igny8_media.database.transactions import transaction
from igny8_media.frozen import Frozen
from igny8_media.metrics.snapshot import RATES
from igny8_media.publishing.readings import FIGURES


class Kept(Frozen):
    """One reading; a figure that was not given is None, and `missing` says why."""

    taken_at: datetime
    figures: Mapping[str, int | float | None]
    missing: Mapping[str, str]
    notes: Mapping[str, str]
    series: str


class Reached(Frozen):
    """A publication and its readings, newest first. `next_at` is when it is read next; `gone` says
    that it is there no more, `problem` what went wrong last."""

    publication_id: int
    post_id: int
    content_id: str
    service: Service
    account: str
    sandbox: bool
    url: str | None
    published_at: datetime | None
    next_at: datetime | None
    gone: bool
    problem: str
    readings: tuple[Kept, ...]


def reached(
    engine: Engine,
    *,
    post_id: int | None = None,
    content_id: str | None = None,
    publications: int = 20,
    readings: int = 1,
) -> list[Reached]:
    """The newest publications (of a post, of a content), each with its newest readings."""
    query = (
        select(Publication, SocialAccount, MetricsWatch)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .outerjoin(MetricsWatch, MetricsWatch.publication_id == Publication.id)
        .where(Publication.published_at.is_not(None))
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(publications)
    )
    if post_id is not None:
        query = query.where(Publication.post_id == post_id)
    if content_id is not None:
        query = query.where(Publication.content_id == content_id)
    with transaction(engine, reading=True) as session:
        rows = session.execute(query).all()
        return [
            Reached(
                publication_id=row.id,
                post_id=row.post_id,
                content_id=row.content_id,
                service=Service(row.service),
                account=account.name,
                sandbox=account.sandbox,
                url=row.url,
                published_at=row.published_at,
                next_at=watch.next_at if watch else None,
                gone=watch.gone if watch else False,
                problem=watch.problem if watch else "",
                readings=_newest(session, row.id, readings),
            )
            for row, account, watch in rows
        ]


def _newest(session: Session, publication_id: int, most: int) -> tuple[Kept, ...]:
    table = PublicationMetrics
    query = (
        select(table)
        .where(table.publication_id == publication_id)
        .order_by(table.taken_at.desc())
        .limit(most)
    )
    return tuple(kept_of(row) for row in session.scalars(query))


def kept_of(row: PublicationMetrics) -> Kept:
    return Kept(
        taken_at=row.taken_at,
        figures={name: getattr(row, name) for name in (*FIGURES, *RATES)},
        missing=row.missing,
        notes=row.notes,
        series=row.series,
    )

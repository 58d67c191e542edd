"""Which publications are read when: the table `metrics_watch`, on which several sweeps may work."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Row, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from igny8_media.accounts.model import Service
from igny8_media.database.tables import (
    MetricsWatch,
    Publication,
    PublicationMetrics,
    SocialAccount,
    SocialPost,
)
from igny8_media.database.transactions import transaction
from igny8_media.metrics.model import Claim
from igny8_media.metrics.pace import first_reading
from igny8_media.publishing.readings import Asked, chunks
from igny8_media.publishing.statuses import Status

LEASE: Final = timedelta(minutes=30)
"""For how long what is being read is nobody else's."""
_AT_ONCE: Final = 500
"""Rows named in one statement."""
_CLAIMED: Final = (
    MetricsWatch.publication_id,
    MetricsWatch.last_at,
    MetricsWatch.failures,
    Publication.platform_id,
    Publication.outgoing["kind"].as_string().label("kind"),
    Publication.published_at,
    Publication.account_id,
)


class Watch:
    """When each publication is due, and whose it is to read: one that is claimed nobody else reads,
    not even who reads everything."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def begin(self) -> int:
        """Watch every publication that is out and not watched yet; returns how many."""
        query = (
            select(Publication.id, Publication.published_at)
            .outerjoin(MetricsWatch, MetricsWatch.publication_id == Publication.id)
            .where(
                Publication.status == Status.PUBLISHED,
                Publication.published_at.is_not(None),
                Publication.platform_id.is_not(None),
                MetricsWatch.publication_id.is_(None),
            )
        )
        with transaction(self._engine) as session:
            rows = [
                {"publication_id": id, "next_at": first_reading(published)}
                for id, published in session.execute(query)
            ]
            dialect = session.get_bind().dialect.name
            into = (postgresql if dialect == "postgresql" else sqlite).insert(MetricsWatch)
            for some in chunks(rows, _AT_ONCE):
                session.execute(into.on_conflict_do_nothing(), some)
        return len(rows)

    def hasten(self) -> None:
        """Let everything that is still there be due now, also what would be read no more; not what
        somebody is just reading."""
        now = self._now()
        with transaction(self._engine) as session:
            session.execute(
                update(MetricsWatch)
                .where(
                    MetricsWatch.gone.is_(False),
                    _free(now),
                    or_(MetricsWatch.next_at.is_(None), MetricsWatch.next_at > now),
                )
                .values(next_at=now)
            )

    def due(
        self, *, videos: bool | None = None, sandbox: bool | None = None, everything: bool = False
    ) -> int:
        """How many are due, of accounts that work; with `everything` how many would be."""
        query = _due((func.count(),), self._now(), videos, everything=everything)
        if sandbox is not None:
            query = query.where(SocialAccount.sandbox.is_(sandbox))
        with transaction(self._engine, reading=True) as session:
            return session.scalar(query) or 0

    def claim(self, limit: int, *, videos: bool | None = None) -> list[Claim]:
        """What is due: account by account, so that batches are full, and of each what was not read
        for longest first."""
        now = self._now()
        until = now + LEASE
        query = (
            _due(_CLAIMED, now, videos)
            .order_by(
                Publication.account_id,
                MetricsWatch.last_at.asc().nulls_first(),
                MetricsWatch.publication_id,
            )
            .limit(limit)
            .with_for_update(skip_locked=True, of=MetricsWatch)
        )
        with transaction(self._engine) as session:
            claims = [_claim(row, until) for row in session.execute(query)]
            for some in chunks([claim.asked.publication_id for claim in claims], _AT_ONCE):
                session.execute(
                    update(MetricsWatch)
                    .where(MetricsWatch.publication_id.in_(some))
                    .values(claimed_until=until)
                )
        return claims

    def read_by_others(self) -> int:
        """How many somebody is just reading."""
        query = select(func.count()).where(MetricsWatch.claimed_until > self._now())
        with transaction(self._engine, reading=True) as session:
            return session.scalar(query) or 0

    def read_since(self, account_id: int, since: datetime) -> int:
        """How many readings of an account's posts there were since then."""
        query = (
            select(func.count())
            .select_from(PublicationMetrics)
            .join(Publication, Publication.id == PublicationMetrics.publication_id)
            .where(Publication.account_id == account_id, PublicationMetrics.taken_at >= since)
        )
        with transaction(self._engine, reading=True) as session:
            return session.scalar(query) or 0

    def put_off(self, claims: Sequence[Claim], until: datetime, reason: str) -> None:
        """Leave them for later, without fault of theirs."""
        with transaction(self._engine) as session:
            for some in chunks(claims, _AT_ONCE):
                # Others may have taken them over since, if this took long.
                session.execute(
                    update(MetricsWatch)
                    .where(
                        MetricsWatch.publication_id.in_([one.asked.publication_id for one in some]),
                        MetricsWatch.claimed_until == some[0].until,
                    )
                    .values(next_at=until, claimed_until=None, problem=reason)
                )


def _free(now: datetime) -> ColumnElement[bool]:
    """A claim that was not given back ends by itself."""
    return or_(MetricsWatch.claimed_until.is_(None), MetricsWatch.claimed_until <= now)


def _due(
    columns: Sequence[Any], now: datetime, videos: bool | None, *, everything: bool = False
) -> Select[Any]:
    """What is due now, or ever, of accounts that work, and nobody's; `videos` chooses between
    videos and posts."""
    query = (
        select(*columns)
        .select_from(MetricsWatch)
        .join(Publication, Publication.id == MetricsWatch.publication_id)
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .where(
            MetricsWatch.gone.is_(False),
            Publication.status == Status.PUBLISHED,
            SocialAccount.status == "active",
            _free(now),
        )
    )
    if not everything:
        query = query.where(MetricsWatch.next_at <= now)
    if videos is None:
        return query
    # On YouTube what a person wrote is a video too.
    are: ColumnElement[bool] = or_(
        SocialPost.form == "video", Publication.service == Service.YOUTUBE.value
    )
    return query.where(are if videos else ~are)


def _claim(row: Row[Any], until: datetime) -> Claim:
    return Claim(
        asked=Asked(
            publication_id=row.publication_id,
            platform_id=row.platform_id,
            kind=row.kind,
            published_at=row.published_at,
            seen=row.last_at is not None,
        ),
        account_id=row.account_id,
        until=until,
        failures=row.failures,
    )

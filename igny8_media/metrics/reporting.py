"""Telling others what was read: each reading once, by whichever sweep comes first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, select

from igny8_media.database.tables import Publication, PublicationMetrics, SocialAccount, SocialPost
from igny8_media.database.transactions import transaction
from igny8_media.metrics.history import Kept, kept_of

_UNTOLD: Final = PublicationMetrics.reported_at.is_(None)
_AT_ONCE: Final = 50


@dataclass(frozen=True)
class News:
    """A reading, and whose; `place` is the platform, or a video's target."""

    content_id: str
    form: str
    place: str
    account: str
    sandbox: bool
    kept: Kept


def untold(engine: Engine) -> bool:
    """Whether there is a reading that nobody was told of."""
    with transaction(engine, reading=True) as session:
        return session.scalar(select(PublicationMetrics.id).where(_UNTOLD).limit(1)) is not None


def report(engine: Engine, now: Callable[[], datetime], tell: Callable[[News], None]) -> int:
    """`tell` of every reading that was not told of, also those of the command line; returns how
    many that were.

    The rows are held while they are told, so that two sweeps at once do not tell the same. What
    `tell` raises goes through, and those rows are told again later.
    """
    count = 0
    while told := _some(engine, now, tell):
        count += told
    return count


def _some(engine: Engine, now: Callable[[], datetime], tell: Callable[[News], None]) -> int:
    query = (
        select(PublicationMetrics, Publication.content_id, SocialPost, SocialAccount)
        .join(Publication, Publication.id == PublicationMetrics.publication_id)
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .where(_UNTOLD)
        .order_by(PublicationMetrics.taken_at, PublicationMetrics.id)
        .limit(_AT_ONCE)  # SQLite lets nobody else write meanwhile
        .with_for_update(skip_locked=True, of=PublicationMetrics)
    )
    with transaction(engine) as session:
        rows = session.execute(query).all()
        for row, content_id, post, account in rows:
            whose = account.name, account.sandbox
            tell(News(content_id, post.form, post.platform, *whose, kept_of(row)))
            row.reported_at = now()
        return len(rows)

"""Telling others what was read, also by the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select

from igny8_media.database.tables import Publication, PublicationMetrics, SocialAccount, SocialPost
from igny8_media.database.telling import tell_untold
from igny8_media.database.telling import untold as any_untold
from igny8_media.metrics.history import Kept, kept_of


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
    return any_untold(engine, PublicationMetrics)


def report(engine: Engine, now: Callable[[], datetime], tell: Callable[[News], None]) -> int:
    """`tell` once of every reading, as `tell_untold` does; returns how many that were."""
    query = (
        select(PublicationMetrics, Publication.content_id, SocialPost, SocialAccount)
        .join(Publication, Publication.id == PublicationMetrics.publication_id)
        .join(SocialPost, SocialPost.id == Publication.post_id)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .order_by(PublicationMetrics.taken_at, PublicationMetrics.id)
    )
    return tell_untold(engine, PublicationMetrics, query, now, lambda row: tell(_news(row)))


def _news(row: Row[Any]) -> News:
    reading, content_id, post, account = row
    whose = account.name, account.sandbox
    return News(content_id, post.form, post.platform, *whose, kept_of(reading))

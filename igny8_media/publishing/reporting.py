"""Telling others what is out."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from igny8_media.database.tables import Publication
from igny8_media.database.telling import tell_untold
from igny8_media.database.telling import untold as any_untold
from igny8_media.publishing.planned import Planned, planned_of, select_planned

_OUT: Final = Publication.published_at.is_not(None)


def untold(engine: Engine) -> bool:
    """Whether something is out that nobody was told of."""
    return any_untold(engine, Publication, _OUT)


def report(engine: Engine, now: Callable[[], datetime], tell: Callable[[Planned], None]) -> int:
    """`tell` once of everything that is out, as `tell_untold` does; returns how many that were."""
    query = select_planned().where(_OUT).order_by(Publication.published_at, Publication.id)
    return tell_untold(engine, Publication, query, now, lambda row: tell(planned_of(*row)))

"""What was published and what it has reached, out of the database into pandas."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select

from igny8_media.analytics.columns import COUNTS, MEASURES
from igny8_media.analytics.reading import INTEGER, MOMENT, NUMBER, TEXT, TRUTH, WORD, read_frame
from igny8_media.database.tables import (
    Content,
    MetricsWatch,
    Publication,
    PublicationMetrics,
    Site,
    SocialAccount,
    SocialPost,
)
from igny8_media.publishing.statuses import Status

_EXCERPT: Final = 200
_REASONS: Final = 500
_MAIN: Final = "main"


@dataclass(frozen=True)
class Loaded:
    """`publications`: one row for each that is out, by its ID. `readings`: one row for each reading
    of them, in no order. `zones`: the IANA zone of each site that is known. `reasons`: why a
    platform does not give a figure, by both, as its latest readings said.

    Moments are UTC, figures are nullable, words are categoricals.
    """

    publications: pd.DataFrame
    readings: pd.DataFrame
    zones: dict[str, str]
    reasons: dict[tuple[str, str], str]


def load(
    engine: Engine,
    *,
    since: datetime | None = None,
    site: str | None = None,
    sandbox: bool = False,
) -> Loaded:
    """Everything published (since then, for that site), and all its readings.

    Either of real accounts or of sandbox accounts: those figures are played.
    """
    chosen: list[ColumnElement[bool]] = [
        Publication.status == Status.PUBLISHED,
        Publication.published_at.is_not(None),
        SocialAccount.sandbox == sandbox,
    ]
    if since is not None:
        chosen.append(Publication.published_at >= since)
    if site is not None:
        chosen.append(func.coalesce(Content.site, _MAIN) == site)
    with engine.connect().execution_options(reading=True) as connection:
        publications = read_publications(connection, chosen)
        readings = read_readings(connection, publications["publication_id"].to_numpy("int64"))
        zones = dict(connection.execute(select(Site.name, Site.time_zone)).tuples().all())
        reasons = _reasons(connection)
    return Loaded(publications, readings, zones, reasons)


def as_of(loaded: Loaded, moment: datetime) -> Loaded:
    """What was out and had been read before a moment."""
    out = loaded.publications["published_at"] < pd.Timestamp(moment)
    publications = loaded.publications[out].reset_index(drop=True)
    known = loaded.readings["publication_id"].isin(publications["publication_id"])
    read = loaded.readings["taken_at"] < pd.Timestamp(moment)
    readings = loaded.readings[known & read].reset_index(drop=True)
    return replace(loaded, publications=publications, readings=readings)


def read_publications(connection: Connection, chosen: list[ColumnElement[bool]]) -> pd.DataFrame:
    def joined(query: Select[Any]) -> Select[Any]:
        return (
            query.join(SocialAccount, SocialAccount.id == Publication.account_id)
            .join(SocialPost, SocialPost.id == Publication.post_id)
            .outerjoin(Content, Content.content_id == Publication.content_id)
            .outerjoin(MetricsWatch, MetricsWatch.publication_id == Publication.id)
            .where(*chosen)
            .order_by(Publication.id)
        )

    columns = {
        "publication_id": (Publication.id, INTEGER),
        "post_id": (Publication.post_id, INTEGER),
        "content_id": (Publication.content_id, TEXT),
        "site": (func.coalesce(Content.site, _MAIN), WORD),
        "platform": (Publication.service, WORD),
        "place": (SocialPost.platform, WORD),
        "form": (SocialPost.form, WORD),
        "account": (SocialAccount.name, WORD),
        "published_at": (Publication.published_at, MOMENT),
        "deleted": (func.coalesce(MetricsWatch.gone, False), TRUTH),
        "url": (Publication.url, TEXT),
        "title": (func.substr(Publication.outgoing["title"].as_string(), 1, _EXCERPT), TEXT),
        "text": (func.substr(Publication.outgoing["text"].as_string(), 1, _EXCERPT), TEXT),
    }
    return read_frame(connection, columns, joined)


def read_readings(
    connection: Connection, wanted: "np.ndarray[Any, np.dtype[np.int64]]"
) -> pd.DataFrame:
    """The readings of these publications (IDs in ascending order)."""
    table = PublicationMetrics
    columns: dict[str, Any] = {
        "publication_id": (table.publication_id, INTEGER),
        "taken_at": (table.taken_at, MOMENT),
        "series": (table.series, WORD),
    }
    columns |= {name: (getattr(table, name), INTEGER) for name in COUNTS}
    columns |= {name: (getattr(table, name), NUMBER) for name in MEASURES}
    first, last = (int(wanted[0]), int(wanted[-1])) if len(wanted) else (0, -1)
    # Looking each of them up would take the database longer than leaving some out here.
    frame = read_frame(
        connection, columns, lambda query: query.where(table.publication_id.between(first, last))
    )
    inside = np.isin(frame["publication_id"].to_numpy("int64"), wanted)
    return frame if inside.all() else frame[inside].reset_index(drop=True)


def _reasons(connection: Connection) -> dict[tuple[str, str], str]:
    newest = (
        select(Publication.service, PublicationMetrics.missing)
        .join(Publication, Publication.id == PublicationMetrics.publication_id)
        .order_by(PublicationMetrics.taken_at.desc())
        .limit(_REASONS)
    )
    found: dict[tuple[str, str], str] = {}
    for service, missing in connection.execute(newest):
        for figure, reason in missing.items():
            found.setdefault((service, figure), str(reason))
    return found

"""What comes out of the database is what went in, on both databases, and typed."""

from datetime import timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from igny8_media.analytics.loading import load
from igny8_media.database.tables import Content, Publication, PublicationMetrics, SocialAccount
from tests.analytics.history import NOW, Past, fill

_SMALL = Past(weeks=3, per_week=3, platforms=("linkedin", "facebook"))


def test_every_reading_is_there_to_the_microsecond(engine: Engine) -> None:
    fill(engine, _SMALL)
    loaded = load(engine)
    with Session(engine) as session:
        rows = session.scalars(select(PublicationMetrics)).all()
    read = loaded.readings.set_index(["publication_id", "taken_at"])
    assert len(read) == len(rows)
    for row in rows:
        one = read.loc[(row.publication_id, pd.Timestamp(row.taken_at))]
        assert one["series"] == row.series
        for name in ("impressions", "likes", "saves", "watch_seconds"):
            told = getattr(row, name)
            assert (one[name] is pd.NA) if told is None else (one[name] == told)


def test_types_are_nullable_categorical_and_utc(engine: Engine) -> None:
    fill(engine, _SMALL)
    loaded = load(engine)
    assert loaded.readings["likes"].dtype == pd.Int64Dtype()
    assert loaded.readings["watch_seconds"].dtype == pd.Float64Dtype()
    assert str(loaded.readings["taken_at"].dtype) == "datetime64[us, UTC]"
    assert isinstance(loaded.publications["platform"].dtype, pd.CategoricalDtype)
    assert loaded.publications["deleted"].dtype == np.dtype(bool)
    assert loaded.zones == {"main": "Europe/Berlin"}
    assert loaded.reasons["facebook", "impressions"] == "not told"


def test_an_empty_database_is_no_error(engine: Engine) -> None:
    loaded = load(engine)
    assert len(loaded.publications) == len(loaded.readings) == 0
    assert loaded.readings["likes"].dtype == pd.Int64Dtype()


def test_only_what_is_out_since_then_on_real_accounts_of_that_site(engine: Engine) -> None:
    fill(engine, _SMALL)
    everything = load(engine).publications
    with Session(engine) as session, session.begin():
        session.execute(update(Publication).where(Publication.id == 1).values(status="failed"))
        session.execute(update(SocialAccount).where(SocialAccount.id == 2).values(sandbox=True))
        session.execute(
            update(Content).where(Content.content_id == "article-004").values(site="blog")
        )
    since = NOW - timedelta(days=14)
    loaded = load(engine, since=since, site="blog")
    wanted = everything[
        (everything["published_at"] >= since)
        & (everything["content_id"] == "article-004")
        & (everything["platform"] != "facebook")
    ]
    assert list(loaded.publications["publication_id"]) == list(wanted["publication_id"])
    assert set(loaded.readings["publication_id"]) <= set(wanted["publication_id"])
    played = load(engine, sandbox=True).publications
    assert set(played["platform"]) == {"facebook"}
    assert 1 not in set(load(engine).publications["publication_id"])

"""Rows of posts, and what they add up to."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from igny8_media.analytics import views
from igny8_media.analytics.loading import load
from igny8_media.analytics.platforms import best_platform, standings
from igny8_media.analytics.posts import post_table
from igny8_media.analytics.words import gaps, notes
from igny8_media.database.engine import open_database
from igny8_media.database.tables import Publication, PublicationMetrics, Site
from igny8_media.errors import InputError
from tests.analytics.history import GIVEN, NOW, Past, fill


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'igny8.db'}")
    fill(engine, Past(weeks=8))
    return engine


def _posts(engine: Engine) -> pd.DataFrame:
    return post_table(load(engine), "UTC", NOW)


def test_an_empty_database_is_an_empty_table(tmp_path: Path) -> None:
    posts = _posts(open_database(f"sqlite:///{tmp_path / 'igny8.db'}"))
    assert len(posts) == 0
    assert views.overview(posts)["posts"] == 0
    assert len(views.by_platform(posts)) == len(views.by_content(posts)) == 0
    assert len(views.by_slot(posts)) == len(standings(posts)) == 0
    assert notes(posts, sandbox=False) == [
        "Nothing went out on real accounts in that time; --sandbox looks at those of the sandbox."
    ]


def test_hours_are_the_sites_own_in_summer_and_winter(database: Engine) -> None:
    with Session(database) as session, session.begin():
        for number, at in ((1, "2026-10-24T22:30:00+00:00"), (2, "2026-10-26T22:30:00+00:00")):
            session.execute(
                update(Publication)
                .where(Publication.id == number)
                .values(published_at=pd.Timestamp(at).to_pydatetime())
            )
    posts = _posts(database).set_index("publication_id")
    assert (posts.loc[1, "weekday"], posts.loc[1, "hour"]) == (6, 0)  # Sunday, in summer time
    assert (posts.loc[2, "weekday"], posts.loc[2, "hour"]) == (0, 23)


def test_a_zone_that_does_not_exist_is_said(database: Engine) -> None:
    with Session(database) as session, session.begin():
        session.execute(update(Site).values(time_zone="Mars/Olympus"))
    with pytest.raises(InputError, match="no time zone 'Mars/Olympus'"):
        _posts(database)


def test_what_no_post_gives_is_null_and_said_with_the_reason(database: Engine) -> None:
    loaded = load(database)
    posts = post_table(loaded, "UTC", NOW)
    table = views.by_platform(posts).set_index("platform")
    for platform, given in GIVEN.items():
        for name in ("impressions", "saves", "views", "clicks"):
            assert pd.isna(table.loc[platform, name]) == (name not in given)
            assert (table.loc[platform, f"{name}_posts"] > 0) == (name in given)
    told = views.overview(posts)["figures"]["saves"]
    assert told["not_given_by"] == ["facebook", "tiktok", "youtube"]
    assert "Saves not given by Facebook, TikTok, YouTube: not told." in gaps(posts, loaded.reasons)


def test_totals_are_those_of_the_latest_readings(database: Engine) -> None:
    posts = _posts(database)
    table = views.by_platform(posts).set_index("platform")
    with database.connect() as connection:
        newest = pd.read_sql(
            "SELECT p.service, m.likes FROM publication_metrics m JOIN publication p ON p.id = "
            "m.publication_id WHERE m.taken_at = (SELECT max(taken_at) FROM publication_metrics o "
            "WHERE o.publication_id = m.publication_id)",
            connection,
        )
    for platform, likes in newest.groupby("service")["likes"].sum().items():
        assert table.loc[str(platform), "likes"] == likes


def test_contents_count_posts_and_videos_together(database: Engine) -> None:
    posts = _posts(database)
    table = views.by_content(posts).set_index("content_id")
    assert table["posts"].sum() == len(posts)
    assert table["videos"].sum() == (posts["platform"] == "youtube").sum()
    one = posts[posts["content_id"] == "article-005"]
    assert table.loc["article-005", "posts"] == len(one)
    assert table.loc["article-005", "likes"] == one["likes"].sum()
    usual = one["times_usual"].dropna().to_numpy("float64")
    assert table.loc["article-005", "times_usual"] == pytest.approx(np.exp(np.log(usual).mean()))


def test_every_post_is_in_one_slot(database: Engine) -> None:
    posts = _posts(database)
    table = views.by_slot(posts)
    assert table["posts"].sum() == len(posts)
    assert not table.duplicated(["place", "weekday", "hour"]).any()


def test_what_is_young_unread_gone_or_fell_is_said(database: Engine) -> None:
    with Session(database) as session, session.begin():
        session.execute(
            delete(PublicationMetrics).where(PublicationMetrics.publication_id.in_([1, 2]))
        )
    posts = _posts(database)
    told = notes(posts, sandbox=False)
    states = posts["state"].value_counts()
    assert states["unread"] >= 2
    assert states["young"] > 0
    assert states.sum() == len(posts)
    assert f"{states['unread']} posts are without a reading so far." in told
    assert any("gone from the platform" in each for each in told)


def test_every_platform_has_a_standing_with_its_interval(database: Engine) -> None:
    found = standings(_posts(database))
    assert {one.platform for one in found} == set(GIVEN)
    assert sum(one.best for one in found) == pytest.approx(1)
    for one in found:
        assert one.low < one.usual < one.high


def _of(**figures: list[float]) -> pd.DataFrame:
    rows = [(platform, value) for platform, values in figures.items() for value in values]
    return pd.DataFrame(rows, columns=["platform", "engagement_72h"])


def test_a_handful_of_lucky_posts_makes_no_platform_best() -> None:
    rng = np.random.default_rng(2)
    steady = list(np.exp(rng.normal(np.log(50), 0.6, 60)))
    assert best_platform(standings(_of(linkedin=steady, twitter=[900.0, 30.0, 20.0]))) is None
    poor = [x / 5 for x in steady]
    viral = [*poor[:40], *(10_000.0 for _ in range(3))]
    found = standings(_of(linkedin=steady, twitter=viral))
    assert best_platform(found) == "linkedin"
    assert best_platform(standings(_of(linkedin=steady))) is None


def test_platforms_with_few_posts_are_drawn_to_the_others_the_more_the_fewer() -> None:
    steady = {name: [40.0, 50.0, 60.0] * 10 for name in ("linkedin", "facebook", "instagram")}
    usual = [
        next(one.usual for one in standings(_of(**steady, twitter=[200.0, 240.0] * n))
             if one.platform == "twitter")
        for n in (1, 3, 20)
    ]  # fmt: skip
    assert usual[0] < usual[1] < usual[2] < 220

"""The same command with everything on Postgres: Dagster's storage and our tables."""

import uuid
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from tests.command.conftest import Run, article, run

__all__ = ["article", "run"]  # the command line's fixtures


@pytest.fixture
def database(postgres_url: str) -> str:
    """A database of its own on the test server, and gone with it.

    Nothing is dropped and no connection is held while the test runs: one that had been idle for
    the whole of it was once found closed at the end, on a busy machine.
    """
    url = make_url(postgres_url).set(drivername="postgresql")
    name = f"pipeline_{uuid.uuid4().hex}"
    with closing(psycopg2.connect(url.render_as_string(hide_password=False))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    return url.set(database=name).render_as_string(hide_password=False)


def test_a_run_on_postgres(
    run: Run, article: Path, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "dagster"
    home.mkdir()
    ours = (files("igny8_media") / "dagster.yaml").read_text(encoding="utf-8")
    url = make_url(database).set(drivername="postgresql+psycopg2")
    storage = f"\nstorage:\n  postgres:\n    postgres_url: '{url.render_as_string(False)}'\n"
    (home / "dagster.yaml").write_text(ours + storage, encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.setenv("IGNY8_DATABASE_URL", url.render_as_string(False))

    answer = run("run", article, "--platforms", "twitter", "--videos", "none", "--json")
    assert answer.status == 0, answer.err

    with closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT status FROM runs")
        assert cursor.fetchall() == [("SUCCESS",)]
        cursor.execute("SELECT platform, status FROM social_post")
        assert cursor.fetchall() == [("twitter", "draft")]
    assert not (own := tmp_path / "home" / "igny8.db").exists(), own

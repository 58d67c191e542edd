"""The same command with everything on Postgres: Dagster's storage and our tables."""

from contextlib import closing
from importlib.resources import files
from pathlib import Path

import psycopg2
import pytest

from tests.command.conftest import Run, article, run

__all__ = ["article", "run"]  # the command line's fixtures


def test_a_run_on_postgres(
    run: Run, article: Path, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "dagster"
    home.mkdir()
    ours = (files("igny8_media") / "dagster.yaml").read_text(encoding="utf-8")
    storage = f"\nstorage:\n  postgres:\n    postgres_url: '{postgres_url}'\n"
    (home / "dagster.yaml").write_text(ours + storage, encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.setenv("IGNY8_DATABASE_URL", postgres_url)

    answer = run("run", article, "--platforms", "twitter", "--videos", "none", "--json")
    assert answer.status == 0, answer.err

    plain = postgres_url.replace("+psycopg2", "")
    with closing(psycopg2.connect(plain)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT status FROM runs")
        assert cursor.fetchall() == [("SUCCESS",)]
        cursor.execute("SELECT platform, status FROM social_post")
        assert cursor.fetchall() == [("twitter", "draft")]
    assert not (own := tmp_path / "home" / "igny8.db").exists(), own

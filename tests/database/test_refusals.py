"""A database that does not fit, or fails, is a sentence that says what to do."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from igny8_media.cli import main
from igny8_media.database.engine import VERSION_TABLE, open_database
from igny8_media.database.refusals import refused
from igny8_media.errors import InputError, OutsideError


def _again(engine: Engine) -> None:
    engine.dispose()
    open_database(engine.url.render_as_string(hide_password=False)).dispose()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE social_post DROP COLUMN edited_at", "social_post has no column edited_at"),
        ("DROP TABLE blackout", "it has no table blackout"),
        (f"UPDATE {VERSION_TABLE} SET version_num = '0099'", "it has the schema 0099"),  # noqa: S608
        (f"DELETE FROM {VERSION_TABLE}", "already exists"),  # noqa: S608
    ],
)
def test_a_database_of_another_version_is_named(engine: Engine, change: str, said: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    with pytest.raises(InputError, match=said) as caught:
        _again(engine)
    assert engine.url.render_as_string(hide_password=True) in str(caught.value)
    assert "IGNY8_HOME" in str(caught.value)


def test_only_a_column_that_wants_a_value_is_one_too_many(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'igny8.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE site ADD COLUMN mood TEXT")
        connection.exec_driver_sql("ALTER TABLE site ADD COLUMN pace INTEGER DEFAULT 1 NOT NULL")
    _again(engine)
    with engine.begin() as connection:
        query = "SELECT sql FROM sqlite_master WHERE name = 'blackout'"
        made = connection.exec_driver_sql(query).scalar_one()
        connection.exec_driver_sql("DROP TABLE blackout")
        connection.exec_driver_sql(made.replace("(", "(mood TEXT NOT NULL, ", 1))
    with pytest.raises(InputError, match="its table blackout wants a mood"):
        _again(engine)


def test_a_home_that_is_a_file_is_not_told_to_free_space(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(OutsideError, match="opened: File exists; move away the file") as caught:
        open_database(f"sqlite:///{tmp_path / 'home' / 'igny8.db'}")
    assert "free some space" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "igny8.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(OutsideError, match="move away what lies there"):
        open_database(f"sqlite:///{tmp_path / 'igny8.db'}")


def test_what_a_database_refuses_at_work_is_a_sentence_without_values() -> None:
    with pytest.raises(OperationalError) as caught:
        create_engine("sqlite://").connect().exec_driver_sql("SELECT 'sesame' FROM nowhere")
    told = refused(caught.value)
    assert isinstance(told, InputError)
    assert "no such table: nowhere" in str(told)
    assert "sesame" not in str(told)


@pytest.mark.parametrize(
    "words",
    [
        'invalid dsn: "postgres://me:sesame@host/db"',
        "missing = after host=x password=sesame user=me",
        "connection to postgresql://me:ses/ame@host failed",
    ],
)
def test_no_sentence_has_a_password(words: str) -> None:
    told = refused(OperationalError("SELECT 1", None, Exception(words)))
    assert isinstance(told, OutsideError)
    assert "ses" not in str(told).removeprefix("The database failed")


def test_a_mistake_of_ours_keeps_its_traceback() -> None:
    assert refused(IntegrityError("INSERT", None, sqlite3.IntegrityError("NOT NULL"))) is None
    assert refused(ValueError("x")) is None
    corrupt = sqlite3.DatabaseError("database disk image is malformed")
    assert isinstance(refused(DatabaseError("SELECT", None, corrupt)), OutsideError)


def test_it_is_one_sentence_on_the_command_line_too(own_home: Path) -> None:
    assert CliRunner().invoke(main, ["posts", "list"]).exit_code == 0
    with sqlite3.connect(own_home / "igny8.db") as behind_its_back:
        behind_its_back.execute("ALTER TABLE social_post DROP COLUMN edited_at")
    behind_its_back.close()
    done = CliRunner().invoke(main, ["posts", "list"])
    assert done.exit_code == 2
    assert done.stderr.startswith("igny8-media: The database in use does not fit this version")
    assert done.stderr.count("\n") == 1

"""The IGNY8 database as a source, on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text

from igny8_media.articles.model import Image
from igny8_media.articles.sources.base import Cursor, Listed
from igny8_media.articles.sources.database import DatabaseSource
from igny8_media.articles.sources.mapping import DatabaseMapping, ImagesMapping
from igny8_media.errors import InputError, OutsideError

START = datetime(2026, 10, 1, 8, tzinfo=UTC)
BODY = "<h2>One</h2><p>First words &amp; more.</p><h2>Two</h2><p>Other words.</p>"
TABLES = """
CREATE TABLE igny8_content (id {key} PRIMARY KEY, title TEXT, content_body TEXT,
  meta_description TEXT, target_keywords TEXT, status TEXT, published_at {time}, updated_at {time});
CREATE INDEX by_change ON igny8_content (status, updated_at, id);
CREATE TABLE igny8_images (id INTEGER, content_id {key}, image_url TEXT, image_path TEXT, alt TEXT,
  position INTEGER)
"""


@pytest.fixture(params=["sqlite", "postgres", "postgres naive"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'igny8.db'}")
        types = {"key": "INTEGER", "time": "DATETIME"}
    else:
        made = create_engine(request.getfixturevalue("postgres_url"))
        zone = "with" if request.param == "postgres" else "without"
        types = {"key": "BIGINT", "time": f"TIMESTAMP {zone} TIME ZONE"}
    with made.begin() as connection:
        for statement in TABLES.format(**types).split(";"):
            connection.execute(text(statement))
    yield made
    made.dispose()


def add(engine: Engine, rows: list[tuple[int, datetime, str]]) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO igny8_content VALUES (:id, :title, :body, 'About it', :words, :status,"
                " :at, :at)"
            ),
            [
                {"id": number, "title": f"No. {number} &amp; co", "body": BODY, "status": status,
                 "words": '["bread", "rye"]', "at": at.strftime("%Y-%m-%d %H:%M:%S.%f")
                 .removesuffix(".000000") + ("+00" if _zoned(engine) else "")}
                for number, at, status in rows
            ],
        )  # fmt: skip


def _zoned(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        return False
    with engine.connect() as connection:
        kind = connection.execute(
            text("SELECT data_type FROM information_schema.columns WHERE column_name = 'updated_at'"
                 " AND table_name = 'igny8_content'")
        ).scalar_one()  # fmt: skip
    return str(kind) == "timestamp with time zone"


def all_of(source: DatabaseSource, limit: int) -> list[Listed]:
    found: list[Listed] = []
    cursor: Cursor | None = None
    while listed := source.published_since(cursor, limit):
        found += listed
        cursor = Cursor.model_validate_json(listed[-1].cursor.model_dump_json())
    return found


def test_rows_are_read_once_each_in_order(engine: Engine) -> None:
    moments = [START, START, START, START + timedelta(microseconds=5), START + timedelta(days=1)]
    add(engine, [(number, moments[number % 5], "published") for number in range(1, 31)])
    add(engine, [(99, START, "draft")])
    found = all_of(DatabaseSource(engine), limit=4)
    assert len(found) == 30
    keys = [(one.changed_at, int(one.original_id)) for one in found]
    assert keys == sorted(set(keys))
    assert found[0].changed_at == START
    assert found[0].title == "No. 5 & co" or found[0].title == "No. 1 & co"


def test_a_row_becomes_an_article_with_its_pictures(engine: Engine, tmp_path: Path) -> None:
    add(engine, [(7, START, "published")])
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "two.png").write_bytes(b"picture")
    with engine.begin() as connection:
        for values in (
            "(1, 7, 'https://cdn.example/lead.jpg', NULL, 'Lead', 0)",
            "(2, 7, NULL, 'two.png', 'Second \"half\"', 2)",
            "(3, 7, NULL, '../../etc/passwd', 'x', 2)",
            "(4, 8, 'https://cdn.example/other.jpg', NULL, 'Other', 0)",
        ):
            connection.execute(text(f"INSERT INTO igny8_images VALUES {values}"))  # noqa: S608 - constants
    source = DatabaseSource(engine, media_root=tmp_path / "media")
    (listed,) = source.published_since(None)
    article = source.fetch("7")
    assert article.id == listed.id == "7"
    assert article.title == "No. 7 & co"
    assert article.meta_description == "About it"
    assert article.target_keywords == ("bread", "rye")
    assert article.updated_at == START
    kinds = [block.kind for block in article.blocks]
    assert kinds == ["image", "heading", "paragraph", "heading", "image", "image", "paragraph"]
    pictures = [block for block in article.blocks if isinstance(block, Image)]
    assert pictures[0].source == "https://cdn.example/lead.jpg"
    local = next(picture for picture in pictures if picture.alt == 'Second "half"')
    assert local.source == str(tmp_path / "media" / "two.png")
    climbing = next(picture for picture in pictures if picture.alt == "x")
    assert "leads out of" in (climbing.missing or "")


def test_what_cannot_be_fetched_is_told(engine: Engine) -> None:
    add(engine, [(1, START, "draft")])
    source = DatabaseSource(engine)
    for key, said in (
        ("1", "is 'draft', not published"),
        ("2", "does not exist"),
        ("x", "not an ID"),
    ):
        with pytest.raises(InputError, match=said):
            source.fetch(key)


def test_names_are_configurable_and_wrong_ones_are_told(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS posts"))
        connection.execute(
            text(
                "CREATE TABLE posts (slug VARCHAR(50), head TEXT, html TEXT, state TEXT,"
                " at TIMESTAMP)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO posts VALUES ('a b', 'T', '<p>Words.</p>', 'live',"
                " '2026-01-01 00:00:00')"
            )
        )
    mapping = DatabaseMapping(
        table="posts", id="slug", title="head", content_body="html", status="state",
        updated_at="at", meta_description=None, target_keywords=None, published_at=None,
        published_statuses=("live",), images=None,
    )  # fmt: skip
    source = DatabaseSource(engine, mapping)
    (listed,) = source.published_since(None)
    assert source.fetch("a b").id == listed.id
    assert source.published_since(listed.cursor) == []
    with pytest.raises(InputError, match="no table nothing"):
        DatabaseSource(engine, DatabaseMapping(table="nothing")).published_since(None)
    with pytest.raises(InputError, match="has no column headline"):
        DatabaseSource(engine, mapping.model_copy(update={"title": "headline"})).fetch("1")
    add(engine, [(1, START, "published")])
    wrong = DatabaseMapping(images=ImagesMapping(url="href"))
    with pytest.raises(InputError, match="igny8_images has no column href"):
        DatabaseSource(engine, wrong).fetch("1")


def test_a_page_is_found_by_the_index_not_by_reading_everything(engine: Engine) -> None:
    """What the database itself says it would do, among 6,144 rows."""
    add(engine, [(number, START + timedelta(minutes=number), "published") for number in range(24)])
    with engine.begin() as connection:
        for doubling in range(8):
            connection.execute(
                text("INSERT INTO igny8_content SELECT id + :n, title, content_body, NULL, NULL,"
                     " status, published_at, updated_at FROM igny8_content"),
                {"n": 24 * 2**doubling},
            )  # fmt: skip
    statements: list[tuple[str, Any]] = []
    source = DatabaseSource(engine)
    cursor = Cursor(changed_at=START + timedelta(minutes=23), id="5903")
    source.published_since(cursor)
    listener = "before_cursor_execute"
    event.listen(
        engine, listener, lambda c, cur, sql, values, x, m: statements.append((sql, values))
    )
    assert len(source.published_since(cursor, limit=100)) == 10
    ((statement, parameters),) = statements
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execute(text("ANALYZE igny8_content"))
        plan = str(connection.exec_driver_sql(explain + statement, parameters).all())
    assert "by_change" in plan
    assert "Seq Scan" not in plan


def test_a_database_out_of_reach_is_trouble_outside_and_hides_its_password() -> None:
    source = DatabaseSource("postgresql+psycopg2://me:secret@127.0.0.1:1/none")
    with pytest.raises(OutsideError, match="cannot be read") as caught:
        source.published_since(None)
    assert "secret" not in str(caught.value)

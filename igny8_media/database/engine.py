"""Opening the database, and bringing it to the current schema."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from igny8_media.database.fitting import check_fits
from igny8_media.database.refusals import cannot_open, misfit
from igny8_media.errors import InputError

HEAD = "0004"
"""The newest migration; a test holds it against the migrations folder."""

VERSION_TABLE = "igny8_schema_version"
"""Not Alembic's default: Dagster keeps that one, and both may live in one database."""

_LOCK = 0x16178  # any constant of our own: one schema change at a time on a Postgres server


def open_database(url: str) -> Engine:
    """An engine on a database that has the current schema, made or migrated if need be.

    Raises InputError for an address that is none and for a schema that another version made,
    OutsideError for a server that refuses.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise InputError(
            "IGNY8_DATABASE_URL is not a database address; write for example "
            "sqlite:///var/igny8.db or postgresql://user:password@host/name."
        ) from error
    try:
        if address.get_backend_name() == "sqlite" and address.database not in (
            None,
            "",
            ":memory:",
        ):
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin)
        version = _version(engine)
        if version == HEAD:
            check_fits(engine, address)
        else:
            _migrate(engine, address, version)
    except (SQLAlchemyError, OSError) as error:
        raise cannot_open(address, error) from error
    return engine


@lru_cache(maxsize=4)
def shared_database(url: str) -> Engine:
    """The same, opened once for the process."""
    return open_database(url)


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, see below
    cursor = connection.cursor()
    # A web page and a sweep may write while a run does: wait for each other instead of failing.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another process
    # wrote in between; an immediate one waits its turn. What must survive a power cut says so with
    # the execution option `durable`; it takes everything written before it along to the disk.
    # What only reads says so with `reading`: it sees one moment, and nobody waits for anybody.
    options = connection.get_execution_options()
    if options.get("reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    durable = options.get("durable", False)
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        query = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own constant
        row = connection.execute(query).first()
        return str(row[0]) if row else None


def _migrate(engine: Engine, address: URL, version: str | None) -> None:
    # Imported here: it costs as much as everything else in this file together, once a schema.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            shown = address.render_as_string(hide_password=True)
            raise misfit(
                shown, f"it has the schema {version}, and this one knows {HEAD}"
            ) from error
        connection.commit()


def _lock(connection: Connection) -> None:
    """Let one process migrate while others that start at the same moment wait for it.

    On SQLite the transaction itself is that lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

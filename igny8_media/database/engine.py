"""Opening the database, and bringing it to the current schema."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from igny8_media.errors import InputError, OutsideError

HEAD = "0004"
"""The newest migration; a test holds it against the migrations folder."""

VERSION_TABLE = "igny8_schema_version"
"""Not Alembic's default: Dagster keeps that one, and both may live in one database."""

_LOCK = 0x16178  # any constant of our own: one schema change at a time on a Postgres server


def open_database(url: str) -> Engine:
    """An engine on a database that has the current schema, made or migrated if need be.

    Raises InputError for an address that is none, OutsideError for a server that refuses.
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
        if _version(engine) != HEAD:
            _migrate(engine)
    except (SQLAlchemyError, OSError) as error:
        shown = address.render_as_string(hide_password=True)
        remedy = (
            "free some space there, or choose another folder with IGNY8_HOME."
            if address.get_backend_name() == "sqlite"
            else "start it, or point IGNY8_DATABASE_URL elsewhere."
        )
        raise OutsideError(
            f"The database {shown} cannot be opened: {_first_line(error)}; {remedy}"
        ) from error
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


def _migrate(engine: Engine) -> None:
    # Imported here: it costs as much as everything else in this file together, once a schema.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _lock(connection: Connection) -> None:
    """Let one process migrate while others that start at the same moment wait for it.

    On SQLite the transaction itself is that lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]

"""One transaction on the database, and the clock that several machines agree on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session


@contextmanager
def transaction(
    engine: Engine, *, durable: bool = False, reading: bool = False
) -> Iterator[Session]:
    """`durable`: what was written survives a power cut once this is over. `reading`: nothing is
    written, so nobody waits for it."""
    with (
        engine.connect().execution_options(durable=durable, reading=reading) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def shared_now(session: Session) -> datetime:
    """The database server's clock where there is one: machines whose clocks differ agree on it."""
    if session.get_bind().dialect.name == "postgresql":
        now = session.scalar(select(func.now()))
        assert isinstance(now, datetime)  # noqa: S101 - a server has a clock
        return now.astimezone(UTC)
    return datetime.now(UTC)

"""The databases that analytics are tried on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from igny8_media.database.engine import open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test's own."""
    url = f"sqlite:///{tmp_path / 'igny8.db'}"
    if request.param == "postgresql":
        server = create_engine(
            request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT"
        )
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{tmp_path.name}"'))
        url = server.url.set(database=tmp_path.name).render_as_string(hide_password=False)
        server.dispose()
    engine = open_database(url)
    yield engine
    engine.dispose()

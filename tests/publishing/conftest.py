"""A ledger on either database, with a toy platform."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from igny8_media.database.engine import VERSION_TABLE, open_database
from igny8_media.database.tables import Base
from tests.publishing.toy import World


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'igny8.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = open_database(url)
    yield engine
    Base.metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {VERSION_TABLE}")
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)

"""The database that credits are tried on, which processes may share with the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from igny8_media.database.engine import open_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()

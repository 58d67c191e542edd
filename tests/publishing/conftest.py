"""A ledger on either database, with a toy platform."""

import pytest
from sqlalchemy import Engine

from tests.publishing.toy import World


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)

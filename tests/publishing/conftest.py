"""A ledger on either database, with a toy platform; a sandbox and a client for it."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from igny8_media.sandbox.server import Running, running
from tests.publishing.toy import World


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client

"""A sandbox, and readers of the accounts on it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account, Service
from igny8_media.publishing import retired
from igny8_media.publishing.api import Api
from igny8_media.publishing.connecting import reader_of
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.readings import Reader
from igny8_media.sandbox.server import Running, running
from tests.metrics.planted import KINDS, only_account
from tests.publishing.helpers import FixedTokens, Folder


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    server.reset()
    server.config(advance_seconds=0.0, rate_limit={}, retired=[], latency_ms=0.0)
    # What one test found out is no knowledge of another's.
    monkeypatch.setattr(retired.Retired, "at", _at_of(server))
    return server


def _at_of(server: Running) -> Callable[[retired.Retired, str], frozenset[str]]:
    """What is remembered, but what the sandbox knows again."""

    def at(self: retired.Retired, address: str) -> frozenset[str]:
        found = self._names.get(address, frozenset())
        return found & frozenset(server.state.config.retired)

    return at


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


MakeReader = Callable[..., tuple[Reader, Account]]


@pytest.fixture
def make_reader(sandbox: Running, client: httpx.Client, tmp_path: Path) -> MakeReader:
    """A new account on the sandbox and its reader; `scopes` are those that it was granted."""

    def make(service: Service, kind: str = "", **more: Any) -> tuple[Reader, Account]:
        tokens = more.pop("tokens", None)
        made = sandbox.account(service, kind=kind or KINDS[service][0], **more)
        account = only_account(service, made)
        fixed = FixedTokens(*(tokens or [made["access_token"]]))
        api = Api(service.label, client, fixed, now=lambda: _now(sandbox))
        tools = Tools(account, api, Folder(tmp_path), lambda: _now(sandbox), lambda _: None)
        return reader_of(service)(tools, Hosts().on_sandbox(sandbox.url)), account

    return make


def _now(sandbox: Running) -> datetime:
    return datetime.fromtimestamp(sandbox.state.now(), UTC)

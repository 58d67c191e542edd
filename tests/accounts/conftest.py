"""Accounts in a database of their own, and a clock that tests turn."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.keys import open_vault
from igny8_media.accounts.model import Service
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import Vault, token_set
from igny8_media.database.engine import open_database
from igny8_media.sandbox.server import Running, running

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


class Clock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(KEY, tmp_path)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'accounts.db'}"


@pytest.fixture
def url(database_url: str) -> str:
    """Both kinds of database, one after the other."""
    return database_url


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine: Engine, vault: Vault, clock: Clock) -> Accounts:
    return Accounts(engine, vault, clock)


def connection(
    service: Service = Service.TWITTER,
    *,
    user: str = "42",
    access: str = "old-access-secret",
    refresh: str | None = "old-refresh-secret",
    issued_at: datetime = NOON,
    life: timedelta | None = timedelta(hours=2),
    sandbox: bool = False,
    name: str = "Acme",
) -> Connection:
    return Connection(
        service=service,
        platform_user_id=user,
        name=name,
        kind="person",
        sandbox=sandbox,
        grant=Grant(
            tokens=token_set(access, refresh),
            issued_at=issued_at,
            expires_at=issued_at + life if life else None,
            scopes=("tweet.write",),
        ),
    )


class Browser:
    """A person with a browser: opens the consent page and presses a button.

    It speaks through urllib, so that nothing it knows gets into the logs that tests read.
    """

    def __init__(self) -> None:
        self.answer: dict[str, str] | None = None
        self.opened: list[str] = []
        self.landed: list[tuple[int, str]] = []
        self._threads: list[threading.Thread] = []

    def __call__(self, address: str, *_: object) -> bool:
        self.opened.append(address)
        thread = threading.Thread(target=self._visit, args=(address,))
        thread.start()
        self._threads.append(thread)
        return True

    def _visit(self, address: str) -> None:
        if self.answer is None:
            self.land(f"{address}&auto=1")
        else:
            self.land(address, urlencode(self.answer, doseq=True).encode())

    def land(self, address: str, form: bytes | None = None) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(address, form, timeout=60) as page:  # noqa: S310
                found = page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                found = error.code, error.read().decode()
        self.landed.append(found)
        return found

    def close(self) -> None:
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Running]:
    with running(requires_proof=True) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_server: Running) -> Running:
    sandbox_server.reset()
    sandbox_server.clear_faults()
    return sandbox_server


@pytest.fixture
def hosts(sandbox: Running) -> Hosts:
    return Hosts(_env_file=None).on_sandbox(sandbox.url)  # type: ignore[call-arg]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client

"""Fifty workers that find one expired token, and a process that dies at the worst moment."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import ReconnectNeededError
from igny8_media.accounts.keys import open_vault
from igny8_media.accounts.model import Account
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import TokenSet, token_set
from igny8_media.database.engine import open_database
from tests.accounts.conftest import KEY, connection

# What a worker process does: ask for the token, through a platform that is a folder. There every
# renewal leaves a file, and the refresh token that is good lies in `good`.
WORKER = """
import os, pathlib, sys, time
from datetime import UTC, datetime, timedelta
from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import ReconnectNeededError
from igny8_media.accounts.keys import open_vault
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import token_set
from igny8_media.database.engine import open_database

url, key, folder, what = sys.argv[1:]
folder = pathlib.Path(folder)

def platform(account, tokens):
    (folder / f"asked-{os.getpid()}-{time.monotonic_ns()}").touch()
    if tokens.refresh != (folder / "good").read_text():
        raise ReconnectNeededError("The refresh token is not valid.")
    if what != "keeps":
        (folder / "good").write_text("new-refresh")
    time.sleep(0.2)
    if what in ("dies", "keeps"):
        os.kill(os.getpid(), 9)
    now = datetime.now(UTC)
    return Grant(tokens=token_set("new-access", "new-refresh"), issued_at=now,
                 expires_at=now + timedelta(hours=2))

accounts = Accounts(open_database(url), open_vault(key, folder))
print("ready", flush=True)
sys.stdin.readline()
print(accounts.tokens(1, platform).current(), flush=True)
"""


def expired(url: str) -> Accounts:
    accounts = Accounts(open_database(url), open_vault(KEY, Path()))
    accounts.add(connection(issued_at=datetime.now(UTC) - timedelta(hours=5)))
    return accounts


@contextmanager
def workers(
    number: int, url: str, folder: Path, what: str
) -> Iterator[list[subprocess.Popen[str]]]:
    (folder / "good").write_text("old-refresh-secret")
    given = [sys.executable, "-c", WORKER, url, KEY, str(folder), what]
    started = [
        subprocess.Popen(
            given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(number)
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield started
    finally:
        for one in started:
            one.kill()
            one.communicate()


def asked(folder: Path) -> int:
    return len(list(folder.glob("asked-*")))


def test_fifty_threads_renew_once(url: str) -> None:
    accounts = expired(url)
    calls: list[float] = []

    def platform(_: Account, tokens: TokenSet) -> Grant:
        assert tokens.refresh == "old-refresh-secret"
        calls.append(time.monotonic())
        time.sleep(0.2)
        now = datetime.now(UTC)
        return Grant(
            tokens=token_set("new-access", "new-refresh"),
            issued_at=now,
            expires_at=now + timedelta(hours=2),
        )

    start = threading.Barrier(50)

    def worker(number: int) -> str:
        tokens = accounts.tokens(1, platform)
        start.wait()
        return tokens.current() if number % 2 else tokens.renewed("old-access-secret")

    with ThreadPoolExecutor(50) as pool:
        got = list(pool.map(worker, range(50)))
    accounts._engine.dispose()
    assert set(got) == {"new-access"}
    assert len(calls) == 1


def test_processes_renew_once(url: str, tmp_path: Path) -> None:
    accounts = expired(url)
    accounts._engine.dispose()
    with workers(3, url, tmp_path, "lives") as started:
        for one in started:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        got = [one.communicate(timeout=60) for one in started]
    assert [out for out, _ in got] == ["new-access\n"] * 3, got
    assert asked(tmp_path) == 1


@pytest.mark.parametrize("rotates", [True, False])
def test_a_process_killed_between_answer_and_write(url: str, tmp_path: Path, rotates: bool) -> None:
    """Where refresh tokens rotate, the account says that it needs its person; elsewhere it goes
    on. It never asks in a loop."""
    accounts = expired(url)
    with workers(1, url, tmp_path, "dies" if rotates else "keeps") as (one,):
        _, error = one.communicate("\n", timeout=60)
        assert one.returncode == -signal.SIGKILL, error
    good = (tmp_path / "good").read_text()
    calls = 0

    def platform(_: Account, tokens: TokenSet) -> Grant:
        nonlocal calls
        calls += 1
        if tokens.refresh != good:
            raise ReconnectNeededError("The refresh token is not valid.")
        now = datetime.now(UTC)
        return Grant(tokens=token_set("second", good), issued_at=now, expires_at=None)

    later = Accounts(
        accounts._engine,
        open_vault(KEY, Path()),
        lambda: datetime.now(UTC) + timedelta(seconds=61),
    )
    for _ in range(3):
        if rotates:
            with pytest.raises(ReconnectNeededError):
                later.tokens(1, platform).current()
        else:
            assert later.tokens(1, platform).current() == "second"
    with accounts._engine.connect() as db:
        told = list(db.execute(text("SELECT key FROM notification")).scalars())
    accounts._engine.dispose()
    assert calls == 1
    assert told == (["reconnect:1:1"] if rotates else [])
    assert later.get(1).status == ("needs_reconnect" if rotates else "active")
    accounts._engine.dispose()


def test_others_wait_for_a_renewal_that_is_under_way(url: str) -> None:
    accounts = expired(url)
    begun, go = threading.Event(), threading.Event()

    def platform(_: Account, __: TokenSet) -> Grant:
        begun.set()
        assert go.wait(20)
        return Grant(tokens=token_set("new-access", "new-refresh"), issued_at=datetime.now(UTC))

    def never(_: Account, __: TokenSet) -> Grant:
        raise AssertionError("two renew at once")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(accounts.tokens(1, platform).current)
        assert begun.wait(20)
        second = pool.submit(accounts.tokens(1, never).current)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        go.set()
        assert first.result(20) == second.result(20) == "new-access"
    accounts._engine.dispose()

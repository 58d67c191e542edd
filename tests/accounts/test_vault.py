"""Tokens at rest: nobody reads them without a key, and keys can be changed."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from igny8_media.accounts.keys import KEY_FILE, open_vault, read_keys, rotate_file
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import Vault, token_set
from igny8_media.errors import InputError
from tests.accounts.conftest import Clock, connection

_KEYS = [Fernet.generate_key().decode()]
_VAULT = Vault(lambda: _KEYS)


@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_what_is_sealed_comes_back_and_shows_nothing(access: str, refresh: str | None) -> None:
    sealed = _VAULT.seal(token_set(access, refresh))
    opened = _VAULT.open(sealed)
    assert (opened.access, opened.refresh) == (access, refresh)
    assert re.fullmatch(r"[A-Za-z0-9_=-]+", sealed)


def test_a_token_set_never_shows_its_tokens() -> None:
    tokens = token_set("very-secret", "most-secret")
    shown = f"{tokens!r} {tokens} {tokens.model_dump()} {tokens.model_dump_json()}"
    assert "very-secret" not in shown
    assert "most-secret" not in shown


def test_the_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        open_vault(None, tmp_path / "new").seal(token_set("a"))
    finally:
        os.umask(umask)
    file = tmp_path / "new" / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in file.parent.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / KEY_FILE
    vault = open_vault(None, tmp_path)
    sealed = vault.seal(token_set("a"))
    file.chmod(mode)
    with pytest.raises(InputError, match=f"chmod 600 {re.escape(str(file))}"):
        open_vault(None, tmp_path).open(sealed)


def test_twenty_that_make_the_key_at_once_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(20) as pool:
        keys = set(pool.map(lambda _: tuple(read_keys(tmp_path / KEY_FILE)), range(20)))
    assert len(keys) == 1


def test_keys_that_are_none_are_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"docs/accounts\.md") as caught:
        open_vault("not-a-key-but-secret", tmp_path).seal(token_set("a"))
    assert "not-a-key" not in str(caught.value)
    (tmp_path / KEY_FILE).touch(0o600)
    with pytest.raises(InputError, match="empty"):
        open_vault(None, tmp_path).seal(token_set("a"))


def test_another_key_reads_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = open_vault(Fernet.generate_key().decode(), tmp_path).seal(token_set("a"))
    with pytest.raises(InputError, match="IGNY8_TOKEN_KEY"):
        open_vault(Fernet.generate_key().decode(), tmp_path).open(sealed)


def test_the_newest_of_several_given_keys_writes_and_all_read(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = open_vault(old, tmp_path).seal(token_set("a"))
    both = open_vault(f" {new} , {old},", tmp_path)
    assert both.open(before).access == "a"
    assert open_vault(new, tmp_path).open(both.reseal(before)).access == "a"


def test_rotating_the_file_reseals_every_account(
    tmp_path: Path, engine: Engine, clock: Clock
) -> None:
    file = tmp_path / KEY_FILE
    running = open_vault(None, tmp_path)
    accounts = Accounts(engine, running, clock)
    for user in "123":
        accounts.add(connection(user=user, access=f"token-{user}"))
    first = read_keys(file)
    other = Accounts(engine, open_vault(None, tmp_path), clock)
    assert rotate_file(file, other.reseal) == 3
    assert read_keys(file)[1:] == first
    assert file.stat().st_mode & 0o777 == 0o600
    with engine.connect() as db:
        rows = db.execute(text("SELECT tokens FROM social_account ORDER BY id")).scalars().all()
    alone = open_vault(read_keys(file)[0], tmp_path)
    assert [alone.open(row).access for row in rows] == ["token-1", "token-2", "token-3"]
    # A process that was running all along sees the new key, and what it wrote meanwhile is read.
    assert running.open(rows[0]).access == "token-1"
    assert rotate_file(file, other.reseal) == 3
    assert len(read_keys(file)) == 2
    assert first[0] not in read_keys(file)


def test_a_rotation_that_was_killed_loses_nothing(
    tmp_path: Path, engine: Engine, clock: Clock
) -> None:
    file = tmp_path / KEY_FILE
    accounts = Accounts(engine, open_vault(None, tmp_path), clock)
    account = accounts.add(connection(access="kept"))

    def die() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_file(file, die)
    again = Accounts(engine, open_vault(None, tmp_path), clock)
    assert again.tokens(account.id, _nobody).current() == "kept"
    assert rotate_file(file, again.reseal) == 1
    assert again.tokens(account.id, _nobody).current() == "kept"


def test_rotations_at_once_leave_everything_readable(
    tmp_path: Path, engine: Engine, clock: Clock
) -> None:
    account = Accounts(engine, open_vault(None, tmp_path), clock).add(connection(access="kept"))

    def rotate(_: int) -> int:
        accounts = Accounts(engine, open_vault(None, tmp_path), clock)
        return rotate_file(tmp_path / KEY_FILE, accounts.reseal)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(rotate, range(8))) == [1] * 8
    after = Accounts(engine, open_vault(None, tmp_path), clock)
    assert after.tokens(account.id, _nobody).current() == "kept"


def _nobody(*_: object) -> None:
    raise AssertionError("nothing is due")

"""Tokens are renewed in time, by one at a time, and never lost without a word."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import TokenSet, token_set
from tests.accounts.conftest import NOON, Clock, connection


class Platform:
    """Renews what it gave last; `rotating` means that its refresh tokens work once."""

    def __init__(self, clock: Clock, *, rotating: bool = True) -> None:
        self.clock, self.rotating = clock, rotating
        self.calls = 0
        self.good = "old-refresh-secret"
        self.fails: list[Exception] = []

    def __call__(self, account: Account, tokens: TokenSet) -> Grant:
        self.calls += 1
        if self.fails:
            raise self.fails.pop(0)
        if tokens.refresh != self.good:
            raise ReconnectNeededError("The refresh token is not valid.")
        if self.rotating:
            self.good = f"refresh-secret-{self.calls}"
        return Grant(
            tokens=token_set(f"access-secret-{self.calls}", self.good if self.rotating else None),
            issued_at=self.clock(),
            expires_at=self.clock() + timedelta(hours=2),
        )


@pytest.fixture
def platform(clock: Clock) -> Platform:
    return Platform(clock)


@pytest.fixture
def account(accounts: Accounts) -> Account:
    return accounts.add(connection())


def notifications(engine: Engine) -> list[str]:
    with engine.connect() as db:
        return list(db.execute(text("SELECT text FROM notification ORDER BY id")).scalars())


def test_a_token_is_left_alone_until_four_fifths_of_its_life(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock
) -> None:
    tokens = accounts.tokens(account.id, platform)
    clock.pass_by(minutes=95)
    assert tokens.current() == "old-access-secret"
    clock.pass_by(minutes=1)
    assert tokens.current() == "access-secret-1"
    assert tokens.current() == "access-secret-1"
    assert platform.calls == 1
    assert accounts.get(account.id).expires_at == NOON + timedelta(minutes=96, hours=2)


def test_the_rotated_pair_is_used_next(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock
) -> None:
    for number in (1, 2, 3):
        clock.pass_by(hours=3)
        assert accounts.tokens(account.id, platform).current() == f"access-secret-{number}"


def test_a_refresh_token_that_is_not_given_again_stays_good(
    accounts: Accounts, account: Account, clock: Clock
) -> None:
    google = Platform(clock, rotating=False)
    for number in (1, 2):
        clock.pass_by(hours=3)
        assert accounts.tokens(account.id, google).current() == f"access-secret-{number}"


def test_a_refused_token_is_renewed_once_and_only_if_it_is_still_the_stored_one(
    accounts: Accounts, account: Account, platform: Platform
) -> None:
    tokens = accounts.tokens(account.id, platform)
    assert tokens.renewed("old-access-secret") == "access-secret-1"
    assert tokens.renewed("old-access-secret") == "access-secret-1"
    assert platform.calls == 1


def test_what_is_renewed_is_on_disk_before_it_is_handed_out(
    accounts: Accounts, account: Account, platform: Platform, engine: Engine, vault: object
) -> None:
    given = accounts.tokens(account.id, platform).renewed("old-access-secret")
    with engine.connect() as db:
        sealed = db.execute(text("SELECT tokens FROM social_account")).scalar_one()
    assert accounts._vault.open(sealed).access == given
    assert accounts._vault.open(sealed).refresh == platform.good


def test_a_dead_refresh_token_needs_its_person_and_says_so_once(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock, engine: Engine
) -> None:
    platform.good = "something else"
    clock.pass_by(hours=3)
    for _ in range(3):
        with pytest.raises(ReconnectNeededError, match="not valid"):
            accounts.tokens(account.id, platform).current()
    assert platform.calls == 1
    assert accounts.get(account.id).status == "needs_reconnect"
    (told,) = notifications(engine)
    assert "X no longer lets us post as Acme" in told
    assert "igny8-media accounts connect twitter" in told
    accounts.add(connection(access="third", refresh="third-refresh", issued_at=clock()))
    assert accounts.get(account.id).status == "active"
    assert accounts.tokens(account.id, platform).current() == "third"
    assert accounts.needs_reconnect(account.id, "Revoked.") is True
    assert accounts.needs_reconnect(account.id, "Revoked.") is False
    assert len(notifications(engine)) == 2


def test_a_platform_that_is_down_costs_nothing_while_the_token_lives(
    accounts: Accounts,
    account: Account,
    platform: Platform,
    clock: Clock,
    engine: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock.pass_by(minutes=100)
    platform.fails = [RefreshFailedError("X answered 503.", 30), AppRefusedError("Not this app.")]
    with caplog.at_level(logging.WARNING):
        assert accounts.tokens(account.id, platform).current() == "old-access-secret"
        assert accounts.tokens(account.id, platform).current() == "old-access-secret"
    assert platform.calls == 1, "asked again at once"
    assert [r.getMessage() for r in caplog.records] == [
        "Acme is posted as with the token it has: X answered 503."
    ]
    clock.pass_by(seconds=31)
    assert accounts.tokens(account.id, platform).current() == "old-access-secret"
    clock.pass_by(seconds=61)
    assert accounts.tokens(account.id, platform).current() == "access-secret-3"
    assert accounts.get(account.id).status == "active"
    assert notifications(engine) == []


def test_a_platform_that_is_down_when_the_token_is_over_is_asked_again_later(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock, engine: Engine
) -> None:
    clock.pass_by(hours=3)
    platform.fails = [RefreshFailedError("X answered 503.", 45)]
    with pytest.raises(RefreshFailedError, match="503") as first:
        accounts.tokens(account.id, platform).current()
    assert first.value.after == 45
    clock.pass_by(seconds=5)
    with pytest.raises(RefreshFailedError) as second:
        accounts.tokens(account.id, platform).current()
    assert second.value.after == 40
    assert platform.calls == 1
    clock.pass_by(seconds=41)
    assert accounts.tokens(account.id, platform).current() == "access-secret-2"
    assert notifications(engine) == []


def test_a_token_without_a_refresh_token_is_judged_by_the_platform_alone(
    accounts: Accounts, platform: Platform, clock: Clock, engine: Engine
) -> None:
    account = accounts.add(connection(Service.LINKEDIN, refresh=None, life=timedelta(days=60)))
    other = accounts.add(connection(Service.LINKEDIN, user="43", refresh=None))
    tokens = accounts.tokens(account.id, platform)
    clock.pass_by(days=90)
    assert tokens.current() == "old-access-secret", "the clock may be wrong"
    with pytest.raises(ReconnectNeededError, match="LinkedIn does not accept"):
        tokens.renewed("old-access-secret")
    assert platform.calls == 0
    assert accounts.get(account.id).status == "needs_reconnect"
    assert accounts.get(other.id).status == "active"
    assert len(notifications(engine)) == 1


def test_accounts_of_one_consent_are_renewed_together(
    accounts: Accounts, platform: Platform, clock: Clock
) -> None:
    member = accounts.add(connection(Service.LINKEDIN))
    page = accounts.add(connection(Service.LINKEDIN, user="77"))
    stranger = accounts.add(connection(Service.LINKEDIN, user="99", refresh="of another consent"))
    sandbox = accounts.add(connection(Service.LINKEDIN, sandbox=True))
    clock.pass_by(hours=3)
    assert accounts.tokens(member.id, platform).current() == "access-secret-1"
    assert accounts.tokens(page.id, platform).current() == "access-secret-1"
    assert platform.calls == 1
    for other in (stranger, sandbox):
        with pytest.raises(ReconnectNeededError):
            accounts.tokens(other.id, platform).current()


def test_a_person_who_reconnects_during_a_renewal_is_not_overruled(
    accounts: Accounts, account: Account, clock: Clock, engine: Engine
) -> None:
    clock.pass_by(hours=3)

    def slow(_: Account, __: TokenSet) -> Grant:
        accounts.add(connection(access="by hand", refresh="by-hand-refresh", issued_at=clock()))
        raise ReconnectNeededError("The refresh token is not valid.")

    def slower(_: Account, __: TokenSet) -> Grant:
        accounts.add(connection(access="again", refresh="again-refresh", issued_at=clock()))
        return Grant(tokens=token_set("late", "late"), issued_at=clock())

    assert accounts.tokens(account.id, slow).current() == "by hand"
    clock.pass_by(hours=3)
    assert accounts.tokens(account.id, slower).current() == "again"
    assert accounts.tokens(account.id, slower).current() == "again"
    assert accounts.get(account.id).status == "active"
    assert notifications(engine) == []


def test_a_slow_renewal_that_was_thought_dead_still_saves_the_account(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock
) -> None:
    """Its lease ran out, another tried the old refresh token in vain, and then it answers."""
    clock.pass_by(hours=3)

    def slow(one: Account, tokens: TokenSet) -> Grant:
        grant = platform(one, tokens)
        clock.pass_by(seconds=61)
        with pytest.raises(ReconnectNeededError):
            accounts.tokens(account.id, platform).current()
        return grant

    assert accounts.tokens(account.id, slow).current() == "access-secret-1"
    assert accounts.get(account.id).status == "active"
    assert accounts.tokens(account.id, platform).current() == "access-secret-1"


def test_a_renewal_that_was_interrupted_gives_its_lease_back(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock
) -> None:
    clock.pass_by(hours=3)
    platform.fails = [MemoryError()]
    with pytest.raises(MemoryError):
        accounts.tokens(account.id, platform).current()
    assert accounts.tokens(account.id, platform).current() == "access-secret-2"


def test_a_clock_that_was_put_back_blocks_nothing(
    accounts: Accounts, account: Account, platform: Platform, clock: Clock
) -> None:
    clock.pass_by(days=400)
    platform.fails = [RefreshFailedError("X answered 503.", 10**6)]
    with pytest.raises(RefreshFailedError):
        accounts.tokens(account.id, platform).current()
    clock.pass_by(days=-399)
    assert accounts.tokens(account.id, platform).current() == "access-secret-2"


def test_tokens_of_an_account_that_was_removed(
    accounts: Accounts, account: Account, platform: Platform
) -> None:
    tokens = accounts.tokens(account.id, platform)
    accounts.remove(account.id)
    with pytest.raises(ReconnectNeededError, match="removed"):
        tokens.current()

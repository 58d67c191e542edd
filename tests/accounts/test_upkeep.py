"""The regular round over all accounts, and the question whether one still works."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine, text

from igny8_media.accounts.checking import check
from igny8_media.accounts.connecting import from_token_file, read_token_file
from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
    TokenRefusedError,
)
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.upkeep import ending, refresh_due, refresher
from igny8_media.accounts.vault import TokenSet, Vault, token_set
from igny8_media.sandbox.server import Running
from tests.accounts.conftest import NOON, Clock, connection


def told(engine: Engine) -> list[str]:
    with engine.connect() as db:
        return list(db.execute(text("SELECT text FROM notification ORDER BY id")).scalars())


def test_a_round_renews_what_is_due_and_lets_no_trouble_spread(
    accounts: Accounts, clock: Clock, engine: Engine
) -> None:
    troubles = {
        "dead": ReconnectNeededError("The refresh token is not valid."),
        "down": RefreshFailedError("X answered 503."),
        "app": AppRefusedError("X does not accept the application."),
    }
    for name in ("good", *troubles, "young"):
        issued = NOON if name != "young" else NOON + timedelta(minutes=90)
        accounts.add(connection(user=name, name=name, refresh=name, issued_at=issued))

    def platform(account: Account, tokens: TokenSet) -> Grant:
        if account.name in troubles:
            raise troubles[account.name]
        return Grant(
            tokens=token_set("new", "next"), issued_at=clock(), expires_at=clock() + timedelta(1)
        )

    clock.pass_by(minutes=100)
    found = {kept.account.name: kept.outcome for kept in refresh_due(accounts, platform, clock)}
    assert found == {
        "good": "renewed",
        "dead": "needs_reconnect",
        "down": "later",
        "app": "refused",
        "young": "fresh",
    }
    found = {kept.account.name: kept.outcome for kept in refresh_due(accounts, platform, clock)}
    assert found["good"] == "fresh"
    assert found["dead"] == "needs_reconnect"
    assert len(told(engine)) == 1


def test_a_person_is_told_once_from_day_fifty(
    accounts: Accounts, clock: Clock, engine: Engine
) -> None:
    account = accounts.add(
        connection(Service.LINKEDIN, refresh=None, life=timedelta(days=60), name="Ada")
    )

    def never(*_: object) -> Grant:
        raise AssertionError("there is nothing to renew it with")

    clock.pass_by(days=49, hours=23)
    refresh_due(accounts, never, clock)
    assert told(engine) == []
    clock.pass_by(hours=1)
    for _ in range(3):
        refresh_due(accounts, never, clock)
    (sentence,) = told(engine)
    assert sentence == (
        "What LinkedIn allowed for Ada ends in 10 days (2027-01-21) and cannot be renewed without "
        "you; connect it again with: igny8-media accounts connect linkedin"
    )
    assert accounts.get(account.id).status == "active"
    assert "is over" in ending(account, NOON, NOON + timedelta(days=1))
    assert "ends within a day" in ending(account, NOON + timedelta(hours=2), NOON)


@pytest.mark.parametrize("service", ["twitter", "tiktok", "youtube"])
def test_a_round_on_the_sandbox(
    service: str, engine: Engine, vault: Vault, sandbox: Running, hosts: Hosts, client: httpx.Client
) -> None:
    accounts = Accounts(engine, vault)
    kept = _kept(accounts, sandbox, hosts, client, service)
    refresh = refresher(Hosts(_env_file=None), sandbox.url)  # type: ignore[call-arg]
    later = Accounts(engine, vault, lambda: datetime.now(UTC) + timedelta(hours=20))
    before = later.get(kept.id).expires_at
    (done,) = refresh_due(later, refresh, lambda: datetime.now(UTC))
    assert done.outcome == "renewed", done.reason
    assert before is not None
    assert done.account.expires_at is not None
    name = check(accounts, kept, accounts.tokens(kept.id, refresh), hosts, client)
    assert name
    assert sandbox.requests(service)["token"] == 1


def _kept(
    accounts: Accounts, sandbox: Running, hosts: Hosts, client: httpx.Client, service: str
) -> Account:
    """An account of the sandbox's, added with the tokens that it gave."""
    import json

    given = read_token_file(json.dumps(sandbox.account(service)), Service(service))
    found = from_token_file(given, Service(service), hosts, client, datetime.now(UTC))
    return accounts.add(found.model_copy(update={"sandbox": True}))


@pytest.mark.parametrize("service", Service)
def test_every_platform_says_who_an_account_is(
    service: Service,
    engine: Engine,
    vault: Vault,
    sandbox: Running,
    hosts: Hosts,
    client: httpx.Client,
) -> None:
    accounts = Accounts(engine, vault)
    kept = _kept(accounts, sandbox, hosts, client, service)
    tokens = accounts.tokens(kept.id, refresher(hosts, sandbox.url))
    name = check(accounts, kept, tokens, hosts, client)
    assert name
    assert name != kept.platform_user_id


def test_a_refused_token_is_renewed_for_the_check(
    engine: Engine, vault: Vault, sandbox: Running, hosts: Hosts, client: httpx.Client
) -> None:
    accounts = Accounts(engine, vault)
    kept = _kept(accounts, sandbox, hosts, client, "twitter")
    sandbox.revoke("twitter", "access")
    tokens = accounts.tokens(kept.id, refresher(hosts, sandbox.url))
    assert check(accounts, kept, tokens, hosts, client)
    assert accounts.get(kept.id).status == "active"


@pytest.mark.parametrize("service", Service)
def test_a_revoked_account_needs_its_person(
    service: Service,
    engine: Engine,
    vault: Vault,
    sandbox: Running,
    hosts: Hosts,
    client: httpx.Client,
) -> None:
    accounts = Accounts(engine, vault)
    kept = _kept(accounts, sandbox, hosts, client, service)
    sandbox.revoke(service)
    tokens = accounts.tokens(kept.id, refresher(hosts, sandbox.url))
    for _ in range(2):
        with pytest.raises(ReconnectNeededError):
            check(accounts, kept, tokens, hosts, client)
    assert accounts.get(kept.id).status == "needs_reconnect"
    (sentence,) = told(engine)
    assert f"accounts connect {service} --sandbox" in sentence


def test_a_token_that_is_refused_also_when_new_is_not_renewed_for_ever(
    engine: Engine, vault: Vault, sandbox: Running, hosts: Hosts, client: httpx.Client
) -> None:
    accounts = Accounts(engine, vault)
    kept = _kept(accounts, sandbox, hosts, client, "twitter")
    sandbox.fault("twitter", "any", "unauthorized", times=1)
    calls = 0

    def useless(_: Account, __: TokenSet) -> Grant:
        nonlocal calls
        calls += 1
        return Grant(tokens=token_set("useless-secret"), issued_at=datetime.now(UTC))

    with pytest.raises(TokenRefusedError) as caught:
        check(accounts, kept, accounts.tokens(kept.id, useless), hosts, client)
    assert "useless-secret" not in str(caught.value)
    assert calls == 1
    assert accounts.get(kept.id).status == "needs_reconnect"

"""Real processes at once, and killed: the sum of the entries is the balance all the same."""

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from igny8_media.credits.ledger import LEASE_SECONDS, Credits
from igny8_media.credits.model import Balance
from igny8_media.database.engine import open_database
from igny8_media.database.tables import CreditEntry
from igny8_media.database.transactions import transaction
from igny8_media.stages.paying import reclaim
from igny8_media.stages.stage import run_stage
from tests.credits.spenders import die_at_statement, die_making, shop_of, spend, stage, start


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS + 60)


def _checked(url: str) -> Balance:
    engine = open_database(url)
    balance = Credits(engine).balance()
    with transaction(engine, reading=True) as session:
        summed = session.scalar(select(func.sum(CreditEntry.amount)))
    granted = sum(e.amount for e in Credits(engine).entries(10_000) if e.kind == "grant")
    engine.dispose()
    assert balance.available == summed
    assert balance.available >= 0
    assert balance.available + balance.reserved + balance.spent == granted
    return balance


def _granted(url: str, amount: str) -> None:
    engine = open_database(url)
    Credits(engine).grant(Decimal(amount))
    engine.dispose()


def test_many_who_want_the_last_credit(database_url: str) -> None:
    _granted(database_url, "5")
    processes = [start(spend, database_url, seed, 15) for seed in range(4)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    balance = _checked(database_url)
    assert balance.reserved == 0
    assert balance.available < Decimal("0.3"), "there was enough work to spend it all"


def test_some_of_them_killed_at_any_moment(database_url: str) -> None:
    _granted(database_url, "100")
    processes = [start(spend, database_url, seed, 400) for seed in range(3)]
    for process in processes[:2]:
        time.sleep(random.uniform(0.1, 0.4))
        process.kill()
    processes[2].kill()
    for process in processes:
        process.join(60)
    _checked(database_url)
    _all_come_back(database_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_at_each_statement_in_turn(database_url: str) -> None:
    """Until it gets through without meeting the kill."""
    _granted(database_url, "200")
    statement, ended = 0, -9
    while ended == -9:
        statement += 1
        process = start(die_at_statement, database_url, statement)
        process.join(60)
        ended = process.exitcode or 0
        _checked(database_url)
    assert ended == 0
    assert statement > 15, "reserving, using and settling take that many"
    _all_come_back(database_url)


def _all_come_back(url: str) -> None:
    engine = open_database(url)
    Credits(engine, now=_later).reclaim(lambda _: False)
    engine.dispose()
    assert _checked(url).reserved == 0


@pytest.mark.parametrize("where", ["building", "before the record", "after the record"])
def test_an_asset_whose_run_is_killed_is_paid_once_if_it_is_there(
    tmp_path: Path, where: str
) -> None:
    shop = shop_of(tmp_path)
    shop.credits.grant(Decimal(30))
    process = start(die_making, tmp_path, where)
    process.join(60)
    assert process.exitcode == -9
    assert shop.credits.balance().reserved == 10
    delivered = shop.records.current("c", "speech") is not None
    assert delivered is (where == "after the record")
    shop.__dict__["credits"] = Credits(shop.engine, now=_later)
    made = run_stage(shop, stage(), "c")
    assert made.fresh is not delivered
    assert reclaim(shop) == (1 if delivered else 0)
    balance = _checked(shop.settings.sqlalchemy_url)
    assert (balance.available, balance.reserved, balance.spent) == (20, 0, 10)

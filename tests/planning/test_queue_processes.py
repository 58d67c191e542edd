"""Sweeps, and people who move, cancel and plan anew, as processes of their own on either database:
every post once, none lost."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import Session

from igny8_media.database.engine import open_database
from igny8_media.database.tables import Publication
from igny8_media.errors import InputError
from igny8_media.sandbox.server import Running, running
from tests.publishing.sweepers import PLENTY, Yard, kinds_in, press_of

POSTS = 40
SECONDS = 6.0
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with running(dedupes=False, lenient=True, latency_ms=5.0) as server:
        server.config(rate_limit=PLENTY, daily_limit=PLENTY)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def yard(request: pytest.FixtureRequest, tmp_path: Path, sandbox: Running) -> Yard:
    url = f"sqlite:///{tmp_path / 'igny8.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        server = create_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{tmp_path.name}"'))
        url = server.url.set(database=tmp_path.name).render_as_string(hide_password=False)
        server.dispose()
    open_database(url).dispose()
    home = tmp_path / "state"
    yard = Yard(home, url, sandbox)
    kinds = [kind for kind in kinds_in(home / "media") if not kind.uncertain]
    yard.plan(kinds, POSTS)
    return yard


def _sweep(home: Path, database_url: str, sandbox_url: str) -> None:
    ends = time.monotonic() + SECONDS
    with press_of(home, database_url, sandbox_url) as press:
        while time.monotonic() < ends:
            press.sweep(stay=0.5, upcoming=True, concurrency=3)


def _move(home: Path, database_url: str, sandbox_url: str, seed: int) -> None:
    """Somebody who cannot make up their mind."""
    chance, ends = random.Random(seed), time.monotonic() + SECONDS
    with press_of(home, database_url, sandbox_url) as press:
        planned = press.planning.planned()
        cancelled = 0
        while time.monotonic() < ends:
            one = chance.choice(planned)
            with suppress(InputError):  # it is out, or just being sent
                what = chance.random()
                if what < 0.7:
                    soon = datetime.now(UTC) + timedelta(seconds=chance.uniform(0, 0.6))
                    press.queue.move(one.id, soon)
                elif what < 0.95 or cancelled > 2:
                    press.queue.refill([one.account_id])
                else:
                    cancelled += press.cancel(one.post_id)


def test_nobody_moves_what_is_being_sent(yard: Yard) -> None:
    with yard.press() as press:
        later = datetime.now(UTC) + timedelta(days=300)
        with Session(press.shop.engine) as session, session.begin():
            session.execute(
                update(Publication).values(queued_at=later, due_at=later, next_at=later)
            )
        assert press.queue.refill() == POSTS
    place = (yard.home, yard.database_url, yard.sandbox.url)
    started = [_processes.Process(target=_sweep, args=place) for _ in range(2)]
    started += [_processes.Process(target=_move, args=(*place, seed)) for seed in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join(90)
    assert [process.exitcode for process in started] == [0] * 5
    with yard.press() as press:
        states = [one.status.value for one in press.planning.planned()]
        assert states.count("published") > POSTS // 3, "the race was over before it began"
        for one in press.planning.planned():
            if one.status == "scheduled" and one.queued:
                press.queue.move(one.id, datetime.now(UTC))
    yard.finish(dead=False)
    with yard.press() as press:
        kept = {p.post_id for p in press.planning.planned() if p.status == "published"}
        gone = {p.post_id for p in press.planning.planned() if p.status == "cancelled"}
    assert len(kept) + len(gone) == POSTS, "losses"
    asked = sum(yard.asked().values())
    out = yard.out()
    assert max(out.values()) == 1, "doubles"
    parts = [max(1, len(post.parts)) for post in yard.planned]
    missing = sum(parts[number] for number in range(POSTS) if number + 1 in gone)
    assert sum(out.values()) == asked - missing

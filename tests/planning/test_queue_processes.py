"""Sweeps, and people who move, cancel and plan anew, as processes of their own on either database:
every post once, none lost."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from igny8_media.database.engine import open_database
from igny8_media.database.tables import Publication
from igny8_media.errors import InputError
from igny8_media.sandbox.server import Running, running
from tests.publishing.sweepers import PLENTY, Yard, kinds_in, press_of

POSTS = 40
AT_MOST = 90.0
"""Seconds; the race ends when enough of the posts are out."""
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with running(dedupes=False, lenient=True, latency_ms=5.0) as server:
        server.config(rate_limit=PLENTY, daily_limit=PLENTY)
        yield server


@pytest.fixture
def yard(database_url: str, tmp_path: Path, sandbox: Running) -> Yard:
    open_database(database_url).dispose()
    home = tmp_path / "state"
    yard = Yard(home, database_url, sandbox)
    kinds = [kind for kind in kinds_in(home / "media") if not kind.uncertain]
    yard.plan(kinds, POSTS)
    return yard


def _sweep(home: Path, database_url: str, sandbox_url: str, over: Event) -> None:
    with press_of(home, database_url, sandbox_url) as press:
        while not over.is_set():
            press.sweep(stay=0.5, upcoming=True, concurrency=3)


def _move(home: Path, database_url: str, sandbox_url: str, over: Event, seed: int) -> None:
    """Somebody who cannot make up their mind."""
    chance = random.Random(seed)
    with press_of(home, database_url, sandbox_url) as press:
        planned = press.planning.planned()
        cancelled = 0
        while not over.is_set():
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
    over = _processes.Event()
    place = (yard.home, yard.database_url, yard.sandbox.url, over)
    started = [_processes.Process(target=_sweep, args=place) for _ in range(2)]
    started += [_processes.Process(target=_move, args=(*place, seed)) for seed in range(3)]
    for process in started:
        process.start()
    with yard.press() as press:
        out, ends = 0, time.monotonic() + AT_MOST
        while out <= POSTS // 3 and time.monotonic() < ends:
            time.sleep(0.2)
            out = [one.status.value for one in press.planning.planned()].count("published")
    over.set()
    for process in started:
        process.join(AT_MOST)
    assert [process.exitcode for process in started] == [0] * 5
    assert out > POSTS // 3, "nobody got anything out"
    with yard.press() as press:
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

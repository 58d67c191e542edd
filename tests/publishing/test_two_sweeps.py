"""Several sweeps at once, as processes, on either database: every post once, none stuck."""

import shutil
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from chaos.material import Kind
from igny8_media.database.engine import open_database
from igny8_media.sandbox.server import Running, running
from tests.publishing.sweepers import PLENTY, Yard, kinds_in

POSTS = 60


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("material") / "media"


@pytest.fixture(scope="module")
def kinds(media: Path) -> list[Kind]:
    return kinds_in(media)


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with running(dedupes=False, lenient=True, latency_ms=5.0) as server:
        server.config(rate_limit=PLENTY, daily_limit=PLENTY)
        yield server


@pytest.fixture
def yard(
    database_url: str, tmp_path: Path, media: Path, kinds: list[Kind], sandbox: Running
) -> Yard:
    open_database(database_url).dispose()
    home = tmp_path / "state"
    shutil.copytree(media, home / "media")
    return Yard(home, database_url, sandbox)


def _join(processes: list[BaseProcess]) -> list[int | None]:
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


@pytest.mark.parametrize("count", [2, 4])
def test_sweeps_at_once_publish_every_post_once(yard: Yard, kinds: list[Kind], count: int) -> None:
    yard.plan(kinds, POSTS)
    assert _join(yard.start(count)) == [0] * count
    yard.finish(dead=False)
    assert yard.states() == {"published": POSTS}
    assert yard.out() == yard.asked()


def test_a_sweep_that_is_killed_leaves_nothing_undone_and_nothing_done_twice(
    yard: Yard, kinds: list[Kind]
) -> None:
    certain = [kind for kind in kinds if not kind.uncertain]
    yard.plan(certain, POSTS)
    killed, other = yard.start(2)
    _wait_until(lambda: len(yard.sandbox.state.posts) >= POSTS // 4)
    killed.kill()
    assert _join([killed, other]) == [-9, 0]
    assert set(yard.states()) - {"published"}, "it was killed when all was over"
    # What LinkedIn took from a member can only be told by its refusing the same again.
    yard.sandbox.config(dedupes=True)
    yard.finish(dead=True)
    assert yard.states() == {"published": POSTS}
    assert yard.out() == yard.asked()


def _wait_until(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.005)

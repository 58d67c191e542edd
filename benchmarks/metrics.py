"""The figures of 10,000 posts on six platforms in one sweep, to the least that its requests allow.

The sandbox is a process of its own, and answers a batch after a quarter of a second. The ideal is
the fewest requests that the platforms' batch sizes allow, one after the other on each of eight
workers that do nothing else; reading out of the ledger and writing into it come on top.
"""

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from igny8_media.accounts.model import Account, Service
from igny8_media.metrics.sweep import CONCURRENCY
from igny8_media.publishing.model import PostKind
from igny8_media.publishing.readings import Asked
from igny8_media.sandbox.server import Running, listen, make_app, make_server
from igny8_media.sandbox.state import Config, World
from igny8_media.stages.figures import refresh
from igny8_media.stages.press import Press
from tests.metrics.planted import plant
from tests.metrics.published import connect, enter, press_at
from tests.publishing.sweepers import PLENTY

_LATENCY = 0.25
_LIMIT = 1.7
_DAY = timedelta(days=1)
_PLANTED: tuple[tuple[Service, PostKind, int, timedelta, int, int], ...] = (
    # Service, kind, posts, age, posts a request may name, requests for each lot.
    (Service.LINKEDIN, "text", 1650, 5 * _DAY, 50, 1),
    (Service.TWITTER, "text", 900, 5 * _DAY, 100, 1),
    (Service.TWITTER, "text", 800, 50 * _DAY, 100, 1),
    (Service.FACEBOOK, "text", 1650, 5 * _DAY, 50, 1),
    (Service.INSTAGRAM, "image", 1650, 5 * _DAY, 50, 1),
    (Service.TIKTOK, "video", 1700, 5 * _DAY, 20, 1),
    (Service.YOUTUBE, "video", 1650, 5 * _DAY, 50, 2),
)


def _serve(pipe: Connection) -> None:
    listener = listen(0)
    world = World(None, Config(lenient=True, rate_limit=dict(PLENTY)))
    server = make_server(make_app(world))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    pipe.send(listener.getsockname()[1])
    while True:
        service, user, count, age, kind = pipe.recv()
        pipe.send(plant(world, service, user, [age] * count, kind))


class _Far(Running):
    """A sandbox in another process, in which posts can be planted."""

    def __init__(self, url: str, client: httpx.Client, pipe: Connection) -> None:
        super().__init__(url, World(), client)
        self._pipe = pipe

    def plant(self, account: Account, count: int, age: timedelta, kind: PostKind) -> list[Asked]:
        self._pipe.send((account.service, account.platform_user_id, count, age, kind))
        planted: list[Asked] = self._pipe.recv()
        return planted


@contextmanager
def _sandbox() -> Iterator[_Far]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    url = f"http://127.0.0.1:{ours.recv()}"
    try:
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            yield _Far(url, client, ours)
    finally:
        process.terminate()
        process.join()


def _publish(press: Press, sandbox: _Far) -> int:
    """Everything in the ledger, and how many requests it takes at least."""
    accounts: dict[Service, Account] = {}
    least = 0
    for service, kind, count, age, size, each in _PLANTED:
        if service not in accounts:
            accounts[service] = connect(press, sandbox, service, expires_in=None)
        enter(
            press, accounts[service], sandbox.plant(accounts[service], count, age, kind), "social"
        )
        least += ceil(count / size) * each
    return least


def _asked(sandbox: Running) -> int:
    return sum(roles.get("metrics", 0) for roles in sandbox.get("requests").values())


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        _sandbox() as sandbox,
        press_at(Path(home), sandbox.url, lambda: 0.0) as press,
    ):
        least = _publish(press, sandbox)
        sandbox.config(latency_ms=_LATENCY * 1000)
        begun = time.monotonic()
        done = refresh(press)
        wall = time.monotonic() - begun
        asked = _asked(sandbox)
    posts = sum(count for _, _, count, *_ in _PLANTED)
    assert done.read == posts, done
    mark = "ok  " if asked == least else "OVER"
    print(f"{mark} {asked} requests, and the batch sizes allow {least}", flush=True)
    ideal = least * _LATENCY / CONCURRENCY
    mark = "ok  " if wall <= _LIMIT * ideal else "OVER"
    print(
        f"{mark} {posts} posts in {wall:.1f} s: {wall / ideal:.2f} x the ideal (at most {_LIMIT}); "
        f"{least} requests of {_LATENCY * 1000:.0f} ms on {CONCURRENCY} workers take {ideal:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""500 due posts of all platforms in one sweep, to the least that 50 ms a request allow, and memory.

The sandbox is a process of its own. The ideal is all the requests that were made, one after the
other on each of eight workers that do nothing else. A video of 2 GB then goes to YouTube.
"""

import multiprocessing
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from chaos.material import Kind, Material
from igny8_media.accounts.model import Service
from igny8_media.publishing.claims import Claim
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import MediaFile
from igny8_media.publishing.publisher import Publisher
from igny8_media.publishing.sweep import CONCURRENCY, sweep
from igny8_media.sandbox.server import Running, listen, make_app, make_server
from igny8_media.sandbox.state import Config, World
from igny8_media.stages.press import Press
from igny8_media.storage.media_store import LocalMediaStore
from tests.publishing.sweepers import PLENTY, Yard

_POSTS = 500
_LATENCY = 0.05
_GOAL = 0.6
_SAMPLES = (100, 300, 500)
_VIDEO = 2 * 10**9
_FLAT = 1.1
_MORE = 30
"""MB: some chunks on their way, and what asking takes."""


def _serve(pipe: Connection) -> None:
    listener = listen(0)
    pipe.send(listener.getsockname()[1])
    limits = {"rate_limit": dict(PLENTY), "daily_limit": dict(PLENTY)}
    world = World(None, Config(latency_ms=_LATENCY * 1000, lenient=True, **limits))
    make_server(make_app(world)).run(sockets=[listener])


@contextmanager
def _sandbox() -> Iterator[Running]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    url = f"http://127.0.0.1:{ours.recv()}"
    try:
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            yield Running(url, World(), client)
    finally:
        process.terminate()
        process.join()


class _Watched(Publisher):
    """Samples the memory of the process after so many claims."""

    def __init__(self, publisher: Publisher) -> None:
        vars(self).update(vars(publisher))
        self.done = 0
        self.megabytes: list[float] = []

    def publish(self, claim: Claim) -> None:
        super().publish(claim)
        self.done += 1
        if self.done in _SAMPLES:
            self.megabytes.append(_resident())


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _requests(sandbox: Running) -> int:
    found = sandbox.get("requests")
    return sum(count for roles in found.values() for count in roles.values())


def _mixed(folder: Path) -> list[Kind]:
    kinds = list(Material(LocalMediaStore(folder)).kinds())
    mixed = kinds * (_POSTS // len(kinds) + 1)
    random.Random(500).shuffle(mixed)
    return mixed[:_POSTS]


def _throughput(press: Press, yard: Yard) -> None:
    watched = _Watched(press.publisher)
    before = _requests(yard.sandbox)
    begun = time.monotonic()
    worked = sweep(press.ledger, watched)
    wall = time.monotonic() - begun
    requests = _requests(yard.sandbox) - before
    press.sweep(stay=60.0)  # the last few that platforms still worked on
    assert yard.states() == {"published": _POSTS}, yard.states()
    ideal = requests * _LATENCY / CONCURRENCY
    mark = "ok  " if ideal / wall >= _GOAL else "OVER"
    print(
        f"{mark} {_POSTS} posts in {wall:.1f} s: {ideal / wall:.0%} of the ideal (at least "
        f"{_GOAL:.0%}); {requests} requests of {_LATENCY * 1000:.0f} ms on {CONCURRENCY} workers "
        f"take {ideal:.1f} s, {worked} claims",
        flush=True,
    )
    first, *rest = watched.megabytes
    mark = "ok  " if max(rest) <= first * _FLAT else "OVER"
    shown = ", ".join(
        f"{number}: {size:.0f} MB" for number, size in zip(_SAMPLES, watched.megabytes, strict=True)
    )
    print(f"{mark} memory after so many posts (flat): {shown}", flush=True)


class _Peak:
    """The most memory that the process has while it is open, in MB."""

    def __init__(self) -> None:
        self.before = self.most = _resident()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self.most = max(self.most, _resident())


def _long_video(folder: Path, clip: Path) -> MediaFile:
    """The clip, and behind it a box that players skip and no disk has to hold."""
    path = folder / "long.mp4"
    begins = clip.read_bytes()
    with path.open("wb") as out:
        out.write(begins + (_VIDEO - len(begins)).to_bytes(4, "big") + b"free")
        out.truncate(_VIDEO)
    return measure(path, "long.mp4")


def _upload(press: Press, yard: Yard, kinds: list[Kind]) -> None:
    kind = next(kind for kind in kinds if kind.service is Service.YOUTUBE)
    media = yard.home / "media"
    video = _long_video(media, media / kind.post.media[0].key)
    long = replace(kind, post=kind.post.model_copy(update={"media": (video,)}))
    yard.plan([long], 1)
    begun = time.monotonic()
    with _Peak() as peak:
        press.sweep(stay=30.0)
    wall = time.monotonic() - begun
    assert yard.states() == {"published": _POSTS + 1}, yard.states()
    (sent,) = (p for p in yard.sandbox.posts("youtube") if p["media"][0]["size"] == _VIDEO)
    assert sent["media"][0]["sha256"] == video.sha256
    more = peak.most - peak.before
    mark = "ok  " if more <= _MORE else "OVER"
    print(
        f"{mark} a video of {_VIDEO / 1e9:.0f} GB to YouTube: {more:.0f} MB more memory at most "
        f"(at most {_MORE}), in {wall:.0f} s",
        flush=True,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as home, _sandbox() as sandbox:
        folder = Path(home)
        kinds = _mixed(folder / "media")
        yard = Yard(folder, f"sqlite:///{folder / 'igny8.db'}", sandbox)
        sandbox.config(latency_ms=0.0)
        yard.plan(kinds, _POSTS)
        sandbox.config(latency_ms=_LATENCY * 1000)
        with yard.press() as press:
            _throughput(press, yard)
            sandbox.config(latency_ms=0.0)
            _upload(press, yard, kinds)


if __name__ == "__main__":
    main()

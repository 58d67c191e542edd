"""The daily clean-up takes what the dead left, and nothing that somebody uses."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from igny8_media.settings import load_settings
from igny8_media.stages import workshop
from igny8_media.stages.cleaning import clean
from igny8_media.stages.workshop import Workshop

_WORKS = """
import sys, time
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop
with Workshop(load_settings()).store.scratch() as folder:
    (folder / "frames").write_bytes(b"0" * 5000)
    print(folder, flush=True)
    sys.stdin.read()
"""


def _worker() -> tuple["subprocess.Popen[str]", Path]:
    started = subprocess.Popen(
        [sys.executable, "-c", _WORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def _age(folder: Path) -> None:
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(folder, (long_ago, long_ago))


def test_it_takes_what_the_killed_left_and_leaves_what_is_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workshop, "_CACHE_BYTES", 1500)
    shop = Workshop(load_settings())
    dead, left = _worker()
    dead.kill()
    dead.communicate()
    alive, used = _worker()
    for folder in (left, used):
        _age(folder)
    takes = shop.cache("speech")
    for name in ("old", "older", "fresh"):
        takes.fetch(name, lambda folder: (folder / "take.wav").write_bytes(b"0" * 1000) and None)
    for name in ("old", "older"):
        _age(takes.path(name))
    shop.store.put_bytes("content/a/video/render.mp4", b"0" * 9000)
    try:
        done = clean(shop)
        assert not left.exists()
        assert (used / "frames").exists()
        assert takes.get("fresh") is not None
        assert (takes.get("old"), takes.get("older")) == (None, None)
        assert shop.store.exists("content/a/video/render.mp4")
        assert done.removed == 5000 + 2 * 1000
    finally:
        alive.communicate("")
    assert not used.exists()


def test_it_has_nothing_to_do_where_nothing_was_made() -> None:
    assert clean(Workshop(load_settings())) == (0, 0)

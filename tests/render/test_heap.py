"""Freed memory leaves the process."""

from pathlib import Path

import pytest

from igny8_media.video import heap


def _megabytes() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("RssAnon"))


def test_what_was_freed_below_something_kept_goes_back() -> None:
    if heap._malloc_trim() is None or not Path("/proc/self/status").exists():
        pytest.skip("this system's C library has no malloc_trim")
    pieces = [bytes(50_000) for _ in range(2_000)]
    kept = pieces[-1]  # on top of the heap: nothing below it goes back by itself
    full = _megabytes()
    del pieces
    heap.give_back()
    assert full - _megabytes() > 50, kept[:0]

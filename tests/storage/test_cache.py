import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from igny8_media.errors import StorageError
from igny8_media.storage.cache import FolderCache


def _filled(text: str, calls: list[str]):
    def make(folder: Path) -> None:
        calls.append(text)
        (folder / "a.txt").write_text(text)

    return make


def test_what_was_made_once_is_not_made_again(tmp_path: Path) -> None:
    cache, calls = FolderCache(tmp_path / "cache", 10**9), []
    assert cache.get("x") is None
    first = cache.fetch("x", _filled("one", calls))
    again = cache.fetch("x", _filled("two", calls))
    assert (first, calls) == (again, ["one"])
    assert (again / "a.txt").read_text() == "one"


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path, 10**9)

    def fails(folder: Path) -> None:
        (folder / "half").write_text("h")
        raise StorageError("no")

    with pytest.raises(StorageError):
        cache.fetch("x", fails)
    assert list(tmp_path.iterdir()) == []


def test_the_slower_of_two_gets_what_the_quicker_kept(tmp_path: Path) -> None:
    cache, calls = FolderCache(tmp_path, 10**9), []
    slow = cache.open()
    (slow / "a.txt").write_text("slow")
    cache.fetch("x", _filled("quick", calls))
    assert (cache.keep("x", slow) / "a.txt").read_text() == "quick"
    assert [folder.name for folder in tmp_path.iterdir()] == ["x"]


def test_trimming_takes_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path, 10)
    for age, name in enumerate(("newest", "middle", "oldest")):
        folder = cache.fetch(name, _filled("12345678", []))
        os.utime(folder, (1_000_000_000 - age, 1_000_000_000 - age))
    cache.trim()
    assert [folder.name for folder in tmp_path.iterdir()] == ["newest"]


def _trim_half(root: Path) -> None:
    """Dies when one of two files is gone."""

    def kill(event: str, _: tuple[object, ...]) -> None:
        if event == "os.remove" and sum(file.is_file() for file in root.rglob("*")) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(kill)
    FolderCache(root, 0).trim()


def test_of_an_entry_whose_removal_was_killed_nothing_is_found(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path, 0)
    for file in ("a.txt", "b.txt"):
        (cache.fetch("a", lambda _: None) / file).write_text(file)
    os.utime(tmp_path / "a", (1, 1))
    process = multiprocessing.get_context("forkserver").Process(target=_trim_half, args=(tmp_path,))
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert cache.get("a") is None
    cache.trim()
    assert list(tmp_path.iterdir()) == []


def test_trimming_leaves_what_may_still_be_read(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path, 1)
    cache.fetch("x", _filled("12345678", []))
    cache.trim()
    assert cache.get("x") is not None


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="IGNY8_HOME"):
        FolderCache(tmp_path / "file" / "cache", 1).open()

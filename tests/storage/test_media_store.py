"""The store promises that bytes are wholly there or not there at all."""

import errno
import os
from pathlib import Path

import pytest

from igny8_media.errors import InputError, StorageError
from igny8_media.storage import media_store
from igny8_media.storage.media_store import LocalMediaStore


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


def _files(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def test_a_file_put_comes_back_to_the_byte(store: LocalMediaStore) -> None:
    made = os.urandom(3_000_001)
    with store.scratch() as folder:
        (folder / "big.bin").write_bytes(made)
        store.put_file("content/a/video/render.mp4", folder / "big.bin")
        assert not (folder / "big.bin").exists()
    assert store.read_bytes("content/a/video/render.mp4") == made
    path = store.local_path("content/a/video/render.mp4")
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "key", ["../out", "a/../../b", "/etc/passwd", "a//b", "", "a/./b", "a/\0b", ".."]
)
def test_a_key_cannot_leave_the_store(store: LocalMediaStore, key: str) -> None:
    with pytest.raises(InputError):
        store.put_bytes(key, b"x")


@pytest.mark.parametrize("failing", ["fsync", "write"])
def test_a_full_disk_leaves_the_old_bytes_and_no_litter(
    store: LocalMediaStore, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    store.put_bytes("content/a/post.json", b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if failing == "fsync":
        monkeypatch.setattr(media_store.os, "fsync", full)
    else:
        monkeypatch.setattr(media_store.Path, "replace", full)
    with pytest.raises(StorageError, match=r"No space left on device.*IGNY8_HOME"):
        store.put_bytes("content/a/post.json", b"new")
    monkeypatch.undo()
    assert store.read_bytes("content/a/post.json") == b"old"
    assert _files(Path(store.uri)) == ["content/a/post.json"]


def test_scratch_files_are_gone_after_a_failure(store: LocalMediaStore) -> None:
    def fail() -> None:
        with store.scratch() as folder:
            (folder / "half.mp4").write_bytes(b"x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _files(Path(store.uri)) == []


def test_a_file_removed_by_hand_is_missed_in_a_sentence(store: LocalMediaStore) -> None:
    with pytest.raises(StorageError, match="removed by hand"):
        store.local_path("content/a/gone.mp4")

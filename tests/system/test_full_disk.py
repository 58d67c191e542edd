"""A disk that fills up at whatever moment: one sentence, and a second run finishes the work."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

_ARTICLE = Path(__file__).parents[2] / "examples" / "articles" / "faster-web-page.md"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A very small disk, of `size` kilobytes once remounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or _mount("-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)) != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], check=False).returncode


def _run(home: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "igny8_media",
            "run",
            str(_ARTICLE),
            "--videos",
            "none",
            "--platforms",
            "linkedin,instagram",
            "--out",
            str(out),
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"IGNY8_HOME": str(home)},
        check=False,
        timeout=250,
    )


def test_a_full_disk_at_any_moment_costs_one_sentence(disk: Path, tmp_path: Path) -> None:
    for size in ("100k", "300k", "700k", "1500k", "2500k", "4000k"):
        _mount("-o", f"remount,size={size}", str(disk))
        done = _run(disk / "home", tmp_path / "out")
        assert done.returncode == 1, (size, done.stderr)
        assert "Traceback" not in done.stderr, (size, done.stderr)
        assert "disk is full" in done.stderr or "No space left" in done.stderr, size
        assert "IGNY8_HOME" in done.stderr
    _mount("-o", "remount,size=60m", str(disk))
    done = _run(disk / "home", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert list((disk / "home" / "media" / "scratch").iterdir()) == []

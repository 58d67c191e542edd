"""A run that is killed or stopped: nothing is lost, nothing hangs, nobody is left behind."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

_ARTICLE = Path(__file__).parents[2] / "examples" / "articles" / "write-less.md"


def _start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "igny8_media", "run", str(_ARTICLE)]
    return subprocess.Popen(
        [*command, "--platforms", "twitter", "--videos", "short", "--json"],
        cwd=folder,
        env=os.environ | {"IGNY8_VIDEO_QUALITY": "draft"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait_for_render(process: subprocess.Popen[str], percent: int = 5) -> None:
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line
        told = re.search(r"rendered to (\d+) %, \d+ frames a second", line)
        if told and int(told[1]) >= percent:
            return
    raise AssertionError(seen)


def _left(home: Path) -> list[str]:
    """Command lines of what still runs and was started by a process with this home."""
    mark = f"IGNY8_HOME={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [line for line in found if line]


def _row(home: Path) -> tuple[str, int]:
    """Status and percentage of the one video project."""
    with closing(sqlite3.connect(home / "igny8.db")) as database:
        (row,) = database.execute("SELECT status, progress_pct FROM video_project").fetchall()
    return row


def _reused(home: Path) -> int:
    (record,) = (home / "media").glob("content/*/video/short/render/current.json")
    return int(json.loads(record.read_bytes())["facts"]["reused_frames"])


def test_killed_runs_do_not_block_the_next_one(tmp_path: Path, own_home: Path) -> None:
    for percent in (5, 50):  # as many runs as may render at once
        process = _start(tmp_path)
        _wait_for_render(process, percent)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        deadline = time.monotonic() + 60
        while (left := _left(own_home)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == [], "encoders and voices end when nobody feeds them any more"
        status, reached = _row(own_home)
        assert status == "rendering"
        assert percent <= reached <= 100
    process = _start(tmp_path)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    (content,) = json.loads(out)["contents"]
    assert content["errors"] == []
    made = {a["asset"]: a["made"] for a in content["artifacts"]}
    assert made["video/short/render"] is True
    assert made["video/short/voiceover"] is False, "finished stages are kept"
    assert _row(own_home) == ("ready", 100)
    assert _reused(own_home) > 0, "and so are finished segments"
    assert err.count("rendered to") <= 20


def test_ctrl_c_stops_at_once_and_leaves_no_process(tmp_path: Path, own_home: Path) -> None:
    process = _start(tmp_path)
    _wait_for_render(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 130, err
    assert "stopped; what was finished is kept" in err
    assert "Traceback" not in err
    assert out == ""
    assert _left(own_home) == []
    assert list((own_home / "media" / "scratch").iterdir()) == []
    assert _row(own_home)[0] == "failed"

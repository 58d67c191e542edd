"""A run that is killed or stopped: nothing is lost, nothing hangs, nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
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


def _wait_for_render(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line
        if "rendered to" in line:
            return
    raise AssertionError(seen)


def _group(leader: int) -> list[str]:
    """Command lines of what still runs in the process group, or of its children's groups."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        if int(status[3]) == leader and status[0] != "Z":
            found.append(line)
    return found


def test_killed_runs_do_not_block_the_next_one(tmp_path: Path, own_home: Path) -> None:
    for _ in range(2):  # as many as may render at once
        process = _start(tmp_path)
        _wait_for_render(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    process = _start(tmp_path)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    (content,) = json.loads(out)["contents"]
    assert content["errors"] == []
    made = {a["asset"]: a["made"] for a in content["artifacts"]}
    assert made["video/short/render"] is True
    assert made["video/short/voiceover"] is False, "finished stages are kept"


def test_ctrl_c_stops_at_once_and_leaves_no_process(tmp_path: Path, own_home: Path) -> None:
    process = _start(tmp_path)
    _wait_for_render(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped; what was finished is kept" in err
    assert "Traceback" not in err
    assert out == ""
    assert _group(process.pid) == []
    assert list((own_home / "media" / "scratch").iterdir()) == []

"""`make chaos` itself, on one kind of post: it takes its way through every fault and counts."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_fault_of_one_kind_ends_with_one_post() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chaos", "--only", "twitter text", "--workers", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    row = next(line for line in done.stdout.splitlines() if line.startswith("all "))
    _, scenarios, asked, published, *others = row.split()
    assert int(scenarios) == int(asked) == int(published) >= 30
    assert set(others) == {"0"}

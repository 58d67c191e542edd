"""Dagster's state on this machine, when several commands want it first."""

import subprocess
import sys
from pathlib import Path

OPENS = """
import sys, time
from igny8_media.instance import open_instance
from igny8_media.settings import Settings
settings = Settings(home=sys.argv[1], _env_file=None)
print("ready", flush=True)
sys.stdin.readline()
with open_instance(settings) as instance:
    assert instance.get_runs() == []
"""


def test_several_may_be_the_first_to_open_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    pipe = subprocess.PIPE
    all_of_them = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(4)
    ]
    for one in all_of_them:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in all_of_them:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    told = [one.communicate(timeout=200)[1] for one in all_of_them]
    assert [one.returncode for one in all_of_them] == [0] * 4, "\n".join(told)

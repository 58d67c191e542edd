"""The jobs beside publishing, killed at some of their steps; `make chaos` does it at every one."""

import json
import multiprocessing
from pathlib import Path

import pytest

from chaos.jobs import JOBS, Named, every_step
from igny8_media.sandbox.server import running

# They fork, which a process of its own may do, whatever threads this one has.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def _kill(number: int, every: int, folder: Path) -> None:
    with running(lenient=True) as sandbox:
        results = every_step(JOBS[number], folder, sandbox, every)
    found = [(one.scenario, one.verdict, one.reason) for one in results]
    (folder / "results.json").write_text(json.dumps(found))


@pytest.mark.parametrize(
    ("job", "every"), list(zip(JOBS, (29, 23, 6), strict=True)), ids=[job.name for job in JOBS]
)
def test_who_was_killed_left_nothing_undone_and_nothing_done_twice(
    job: Named, every: int, tmp_path: Path
) -> None:
    process = _processes.Process(target=_kill, args=(JOBS.index(job), every, tmp_path))
    process.start()
    process.join(200)
    assert process.exitcode == 0
    results = json.loads((tmp_path / "results.json").read_text())
    assert len(results) >= 2
    assert [result for result in results if result[1] != "done"] == []

"""What a killed run left behind: a Dagster run that looks alive and holds places in pools.

The daemon would find out in time, but the command line has none. So each command holds a lock
file while it runs, which the system lets go of however the process ends.
"""

import fcntl
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

PROCESS_TAG = "igny8/process"
"""On every run of the command line: the name of the lock file that its process holds."""

CONTENT_TAG = "igny8/content_id"
"""On the same runs: the content they are about."""

_ALIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]


@contextmanager
def holding_lock(folder: Path) -> Iterator[str]:
    """Hold a lock file of our own in `folder`; gives its name for `PROCESS_TAG`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield path.name
        finally:
            path.unlink(missing_ok=True)


def bury_dead_runs(instance: dg.DagsterInstance, folder: Path) -> list[Mapping[str, str]]:
    """Mark runs of processes that no longer live as failed, and free their places in pools.

    Returns their tags, which say what they were about.
    """
    buried: list[Mapping[str, str]] = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_ALIVE)):
        name = run.tags.get(PROCESS_TAG)
        if name is None or _is_held(folder / name):
            continue  # the daemon's runs are the daemon's to watch
        instance.report_run_failed(run, "Its process was ended before it could finish.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        (folder / name).unlink(missing_ok=True)
        buried.append(run.tags)
    return buried


def _is_held(path: Path) -> bool:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False

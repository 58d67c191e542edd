"""Whether a run is there already that will do what a sensor would ask for."""

from collections.abc import Sequence
from typing import Final

import dagster as dg

_UNDER_WAY: Final[Sequence[dg.DagsterRunStatus]] = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
)


def under_way(instance: dg.DagsterInstance, *jobs: str) -> bool:
    """Whether a run of one of these jobs waits or works."""
    return any(
        instance.get_runs(dg.RunsFilter(job_name=job, statuses=_UNDER_WAY), limit=1) for job in jobs
    )

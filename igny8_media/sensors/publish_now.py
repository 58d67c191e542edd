"""Starts a sweep at once when somebody publishes now, or so soon that the schedule misses it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.sweeps import publish_due_posts

_UNDER_WAY: Final[Sequence[dg.DagsterRunStatus]] = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
)
_AHEAD: Final = timedelta(seconds=20)
"""A sweep that begins before waits, and sends it on the second; to begin takes it that long."""


@dg.sensor(
    job_name=publish_due_posts.name,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a sweep at once when somebody publishes now.",
)
def publish_now(
    context: dg.SensorEvaluationContext, workshop: WorkshopResource
) -> dg.RunRequest | dg.SkipReason:
    planning = workshop.open().planning
    if not planning.due_by(planning.now() + _AHEAD):
        return dg.SkipReason("Nothing is due.")
    busy = dg.RunsFilter(job_name=publish_due_posts.name, statuses=_UNDER_WAY)
    if context.instance.get_runs(busy, limit=1):
        return dg.SkipReason("A sweep is under way and takes it along.")
    return dg.RunRequest()

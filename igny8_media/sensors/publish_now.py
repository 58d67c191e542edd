"""Starts a sweep at once when somebody publishes now, or so soon that the schedule misses it."""

from datetime import timedelta
from typing import Final

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.sweeps import publish_due_posts
from igny8_media.sensors.underway import under_way

_AHEAD: Final = timedelta(seconds=20)
"""A sweep that begins before waits, and sends it on the second; to begin takes it that long."""


@dg.sensor(
    job_name=publish_due_posts.name,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends posts at once when somebody publishes now.",
)
def publish_now(
    context: dg.SensorEvaluationContext, workshop: WorkshopResource
) -> dg.RunRequest | dg.SkipReason:
    planning = workshop.open().planning
    if not planning.due_by(planning.now() + _AHEAD):
        return dg.SkipReason("Nothing is due.")
    if under_way(context.instance, publish_due_posts.name):
        return dg.SkipReason("A sweep is under way and takes it along.")
    return dg.RunRequest()

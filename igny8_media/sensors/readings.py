"""What somebody read by hand is to be seen in Dagster too, and not hours later."""

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.metrics import refresh_post_metrics, refresh_video_metrics
from igny8_media.sensors.underway import under_way


@dg.sensor(
    job_name=refresh_post_metrics.name,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Shows figures here that `igny8-media metrics refresh` has read.",
)
def readings_by_hand(
    context: dg.SensorEvaluationContext, workshop: WorkshopResource
) -> dg.RunRequest | dg.SkipReason:
    from igny8_media.metrics.reporting import untold

    if not untold(workshop.open().engine):
        return dg.SkipReason("Every reading is shown.")
    if under_way(context.instance, refresh_post_metrics.name, refresh_video_metrics.name):
        return dg.SkipReason("A sweep is under way and shows them.")
    return dg.RunRequest()

"""What Dagster loads: a table of contents."""

import dagster as dg

from igny8_media.assets.articles import article
from igny8_media.assets.social import social_assets
from igny8_media.assets.video import video_assets
from igny8_media.jobs import social_job, video_job
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.batches import split_failed_batches
from igny8_media.sensors.published import published_content_sensor


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(
        assets=[article, *social_assets, *video_assets],
        jobs=[social_job, video_job],
        sensors=[published_content_sensor, split_failed_batches],
        resources={"workshop": WorkshopResource()},
        executor=dg.in_process_executor,
    )

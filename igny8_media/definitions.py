"""What Dagster loads: a table of contents."""

import dagster as dg

from igny8_media.assets.articles import article
from igny8_media.assets.metrics import metrics_specs
from igny8_media.assets.publications import nothing_overdue, publication_specs
from igny8_media.assets.social import social_assets
from igny8_media.assets.video import video_assets
from igny8_media.jobs import social_job, video_job
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.best_times import follow_best_times, follow_when_a_week_begins
from igny8_media.schedules.metrics import (
    metrics_schedules,
    refresh_post_metrics,
    refresh_video_metrics,
)
from igny8_media.schedules.notices import send_notices, tell_every_five_minutes
from igny8_media.schedules.publishing import publishing_schedules
from igny8_media.schedules.recurring import make_recurring_posts, recurring_every_hour
from igny8_media.schedules.sweeps import (
    cleanup_failed_posts,
    cleanup_render_files,
    publish_due_posts,
    refresh_tokens,
    watch_due_posts,
)
from igny8_media.sensors.batches import split_failed_batches
from igny8_media.sensors.failures import give_back_cancelled_films, tell_of_failed_runs
from igny8_media.sensors.publish_now import publish_now
from igny8_media.sensors.published import published_content_sensor
from igny8_media.sensors.readings import readings_by_hand
from igny8_media.sensors.rejected import rejected_drafts, rewrite_rejected_post
from igny8_media.sensors.scripts import (
    approved_scripts,
    rejected_scripts,
    rewrite_rejected_script,
)


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions(
        assets=[article, *social_assets, *video_assets, *publication_specs, *metrics_specs],
        asset_checks=[nothing_overdue],
        jobs=[
            social_job,
            video_job,
            publish_due_posts,
            make_recurring_posts,
            follow_best_times,
            refresh_tokens,
            cleanup_failed_posts,
            cleanup_render_files,
            watch_due_posts,
            refresh_post_metrics,
            refresh_video_metrics,
            send_notices,
            rewrite_rejected_post,
            rewrite_rejected_script,
        ],
        sensors=[
            published_content_sensor,
            split_failed_batches,
            publish_now,
            readings_by_hand,
            tell_of_failed_runs,
            give_back_cancelled_films,
            rejected_drafts,
            approved_scripts,
            rejected_scripts,
        ],
        schedules=[
            *publishing_schedules,
            recurring_every_hour,
            follow_when_a_week_begins,
            *metrics_schedules,
            tell_every_five_minutes,
        ],
        resources={"workshop": WorkshopResource()},
        executor=dg.in_process_executor,
    )

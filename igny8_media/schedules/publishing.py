"""What goes out by the clock, and who watches that it does."""

from datetime import timedelta
from typing import Final

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.sweeps import (
    cleanup_failed_posts,
    cleanup_render_files,
    publish_due_posts,
    refresh_tokens,
    watch_due_posts,
)
from igny8_media.stages.workshop import Workshop

_EVERY: Final = timedelta(minutes=5)


def _sweep_wanted(shop: Workshop) -> bool:
    """Whether a sweep would find something: an idle one still costs a process."""
    from igny8_media.publishing.posts import Posts
    from igny8_media.publishing.reporting import untold
    from igny8_media.stages.unattended import waiting

    now = shop.planning.now()
    return (
        shop.planning.due_by(now + _EVERY, ahead=True) > 0
        or untold(shop.engine)
        or bool(waiting(shop, Posts(shop.engine), now))
    )


@dg.schedule(
    job=publish_due_posts,
    cron_schedule="*/5 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every five minutes, if something can be sent or prepared in the next five.",
)
def publish_every_five_minutes(
    context: dg.ScheduleEvaluationContext, workshop: WorkshopResource
) -> dg.RunRequest | dg.SkipReason:
    if _sweep_wanted(workshop.open()):
        return dg.RunRequest()
    return dg.SkipReason("Nothing is due.")


publishing_schedules = [
    publish_every_five_minutes,
    dg.ScheduleDefinition(
        job=refresh_tokens,
        cron_schedule="0 */6 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every six hours: accounts stay connected without anybody signing in again.",
    ),
    dg.ScheduleDefinition(
        job=cleanup_failed_posts,
        cron_schedule="0 3 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every night at three: what failed a week ago is given up.",
    ),
    dg.ScheduleDefinition(
        job=cleanup_render_files,
        cron_schedule="0 4 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every night at four: room on the disk.",
    ),
    dg.ScheduleDefinition(
        job=watch_due_posts,
        cron_schedule="*/10 * * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every ten minutes: looks whether anything due was left lying.",
    ),
]

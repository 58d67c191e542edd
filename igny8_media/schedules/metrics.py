"""Reading what posts and videos have reached, by the clock."""

from typing import TYPE_CHECKING, Any

import dagster as dg

from igny8_media.assets.metrics import metrics_key
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.sweeps import opened_press

if TYPE_CHECKING:
    from igny8_media.metrics.model import Taken

# A run that died is not run again: what it had claimed is due again in half an hour.
_TAGS = {"dagster/max_retries": "0"}


@dg.op(description="Reads the figures of posts that are due, and reports them by content.")
def read_post_metrics(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    _refresh(context, workshop, videos=False)


@dg.op(description="Reads the figures of videos that are due, and reports them by content.")
def read_video_metrics(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    _refresh(context, workshop, videos=True)


def _refresh(context: dg.OpExecutionContext, workshop: WorkshopResource, *, videos: bool) -> None:
    def tell(taken: "Taken") -> None:
        context.log_event(
            dg.AssetMaterialization(
                metrics_key(taken.claim.form, taken.claim.place),
                partition=taken.claim.content_id,
                metadata=_metadata(taken),
            )
        )

    with opened_press(workshop) as press:
        from igny8_media.stages.figures import refresh

        done = refresh(press, videos=videos, tell=tell)
    context.log.info(
        "%d read, %d gone, %d without figures, %d tried again later.",
        done.read,
        done.gone,
        done.not_given,
        done.later,
    )


def _metadata(taken: "Taken") -> dict[str, dg.MetadataValue[Any]]:
    """Numbers, which the UI plots; a figure that is missing has no point in its plot."""
    kept = taken.snapshot
    found: dict[str, dg.MetadataValue[Any]] = {
        name: dg.MetadataValue.float(value)
        if isinstance(value, float)
        else dg.MetadataValue.int(int(value))
        for name, value in kept.figures.items()
    }
    found["account"] = dg.MetadataValue.text(
        taken.account + (" (sandbox)" if taken.sandbox else "")
    )
    found["counted"] = dg.MetadataValue.text(kept.series)
    found["read"] = dg.MetadataValue.timestamp(taken.taken_at)
    missing = "\n".join(f"* {name}: {why}" for name, why in kept.missing.items())
    if missing:
        found["not_given"] = dg.MetadataValue.md(missing)
    if kept.notes:
        found["notes"] = dg.MetadataValue.md(
            "\n".join(f"* {name} {note}" for name, note in kept.notes.items())
        )
    return found


@dg.job(tags=_TAGS, executor_def=dg.in_process_executor)
def refresh_post_metrics() -> None:
    """What posts have reached is read."""
    read_post_metrics()


@dg.job(tags=_TAGS, executor_def=dg.in_process_executor)
def refresh_video_metrics() -> None:
    """What videos have reached is read."""
    read_video_metrics()


metrics_schedules = [
    dg.ScheduleDefinition(
        job=refresh_post_metrics,
        cron_schedule="20 */6 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
    dg.ScheduleDefinition(
        job=refresh_video_metrics,
        cron_schedule="40 */12 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
]

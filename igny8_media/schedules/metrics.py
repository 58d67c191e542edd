"""Reading what posts and videos have reached, by the clock."""

from typing import TYPE_CHECKING, Any

import dagster as dg

from igny8_media.assets.metrics import metrics_key
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.sweeps import opened_press

if TYPE_CHECKING:
    from igny8_media.metrics.reporting import News
    from igny8_media.stages.press import Press

# A run that died is not run again: what it had claimed is due again in half an hour.
_TAGS = {"dagster/max_retries": "0"}


@dg.op(description="Reads the figures of posts that are due, and reports them by content.")
def read_post_metrics(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    _refresh(context, workshop, videos=False)


@dg.op(description="Reads the figures of videos that are due, and reports them by content.")
def read_video_metrics(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    _refresh(context, workshop, videos=True)


def _refresh(context: dg.OpExecutionContext, workshop: WorkshopResource, *, videos: bool) -> None:
    with opened_press(workshop) as press:
        from igny8_media.stages.figures import refresh

        try:
            done = refresh(press, videos=videos)
        finally:
            _report(context, press)
    context.log.info(
        "%d read, %d gone, %d without figures, %d tried again later.",
        done.read,
        done.gone,
        done.not_given,
        done.later,
    )


def _report(context: dg.OpExecutionContext, press: "Press") -> None:
    """A materialisation for each reading that Dagster has not heard of, also those that the command
    line or a run that died took."""
    from igny8_media.metrics.reporting import report

    def tell(news: "News") -> None:
        key = metrics_key(news.form, news.place)
        context.log_event(
            dg.AssetMaterialization(key, partition=news.content_id, metadata=_metadata(news))
        )

    report(press.shop.engine, press.ledger.now, tell)


def _metadata(news: "News") -> dict[str, dg.MetadataValue[Any]]:
    """Numbers, which the UI plots; a figure that is missing has no point in its plot."""
    kept = news.kept
    found: dict[str, dg.MetadataValue[Any]] = {
        name: dg.MetadataValue.float(value)
        if isinstance(value, float)
        else dg.MetadataValue.int(value)
        for name, value in kept.figures.items()
        if value is not None
    }
    found["account"] = dg.MetadataValue.text(news.account + (" (sandbox)" if news.sandbox else ""))
    found["counted"] = dg.MetadataValue.text(kept.series)
    found["read"] = dg.MetadataValue.timestamp(kept.taken_at)
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
    """Asks each platform what posts have reached, and keeps each answer."""
    read_post_metrics()


@dg.job(tags=_TAGS, executor_def=dg.in_process_executor)
def refresh_video_metrics() -> None:
    """Asks each platform what videos have reached, and keeps each answer."""
    read_video_metrics()


metrics_schedules = [
    dg.ScheduleDefinition(
        job=refresh_post_metrics,
        cron_schedule="20 */6 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every six hours: likes, comments and so on of the posts that are due.",
    ),
    dg.ScheduleDefinition(
        job=refresh_video_metrics,
        cron_schedule="40 */12 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every twelve hours: views, watch time and so on of the videos that are due.",
    ),
]

"""Leaves word of runs that failed."""

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.notices import send_notices


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Leaves word of every run that failed, to be told with the next message.",
)
def tell_of_failed_runs(context: dg.RunFailureSensorContext, workshop: WorkshopResource) -> None:
    run = context.dagster_run
    # That a message could not be sent would only make another message.
    if run.job_name == send_notices.name:
        return
    shop = workshop.open()
    content = run.tags.get("igny8/content_id") or run.tags.get("dagster/partition")
    about = f" for {content}" if content else ""
    text = f"{run.job_name}{about} failed: {_reason(context)} (run {run.run_id[:8]})"
    shop.notices.leave(f"run:{run.run_id}", "run_failed", text, shop.planning.now())


def _reason(context: dg.RunFailureSensorContext) -> str:
    """The first failed step's own sentence; Dagster's message names only the step."""
    for event in context.get_step_failure_events():
        error = event.step_failure_data.error
        if error is not None:
            cause = error
            while cause.cause is not None:
                cause = cause.cause
            return cause.message.strip().splitlines()[0][:500]
    return context.failure_event.message or "no reason was given"

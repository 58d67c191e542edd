"""Leaves word of runs that failed, and gives back what they and cancelled ones were to film."""

import dagster as dg

from igny8_media.assets.approvals import approval_of
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.schedules.notices import send_notices
from igny8_media.sensors.batches import RANGE_END, RANGE_START

_WILL_RETRY = "dagster/will_retry"


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Notes every failed run, for the next message to the people IGNY8_NOTIFY names.",
)
def tell_of_failed_runs(context: dg.RunFailureSensorContext, workshop: WorkshopResource) -> None:
    run = context.dagster_run
    # That a message could not be sent would only make another message.
    if run.job_name == send_notices.name:
        return
    shop = workshop.open()
    if (approval := approval_of(run.tags)) and run.tags.get(_WILL_RETRY) != "true":
        shop.scripts.give_up(*approval)
    text = f"{_name(run)} failed: {_reason(context)} (run {run.run_id[:8]})"
    shop.notices.leave(f"run:{run.run_id}", "run_failed", text, shop.planning.now())


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.CANCELED,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Lets a script be approved again whose run was cancelled, also while it waited.",
)
def give_back_cancelled_films(
    context: dg.RunStatusSensorContext, workshop: WorkshopResource
) -> None:
    if approval := approval_of(context.dagster_run.tags):
        workshop.open().scripts.give_up(*approval)


def _name(run: dg.DagsterRun) -> str:
    """The job and its content, as a person would say it."""
    # What is made from the UI's page of an asset runs in a job that Dagster names.
    job = "A run started by hand" if run.job_name.startswith("__") else run.job_name
    tags = run.tags
    content = tags.get("igny8/content_id") or tags.get("dagster/partition")
    first, last = tags.get(RANGE_START), tags.get(RANGE_END)
    if first is not None and not content:
        content = first if first == last else f"{first} to {last}"
    return f"{job} for {content}" if content else job


def _reason(context: dg.RunFailureSensorContext) -> str:
    """The first failed step's own sentence; Dagster's message names only the step."""
    for event in context.get_step_failure_events():
        ours = event.step_failure_data.user_failure_data
        if ours is not None and ours.description:
            return ours.description[:500]
        error = event.step_failure_data.error
        if error is not None:
            cause = error
            while cause.cause is not None:
                cause = cause.cause
            return cause.message.strip().splitlines()[0][:500]
    return context.failure_event.message or "no reason was given"

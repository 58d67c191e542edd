"""What performed best chooses the slots: once a week, for sites that follow their figures."""

import dagster as dg

from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource


@dg.op(description="Gives sites that want it the slots that their own figures speak for.")
def choose_slots(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    from igny8_media.stages.following import follow_best_times

    with failing_in_words():
        for one in follow_best_times(workshop.open()):
            context.log.info("%s", one.told)


@dg.job(executor_def=dg.in_process_executor, tags={"dagster/max_retries": "0"})
def follow_best_times() -> None:
    """Calendars follow the figures."""
    choose_slots()


@dg.schedule(
    job=follow_best_times,
    cron_schedule="35 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a week for each site that follows its figures, when its Monday has begun.",
)
def follow_when_a_week_begins(
    workshop: WorkshopResource,
) -> dg.RunRequest | dg.SkipReason:
    from igny8_media.stages.following import wanted

    # Looked for every hour: sites have Monday at other hours, and machines sleep at night.
    if wanted(workshop.open()):
        return dg.RunRequest()
    return dg.SkipReason("Every site's week is decided.")

"""People are told what happened: gathered into one message, urgent news within minutes."""

import dagster as dg

from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource


@dg.op(description="Sends what people have not been told yet, as one message.")
def tell_people(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    from igny8_media.stages.noticing import tell

    with failing_in_words():  # what was not sent is kept, and sent again with what comes next
        count, sent = tell(workshop.open())
    if sent is not None:
        context.log.info("%d pieces of news went to %s.", count, ", ".join(sent.reached))


@dg.job(
    executor_def=dg.in_process_executor,
    tags={"dagster/priority": "10", "dagster/max_retries": "0"},
)
def send_notices() -> None:
    """People whom IGNY8_NOTIFY names are told what happened, in one message."""
    tell_people()


@dg.schedule(
    job=send_notices,
    cron_schedule="*/5 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every five minutes, if there is something to tell somebody.",
)
def tell_every_five_minutes(
    workshop: WorkshopResource,
) -> dg.RunRequest | dg.SkipReason:
    from igny8_media.stages.noticing import news

    if news(workshop.open()):
        return dg.RunRequest()
    return dg.SkipReason("There is nothing to tell.")

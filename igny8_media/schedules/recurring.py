"""Recurring posts: their turns are made a day ahead, looked for every hour."""

import dagster as dg

from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.stages.workshop import Workshop


@dg.op(description="Makes the posts of the turns that are due within a day.")
def take_turns(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    # Imported here: whoever only reads the definitions does not wait for six platforms.
    from igny8_media.stages.press import open_press
    from igny8_media.stages.recurring import take_turns as take

    with failing_in_words(), open_press(workshop.open()) as press:
        for turn in take(press):
            came = f"post {turn.post_id}" if turn.post_id else f"left out: {turn.note}"
            context.log.info("Repetition %d, %s: %s", turn.recurrence_id, turn.due_at, came)


@dg.job(executor_def=dg.in_process_executor, tags={"dagster/max_retries": "0"})
def make_recurring_posts() -> None:
    """Posts that are to come again are written anew, and planned."""
    take_turns()


def _wanted(shop: Workshop) -> bool:
    """Whether a run would find something: an idle one still costs a process."""
    from igny8_media.planning.recurrences import Recurrences
    from igny8_media.stages.recurring import LEAD

    now = shop.planning.now
    return bool(Recurrences(shop.engine, now).due(now() + LEAD))


@dg.schedule(
    job=make_recurring_posts,
    cron_schedule="5 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour, if a recurring post is due within a day.",
)
def recurring_every_hour(
    context: dg.ScheduleEvaluationContext, workshop: WorkshopResource
) -> dg.RunRequest | dg.SkipReason:
    if _wanted(workshop.open()):
        return dg.RunRequest()
    return dg.SkipReason("No turn is due.")

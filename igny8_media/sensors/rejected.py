"""Drafts that a person sent back are written anew, as their note wants them."""

import dagster as dg

from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.sent_back import rewriting, sent_back_sensor
from igny8_media.stages.workshop import Workshop


class Rejected(dg.Config):
    """Which post was sent back."""

    post_id: int


@dg.op(description="Writes a rejected draft anew, as its note wants it.")
def write_anew(
    context: dg.OpExecutionContext, config: Rejected, workshop: WorkshopResource
) -> None:
    from igny8_media.stages.press import open_press
    from igny8_media.stages.rewriting import rewrite_post

    with failing_in_words(), open_press(workshop.open()) as press:
        made = rewrite_post(press, config.post_id)
    context.log.info("Post %d came back as draft %d.", config.post_id, made.post_id)


@dg.job(executor_def=dg.in_process_executor, tags={"dagster/max_retries": "0"})
def rewrite_rejected_post() -> None:
    """A draft that somebody sent back with a note is written anew, as the note wants it."""
    write_anew()


def _requests(shop: Workshop) -> list[dg.RunRequest]:
    from igny8_media.publishing.posts import Posts

    return [
        rewriting(write_anew.name, Rejected(post_id=row.id), f"rejected:{row.id}", row.content_id)
        for row in Posts(shop.engine).rejected()
    ]


rejected_drafts = sent_back_sensor(
    "rejected_drafts",
    rewrite_rejected_post,
    "Has every rejected draft written anew once, where a model writes.",
    "No draft was sent back.",
    _requests,
)

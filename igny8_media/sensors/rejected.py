"""Drafts that a person sent back are written anew, as their note wants them."""

import dagster as dg

from igny8_media.errors import Igny8Error
from igny8_media.resources.workshop import WorkshopResource


class Rejected(dg.Config):
    """Which post was sent back."""

    post_id: int


@dg.op(description="Writes a rejected draft anew, as its note wants it.")
def write_anew(
    context: dg.OpExecutionContext, config: Rejected, workshop: WorkshopResource
) -> None:
    from igny8_media.stages.press import open_press
    from igny8_media.stages.rewriting import rewrite_post

    try:
        with open_press(workshop.open()) as press:
            made = rewrite_post(press, config.post_id)
    except Igny8Error as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info("Post %d came back as draft %d.", config.post_id, made.post_id)


@dg.job(executor_def=dg.in_process_executor, tags={"dagster/max_retries": "0"})
def rewrite_rejected_post() -> None:
    """A draft that somebody sent back with a note is written anew, as the note wants it."""
    write_anew()


@dg.sensor(
    job_name=rewrite_rejected_post.name,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Has every rejected draft written anew once, where a model writes.",
)
def rejected_drafts(workshop: WorkshopResource) -> list[dg.RunRequest] | dg.SkipReason:
    from igny8_media.publishing.posts import Posts

    shop = workshop.open()
    if not shop.settings.text_sources:
        return dg.SkipReason("No model is set up that could follow a note.")
    rows = Posts(shop.engine).rejected()
    if not rows:
        return dg.SkipReason("No draft was sent back.")
    return [
        dg.RunRequest(
            run_key=f"rejected:{row.id}",
            run_config=dg.RunConfig({"write_anew": Rejected(post_id=row.id)}),
            tags={"igny8/content_id": row.content_id},
        )
        for row in rows
    ]

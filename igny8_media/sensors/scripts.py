"""Scripts that people decided about: approved ones are filmed, rejected ones written anew."""

import dagster as dg

from igny8_media.assets.approvals import filming_tags
from igny8_media.jobs import video_job
from igny8_media.partitions import content_partitions
from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.sent_back import rewriting, sent_back_sensor
from igny8_media.stages.workshop import Workshop


@dg.sensor(
    job_name=video_job.name,
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Films every script that a person approved, once for each approval.",
)
def approved_scripts(workshop: WorkshopResource) -> dg.SensorResult | dg.SkipReason:
    from igny8_media.stages.reviewing import production
    from igny8_media.video.model import VideoForm

    scripts = workshop.open().scripts.approved()
    if not scripts:
        return dg.SkipReason("No script waits to be filmed.")
    runs = [
        dg.RunRequest(
            # Until its run begins, a script is found at every look; the key makes it one run, for
            # Dagster keeps it with the run, where a daemon that starts again finds it.
            run_key=f"approved:{one.id}:{one.approved_at:%Y%m%dT%H%M%S.%f}",
            partition_key=one.content_id,
            asset_selection=[
                dg.AssetKey(stage.asset.split("/")) for stage in production(VideoForm(one.form))
            ],
            tags={"igny8/content_id": one.content_id, **filming_tags(one)},
        )
        for one in scripts
    ]
    contents = list(dict.fromkeys(one.content_id for one in scripts))
    return dg.SensorResult(
        run_requests=runs,
        dynamic_partitions_requests=[content_partitions.build_add_request(contents)],
    )


class RejectedScript(dg.Config):
    """Which script was sent back."""

    script_id: int


@dg.op(description="Writes a rejected script anew, as its note wants it.")
def write_script_anew(
    context: dg.OpExecutionContext, config: RejectedScript, workshop: WorkshopResource
) -> None:
    from igny8_media.stages.rewriting import rewrite_script
    from igny8_media.video.model import VideoForm

    shop = workshop.open()
    with failing_in_words():
        old = shop.scripts.get(config.script_id)
        if old not in shop.scripts.rejected():
            context.log.info("Script %d was replaced or approved meanwhile.", old.id)
            return
        new = rewrite_script(shop, old.content_id, VideoForm(old.form), old.note, tell=True)
    context.log.info("Script %d came back as script %d.", old.id, new)


@dg.job(executor_def=dg.in_process_executor, tags={"dagster/max_retries": "0"})
def rewrite_rejected_script() -> None:
    """A script that was sent back comes back."""
    write_script_anew()


def _requests(shop: Workshop) -> list[dg.RunRequest]:
    from igny8_media.storage.records import fingerprint

    return [
        rewriting(
            write_script_anew.name,
            RejectedScript(script_id=one.id),
            # By its note: approved meanwhile and sent back again, it is another wish.
            f"rejected-script:{one.id}:{fingerprint(one.note)[:16]}",
            one.content_id,
        )
        for one in shop.scripts.rejected()
    ]


rejected_scripts = sent_back_sensor(
    "rejected_scripts",
    rewrite_rejected_script,
    "Has every rejected script written anew once for each note, where a model writes.",
    "No script was sent back.",
    _requests,
)

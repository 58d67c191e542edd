"""A backfill gives one run many contents; when one fails, the others must not wait for it."""

from collections.abc import Mapping, Sequence

import dagster as dg

from igny8_media.jobs import social_job, video_job

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def contents_of_batch(tags: Mapping[str, str], known: Sequence[str]) -> list[str]:
    """The contents of a run over a range, in the order they were added; none if it had just one."""
    start, end = tags.get(RANGE_START), tags.get(RANGE_END)
    if start is None or end is None or start == end:
        return []
    return list(known[known.index(start) : known.index(end) + 1])


@dg.run_failure_sensor(
    request_jobs=[social_job, video_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs each article of a failed batch alone, so that only the broken one stays red.",
)
def split_failed_batches(context: dg.RunFailureSensorContext) -> dg.SensorResult | dg.SkipReason:
    run = context.dagster_run
    batch = contents_of_batch(run.tags, context.instance.get_dynamic_partitions("content"))
    if not batch:
        return dg.SkipReason("The failed run had a single content.")
    requests = [
        dg.RunRequest(
            run_key=f"{run.run_id}:{job}:{content_id}",
            job_name=job,
            partition_key=content_id,
            asset_selection=keys,
            tags={"igny8/content_id": content_id},
        )
        for job, keys in _jobs_for(run)
        for content_id in batch
    ]
    return dg.SensorResult(run_requests=requests)


def _jobs_for(run: dg.DagsterRun) -> list[tuple[str, list[dg.AssetKey] | None]]:
    """The jobs that make what the run was to make, each with its part of the assets."""
    if run.asset_selection is None:
        return [(run.job_name, None)] if run.job_name in (social_job.name, video_job.name) else []
    found: list[tuple[str, list[dg.AssetKey] | None]] = []
    for job, group in ((social_job.name, "social"), (video_job.name, "video")):
        keys = [key for key in run.asset_selection if key.path[0] in (group, "article")]
        if any(key.path[0] == group for key in keys):
            found.append((job, keys))
    return found or [(social_job.name, list(run.asset_selection))]

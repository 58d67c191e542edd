"""What a person sent back with a note is written anew, once for each note, where a model writes."""

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from igny8_media.resources.workshop import WorkshopResource
from igny8_media.stages.workshop import Workshop


def sent_back_sensor(
    name: str,
    job: dg.JobDefinition,
    description: str,
    nothing: str,
    requests: Callable[[Workshop], Sequence[dg.RunRequest]],
) -> dg.SensorDefinition:
    """A sensor that asks `job` for what `requests` finds; `nothing` says that it finds none."""

    @dg.sensor(
        name=name,
        job_name=job.name,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=description,
    )
    def sent_back(workshop: WorkshopResource) -> Sequence[dg.RunRequest] | dg.SkipReason:
        shop = workshop.open()
        if not shop.settings.text_sources:
            return dg.SkipReason("No model is set up that could follow a note.")
        return requests(shop) or dg.SkipReason(nothing)

    return sent_back


def rewriting(op: str, config: dg.Config, run_key: str, content_id: str) -> dg.RunRequest:
    """What asks for one of them: `config` tells the job's `op` which."""
    ops: dict[str, Any] = {op: config}
    return dg.RunRequest(
        run_key=run_key,
        run_config=dg.RunConfig(ops),
        tags={"igny8/content_id": content_id},
    )

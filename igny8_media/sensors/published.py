"""Watches every configured source, and starts the jobs for what was published or changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dagster as dg

from igny8_media.errors import OutsideError
from igny8_media.jobs import social_job, video_job
from igny8_media.partitions import content_partitions
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.settings import Settings
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.stage import Stage

if TYPE_CHECKING:
    from igny8_media.articles.sources.base import ContentSource, Listed

CONTENTS_PER_TICK = 100
"""A tick must end within the daemon's 60 seconds; what is left comes with the next."""


@dataclass
class Tick:
    """What a tick found: the articles by source, and where each source is to be read on from."""

    found: "list[tuple[str, Listed]]" = field(default_factory=list)
    cursor: dict[str, Any] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def look(sources: "dict[str, ContentSource]", cursor: str | None, limit: int) -> Tick:
    """Ask each source for what comes after its cursor, at most `limit` articles in all.

    A source that cannot be reached keeps its cursor and costs only itself.
    """
    from igny8_media.articles.sources.base import Cursor

    tick = Tick(cursor=json.loads(cursor) if cursor else {})
    for name, source in sources.items():
        seen = tick.cursor.get(name)
        after = Cursor.model_validate(seen) if seen else None
        try:
            listed = source.published_since(after, limit=limit - len(tick.found))
        except OutsideError as error:
            tick.troubles.append(str(error))
            continue
        tick.found += [(name, one) for one in listed]
        if listed:
            tick.cursor[name] = listed[-1].cursor.model_dump(mode="json")
        if len(tick.found) >= limit:
            break
    return tick


def requests_for(settings: Settings, listed: "Sequence[Listed]") -> list[dg.RunRequest]:
    """Posts first for all of them, then the videos; a version of an article is run once."""
    return [
        dg.RunRequest(
            run_key=f"{one.id}:{one.version}:{job.name}",
            job_name=job.name,
            partition_key=one.id,
            asset_selection=assets,
            tags={"igny8/content_id": one.id},
        )
        for job, assets in _wanted(settings)
        for one in listed
    ]


def _wanted(settings: Settings) -> list[tuple[Any, list[dg.AssetKey] | None]]:
    social = wanted_stages(settings.platforms, ())
    video = wanted_stages((), settings.videos)
    jobs: list[tuple[Any, list[dg.AssetKey] | None]] = [(social_job, _keys(social))]
    return [*jobs, (video_job, _keys(video))] if settings.videos else jobs


def _keys(stages: Sequence[Stage]) -> list[dg.AssetKey]:
    return [dg.AssetKey(stage.asset.split("/")) for stage in stages]


@dg.sensor(
    jobs=[social_job, video_job],
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts the posts and videos of every article that appears in a watched source.",
)
def published_content_sensor(
    context: dg.SensorEvaluationContext, workshop: WorkshopResource
) -> dg.SensorResult | dg.SkipReason:
    from igny8_media.stages.fetching import listed_ref, still_there, watched_sources

    shop = workshop.open()
    tick = look(watched_sources(shop.settings), context.cursor, CONTENTS_PER_TICK)
    for trouble in tick.troubles:
        context.log.warning(trouble)
    if not tick.found:
        return dg.SkipReason(" ".join(tick.troubles) or "Nothing new was published.")
    refs = [listed_ref(shop.settings, name, one) for name, one in tick.found]
    refused = shop.contents.register(refs, still_there)
    for sentence in refused.values():
        context.log.warning(sentence)
    listed = [
        one
        for ref, (_, one) in zip(refs, tick.found, strict=True)
        if (ref.content_id, ref.reference) not in refused
    ]
    return dg.SensorResult(
        run_requests=requests_for(shop.settings, listed),
        dynamic_partitions_requests=[content_partitions.build_add_request([o.id for o in listed])],
        cursor=json.dumps(tick.cursor),
    )

"""Watches every configured source, and starts the jobs for what was published or changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import dagster as dg

from igny8_media.assets.factory import SCRIPTS_ONLY
from igny8_media.errors import OutsideError
from igny8_media.jobs import social_job, video_job
from igny8_media.partitions import content_partitions
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.backlog import Backlog, read_backlog
from igny8_media.settings import Settings
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.reviewing import stage_9
from igny8_media.stages.stage import Stage

if TYPE_CHECKING:
    from igny8_media.articles.sources.base import ContentSource, Listed
    from igny8_media.planning.automation import Automation
    from igny8_media.planning.handing import Handed, Waiting
    from igny8_media.stages.workshop import Workshop

CONTENTS_PER_TICK: Final = 100
"""A tick must end within the daemon's 60 seconds; what is left comes with the next."""
_MOST_WAITING: Final = 500
"""While so many wait, the sources are not read on: they keep their articles well enough."""


@dataclass
class Tick:
    """What a tick found: the articles by source, and where each source is to be read on from."""

    found: "list[tuple[str, Listed]]" = field(default_factory=list)
    cursor: dict[str, Any] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def look(sources: "dict[str, ContentSource]", cursor: dict[str, Any], limit: int) -> Tick:
    """Ask each source for what comes after its cursor, at most `limit` articles in all.

    A source that cannot be reached keeps its cursor and costs only itself.
    """
    from igny8_media.articles.sources.base import Cursor

    tick = Tick(cursor=dict(cursor))
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


def requests_for(
    job: Any,
    handed: "Iterable[Waiting]",
    stages_of: "Callable[[str], Sequence[Stage]]",
    tags_of: "Callable[[str], dict[str, str]]" = lambda _site: {},
) -> list[dg.RunRequest]:
    """One run for each article; a version of an article is run once, see `Contents.register`."""
    return [
        dg.RunRequest(
            run_key=f"{one.id}:{one.version}:{job.name}",
            job_name=job.name,
            partition_key=one.id,
            asset_selection=[dg.AssetKey(s.asset.split("/")) for s in stages_of(one.site)],
            tags={"igny8/content_id": one.id, **tags_of(one.site)},
        )
        for one in handed
    ]


@dg.sensor(
    jobs=[social_job, video_job],
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts the posts and videos of every article that appears in a watched source, "
    "as many at once as its site's automation says.",
)
def published_content_sensor(
    context: dg.SensorEvaluationContext, workshop: WorkshopResource
) -> dg.SensorResult | dg.SkipReason:
    shop = workshop.open()
    before = read_backlog(context.cursor)
    backlog, troubles = _take_in(shop, before)
    for trouble in troubles:
        context.log.warning(trouble)
    if backlog == before and not backlog.posts and not backlog.videos:
        return dg.SkipReason(" ".join(troubles) or "Nothing new was published.")
    rules = cache(shop.automations.get)
    posts, videos = _hand_on(shop.settings, rules, backlog)
    for sentence in _told(posts, videos):
        context.log.info(sentence)
    settings = shop.settings
    runs = [
        *requests_for(
            social_job,
            posts.now,
            lambda site: wanted_stages(rules(site).platforms(settings.platforms), ()),
        ),
        *requests_for(
            video_job,
            videos.now,
            lambda site: stage_9(rules(site), settings.videos),
            lambda site: SCRIPTS_ONLY if rules(site).stage_9_review_script else {},
        ),
    ]
    left = Backlog(sources=backlog.sources, posts=posts.left, videos=videos.left)
    ids = [run.partition_key for run in runs if run.partition_key]
    new = content_partitions.build_add_request(list(dict.fromkeys(ids)))
    return dg.SensorResult(
        run_requests=runs,
        dynamic_partitions_requests=[new] if ids else [],
        cursor=left.model_dump_json(),
        skip_reason=None if runs else "Nothing of what was published is wanted.",
    )


def _take_in(shop: "Workshop", backlog: Backlog) -> tuple[Backlog, list[str]]:
    """The backlog with what the sources have new, and what is wrong with sources or articles."""
    from igny8_media.planning.handing import Waiting, added
    from igny8_media.stages.fetching import listed_ref, still_there, watched_sources

    if max(len(backlog.posts), len(backlog.videos)) >= _MOST_WAITING:
        return backlog, []
    tick = look(watched_sources(shop.settings), backlog.sources, CONTENTS_PER_TICK)
    if not tick.found:
        return backlog, tick.troubles
    refs = [listed_ref(shop.settings, name, one) for name, one in tick.found]
    # Written down before the runs are asked for: whoever dies in between counts no change twice.
    done = shop.contents.register(refs, still_there)
    new = [Waiting(id=ref.content_id, version=ref.version, site=ref.site) for ref in done.kept]
    taken_in = Backlog(
        sources=tick.cursor, posts=added(backlog.posts, new), videos=added(backlog.videos, new)
    )
    return taken_in, [*tick.troubles, *done.refused.values()]


def _hand_on(
    settings: Settings, rules: "Callable[[str], Automation]", backlog: Backlog
) -> "tuple[Handed, Handed]":
    from igny8_media.planning.handing import hand_on

    def posts(site: "Automation") -> tuple[int, int, int]:
        each = len(site.platforms(settings.platforms))
        return site.stage_8_batch_size, site.max_social_posts_per_run, each

    def videos(site: "Automation") -> tuple[int, int, int]:
        each = len(site.forms(settings.videos))
        return site.stage_9_batch_size, site.max_videos_per_run, each

    return hand_on(backlog.posts, rules, posts), hand_on(backlog.videos, rules, videos)


def _told(posts: "Handed", videos: "Handed") -> list[str]:
    sentences = []
    for what, handed in (("posts", posts), ("videos", videos)):
        if handed.left:
            sentences.append(f"{len(handed.left)} articles wait for their {what}: the next tick.")
        if handed.unwanted:
            ids = ", ".join(one.id for one in handed.unwanted)
            sentences.append(f"No {what} are made of {ids}: their site's automation is off.")
    return sentences

"""The main job from the terminal: the same Dagster jobs as in the UI, on the same instance."""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from igny8_media.command.filming import make_video, told_of_waiting, waiting
from igny8_media.command.given import Given
from igny8_media.errors import Igny8Error
from igny8_media.report.outcome import Outcome
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.reviewing import production
from igny8_media.stages.stage import Stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm

if TYPE_CHECKING:
    from igny8_media.command.runner import Runner

log = logging.getLogger(__name__)


def run_contents(
    settings: Settings,
    given: Sequence[Given],
    platforms: Sequence[Platform],
    forms: Sequence[VideoForm],
    *,
    force: bool,
) -> Iterator[list[Outcome]]:
    """Make everything of these contents: first all posts, which take seconds, then the videos.

    Yields where everything stands, again and again, and last when all is done. One content's
    failure leaves the others alone.
    """
    shop = Workshop(settings)
    stages = wanted_stages(platforms, forms)
    due = {g.content_id: _due(shop, platforms, forms, g.content_id) for g in given}
    before = {g.content_id: _revisions(shop, stages, g.content_id) for g in given}
    todo = [g for g in given if force or not _settled(shop, due[g.content_id], g.content_id)]
    errors: dict[str, list[tuple[str, str]]] = {g.content_id: [] for g in given}

    def outcomes() -> list[Outcome]:
        return [
            _outcome(shop, stages, g, before[g.content_id], errors[g.content_id], forms)
            for g in given
        ]

    if todo:
        from igny8_media.command.runner import opened_runner

        with opened_runner(shop, [g.content_id for g in todo], force=force) as runner:
            for _ in _run_all(runner, shop, todo, errors, platforms, forms):
                yield outcomes()
    yield outcomes()


def _run_all(
    runner: "Runner",
    shop: Workshop,
    todo: Sequence[Given],
    errors: dict[str, list[tuple[str, str]]],
    platforms: Sequence[Platform],
    forms: Sequence[VideoForm],
) -> Iterator[None]:
    """One job after the other; yields when all posts are there, and after each video."""
    social = [s.asset for s in wanted_stages(platforms, ())]
    for g in todo:
        log.info("%s: posts for %s", g.content_id, ", ".join(p.label for p in platforms))
        errors[g.content_id] += runner.run("social_job", g.content_id, social)
    yield
    for form in forms:
        for g in todo:
            if any(asset == "article" for asset, _ in errors[g.content_id]):
                continue  # without an article there is nothing to film, and it was said once
            log.info("%s: %s video", g.content_id, form)
            errors[g.content_id] += make_video(runner, shop, g.content_id, form)
            yield


def _due(
    shop: Workshop, platforms: Sequence[Platform], forms: Sequence[VideoForm], content_id: str
) -> Sequence[Stage]:
    """What can be made now: of a script that waits for a person, nothing."""
    wait = {form for form in forms if waiting(shop, content_id, form)}
    later = {stage.asset for form in wait for stage in production(form)}
    return [stage for stage in wanted_stages(platforms, forms) if stage.asset not in later]


def _settled(shop: Workshop, stages: Sequence[Stage], content_id: str) -> bool:
    try:
        return all(up_to_date(shop, stage, content_id) for stage in stages)
    except Igny8Error:
        return False  # what stands in the way is reported by the run itself


def _revisions(shop: Workshop, stages: Sequence[Stage], content_id: str) -> dict[str, str]:
    records = (shop.records.current(content_id, stage.asset) for stage in stages)
    return {r.asset: f"{r.fingerprint}:{r.revision}" for r in records if r}


def _outcome(
    shop: Workshop,
    stages: Sequence[Stage],
    given: Given,
    before: dict[str, str],
    errors: list[tuple[str, str]],
    forms: Sequence[VideoForm],
) -> Outcome:
    found = [shop.records.current(given.content_id, stage.asset) for stage in stages]
    broken = {asset for asset, _ in errors}
    records = [record for record in found if record and record.asset not in broken]
    fresh = {r.asset for r in records if before.get(r.asset) != f"{r.fingerprint}:{r.revision}"}
    found_waiting = [(f, waiting(shop, given.content_id, f)) for f in forms]
    waits = [(f"video/{f}/script", told_of_waiting(one)) for f, one in found_waiting if one]
    return Outcome(given.content_id, given.title, records, fresh, errors, waits)

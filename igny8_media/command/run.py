"""The main job from the terminal: the same Dagster jobs as in the UI, on the same instance."""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from igny8_media.command.given import Given
from igny8_media.errors import Igny8Error
from igny8_media.report.outcome import Outcome
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.stage import Stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm

if TYPE_CHECKING:
    import dagster as dg

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
    before = {g.content_id: _revisions(shop, stages, g.content_id) for g in given}
    todo = [g for g in given if force or not _settled(shop, stages, g.content_id)]
    errors: dict[str, list[tuple[str, str]]] = {g.content_id: [] for g in given}

    def outcomes() -> list[Outcome]:
        return [
            _outcome(shop, stages, g, before[g.content_id], errors[g.content_id]) for g in given
        ]

    if todo:
        from igny8_media.command.leftovers import bury_dead_runs, holding_lock
        from igny8_media.instance import dagster_home, opened_instance
        from igny8_media.partitions import add_contents

        locks = dagster_home(settings) / "running"
        with opened_instance(settings) as instance, holding_lock(locks) as process:
            for content_id in bury_dead_runs(instance, locks):
                shop.films.give_up(content_id)
            add_contents(instance, [g.content_id for g in todo])
            runner = _Runner(instance, process, force=force)
            for _ in _run_all(runner, todo, errors, platforms, forms):
                yield outcomes()
    yield outcomes()


def _run_all(
    runner: "_Runner",
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
        assets = [s.asset for s in wanted_stages((), (form,))]
        for g in todo:
            if any(asset == "article" for asset, _ in errors[g.content_id]):
                continue  # without an article there is nothing to film, and it was said once
            log.info("%s: %s video", g.content_id, form)
            errors[g.content_id] += runner.run("video_job", g.content_id, assets)
            yield


class _Runner:
    """Executes jobs of ours in this process, on an instance that the UI also reads."""

    def __init__(self, instance: "dg.DagsterInstance", process: str, *, force: bool) -> None:
        from igny8_media.assets.factory import FORCE_TAG
        from igny8_media.command.leftovers import CONTENT_TAG, PROCESS_TAG
        from igny8_media.definitions import defs

        self._instance = instance
        self._content_tag = CONTENT_TAG
        self._definitions = defs()
        self._tags = {PROCESS_TAG: process} | ({FORCE_TAG: "true"} if force else {})

    def run(self, job: str, content_id: str, assets: Sequence[str]) -> list[tuple[str, str]]:
        """Run the job's part that makes these assets; returns (asset, message) of what failed.

        Raises KeyboardInterrupt if a person stopped it.
        """
        import dagster as dg

        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            partition_key=content_id,
            asset_selection=[dg.AssetKey(asset.split("/")) for asset in assets],
            tags={self._content_tag: content_id} | self._tags,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        failures = [event for event in result.all_events if event.is_step_failure]
        if any(_interrupted(event) for event in failures):
            raise KeyboardInterrupt
        return [
            (str(event.step_key).replace("__", "/"), _message(event)) for event in failures
        ] or _failed_checks(result)


def _interrupted(event: "dg.DagsterEvent") -> bool:
    error = event.step_failure_data.error
    return error is not None and error.cls_name == "DagsterExecutionInterruptedError"


def _message(event: "dg.DagsterEvent") -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error else "It failed without saying why."


def _failed_checks(result: "dg.ExecuteInProcessResult") -> list[tuple[str, str]]:
    return [
        (check.asset_key.to_user_string(), check.description or f"{check.check_name} failed.")
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.blocking
    ]


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
) -> Outcome:
    found = [shop.records.current(given.content_id, stage.asset) for stage in stages]
    broken = {asset for asset, _ in errors}
    records = [record for record in found if record and record.asset not in broken]
    fresh = {r.asset for r in records if before.get(r.asset) != f"{r.fingerprint}:{r.revision}"}
    return Outcome(given.content_id, given.title, records, fresh, errors)

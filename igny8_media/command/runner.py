"""Runs our Dagster jobs in this process, on the instance that the UI also reads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

import dagster as dg

from igny8_media.assets.approvals import approval_of
from igny8_media.assets.factory import FORCE_TAG
from igny8_media.command.leftovers import (
    CONTENT_TAG,
    PROCESS_TAG,
    bury_dead_runs,
    holding_lock,
)
from igny8_media.definitions import defs
from igny8_media.instance import dagster_home, opened_instance
from igny8_media.partitions import add_contents
from igny8_media.stages.workshop import Workshop

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@contextmanager
def opened_runner(
    shop: Workshop, content_ids: Sequence[str], *, force: bool = False
) -> Iterator["Runner"]:
    """A runner for these contents; what killed commands left behind is put in order first."""
    locks = dagster_home(shop.settings) / "running"
    with opened_instance(shop.settings) as instance, holding_lock(locks) as process:
        for tags in bury_dead_runs(instance, locks):
            if approval := approval_of(tags):
                shop.scripts.give_up(*approval)
            elif content_id := tags.get(CONTENT_TAG):
                shop.films.give_up(content_id)
        add_contents(instance, content_ids)
        yield Runner(instance, process, force=force)


class Runner:
    """Executes jobs of ours in this process, on an instance that the UI also reads."""

    def __init__(self, instance: dg.DagsterInstance, process: str, *, force: bool) -> None:
        self._instance = instance
        self._definitions = defs()
        self._tags = {PROCESS_TAG: process} | ({FORCE_TAG: "true"} if force else {})

    def run(
        self, job: str, content_id: str, assets: Sequence[str], tags: Mapping[str, str] = _NONE
    ) -> list[tuple[str, str]]:
        """Run the job's part that makes these assets; returns (asset, message) of what failed.

        Raises KeyboardInterrupt if a person stopped it.
        """
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            partition_key=content_id,
            asset_selection=[dg.AssetKey(asset.split("/")) for asset in assets],
            tags={CONTENT_TAG: content_id, **self._tags, **tags},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        failures = [event for event in result.all_events if event.is_step_failure]
        if any(_interrupted(event) for event in failures):
            raise KeyboardInterrupt
        return [
            (str(event.step_key).replace("__", "/"), _message(event)) for event in failures
        ] or _failed_checks(result)


def _interrupted(event: dg.DagsterEvent) -> bool:
    error = event.step_failure_data.error
    return error is not None and error.cls_name == "DagsterExecutionInterruptedError"


def _message(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error else "It failed without saying why."


def _failed_checks(result: dg.ExecuteInProcessResult) -> list[tuple[str, str]]:
    return [
        (check.asset_key.to_user_string(), check.description or f"{check.check_name} failed.")
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.blocking
    ]

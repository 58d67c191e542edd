"""Every asset is a stage seen by Dagster: run it for each content, report what it made."""

import warnings
from typing import Final

import dagster as dg

from igny8_media.assets.approvals import approval_of
from igny8_media.assets.metadata import metadata_of
from igny8_media.errors import Igny8Error, InputError
from igny8_media.partitions import content_partitions
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.stages.stage import Check, Made, Stage, run_stage
from igny8_media.stages.workshop import Workshop

FORCE_TAG = "igny8/force"
"""A run with this tag set to "true" makes new revisions of what is already there."""

REVIEW_TAG = "igny8/review"
"""A run with this tag set to "true" leaves its scripts to a person."""

SCRIPTS_ONLY: Final = {REVIEW_TAG: "true", "igny8/kind": "script"}
"""For runs that make scripts and leave them to a person; they do not queue up behind films."""


def build_asset(
    stage: Stage, *, group: str, description: str, kinds: set[str], pool: str | None = None
) -> dg.AssetsDefinition:
    """The asset of one stage, with the stage's checks.

    A backfill gives it up to 20 contents a run; what fails is named, and the rest is still made.
    """
    with warnings.catch_warnings():
        # Backfill policies and partitioned checks may change with any release of Dagster; ours is
        # pinned to one, and the tests run both for real.
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return _asset_of(stage, group=group, description=description, kinds=kinds, pool=pool)


def _asset_of(
    stage: Stage, *, group: str, description: str, kinds: set[str], pool: str | None
) -> dg.AssetsDefinition:
    key = dg.AssetKey(stage.asset.split("/"))
    checks = [
        dg.AssetCheckSpec(
            check.name,
            asset=key,
            description=check.about,
            blocking=check.blocking,
            partitions_def=content_partitions,
        )
        for check in stage.checks
    ]

    @dg.asset(
        key=key,
        deps=[dg.AssetKey(need.split("/")) for need in stage.needs],
        partitions_def=content_partitions,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=20),
        group_name=group,
        description=description,
        kinds=kinds,
        pool=pool,
        code_version=stage.version,
        check_specs=checks,
    )
    def _asset(
        context: dg.AssetExecutionContext, workshop: WorkshopResource
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster rejects it subscripted here
        shop = workshop.open()
        tags = context.run.tags
        force, review = tags.get(FORCE_TAG) == "true", tags.get(REVIEW_TAG) == "true"
        made: dict[str, Made] = {}
        failed: dict[str, Igny8Error] = {}
        for content_id in context.partition_keys:
            try:
                if approval := approval_of(tags):
                    shop.scripts.claim(*approval)
                made[content_id] = run_stage(
                    shop, stage, content_id, force=force, run=context.run.run_id, review=review
                )
            except Igny8Error as error:
                failed[content_id] = error
        if failed:
            raise _failure(stage, failed)
        return _result(context, shop, stage, made)

    return _asset


def _result(
    context: dg.AssetExecutionContext, shop: Workshop, stage: Stage, made: dict[str, Made]
) -> dg.MaterializeResult[None]:
    checks = [_checked(check, shop, made) for check in stage.checks]
    if len(made) == 1:
        (one,) = made.values()
        return dg.MaterializeResult(
            metadata=metadata_of(shop, one),
            data_version=dg.DataVersion(one.record.digest),
            check_results=checks,
        )
    for content_id, one in made.items():
        context.add_asset_metadata(metadata_of(shop, one), partition_key=content_id)
    return dg.MaterializeResult(check_results=checks)


def _checked(check: Check, shop: Workshop, made: dict[str, Made]) -> dg.AssetCheckResult:
    problems = {
        content_id: found
        for content_id, one in made.items()
        if not one.record.skipped and (found := check.problems(shop, one.record))
    }
    return dg.AssetCheckResult(
        check_name=check.name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        description=" ".join(s for found in problems.values() for s in found) or None,
        metadata={"problems": dg.MetadataValue.json(problems)},
    )


def _failure(stage: Stage, failed: dict[str, Igny8Error]) -> dg.Failure:
    again = not any(isinstance(error, InputError) for error in failed.values())
    if len(failed) == 1:
        (message,) = (str(error) for error in failed.values())
    else:
        message = f"{stage.asset} failed for {len(failed)} contents, see the metadata."
    return dg.Failure(
        message,
        metadata={content_id: str(error) for content_id, error in failed.items()},
        allow_retries=again,
    )

"""The jobs that loop over what is due: posts to publish, tokens to renew, failures to give up."""

from typing import Any, Final

import dagster as dg

from igny8_media.assets.publications import nothing_overdue, publication_key
from igny8_media.publishing.planning import Planned
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.stages.press import Press, open_press

_STAY: Final = 270.0
"""Seconds that a sweep stays, to send what becomes due before the next one on the second."""
_REPORT_EVERY: Final = 500

_ONE_AT_A_TIME = {"igny8/kind": "publish"}
# A run that died is not run again: the ledger knows what is in doubt, and the next sweep asks.
_NEVER_AGAIN = {"dagster/max_retries": "0"}


@dg.op(description="Publishes everything that is due, and reports where it is.")
def publish_due(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with open_press(workshop.open()) as press:
        approved = press.approve_automatically()
        if approved:
            context.log.info("%d posts were approved automatically.", len(approved))
        worked = press.sweep(stay=_STAY, upcoming=True)
        context.log.info("%d steps of publications were taken.", worked)
        report(context, press)


def report(context: dg.OpExecutionContext, press: Press) -> None:
    """A materialisation for each publication that Dagster has not heard of."""
    planned = press.planning.planned(unreported=True)
    for start in range(0, len(planned), _REPORT_EVERY):
        batch = planned[start : start + _REPORT_EVERY]
        for one in batch:
            key = publication_key(one.form, one.place)
            if key is not None:
                context.log_event(
                    dg.AssetMaterialization(key, partition=one.content_id, metadata=_metadata(one))
                )
        press.planning.reported([one.id for one in batch])


def _metadata(one: Planned) -> dict[str, dg.MetadataValue[Any]]:
    found: dict[str, dg.MetadataValue[Any]] = {
        "account": dg.MetadataValue.text(one.account + (" (sandbox)" if one.sandbox else "")),
        "platform_id": dg.MetadataValue.text(one.platform_id or ""),
        "text": dg.MetadataValue.md(one.text),
        "due": dg.MetadataValue.timestamp(one.due_at),
        "attempts": dg.MetadataValue.int(one.attempts + 1),
    }
    if one.published_at:
        found["published"] = dg.MetadataValue.timestamp(one.published_at)
    if one.url:
        found["url"] = dg.MetadataValue.url(one.url)
    if one.reason:
        found["notes"] = dg.MetadataValue.text(one.reason)
    return found


@dg.op(description="Renews every token that has used up four fifths of its life.")
def renew_tokens(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with open_press(workshop.open()) as press:
        for done in press.renew_tokens():
            if done.outcome != "fresh":
                context.log.info("%s: %s %s", done.account.name, done.outcome, done.reason)


@dg.op(description="Gives up what failed a week ago, and forgets what was prepared for it.")
def tidy_failed_posts(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with open_press(workshop.open()) as press:
        done = press.planning.tidy()
        context.log.info("%d posts given up, %d handles forgotten.", done["stale"], done["handles"])


@dg.job(tags={**_ONE_AT_A_TIME, **_NEVER_AGAIN}, executor_def=dg.in_process_executor)
def publish_due_posts() -> None:
    """What is due goes out."""
    publish_due()


@dg.job(executor_def=dg.in_process_executor)
def refresh_tokens() -> None:
    """Tokens are renewed before they run out."""
    renew_tokens()


@dg.job(executor_def=dg.in_process_executor)
def cleanup_failed_posts() -> None:
    """Old failures are given up."""
    tidy_failed_posts()


watch_due_posts = dg.define_asset_job(
    "watch_due_posts",
    selection=dg.AssetSelection.checks(nothing_overdue),
    executor_def=dg.in_process_executor,
    description="Fails when something was due and nobody has started it.",
)

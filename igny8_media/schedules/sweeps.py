"""The jobs that loop over what is due: posts to publish, tokens to renew, failures to give up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import dagster as dg

from igny8_media.assets.publications import nothing_overdue, publication_key
from igny8_media.resources.failing import failing_in_words
from igny8_media.resources.workshop import WorkshopResource

if TYPE_CHECKING:
    from igny8_media.publishing.planned import Planned
    from igny8_media.stages.press import Press

_STAY: Final = 270.0
"""Seconds that a sweep stays, to send what becomes due before the next one on the second."""

_TAGS: Final = {
    # At most two at once, see dagster.yaml: one may be uploading for an hour.
    "igny8/kind": "publish",
    # What is due does not stand in line behind a hundred articles.
    "dagster/priority": "10",
    # A run that died is not run again: the ledger knows what is in doubt, and the next sweep asks.
    "dagster/max_retries": "0",
}


@contextmanager
def opened_press(workshop: WorkshopResource) -> "Iterator[Press]":
    """What is wrong with the settings or the machine is one sentence in Dagster too."""
    # Imported here: whoever only reads the definitions does not wait for six platforms.
    from igny8_media.stages.press import open_press

    with failing_in_words(), open_press(workshop.open()) as press:
        yield press


@dg.op(description="Publishes everything that is due, and reports where it is.")
def publish_due(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with opened_press(workshop) as press:
        _approve(context, press)
        try:
            worked = press.sweep(stay=_STAY, upcoming=True)
            context.log.info("%d steps of publications were taken.", worked)
        finally:
            _report(context, press)
        _ask_people(context, press)


def _approve(context: dg.OpExecutionContext, press: "Press") -> None:
    from igny8_media.stages.press import LINKEDIN_TERMS
    from igny8_media.stages.unattended import work_unattended

    approved, refused = work_unattended(press)
    if approved:
        context.log.info("Planned automatically: posts %s.", ", ".join(map(str, approved)))
    if any(press.post(post_id).service == "linkedin" for post_id in approved):
        context.log.warning(LINKEDIN_TERMS)
    for post_id, reason in refused.items():
        context.log.warning("Post %d was left to its person: %s", post_id, reason)


def _report(context: dg.OpExecutionContext, press: "Press") -> None:
    """A materialisation for each publication that Dagster has not heard of, also of those that
    went out from the command line. The partition of a post that a person wrote is named by its
    content's ID too, and is none of those that articles have."""
    from igny8_media.publishing.reporting import report

    def tell(one: "Planned") -> None:
        key = publication_key(one.form, one.place)
        context.log_event(
            dg.AssetMaterialization(key, partition=one.content_id, metadata=_metadata(one))
        )

    report(press.shop.engine, press.ledger.now, tell)


def _metadata(one: "Planned") -> dict[str, dg.MetadataValue[Any]]:
    found: dict[str, dg.MetadataValue[Any]] = {
        "account": dg.MetadataValue.text(one.account + (" (sandbox)" if one.sandbox else "")),
        "platform_id": dg.MetadataValue.text(one.platform_id or ""),
        "text": dg.MetadataValue.md(one.text),
        "due": dg.MetadataValue.timestamp(one.due_at),
        "commits": dg.MetadataValue.int(one.commits),
    }
    if one.published_at:
        found["published"] = dg.MetadataValue.timestamp(one.published_at)
    if one.url:
        found["url"] = dg.MetadataValue.url(one.url)
    if one.reason:
        found["notes"] = dg.MetadataValue.text(one.reason)
    return found


def _ask_people(context: dg.OpExecutionContext, press: "Press") -> None:
    from igny8_media.publishing.statuses import Status

    for one in press.planning.planned(statuses=[Status.FAILED, Status.NEEDS_REVIEW]):
        context.log.warning(
            "Post %d for %s: %s. %s", one.post_id, one.account, _said(one.status), one.reason
        )


def _said(status: str) -> str:
    return status.replace("_", " ")


@dg.op(description="Renews every token that has used up four fifths of its life.")
def renew_tokens(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with opened_press(workshop) as press:
        for done in press.renew_tokens():
            if done.outcome == "renewed":
                context.log.info("The token of %s was renewed.", done.account.name)
            elif done.outcome != "fresh":
                context.log.warning(
                    "%s: %s. %s", done.account.name, _said(done.outcome), done.reason
                )


@dg.op(description="Gives up what failed a week ago, and forgets what was prepared for it.")
def tidy_failed_posts(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    with opened_press(workshop) as press:
        done = press.planning.tidy()
        context.log.info("%d posts given up, %d handles forgotten.", done["stale"], done["handles"])


@dg.op(description="Removes scratch files of runs that were killed, and trims the caches.")
def clean_up_files(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    from igny8_media.stages.cleaning import clean

    done = clean(workshop.open())
    context.log.info("%.1f MB removed, %.1f MB kept.", done.removed / 1e6, done.after / 1e6)


@dg.job(tags=_TAGS, executor_def=dg.in_process_executor)
def publish_due_posts() -> None:
    """Approved posts and videos whose time has come go out to their platforms."""
    publish_due()


@dg.job(executor_def=dg.in_process_executor)
def refresh_tokens() -> None:
    """The platforms' permissions to post are renewed before they run out."""
    renew_tokens()


@dg.job(executor_def=dg.in_process_executor)
def cleanup_failed_posts() -> None:
    """Posts that failed a week ago are given up, and what was prepared for them forgotten."""
    tidy_failed_posts()


@dg.job(executor_def=dg.in_process_executor)
def cleanup_render_files() -> None:
    """Files that killed runs left behind go, and caches keep to their size."""
    clean_up_files()


watch_due_posts = dg.define_asset_job(
    "watch_due_posts",
    selection=dg.AssetSelection.checks(nothing_overdue),
    executor_def=dg.in_process_executor,
    # It must be seen that nothing goes out, above all when everything else stands in line.
    run_tags={"dagster/priority": "10", "dagster/max_retries": "0"},
    description="Fails when a post was due ten minutes ago and nobody has started it.",
)

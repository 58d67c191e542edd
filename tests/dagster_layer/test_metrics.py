"""The sweeps for figures as Dagster runs them: each reading is a point in its content's history."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg
import pytest

from igny8_media.accounts.model import Service
from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.metrics.reporting import News, report
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sandbox.server import Running, running
from igny8_media.sensors.readings import readings_by_hand
from igny8_media.settings import load_settings
from igny8_media.stages.figures import refresh
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.workshop import Workshop
from tests.metrics.published import connect, publish

DAY = timedelta(days=1)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running() as sandbox:
        monkeypatch.setenv("IGNY8_SANDBOX_URL", sandbox.url)
        yield sandbox


@pytest.fixture
def instance(sandbox: Running) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as instance:
        yield instance


@pytest.fixture
def press(sandbox: Running) -> Iterator[Press]:
    with open_press(Workshop(load_settings())) as press:
        yield press


def run(instance: dg.DagsterInstance, job: str) -> None:
    assert defs().resolve_job_def(job).execute_in_process(instance=instance).success


def history(instance: dg.DagsterInstance, name: str) -> list[tuple[str | None, dict[str, Any]]]:
    """(partition, metadata) of every materialisation, oldest first."""
    found = instance.fetch_materializations(dg.AssetKey(name.split("/")), limit=100).records
    events = [record.asset_materialization for record in reversed(found)]
    return [(e.partition, {k: v.value for k, v in e.metadata.items()}) for e in events if e]


def test_readings_become_a_history_by_content(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    x = connect(press, sandbox, Service.TWITTER, expires_in=None)
    posts = publish(press, sandbox, x, [DAY, DAY], "text")
    tube = connect(press, sandbox, Service.YOUTUBE)
    publish(press, sandbox, tube, [5 * DAY], "video", form="video")
    run(instance, "refresh_post_metrics")
    assert history(instance, "video/youtube/metrics") == []
    run(instance, "refresh_video_metrics")
    told = history(instance, "social/twitter/metrics")
    assert [partition for partition, _ in told] == [f"c{post.publication_id}" for post in posts]
    first = told[0][1]
    assert isinstance(first["impressions"], int)
    assert isinstance(first["engagement_rate"], float)
    assert "reach" not in first
    assert "reach: X gives none" in first["not_given"]
    assert first["counted"] == "impressions"
    assert "(sandbox)" in first["account"]
    ((_, video),) = history(instance, "video/youtube/metrics")
    assert video["watch_seconds"] > 0
    run(instance, "refresh_post_metrics")  # nothing is due
    assert len(history(instance, "social/twitter/metrics")) == 2


def by_hand(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance)
    found = readings_by_hand(context, workshop=WorkshopResource())
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def test_what_the_command_line_reads_is_shown_once(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    x = connect(press, sandbox, Service.TWITTER, expires_in=None)
    publish(press, sandbox, x, [DAY], "text")
    assert isinstance(by_hand(instance), dg.SkipReason)
    assert refresh(press, everything=True).read == 1
    assert history(instance, "social/twitter/metrics") == []
    started = instance.create_run_for_job(
        defs().resolve_job_def("refresh_video_metrics"), status=dg.DagsterRunStatus.STARTED
    )
    assert isinstance(by_hand(instance), dg.SkipReason)
    instance.delete_run(started.run_id)
    assert isinstance(by_hand(instance), dg.RunRequest)
    asked = sandbox.requests("twitter")["metrics"]
    run(instance, "refresh_post_metrics")
    assert sandbox.requests("twitter")["metrics"] == asked
    ((partition, told),) = history(instance, "social/twitter/metrics")
    assert partition == "c1"
    assert told["impressions"] >= 0
    assert isinstance(by_hand(instance), dg.SkipReason)


def test_a_reading_that_could_not_be_shown_is_shown_by_the_next_sweep(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    x = connect(press, sandbox, Service.TWITTER, expires_in=None)
    publish(press, sandbox, x, [DAY, DAY], "text")
    assert refresh(press).read == 2
    told: list[News] = []

    def tell(news: News) -> None:
        if told:
            raise OSError("Dagster's disk is full")
        told.append(news)

    with pytest.raises(OSError, match="full"):
        report(press.shop.engine, press.ledger.now, tell)
    run(instance, "refresh_post_metrics")
    assert [partition for partition, _ in history(instance, "social/twitter/metrics")] == [
        *("c1", "c2"),
    ]

"""The sweeps for figures as Dagster runs them: each reading is a point in its content's history."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg
import pytest

from igny8_media.accounts.model import Service
from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.sandbox.server import Running, running
from igny8_media.settings import load_settings
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

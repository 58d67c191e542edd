"""From a file dropped into the folder to materialised assets, on a real Dagster instance."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.backlog import read_backlog
from igny8_media.sensors.published import published_content_sensor
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop

_TEXT = """---
title: How we water the garden
---
We water at six in the morning. At that hour 9 of 10 litres reach the roots.

## What it takes
A hose costs 20 euros and lasts for ten years. We bought ours in 2016.
"""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    monkeypatch.setenv("IGNY8_CONTENT_DIR", str(folder))
    monkeypatch.setenv("IGNY8_PLATFORMS", "twitter")
    monkeypatch.setenv("IGNY8_VIDEOS", "short")
    return folder


@pytest.fixture
def instance(content: Path) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as instance:
        yield instance


def _drop(folder: Path, name: str, text: str = _TEXT) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")


def _tick(instance: dg.DagsterInstance, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    result = published_content_sensor(context, workshop=WorkshopResource())
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder source leaves files alone for a second after they changed; skip that wait."""
    from igny8_media.articles.sources import folder

    monkeypatch.setattr(folder, "_SETTLED", -60.0)


@pytest.mark.usefixtures("patient")
def test_a_dropped_file_becomes_assets(content: Path, instance: dg.DagsterInstance) -> None:
    _drop(content, "garden.md")
    result = _tick(instance, None)
    assert isinstance(result, dg.SensorResult)
    assert [r.job_name for r in result.run_requests or ()] == ["social_job", "video_job"]
    for request in result.dynamic_partitions_requests or ():
        instance.add_dynamic_partitions("content", list(request.partition_keys))
    social = (result.run_requests or [])[0]
    done = (
        defs()
        .resolve_job_def(str(social.job_name))
        .execute_in_process(
            instance=instance,
            partition_key=social.partition_key,
            asset_selection=social.asset_selection,
            tags=social.tags,
        )
    )
    assert done.success
    made = {"article", "social/twitter/post", "social/twitter/images"}
    for name in made:
        key = dg.AssetKey(name.split("/"))
        assert instance.get_materialized_partitions(key) == {"garden"}
    assert instance.get_materialized_partitions(dg.AssetKey(["social", "tiktok", "post"])) == set()
    assert {run.job_name for run in instance.get_runs()} == {"social_job"}

    again = _tick(instance, result.cursor)
    assert isinstance(again, dg.SkipReason)


@pytest.mark.usefixtures("patient")
def test_a_changed_file_is_a_new_run_and_an_unchanged_one_is_none(
    content: Path, instance: dg.DagsterInstance
) -> None:
    _drop(content, "a.md")
    first = _tick(instance, None)
    assert isinstance(first, dg.SensorResult)
    _drop(content, "a.md", _TEXT + "\nOne more sentence.\n")
    second = _tick(instance, first.cursor)
    assert isinstance(second, dg.SensorResult)
    keys = [r.run_key for result in (first, second) for r in result.run_requests or ()]
    assert len(set(keys)) == len(keys) == 4


def _asked(result: dg.SensorResult, job: str) -> list[str]:
    return [str(r.partition_key) for r in result.run_requests or () if r.job_name == job]


@pytest.mark.usefixtures("patient")
def test_a_tick_hands_on_a_batch_and_the_next_ones_the_rest(
    content: Path, instance: dg.DagsterInstance
) -> None:
    for number in range(130):
        _drop(content, f"a{number}.md")
    rules = Workshop(load_settings()).automations
    rules.set("main", {"stage_8_batch_size": 40, "max_social_posts_per_run": 50})
    posts: list[str] = []
    videos: list[str] = []
    cursor = None
    for expected in (40, 40, 40, 10):
        result = _tick(instance, cursor)
        assert isinstance(result, dg.SensorResult)
        assert len(_asked(result, "social_job")) == expected
        assert len(_asked(result, "video_job")) == 2
        posts += _asked(result, "social_job")
        videos += _asked(result, "video_job")
        cursor = result.cursor
    assert len(set(posts)) == len(posts) == 130
    left = read_backlog(cursor)
    assert len({*videos, *(one.id for one in left.videos)}) == 130
    # What was switched off meanwhile is not made, and not made up for.
    rules.set("main", {"video_creator_enabled": False})
    result = _tick(instance, cursor)
    assert isinstance(result, dg.SensorResult)
    assert not result.run_requests
    assert read_backlog(result.cursor).videos == ()
    assert isinstance(_tick(instance, result.cursor), dg.SkipReason)


@pytest.mark.usefixtures("patient")
def test_a_cursor_of_an_earlier_version_is_read_on(
    content: Path, instance: dg.DagsterInstance
) -> None:
    _drop(content, "a.md")
    result = _tick(instance, None)
    assert isinstance(result, dg.SensorResult)
    earlier = json.dumps(read_backlog(result.cursor).sources)
    _drop(content, "b.md")
    result = _tick(instance, earlier)
    assert isinstance(result, dg.SensorResult)
    assert _asked(result, "social_job") == ["b"]


def test_a_file_still_being_written_is_left_for_later(
    content: Path, instance: dg.DagsterInstance
) -> None:
    _drop(content, "fresh.md")
    os.utime(content / "fresh.md")
    assert isinstance(_tick(instance, None), dg.SkipReason)


@pytest.mark.usefixtures("patient")
def test_a_source_out_of_reach_costs_only_itself(
    content: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_WORDPRESS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("IGNY8_ALLOW_NETWORKS", "127.0.0.0/8")
    _drop(content, "a.md")
    result = _tick(instance, None)
    assert isinstance(result, dg.SensorResult)
    assert {r.partition_key for r in result.run_requests or ()} == {"a"}

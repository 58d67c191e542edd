"""Scripts that wait for a person, through the sensors: filmed once for each approval, written anew
once for each rejection."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from igny8_media.assets.approvals import filming_tags
from igny8_media.database.scripts import Script
from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.failures import give_back_cancelled_films, tell_of_failed_runs
from igny8_media.sensors.published import published_content_sensor
from igny8_media.sensors.scripts import approved_scripts, rejected_scripts
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm
from tests.ai.servers import model_server
from tests.generation.test_post_stage import writes
from tests.pipeline.test_edited_script import _ARTICLE as TEXT

SHORT = VideoForm.SHORT


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    from igny8_media.articles.sources import folder

    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "brot.md").write_text(TEXT.replace("![", "["), encoding="utf-8")
    monkeypatch.setenv("IGNY8_CONTENT_DIR", str(tmp_path / "content"))
    monkeypatch.setenv("IGNY8_PLATFORMS", "twitter")
    monkeypatch.setenv("IGNY8_VIDEOS", "short")
    monkeypatch.setattr(folder, "_SETTLED", -60.0)
    with open_instance(load_settings()) as instance:
        yield instance


@pytest.fixture
def shop(instance: dg.DagsterInstance) -> Workshop:
    shop = Workshop(load_settings())
    shop.automations.set("main", {"stage_9_review_script": True})
    return shop


def asked(sensor: Any, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    """What a daemon would be asked to run at this look."""
    context = dg.build_sensor_context(instance=instance)
    found = sensor(context, workshop=WorkshopResource())
    if isinstance(found, dg.SensorResult):
        return list(found.run_requests or ())
    return [] if isinstance(found, dg.SkipReason) else list(found)


def run(
    instance: dg.DagsterInstance, request: dg.RunRequest, job: str = ""
) -> dg.ExecuteInProcessResult:
    if request.partition_key:
        instance.add_dynamic_partitions("content", [request.partition_key])
    made = defs().resolve_job_def(job or str(request.job_name))
    return made.execute_in_process(
        instance=instance,
        partition_key=request.partition_key,
        asset_selection=list(request.asset_selection or ()) or None,
        tags=request.tags,
        run_config=request.run_config,
        raise_on_error=False,
    )


def keys(request: dg.RunRequest) -> set[str]:
    return {key.to_user_string() for key in request.asset_selection or ()}


def newest(shop: Workshop) -> Script:
    found = shop.scripts.newest("brot", SHORT)
    assert found is not None
    return found


def scripted(instance: dg.DagsterInstance, shop: Workshop) -> Script:
    """The script that stage 9 makes of the article."""
    (video,) = [r for r in asked(published_content_sensor, instance) if r.job_name == "video_job"]
    assert keys(video) == {"article", "video/short/script"}
    assert video.tags["igny8/kind"] == "script", "it does not queue up behind films"
    assert run(instance, video).success
    return newest(shop)


def proposed(shop: Workshop) -> Script:
    """A script that waits, for where it does not matter what is in it."""
    shop.films.propose_script("brot", SHORT, "f" * 64, {}, review=True)
    return newest(shop)


def test_stage_9_stops_at_the_script_and_the_approval_films_it_once(
    instance: dg.DagsterInstance, shop: Workshop
) -> None:
    script = scripted(instance, shop)
    assert script.status == "draft"
    assert asked(approved_scripts, instance) == []
    assert (
        instance.get_materialized_partitions(dg.AssetKey(["video", "short", "voiceover"])) == set()
    )
    shop.scripts.approve(script.id)
    (first,) = asked(approved_scripts, instance)
    assert keys(first) == {
        f"video/short/{name}"
        for name in ("thumbnail", "voiceover", "captions", "scenes", "seo", "render", "posts")
    }
    assert first.tags["igny8/script"] == str(script.id)
    # Approved again, looked at again, by a daemon that started again: the same run.
    shop.scripts.approve(script.id)
    with open_instance(load_settings()) as later:
        (again,) = asked(approved_scripts, later)
    assert again.run_key == first.run_key
    # Under way it is asked for no more; another approval, after a failure, is another run.
    shop.films.video_status("brot", SHORT, "generating_audio")
    assert asked(approved_scripts, instance) == []
    shop.films.video_status("brot", SHORT, "failed")
    assert asked(approved_scripts, instance) == []
    shop.scripts.approve(script.id)
    (other,) = asked(approved_scripts, instance)
    assert other.run_key != first.run_key


@pytest.mark.parametrize(("again", "status"), [("false", "failed"), ("true", "generating_audio")])
def test_a_film_whose_run_was_killed_may_be_approved_again(
    instance: dg.DagsterInstance, shop: Workshop, again: str, status: str
) -> None:
    script = scripted(instance, shop)
    begun = shop.scripts.approve(script.id, begin=True)
    killed = instance.create_run_for_job(
        defs().resolve_job_def("video_job"),
        tags={**filming_tags(begun), "dagster/will_retry": again},
        asset_selection=frozenset(),
    )
    instance.report_run_failed(killed, "The run worker was killed.")
    (event,) = instance.get_records_for_run(
        killed.run_id, of_type=dg.DagsterEventType.RUN_FAILURE
    ).records
    assert event.event_log_entry.dagster_event is not None
    context = dg.build_run_status_sensor_context(
        sensor_name="tell_of_failed_runs",
        dagster_event=event.event_log_entry.dagster_event,
        dagster_instance=instance,
        dagster_run=killed,
    ).for_run_failure()
    tell_of_failed_runs(context, workshop=WorkshopResource())
    assert newest(shop).status == status


def test_a_film_that_was_cancelled_before_it_began_may_be_approved_again(
    instance: dg.DagsterInstance, shop: Workshop
) -> None:
    script = proposed(shop)
    shop.scripts.approve(script.id)
    (asked_for,) = asked(approved_scripts, instance)
    queued = instance.create_run_for_job(
        defs().resolve_job_def("video_job"),
        tags=asked_for.tags,
        asset_selection=frozenset(),
    )
    instance.report_run_canceled(queued)
    (event,) = instance.get_records_for_run(
        queued.run_id, of_type=dg.DagsterEventType.RUN_CANCELED
    ).records
    assert event.event_log_entry.dagster_event is not None
    context = dg.build_run_status_sensor_context(
        sensor_name="give_back_cancelled_films",
        dagster_event=event.event_log_entry.dagster_event,
        dagster_instance=instance,
        dagster_run=queued,
    )
    give_back_cancelled_films(context, workshop=WorkshopResource())
    assert newest(shop).status == "failed"
    shop.scripts.approve(script.id)
    (again,) = asked(approved_scripts, instance)
    assert again.run_key != asked_for.run_key
    # The daemon may tell of it twice, or late.
    give_back_cancelled_films(context, workshop=WorkshopResource())
    assert newest(shop).status == "script_ready"


def test_a_run_that_waited_films_nothing_that_somebody_else_films(
    instance: dg.DagsterInstance, shop: Workshop
) -> None:
    script = proposed(shop)
    shop.scripts.approve(script.id)
    (waiting,) = asked(approved_scripts, instance)
    shop.scripts.approve(script.id, begin=True)  # at a terminal, on another machine
    assert asked(approved_scripts, instance) == []
    assert not run(instance, waiting, "video_job").success
    assert newest(shop).status == "generating_audio", "it is filmed there all the same"
    for asset in ("voiceover", "thumbnail"):
        assert shop.records.current("brot", f"video/short/{asset}") is None


def test_a_run_films_nothing_that_its_person_took_back(
    instance: dg.DagsterInstance, shop: Workshop
) -> None:
    script = scripted(instance, shop)
    shop.scripts.approve(script.id)
    (first,) = asked(approved_scripts, instance)
    shop.films.revise_script("brot", SHORT, "mine", {**script.script, "title": "Mine"})
    assert newest(shop).status == "draft"
    assert asked(approved_scripts, instance) == []
    assert not run(instance, first, "video_job").success
    shop.scripts.approve(newest(shop).id)
    (second,) = asked(approved_scripts, instance)
    shop.scripts.reject(newest(shop).id, "kürzer")
    assert asked(approved_scripts, instance) == []
    assert not run(instance, second, "video_job").success
    assert newest(shop).status == "rejected"
    for asset in ("voiceover", "thumbnail"):
        assert shop.records.current("brot", f"video/short/{asset}") is None


def test_a_rejected_script_comes_back_once_as_its_note_wants_it(
    instance: dg.DagsterInstance, shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = scripted(instance, shop)
    shop.scripts.reject(script.id, "weniger über den Keller")
    assert asked(rejected_scripts, instance) == [], "nobody is there who could follow a note"
    with model_server() as server:
        server.write = writes
        monkeypatch.setenv("GPU_SERVER_URL", server.url)
        (first,) = asked(rejected_scripts, instance)
        (again,) = asked(rejected_scripts, instance)
        assert first.run_key == again.run_key
        # Its rewriting failed, say, so it was approved after all, and is then sent back again.
        shop.scripts.approve(script.id)
        shop.scripts.reject(script.id, "ohne den Keller")
        (other,) = asked(rejected_scripts, instance)
        assert other.run_key != first.run_key
        shop.scripts.reject(script.id, "weniger über den Keller")
        server.write = lambda body: writes(body).replace("Brenner plant", "Er plant")
        done = run(instance, first, "rewrite_rejected_script")
        assert done.success
        assert "weniger über den Keller" in server.asked[-1]["messages"][-1]["content"]
        new = newest(shop)
        assert (new.revision, new.status, new.note) == (2, "draft", "")
        told = [n.text for n in shop.notices.latest(9) if n.kind == "script"]
        assert any(f"video show {new.id}," in text for text in told)
        # Whoever died after it was written begins again, and writes no second one.
        assert run(instance, first, "rewrite_rejected_script").success
        assert newest(shop) == new
        assert asked(rejected_scripts, instance) == []

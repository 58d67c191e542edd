"""Stages seen by Dagster: checks, failures, and batches in which one content is broken."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import dagster as dg
import pytest

from igny8_media.assets.factory import build_asset
from igny8_media.errors import InputError, OutsideError
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.batches import split_failed_batches
from igny8_media.stages.costs import SCRIPT_COST
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage

_START, _END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("content", ["a", "broken", "c"])
        yield instance


def _asset(stage: Stage) -> dg.AssetsDefinition:
    return build_asset(stage, group="test", description="A test.", kinds=set())


def _run(
    instance: dg.DagsterInstance, *stages: Stage, tags: dict[str, str] | None = None, key: str = ""
) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [_asset(stage) for stage in stages],
        instance=instance,
        partition_key=key or None,
        tags=tags,
        resources={"workshop": WorkshopResource()},
        raise_on_error=False,
    )


def test_facts_become_metadata_and_bytes_become_the_data_version(
    instance: dg.DagsterInstance,
) -> None:
    made = Stage("first", (), "1", lambda j, f: Built(facts={"n": 3}, notes=("a note",)))
    (event,) = _run(instance, made, key="a").asset_materializations_for_node("first")
    assert event.metadata["n"].value == 3
    assert "a note" in str(event.metadata["notes"].value)
    assert event.tags is not None
    assert event.tags["dagster/data_version"]


def test_bad_input_fails_at_once_and_trouble_outside_may_be_tried_again(
    instance: dg.DagsterInstance,
) -> None:
    for error, again in ((InputError("no"), False), (OutsideError("no"), True)):

        def fail(_job: Job, _folder: Path, error: Exception = error) -> Built:
            raise error

        with pytest.raises(dg.Failure) as caught:
            dg.materialize(
                [_asset(Stage("first", (), "1", fail))],
                instance=instance,
                partition_key="a",
                resources={"workshop": WorkshopResource()},
            )
        assert (caught.value.description, caught.value.allow_retries) == ("no", again)


@pytest.mark.parametrize("blocking", [True, False])
def test_only_a_blocking_check_stops_what_stands_on_it(
    instance: dg.DagsterInstance, blocking: bool
) -> None:
    check = Check(
        "fine", lambda _shop, _record: ["It is not fine."], "It is fine.", blocking=blocking
    )
    first = Stage("first", (), "1", _plain, checks=(check,))
    result = _run(instance, first, Stage("second", ("first",), "1", _plain), key="a")
    (found,) = result.get_asset_check_evaluations()
    assert (found.passed, found.description) == (False, "It is not fine.")
    assert bool(result.asset_materializations_for_node("second")) is not blocking
    assert result.success is not blocking


def _plain(_job: Job, folder: Path) -> Built:
    (folder / "x.bin").write_bytes(b"x")
    return Built(files=(BuiltFile("x.bin", "metadata"),))


def test_a_broken_content_costs_its_batch_nothing_but_the_step(
    instance: dg.DagsterInstance,
) -> None:
    first = Stage("first", (), "1", _text_as_data)
    result = _run(instance, first, tags={_START: "a", _END: "c"})
    assert not result.success
    (event,) = [e for e in result.all_events if e.is_step_failure]
    failure = event.step_failure_data.user_failure_data
    assert failure is not None
    assert "has no words" in str(failure.metadata["broken"].value)
    shop = WorkshopResource().open()
    assert shop.records.current("a", "first")
    assert shop.records.current("c", "first")
    assert shop.records.current("broken", "first") is None


def _text_as_data(job: Job, folder: Path) -> Built:
    if job.content_id == "broken":
        raise InputError("The article broken has no words; give it some.")
    return _plain(job, folder)


def test_a_batch_without_faults_reports_each_content(instance: dg.DagsterInstance) -> None:
    result = _run(instance, Stage("first", (), "1", _plain), tags={_START: "a", _END: "c"})
    assert result.success
    events = result.asset_materializations_for_node("first")
    assert {e.partition for e in events} == {"a", "broken", "c"}
    assert all("fingerprint" in e.metadata for e in events)


def test_a_failed_batch_is_requested_again_content_by_content(
    instance: dg.DagsterInstance,
) -> None:
    post = Stage("social/twitter/post", (), "1", _text_as_data)
    result = _run(instance, post, tags={_START: "a", _END: "c"})
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    run = run._replace(asset_selection=frozenset({dg.AssetKey(["social", "twitter", "post"])}))
    context = dg.build_run_status_sensor_context(
        sensor_name="split_failed_batches",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=run,
    ).for_run_failure()
    answer = split_failed_batches(context)
    assert isinstance(answer, dg.SensorResult)
    asked = answer.run_requests or []
    assert [(r.job_name, r.partition_key) for r in asked] == [
        ("social_job", key) for key in ("a", "broken", "c")
    ]


def test_credits_are_a_number_in_the_metadata_and_the_ledger_names_the_run(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_CREDITS", "true")
    made = Stage("first", (), "1", lambda j, f: Built(), cost=SCRIPT_COST)
    refused = _run(instance, made, key="a")
    (failure,) = refused.get_step_failure_events()
    assert "igny8-media credits grant 5`" in str(failure.step_failure_data.user_failure_data)
    ledger = WorkshopResource().open().credits
    ledger.grant(Decimal(7))
    result = _run(instance, made, key="a")
    (event,) = result.asset_materializations_for_node("first")
    assert event.metadata["credits"].value == 5.0
    assert event.metadata["credits_for"].value == {"script": "5"}
    assert ledger.entries(1)[0].run == result.run_id

"""What somebody reads who opens Dagster's pages, or a message about a failed run, for the first
time."""

from collections.abc import Iterator

import dagster as dg
import pytest

from igny8_media.definitions import defs
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.failures import tell_of_failed_runs
from igny8_media.stages.workshop import Workshop


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("content", ["nobody-knows"])
        yield instance


def test_everything_says_what_it_is_for() -> None:
    repository = defs().get_repository_def()
    graph = defs().resolve_asset_graph()
    jobs = [job for job in repository.get_all_jobs() if not job.name.startswith("__")]
    said = {
        **{job.name: job.description for job in jobs},
        **{sensor.name: sensor.description for sensor in repository.sensor_defs},
        **{schedule.name: schedule.description for schedule in repository.schedule_defs},
        **{str(key): graph.get(key).description for key in graph.get_all_asset_keys()},
        **{str(key): graph.get_check_spec(key).description for key in graph.asset_check_keys},
    }
    assert not [name for name, text in said.items() if not text or not text.endswith(".")]


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ({"dagster/partition": "nobody-knows"}, "A run started by hand for nobody-knows"),
        (
            {
                "dagster/asset_partition_range_start": "nobody-knows",
                "dagster/asset_partition_range_end": "somebody-does",
            },
            "A run started by hand for nobody-knows to somebody-does",
        ),
    ],
)
def test_a_failed_run_is_told_in_a_sentence(
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    tags: dict[str, str],
    named: str,
) -> None:
    result = dg.materialize(
        [asset for asset in defs().assets or () if _is_article(asset)],
        instance=instance,
        partition_key="nobody-knows",
        resources={"workshop": WorkshopResource()},
        raise_on_error=False,
    )
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    context = dg.build_run_status_sensor_context(
        sensor_name="tell_of_failed_runs",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=run._replace(job_name="__ASSET_JOB", tags=tags),
    ).for_run_failure()
    told: list[str] = []
    monkeypatch.setattr(Workshop, "notices", _Notices(told))
    tell_of_failed_runs(context, workshop=WorkshopResource())
    (text,) = told
    assert text.startswith(f"{named} failed: No article with the ID nobody-knows is known: ")


class _Notices:
    """Keeps the text of what is left for people."""

    def __init__(self, told: list[str]) -> None:
        self._told = told

    def leave(self, _key: str, _kind: str, text: str, _now: object) -> None:
        self._told.append(text)


def _is_article(asset: object) -> bool:
    return isinstance(asset, dg.AssetsDefinition) and asset.keys == {dg.AssetKey("article")}

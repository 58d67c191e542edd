"""A sensor tick with 100 new articles at 100,000 known ones to the same at 1,000, and an idle one.

The source is the IGNY8 database: what is known lies in its table, in ours and in Dagster's. Beside
the idle tick stands what Dagster takes to set up a tick of a sensor that does nothing.
"""

import json
import os
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import dagster as dg
from measure import cpu, report

from igny8_media.instance import open_instance
from igny8_media.partitions import add_contents
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.published import published_content_sensor
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop

_NEW = 100
_ROUNDS = 9
_AT_ONCE = {
    "stage_8_batch_size": _NEW,
    "max_social_posts_per_run": 5 * _NEW,
    "stage_9_batch_size": _NEW,
    "max_videos_per_run": 2 * _NEW,
}
_START = datetime(2026, 1, 1, tzinfo=UTC)
_TABLE = """
CREATE TABLE igny8_content (id INTEGER PRIMARY KEY, title TEXT, content_body TEXT,
  meta_description TEXT, target_keywords TEXT, status TEXT, published_at TIMESTAMP,
  updated_at TIMESTAMP);
CREATE TABLE igny8_images (id INTEGER PRIMARY KEY, content_id INTEGER, url TEXT, path TEXT,
  alt TEXT, position INTEGER);
CREATE INDEX by_time ON igny8_content (status, updated_at, id);
"""


def _publish(database: Path, first: int, count: int) -> None:
    moments = [
        (_START + timedelta(seconds=n)).replace(tzinfo=None) for n in range(first, first + count)
    ]
    with sqlite3.connect(database) as connection:
        connection.executemany(
            "INSERT INTO igny8_content VALUES (?, ?, '<p>Text.</p>', '', '', 'published', ?, ?)",
            [(first + n, f"Title {first + n}", str(m), str(m)) for n, m in enumerate(moments)],
        )


def _tick(instance: dg.DagsterInstance, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    result = published_content_sensor(context, workshop=WorkshopResource())
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    if isinstance(result, dg.SensorResult):
        for request in result.dynamic_partitions_requests or ():
            instance.add_dynamic_partitions("content", list(request.partition_keys))
    return result


@dg.sensor(job_name="nothing")
def _nothing(context: dg.SensorEvaluationContext, workshop: WorkshopResource) -> dg.SkipReason:
    return dg.SkipReason("It does nothing.")


def _set_up(instance: dg.DagsterInstance) -> None:
    _nothing(dg.build_sensor_context(instance=instance), workshop=WorkshopResource())


def _at(known: int, folder: Path) -> tuple[float, float, float]:
    """Median CPU seconds of a full and of an idle tick, and of setting up one."""
    database = folder / "site.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(_TABLE)
    _publish(database, 1, known)
    os.environ |= {
        "IGNY8_HOME": str(folder / "home"),
        "IGNY8_CONTENT_DIR": str(folder / "none"),
        "IGNY8_SOURCE_DATABASE_URL": f"sqlite:///{database}",
    }
    Workshop(load_settings()).automations.set("main", _AT_ONCE)
    full, idle, bare = [], [], []
    with open_instance(load_settings()) as instance:
        add_contents(instance, [str(n) for n in range(1, known + 1)])
        last = (_START + timedelta(seconds=known)).isoformat()
        cursor: str | None = json.dumps({"database": {"changed_at": last, "id": str(known)}})
        for number in range(_ROUNDS):
            _publish(database, known + 1 + number * _NEW, _NEW)
            result: list[dg.SensorResult | dg.SkipReason] = []
            full.append(cpu(lambda: result.append(_tick(instance, cursor))))  # noqa: B023
            (made,) = result
            assert isinstance(made, dg.SensorResult)
            assert len({r.partition_key for r in made.run_requests or ()}) == _NEW
            cursor = made.cursor
            idle.append(cpu(lambda: _tick(instance, cursor)))  # noqa: B023
            bare.append(cpu(lambda: _set_up(instance)))
    return median(full), median(idle), median(bare)


def main() -> None:
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        few, *_ = _at(1_000, Path(small))
        many, idle, bare = _at(100_000, Path(large))
    report("a tick of 100 new at 100,000 known to 1,000", many / few, 1.5, many=many, few=few)
    report(
        "an idle tick to a full one at 100,000 known",
        idle / many,
        0.1,
        idle=idle,
        full=many,
        dagster=bare,
    )


if __name__ == "__main__":
    main()

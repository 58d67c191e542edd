"""100 articles in one backfill through Dagster to the same stages called without it.

As the daemon would: five runs of 20 contents, each a process of its own, on SQLite.
"""

import os
import sys
import tempfile
from pathlib import Path

from measure import cpu_of_process, report

_COUNT, _BATCH = 100, 20
_EXAMPLE = Path(__file__).parents[1] / "examples" / "articles" / "faster-web-page.md"

_PREPARE = """
from pathlib import Path
from igny8_media.command.given import read_sources
from igny8_media.instance import open_instance
from igny8_media.partitions import add_contents
from igny8_media.settings import load_settings
settings = load_settings()
given, _ = read_sources(settings, [{folder!r}])
with open_instance(settings) as instance:
    add_contents(instance, sorted(g.content_id for g in given))
"""
_RUN = """
from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.settings import load_settings
with open_instance(load_settings()) as instance:
    result = defs().resolve_job_def("social_job").execute_in_process(
        instance=instance,
        tags={{"dagster/asset_partition_range_start": {start!r},
              "dagster/asset_partition_range_end": {end!r}}},
        run_config={{"loggers": {{"console": {{"config": {{"log_level": "CRITICAL"}}}}}}}},
    )
    assert result.success
"""
_DIRECT = """
from igny8_media.settings import load_settings
from igny8_media.social.model import Platform
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop
for content_id in {ids!r}:
    shop = Workshop(load_settings())
    for stage in wanted_stages(tuple(Platform), ()):
        assert run_stage(shop, stage, content_id).fresh
"""


def main() -> None:
    text = _EXAMPLE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "articles"
        folder.mkdir()
        (folder / "images").symlink_to(_EXAMPLE.parent / "images")
        ids = [f"article-{number:03d}" for number in range(_COUNT)]
        for number, content_id in enumerate(ids):
            (folder / f"{content_id}.md").write_text(f"{text}\n\nNote {number}.\n")
        spent = {}
        for way in ("dagster", "direct"):
            home = {"IGNY8_HOME": str(Path(name) / way)}
            os.environ.pop("DAGSTER_HOME", None)
            cpu_of_process([sys.executable, "-c", _PREPARE.format(folder=str(folder))], **home)
            if way == "direct":
                scripts = [_DIRECT.format(ids=ids)]
            else:
                scripts = [
                    _RUN.format(start=ids[first], end=ids[first + _BATCH - 1])
                    for first in range(0, _COUNT, _BATCH)
                ]
            spent[way] = sum(
                cpu_of_process([sys.executable, "-c", script], **home) for script in scripts
            )
    report(
        f"{_COUNT} articles through Dagster to without",
        spent["dagster"] / spent["direct"],
        1.5,
        **spent,
    )


if __name__ == "__main__":
    main()

"""`igny8-media run`: from what was typed to files, a page and an exit status."""

import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from igny8_media.command.export import as_json as to_json
from igny8_media.command.export import check_writable, export
from igny8_media.command.given import read_choices, read_sources
from igny8_media.command.log_shown import shown_log
from igny8_media.command.run import run_contents
from igny8_media.report.gallery import write_gallery
from igny8_media.report.outcome import Outcome
from igny8_media.settings import Settings, load_settings
from igny8_media.stages.workshop import Workshop

log = logging.getLogger(__name__)


def main_job(
    sources: Sequence[str],
    platforms: str | None,
    videos: str | None,
    out: Path,
    *,
    as_json: bool,
    force: bool,
) -> int:
    """Run it all; returns 0 when all was made, 1 when something failed.

    Raises InputError (exit status 2) when nothing of what was given can be used.
    """
    settings = load_settings()
    wanted_platforms, wanted_forms = read_choices(settings, platforms, videos)
    check_writable(out)
    console = Console(stderr=True, highlight=False)
    started = time.monotonic()
    with shown_log(console):
        given, refused = read_sources(settings, sources)
        failed = [Outcome(r.content_id, r.title, errors=[("article", r.message)]) for r in refused]
        page = _Page(settings, out)
        for reached in run_contents(settings, given, wanted_platforms, wanted_forms, force=force):
            outcomes = reached + failed
            page.show(outcomes)
    if as_json:
        print(json.dumps(to_json(outcomes, page.placed), ensure_ascii=False))
    _summary(console, outcomes, time.monotonic() - started, page.path)
    return 1 if any(outcome.errors for outcome in outcomes) else 0


class _Page:
    """The report, written again whenever there is more to see: videos take minutes."""

    def __init__(self, settings: Settings, out: Path) -> None:
        self._settings, self._out = settings, out
        self._store = Workshop(settings).store
        self.path = out / "report.html"
        self.placed: dict[str, Path] = {}

    def show(self, outcomes: Sequence[Outcome]) -> None:
        first = not self.placed
        self.placed = export(self._store, outcomes, self._out)
        write_gallery(outcomes, self.placed, self._settings.theme, self.path)
        if first:
            log.info("%s shows what is there, and grows", self.path)


def _summary(console: Console, outcomes: Sequence[Outcome], seconds: float, report: Path) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("article", "posts", "pictures", "videos", ""):
        table.add_column(name)
    for outcome in outcomes:
        kinds = [(r.asset, a.kind) for r in outcome.records for a in r.artifacts]
        table.add_row(
            escape(outcome.title),
            str(sum(asset.endswith("/post") for asset, _ in kinds)),
            str(sum(a.startswith("social/") and k == "image" for a, k in kinds)),
            ", ".join(a.split("/")[1] for a, k in kinds if k == "video") or "none",
            outcome.status,
        )
    console.print()
    console.print(table)
    for outcome in outcomes:
        for asset, message in outcome.errors:
            line = f"{outcome.content_id}: {asset}: {message}"
            console.print(line, style="red", markup=False, soft_wrap=True)
        for _, message in outcome.waits:
            line = f"{outcome.content_id}: {message}"
            console.print(line, style="yellow", markup=False, soft_wrap=True)
        for record in outcome.records:
            if record.skipped and record.asset.endswith("/script"):
                line = f"{outcome.content_id}: {record.skipped}"
                console.print(line, markup=False, soft_wrap=True)
    console.print(f"\n{seconds:.0f} s. Open {report}", markup=False, soft_wrap=True)

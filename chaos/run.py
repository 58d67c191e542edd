"""`make chaos`: every platform, kind and fault, and `kill -9` at every step, counted.

Each worker has a sandbox, a ledger and accounts of its own; the exit status is 1 when a post was
doubled, lost, early, left hanging, or handed to a person though the platform could have been asked,
or when a job that was killed left something undone, done twice or half done.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from chaos.jobs import JOBS, Named, every_step
from chaos.material import Kind, Material
from chaos.scenarios import scenarios
from chaos.trial import DATABASE, Bench, Result
from igny8_media.database.engine import open_database
from igny8_media.sandbox.faults import SERVICES
from igny8_media.sandbox.server import Running, running
from igny8_media.storage.media_store import LocalMediaStore

_POSTS = {
    "published": ("published",),
    "told": ("failed, told",),
    "review": ("review", "REVIEW"),
    "duplicates": ("DUPLICATE",),
    "early": ("EARLY",),
    "lost": ("LOST",),
    "stuck": ("STUCK",),
}
"""A column's verdicts."""
_OF_POSTS = {"asked": [verdict for those in _POSTS.values() for verdict in those], **_POSTS}
_OF_JOBS = {
    "done": ("done",),
    "duplicates": ("DUPLICATE",),
    "lost": ("LOST",),
    "half": ("BROKEN",),
}
_BAD = ("DUPLICATE", "EARLY", "LOST", "STUCK", "REVIEW", "BROKEN")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it all; returns the exit status."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--every", type=int, default=1, help="kill jobs only at each step of this many"
    )
    given = parser.parse_args(arguments)
    started = time.monotonic()
    results: list[Result] = []
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        kinds = _prepare(Path(folder), given.only)
        with ProcessPoolExecutor(given.workers, context) as pool:
            jobs = [job for job in JOBS if given.only in job.name]
            begun = [
                *(pool.submit(_killed, Path(folder), job, given.every) for job in jobs),
                *(pool.submit(_all_of, Path(folder), kind) for kind in kinds),
            ]
            for done in as_completed(begun):
                results += done.result()
                spent = time.monotonic() - started
                print(f"{spent:6.0f} s  {len(results)} scenarios", file=sys.stderr)
    _show(results, time.monotonic() - started)
    return 1 if any(result.verdict in _BAD for result in results) else 0


def _prepare(folder: Path, only: str) -> list[Kind]:
    """What every kind's bench begins with, made once: the files and an empty database."""
    open_database(f"sqlite:///{folder / DATABASE}").dispose()
    return [kind for kind in Material(_store(folder)).kinds() if only in kind.name]


def _store(folder: Path) -> LocalMediaStore:
    return LocalMediaStore(folder / "media")


def _all_of(folder: Path, kind: Kind) -> list[Result]:
    """Every scenario of one kind, in a process that has a ledger and a sandbox to itself."""
    own = folder / kind.name
    own.mkdir()
    shutil.copy(folder / DATABASE, own)
    with _sandbox() as sandbox:
        bench = Bench(own, _store(folder), sandbox)
        # A member of LinkedIn can be asked about only by sending the same again.
        sandbox.config(dedupes=kind.name.startswith("linkedin") and kind.name.endswith("person"))
        roles, steps = bench.steps(kind)
        return [bench.run(kind, scenario) for scenario in scenarios(roles, steps)]


def _killed(folder: Path, job: Named, every: int) -> list[Result]:
    own = folder / job.name
    own.mkdir()
    with _sandbox() as sandbox:
        return every_step(job, own, sandbox, every)


@contextmanager
def _sandbox() -> Iterator[Running]:
    # Hundreds of posts through one application: its daily limits are not what is tried here.
    many = dict.fromkeys(SERVICES, 10**6)
    limits = {"daily_limit": many, "rate_limit": many}
    with running(processing_seconds=2.5, lenient=True, **limits) as sandbox:
        yield sandbox


def _show(results: Sequence[Result], seconds: float) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    jobs = {job.name for job in JOBS}
    for title, columns, those in (
        ("kind", _OF_POSTS, [result for result in results if result.kind not in jobs]),
        ("killed at every step", _OF_JOBS, [result for result in results if result.kind in jobs]),
    ):
        if those:
            console.print(_table(title, columns, those))
    for result in results:
        if result.verdict not in ("published", "done"):
            told = f"{result.kind} | {result.scenario}: {result.verdict} ({result.reason})"
            style = "red" if result.verdict in _BAD else "dim"
            console.print(told, style=style, markup=False, soft_wrap=True)
    console.print(f"\n{len(results)} scenarios in {seconds:.0f} s.")


def _table(title: str, columns: Mapping[str, Sequence[str]], results: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title)
    for name in ("scenarios", *columns):
        table.add_column(name, justify="right")
    by_kind: dict[str, list[Result]] = {}
    for result in results:
        by_kind.setdefault(result.kind, []).append(result)
    for name, ours in [*sorted(by_kind.items()), ("all", list(results))]:
        counts = Counter(result.verdict for result in ours)
        table.add_row(
            name,
            str(len(ours)),
            *(str(sum(counts[one] for one in verdicts)) for verdicts in columns.values()),
            style="bold" if name == "all" else None,
        )
    return table

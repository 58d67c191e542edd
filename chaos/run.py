"""`make chaos`: every platform, kind and fault, and `kill -9` at every step, counted.

Each worker has a sandbox, a ledger and accounts of its own; the exit status is 1 when a post was
doubled, lost, early, left hanging, or handed to a person though the platform could have been asked.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from chaos.material import Material
from chaos.scenarios import scenarios
from chaos.trial import Bench, Result
from igny8_media.sandbox.faults import SERVICES
from igny8_media.sandbox.server import Running, running
from igny8_media.storage.media_store import LocalMediaStore

_BAD = ("DUPLICATE", "EARLY", "LOST", "STUCK", "REVIEW")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it all; returns the exit status."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    started = time.monotonic()
    results: list[Result] = []
    names = _names(given.only)
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(given.workers, max(1, len(names)))) as pool:
        for batch in pool.imap_unordered(_all_of, names):
            results += batch
            print(f"{time.monotonic() - started:6.0f} s  {len(results)} scenarios", file=sys.stderr)
    _show(results, time.monotonic() - started)
    return 1 if any(result.verdict in _BAD for result in results) else 0


def _names(only: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        kinds = Material(LocalMediaStore(Path(folder))).kinds()
        return [kind.name for kind in kinds if only in kind.name]


def _all_of(name: str) -> list[Result]:
    """Every scenario of one kind, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, _sandbox() as sandbox:
        bench = Bench(Path(folder), sandbox)
        kind = next(kind for kind in bench.material.kinds() if kind.name == name)
        # A member of LinkedIn can be asked about only by sending the same again.
        sandbox.config(dedupes=name.startswith("linkedin") and name.endswith("person"))
        roles, steps = bench.steps(kind)
        return [bench.run(kind, scenario) for scenario in scenarios(roles, steps)]


@contextmanager
def _sandbox() -> Iterator[Running]:
    # Hundreds of posts through one application: its daily limits are not what is tried here.
    many = dict.fromkeys(SERVICES, 10**6)
    limits = {"daily_limit": many, "rate_limit": many}
    with running(processing_seconds=0.05, lenient=True, **limits) as sandbox:
        yield sandbox


def _show(results: Sequence[Result], seconds: float) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("asked", "published", "told", "review", "duplicates", "early", "lost", "stuck")
    table.add_column("kind")
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
            str(len(ours)),
            str(counts["published"]),
            str(counts["failed, told"]),
            str(counts["review"] + counts["REVIEW"]),
            str(counts["DUPLICATE"]),
            str(counts["EARLY"]),
            str(counts["LOST"]),
            str(counts["STUCK"]),
            style="bold" if name == "all" else None,
        )
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for result in results:
        if result.verdict != "published":
            told = f"{result.kind} | {result.scenario}: {result.verdict} ({result.reason})"
            style = "red" if result.verdict in _BAD else "dim"
            console.print(told, style=style, markup=False, soft_wrap=True)
    console.print(f"\n{len(results)} scenarios in {seconds:.0f} s.")

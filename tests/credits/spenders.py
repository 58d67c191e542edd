"""Processes that spend one account's credits at once, and that may be killed."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import event

from igny8_media.credits.ledger import Credits
from igny8_media.credits.model import OutOfCredits
from igny8_media.credits.prices import Grade, Task, Use
from igny8_media.database.engine import open_database
from igny8_media.settings import Settings
from igny8_media.stages.costs import Cost
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record, Records
from tests.credits.purse import charges, purpose

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])
PRICE = Decimal("0.3")


def start(work: Callable[..., None], *given: Any) -> BaseProcess:
    process = _processes.Process(target=work, args=given)
    process.start()
    return process


def spend(url: str, seed: int, jobs: int) -> None:
    """Begin `jobs` pieces of work; some fail, some cost less than was set aside."""
    credits, luck = Credits(open_database(url)), random.Random(seed)
    for _ in range(jobs):
        try:
            reservation = credits.reserve(purpose(), charges(PRICE))
        except OutOfCredits:
            continue
        if luck.random() < 0.3:
            credits.release(reservation, "failed")
        else:
            credits.use(reservation, charges(PRICE * luck.choice([1, Decimal("0.5")])))
            credits.settle(reservation)


def die_at_statement(url: str, statement: int) -> None:
    """Work until the statement of this number is about to be executed."""
    engine, count = open_database(url), 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    credits = Credits(engine)
    event.listen(engine, "before_cursor_execute", counted)
    event.listen(engine, "commit", counted)
    reservation = credits.reserve(purpose(), charges("3"))
    credits.use(reservation, charges("1", "1"))
    credits.settle(reservation)


SPEECH = Use(task=Task.SPEECH, quantity=Decimal(1), grade=Grade.STANDARD, provider="p")


def _write(_: Job, folder: Path) -> Built:
    (folder / "a.txt").write_text("spoken")
    return Built(files=(BuiltFile("a.txt", "text"),))


def shop_of(home: Path) -> Workshop:
    return Workshop(
        Settings(home=home, credits=True, _env_file=None)  # type: ignore[call-arg]
    )


def stage(build: Callable[[Job, Path], Built] = _write) -> Stage:
    cost = Cost(most=lambda *_: (SPEECH,), used=lambda *_: (SPEECH,))
    return Stage("speech", (), "1", build, cost=cost)


def die_making(home: Path, where: str) -> None:
    """Make an asset and be killed: while it is built, or just before or after its record."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def build(job: Job, folder: Path) -> Built:
        if where == "building":
            die()
        return _write(job, folder)

    write = Records.write

    def written(self: Records, record: Record) -> None:
        if where == "after the record":
            write(self, record)
        die()

    Records.write = written  # type: ignore[method-assign]
    run_stage(shop_of(home), stage(build), "c")

"""Posts whose figures are read: four accounts of three platforms, one after the other."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from chaos.material import Kind
from chaos.trial import Bench, Desk
from igny8_media.accounts.model import Service
from igny8_media.database.tables import MetricsWatch, PublicationMetrics
from igny8_media.metrics.sweep import Sweep
from igny8_media.publishing.model import Outgoing
from igny8_media.sandbox.server import Running
from igny8_media.storage.media_store import LocalMediaStore

_ACCOUNTS: Final = (
    (Service.TWITTER, "person"),
    (Service.TWITTER, "person"),
    (Service.LINKEDIN, "organization"),
    (Service.FACEBOOK, "page"),
)
_DUE: Final = timedelta(minutes=61)
_LEASE: Final = timedelta(minutes=31)
"""When what a dead sweep had claimed is anybody's again."""
_SOON: Final = timedelta(hours=1)


class Figures:
    """See `chaos.jobs.Job`."""

    def __init__(self, sandbox: Running) -> None:
        self._sandbox = sandbox

    def prepare(self, home: Path) -> None:
        home.mkdir()
        bench = self._bench(home, timedelta(0))
        for number, (service, account) in enumerate(_ACCOUNTS):
            post = Outgoing(service=service, kind="text", text=f"Number {number}.")
            kind = Kind("figures", service, post, {"kind": account})
            with Desk(bench) as desk:
                asked = desk.ask(kind)
                desk.recover(asked, kind)

    def work(self, home: Path, take: Callable[[str], None]) -> None:
        self._sweep(home, _DUE, take)

    def broken(self, home: Path) -> str:
        return ""

    def again(self, home: Path) -> Counter[Hashable]:
        """What was written down before must not be asked for, and paid for, again."""
        bench = self._bench(home, _DUE + _LEASE)
        before, asked = self._read(bench), self._requests()
        self._sweep(home, _DUE + _LEASE, lambda _: None)
        with Session(bench.engine) as session:
            facts = Counter(_watched(session, bench.clock() + _SOON))
        facts["requests", self._requests() - asked - (len(_ACCOUNTS) - before.total())] += 1
        facts += self._read(bench)
        bench.engine.dispose()
        return facts

    def _read(self, bench: Bench) -> Counter[Hashable]:
        with Session(bench.engine) as session:
            rows = session.scalars(select(PublicationMetrics.publication_id))
            return Counter(("reading", number) for number in rows)

    def _requests(self) -> int:
        services = {service for service, _ in _ACCOUNTS}
        return sum(self._sandbox.requests(service).get("metrics", 0) for service in services)

    def _sweep(self, home: Path, ahead: timedelta, take: Callable[[str], None]) -> None:
        bench = self._bench(home, ahead)
        with Desk(bench, trace=take) as desk:
            Sweep(
                bench.engine, desk.accounts, desk.connect.reader, bench.clock, concurrency=1
            ).run()
        bench.engine.dispose()

    def _bench(self, home: Path, ahead: timedelta) -> Bench:
        bench = Bench(home, LocalMediaStore(home / "media"), self._sandbox)
        bench.clock.ahead = ahead
        self._sandbox.config(advance_seconds=ahead.total_seconds())
        return bench


def _watched(session: Session, soon: datetime) -> Iterator[Hashable]:
    """Nobody's turn to be read may be lost or stuck."""
    for one in session.scalars(select(MetricsWatch)):
        comes = one.next_at is not None and one.next_at <= soon
        yield "watched", one.publication_id, comes, one.failures, one.problem

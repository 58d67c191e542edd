"""What nobody needs any more: posts that failed long ago, handles, scratch files, old work."""

import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chaos.material import Kind
from chaos.trial import Bench, Desk
from igny8_media.accounts.model import Service
from igny8_media.database.tables import Publication, PublicationEvent, PublicationHandle
from igny8_media.publishing.model import Outgoing
from igny8_media.sandbox.server import Running
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.media_store import LocalMediaStore

_STATES: Final = ("failed", "failed", "published")
_LATER: Final = timedelta(days=31)
_WORK: Final = ("a", "b", "c")
"""Fingerprints of old work, the oldest first, of two files each; there is room for one."""
_FILES: Final = ("one", "two")
_BYTES: Final = 1000


class Tidying:
    """See `chaos.jobs.Job`."""

    def __init__(self, sandbox: Running) -> None:
        self._sandbox = sandbox

    def prepare(self, home: Path) -> None:
        home.mkdir()
        bench = self._bench(home, timedelta(0))
        for number, status in enumerate(_STATES):
            post = Outgoing(service=Service.TWITTER, kind="text", text=f"Number {number}.")
            with Desk(bench) as desk:
                asked = desk.ask(Kind("clean-up", post.service, post))
            with Session(bench.engine) as session, session.begin():
                this = Publication.id == asked.publication
                session.execute(update(Publication).where(this).values(status=status))
                session.add(
                    PublicationHandle(publication_id=asked.publication, name="media", value="1")
                )
        bench.engine.dispose()
        for age, fingerprint in enumerate(reversed(_WORK), start=1):
            _fill(home / "cache" / fingerprint, age)
        _fill(home / "media" / "scratch" / "dead", 1)

    def work(self, home: Path, take: Callable[[str], None]) -> None:
        bench = self._bench(home, _LATER)
        with Desk(bench) as desk:
            desk.planning.tidy()
        bench.store.sweep()
        self._cache(home).trim()

    def broken(self, home: Path) -> str:
        cache = self._cache(home)
        found = {name: cache.get(name) for name in _WORK}
        half = [
            name
            for name, folder in found.items()
            if folder is not None and not all((folder / file).is_file() for file in _FILES)
        ]
        return f"{', '.join(half)} can be found and lacks files" if half else ""

    def again(self, home: Path) -> Counter[Hashable]:
        for old in (*(home / "cache").iterdir(), *(home / "media" / "scratch").iterdir()):
            _age(old, 1)  # what was looked at or touched just now is left alone
        self.work(home, lambda _: None)
        bench = self._bench(home, _LATER)
        with Session(bench.engine) as session:
            facts = Counter(_rows(session))
        bench.engine.dispose()
        for file in (*(home / "cache").rglob("*"), *(home / "media").rglob("*")):
            facts["file", file.name] += 1
        return facts

    def _cache(self, home: Path) -> FolderCache:
        return FolderCache(home / "cache", len(_FILES) * _BYTES)

    def _bench(self, home: Path, ahead: timedelta) -> Bench:
        bench = Bench(home, LocalMediaStore(home / "media"), self._sandbox)
        bench.clock.ahead = ahead
        return bench


def _rows(session: Session) -> Iterator[Hashable]:
    for row in session.scalars(select(Publication)):
        yield "publication", row.id, row.status
    for event in session.scalars(select(PublicationEvent)):
        yield "event", event.publication_id, event.what
    for handle in session.scalars(select(PublicationHandle)):
        yield "handle", handle.publication_id, handle.name


def _fill(folder: Path, days: int) -> None:
    folder.mkdir(parents=True)
    for name in _FILES:
        (folder / name).write_bytes(bytes(_BYTES))
    _age(folder, days)


def _age(folder: Path, days: int) -> None:
    at = folder.stat().st_mtime - days * 86400
    os.utime(folder, (at, at))

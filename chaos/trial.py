"""One scenario: ask for a post, let it go wrong, recover, and look at what is really out."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from chaos.material import Kind, Material
from chaos.scenarios import Scenario
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.keys import open_vault
from igny8_media.accounts.model import Account
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.upkeep import refresher
from igny8_media.database.engine import open_database
from igny8_media.database.tables import SocialPost
from igny8_media.publishing.connecting import Connector, make_client
from igny8_media.publishing.hosting import StoredMedia
from igny8_media.publishing.ledger import Ledger
from igny8_media.publishing.planning import Planned, Planning
from igny8_media.publishing.publisher import Publisher
from igny8_media.sandbox.server import Running
from igny8_media.stages.sandboxed import connection_of
from igny8_media.storage.media_store import LocalMediaStore

_ROUNDS: Final = 600
_SOON: Final = timedelta(minutes=10)
"""When a post is due whose media are prepared ahead."""
_ROUNDED: Final = timedelta(seconds=2)
_CLOSED: Final = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""


@dataclass(frozen=True)
class Result:
    """What became of one post; `out` counts what people can see of it."""

    kind: str
    scenario: str
    asked: int
    out: int
    status: str
    reason: str
    verdict: str


class Clock:
    """The real time and a leap: recovery does not wait for hours to pass."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Bench:
    """A ledger, accounts and files on one machine, and the sandbox beside them."""

    def __init__(self, folder: Path, sandbox: Running) -> None:
        self.folder, self.sandbox = folder, sandbox
        self.clock = Clock()
        self.store = LocalMediaStore(folder / "media")
        self.material = Material(self.store)
        self.url = f"sqlite:///{folder / 'igny8.db'}"
        open_database(self.url).dispose()

    def run(self, kind: Kind, scenario: Scenario) -> Result:
        """The scenario from its beginning to a verdict."""
        self.sandbox.clear_faults()
        with Desk(self) as desk:
            account, publication = desk.ask(kind, _SOON if scenario.ahead else timedelta(0))
        for role, fault in scenario.faults:
            self.sandbox.fault(kind.service, role, fault, after=0.2)
        if scenario.manner == "revoked":
            self.sandbox.revoke(kind.service)
        if scenario.manner == "killed":
            self._work_and_die(publication, scenario.kill_at)
        elif scenario.manner == "refused":
            with Desk(self, Hosts().on_sandbox(_CLOSED)) as desk:
                desk.work(publication)
        with Desk(self) as desk:
            planned = desk.recover(publication, account, kind)
        return self._judge(kind, scenario, account, planned)

    def steps(self, kind: Kind) -> tuple[dict[str, int], int]:
        """The requests by role, and the steps, that this kind takes when nothing goes wrong."""
        before = self.sandbox.requests(kind.service)
        seen: list[str] = []
        with Desk(self) as desk:
            account, publication = desk.ask(kind)
        with Desk(self, trace=seen.append) as desk:
            planned = desk.recover(publication, account, kind)
        if planned.status != "published":
            raise AssertionError(f"{kind.name} is {planned.status}: {planned.reason}")
        after = self.sandbox.requests(kind.service)
        return {role: n - before.get(role, 0) for role, n in after.items()}, len(seen)

    def _work_and_die(self, publication: int, step: int) -> None:
        child = os.fork()
        if child == 0:
            left = step

            def trace(_: str) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                with Desk(self, trace=trace) as desk:
                    desk.work_until_idle(publication)
            finally:
                os._exit(0)
        os.waitpid(child, 0)

    def _judge(self, kind: Kind, scenario: Scenario, account: Account, planned: Planned) -> Result:
        mine = [
            p for p in self.sandbox.posts(kind.service) if p["account"] == account.platform_user_id
        ]
        out = sum(p["state"] != "failed" for p in mine)
        verdict = "published"
        if out > kind.parts:
            verdict = "DUPLICATE"
        elif any(datetime.fromisoformat(p["created_at"]) < planned.due_at - _ROUNDED for p in mine):
            verdict = "EARLY"
        elif planned.status == "published":
            verdict = "published" if out == kind.parts else "LOST"
        elif planned.status == "needs_review":
            allowed = kind.uncertain or not scenario.transient
            verdict = "review" if allowed else "REVIEW"
        elif planned.status == "failed":
            verdict = "failed, told" if not scenario.transient else "LOST"
        else:
            verdict = "STUCK"
        return Result(
            kind.name, scenario.name, kind.parts, out, planned.status, planned.reason, verdict
        )


class Desk:
    """What a process has open while it publishes."""

    def __init__(
        self, bench: Bench, hosts: Hosts | None = None, trace: Callable[[str], None] | None = None
    ) -> None:
        self._bench = bench
        self._engine = open_database(bench.url)
        clock, url = bench.clock, bench.sandbox.url
        self._accounts = Accounts(self._engine, open_vault(None, bench.folder), clock)
        refresh = refresher(Hosts(), url)
        self._client = make_client()
        self._media = StoredMedia(bench.store)
        places = hosts or Hosts().on_sandbox(url)
        heard = trace or (lambda _: None)
        self._connect = Connector(
            self._client,
            lambda _: places,
            self._media.of,
            lambda account: self._accounts.tokens(account.id, refresh),
            clock,
            heard,
            lambda seconds: self._advance(timedelta(seconds=seconds)),
        )
        self._ledger = Ledger(self._engine, clock)
        self._planning = Planning(self._engine, clock)
        self._publisher = Publisher(self._ledger, self._accounts, self._connect, heard)

    def __enter__(self) -> "Desk":
        self._media.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._media.__exit__(None, None, None)
        self._client.close()
        self._engine.dispose()

    def ask(self, kind: Kind, ahead: timedelta = timedelta(0)) -> tuple[Account, int]:
        """A new account, and the post planned for it, now or so far ahead."""
        made = self._bench.sandbox.account(kind.service, **kind.account)
        account = self._accounts.add(connection_of(kind.service, made))
        problems = self._connect(account).validate(kind.post)
        if problems:
            raise AssertionError(f"{kind.name}: {problems}")
        with Session(self._engine) as session, session.begin():
            row = SocialPost(
                content_id=f"chaos-{account.id}",
                form="own",
                platform=kind.service,
                revision=1,
                fingerprint=str(account.id),
                status="approved",
                post=kind.post.model_dump(mode="json"),
                created_at=self._bench.clock(),
            )
            session.add(row)
            session.flush()
            post_id = row.id
        due = self._bench.clock() + ahead
        return account, self._planning.schedule(
            post_id, f"chaos-{account.id}", account, kind.post, due
        )

    def work(self, publication: int) -> int:
        claims = self._publisher.claim("chaos", 1, [publication], ahead=1)
        for claim in claims:
            self._publisher.publish(claim)
        return len(claims)

    def work_until_idle(self, publication: int) -> None:
        """As long as something can be done by waiting a little."""
        for _ in range(_ROUNDS):
            self.work(publication)
            if not self._leap(publication):
                return

    def recover(self, publication: int, account: Account, kind: Kind) -> Planned:
        """Sweeps, with as much time between them as they ask for, until it has ended."""
        for tried in range(_ROUNDS):
            self.work(publication)
            planned = self._planned(publication)
            if planned.status in ("published", "failed", "needs_review"):
                return planned
            if self._accounts.get(account.id).status != "active":
                self._reconnect(account, kind)
            elif not self._leap(publication):
                # First a lease of the dead runs out, then perhaps an account is parked for long.
                self._advance(timedelta(minutes=6 if tried < 3 else 60))
        return self._planned(publication)

    def _planned(self, publication: int) -> Planned:
        return next(p for p in self._planning.planned() if p.id == publication)

    def _reconnect(self, account: Account, kind: Kind) -> None:
        """The person comes and connects the account again."""
        made = self._bench.sandbox.account(
            kind.service, platform_user_id=account.platform_user_id, **kind.account
        )
        self._accounts.add(connection_of(kind.service, made))

    def _leap(self, publication: int) -> bool:
        at = self._ledger.wake_at(timedelta(days=4), begun=False, only=[publication])
        if at is None:
            return False
        self._advance(max(timedelta(0), at - self._bench.clock()) + timedelta(milliseconds=1))
        return True

    def _advance(self, by: timedelta) -> None:
        self._bench.clock.ahead += by
        if by > timedelta(milliseconds=1):
            self._bench.sandbox.config(advance_seconds=self._bench.clock.ahead.total_seconds())

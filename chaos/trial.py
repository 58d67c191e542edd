"""One scenario: ask for a post, let it go wrong, recover, and look at what is really out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from chaos.killing import dying_at, forked
from chaos.material import Kind
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

DATABASE: Final = "igny8.db"
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


class Asked(NamedTuple):
    """A post that was planned for a new account."""

    account: Account
    post: int
    publication: int


class Bench:
    """A ledger and accounts on one machine, files in a store, and the sandbox beside them."""

    def __init__(self, folder: Path, store: LocalMediaStore, sandbox: Running) -> None:
        self.folder, self.store, self.sandbox = folder, store, sandbox
        self.clock = Clock()
        # An engine of its own for each desk would work every statement out anew, which takes longer
        # than to run it. They leave no connection open behind them, as processes do.
        self.engine = open_database(f"sqlite:///{folder / DATABASE}")
        self.engine.dispose()

    def run(self, kind: Kind, scenario: Scenario) -> Result:
        """The scenario from its beginning to a verdict."""
        self.sandbox.clear_faults()
        with Desk(self) as desk:
            asked = desk.ask(kind, _SOON if scenario.ahead else timedelta(0))
        for role, fault in scenario.faults:
            self.sandbox.fault(kind.service, role, fault, after=0.2)
        if scenario.manner == "revoked":
            self.sandbox.revoke(kind.service)
        if scenario.manner == "killed":
            self._work_and_die(asked, scenario.kill_at)
        elif scenario.manner == "refused":
            with Desk(self, Hosts().on_sandbox(_CLOSED)) as desk:
                desk.work(asked)
        with Desk(self) as desk:
            planned = desk.recover(asked, kind)
        return self._judge(kind, scenario, asked.account, planned)

    def steps(self, kind: Kind) -> tuple[dict[str, int], int]:
        """The requests by role, and the steps, that this kind takes when nothing goes wrong."""
        before = self.sandbox.requests(kind.service)
        seen: list[str] = []
        with Desk(self) as desk:
            asked = desk.ask(kind)
        with Desk(self, trace=seen.append) as desk:
            planned = desk.recover(asked, kind)
        if planned.status != "published":
            raise AssertionError(f"{kind.name} is {planned.status}: {planned.reason}")
        after = self.sandbox.requests(kind.service)
        return {role: n - before.get(role, 0) for role, n in after.items()}, len(seen)

    def _work_and_die(self, asked: Asked, step: int) -> None:
        def work() -> None:
            with Desk(self, trace=dying_at(step)) as desk:
                desk.work_until_idle(asked)

        forked(work)

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
        self._engine = bench.engine
        clock, url = bench.clock, bench.sandbox.url
        self.accounts = Accounts(self._engine, open_vault(None, bench.folder), clock)
        refresh = refresher(Hosts(), url)
        self._client = make_client()
        self._media = StoredMedia(bench.store)
        places = hosts or Hosts().on_sandbox(url)
        heard = trace or (lambda _: None)
        self.connect = Connector(
            self._client,
            lambda _: places,
            self._media.of,
            lambda account: self.accounts.tokens(account.id, refresh),
            clock,
            heard,
            lambda seconds: self._advance(timedelta(seconds=seconds)),
        )
        self._ledger = Ledger(self._engine, clock)
        self.planning = Planning(self._engine, clock)
        self._publisher = Publisher(self._ledger, self.accounts, self.connect, heard)

    def __enter__(self) -> "Desk":
        self._media.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._media.__exit__(None, None, None)
        self._client.close()
        self._engine.dispose()

    def ask(self, kind: Kind, ahead: timedelta = timedelta(0)) -> Asked:
        """A new account, and the post planned for it, now or so far ahead."""
        made = self._bench.sandbox.account(kind.service, **kind.account)
        account = self.accounts.add(connection_of(kind.service, made))
        problems = self.connect(account).validate(kind.post)
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
        content_id = f"chaos-{account.id}"
        publication = self.planning.schedule(post_id, content_id, account, kind.post, due)
        return Asked(account, post_id, publication)

    def work(self, asked: Asked) -> int:
        claims = self._publisher.claim("chaos", 1, [asked.publication], ahead=1)
        for claim in claims:
            self._publisher.publish(claim)
        return len(claims)

    def work_until_idle(self, asked: Asked) -> None:
        """As long as something can be done by waiting a little."""
        for _ in range(_ROUNDS):
            self.work(asked)
            if not self._leap(asked):
                return

    def recover(self, asked: Asked, kind: Kind) -> Planned:
        """Sweeps, with as much time between them as they ask for, until it has ended."""
        account = asked.account
        for tried in range(_ROUNDS):
            self.work(asked)
            planned = self._planned(asked)
            if planned.status in ("published", "failed", "needs_review"):
                return planned
            if self.accounts.get(account.id).status != "active":
                self._reconnect(account, kind)
            elif not self._leap(asked):
                # First a lease of the dead runs out, then perhaps an account is parked for long.
                self._advance(timedelta(minutes=6 if tried < 3 else 60))
        return self._planned(asked)

    def _planned(self, asked: Asked) -> Planned:
        (planned,) = self.planning.planned(post_ids=[asked.post])
        return planned

    def _reconnect(self, account: Account, kind: Kind) -> None:
        """The person comes and connects the account again."""
        made = self._bench.sandbox.account(
            kind.service, platform_user_id=account.platform_user_id, **kind.account
        )
        self.accounts.add(connection_of(kind.service, made))

    def _leap(self, asked: Asked) -> bool:
        at = self._ledger.wake_at(timedelta(days=4), begun=False, only=[asked.publication])
        if at is None:
            return False
        self._advance(max(timedelta(0), at - self._bench.clock()) + timedelta(milliseconds=1))
        return True

    def _advance(self, by: timedelta) -> None:
        self._bench.clock.ahead += by
        if by > timedelta(milliseconds=1):
            self._bench.sandbox.config(advance_seconds=self._bench.clock.ahead.total_seconds())

"""A platform in memory that can be told to misbehave, for the ledger's own tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Account, Service
from igny8_media.database.tables import SocialAccount, SocialPost
from igny8_media.publishing.contract import Adapter, Handles
from igny8_media.publishing.ledger import Ledger
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Outcome,
    Published,
    Ready,
    Refused,
    Retryable,
    Waiting,
)
from igny8_media.publishing.planning import Planning
from igny8_media.publishing.publisher import Publisher

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = MediaFile(
    key="a.jpg", name="a.jpg", kind="image", mime="image/jpeg", size=1, sha256="0" * 64
)


class Killed(BaseException):
    """As `kill -9` leaves things: nothing after it is done, also no clean-up."""


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Platform:
    """What is public, in the order in which it came; `faults` are taken one for each request, the
    first that fits.

    A fault is (where, what): where is prepare, commit, probe or status; what is an outcome that is
    raised instead of doing anything, "after" to do it and lose the reply, or "killed before",
    "killed after".
    """

    posts: list[str] = field(default_factory=list)
    uploads: int = 0
    faults: list[tuple[str, Any]] = field(default_factory=list)
    slow: bool = False
    blind: bool = False
    processing: set[str] = field(default_factory=set)

    def request(self, where: str, do: Callable[[], Outcome]) -> Outcome:
        what = next((what for place, what in self.faults if place == where), None)
        if what is not None:
            self.faults.remove((where, what))
        if what == "killed before":
            raise Killed
        if isinstance(what, Waiting):
            return what
        if what is not None and not isinstance(what, str):
            raise Refused(what)
        done = do()
        if what == "killed after":
            raise Killed
        if what == "after":
            doubt = "The connection broke off."
            raise Refused(Ambiguous(doubt) if where == "commit" else Retryable(doubt))
        return done


class ToyAdapter(Adapter):
    service = Service.TWITTER
    settle = 5.0

    def __init__(self, platform: Platform, guard: Callable[[], None]) -> None:
        self.platform, self.guard = platform, guard
        self.tools: Any = SimpleNamespace(api=SimpleNamespace(pause=None, skew=None))

    def validate(self, post: Outgoing) -> list[str]:
        return ["It is empty; write something."] if not post.text else []

    def parts(self, post: Outgoing) -> int:
        return max(1, len(post.parts))

    def _mark(self, post: Outgoing, part: int) -> str:
        return post.parts[part] if post.parts else post.text

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        def do() -> Outcome:
            if handles.get("media") is None:
                self.platform.uploads += 1
                handles.put("media", f"media of {post.text}")
            return Ready()

        return self.platform.request("prepare", do)

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        assert handles.get("media") is not None
        assert part == 0 or handles.get(f"id:{part - 1}") == self._mark(post, part - 1)
        self.guard()
        mark = self._mark(post, part)

        def do() -> Outcome:
            self.platform.posts.append(mark)
            if self.platform.slow:
                self.platform.processing.add(mark)
                return Accepted(10.0)
            return Published(mark, f"https://x.example/{mark}")

        return self.platform.request("commit", do)

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        mark = self._mark(post, part)

        def do() -> Outcome:
            if self.platform.blind:
                return Ambiguous("Nobody can tell.", "Look at the profile.")
            return Published(mark) if mark in self.platform.posts else Absent()

        return self.platform.request("probe", do)

    def status(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        mark = self._mark(post, part)

        def do() -> Outcome:
            if mark in self.platform.processing:
                return Accepted(10.0)
            return Published(mark)

        return self.platform.request("status", do)

    def permalink(self, platform_id: str) -> str | None:
        return f"https://x.example/{platform_id}"

    def delete(self, platform_id: str) -> Outcome:
        return Absent()


class Desk:
    """One account that can be parked and lose its connection, as the account store does it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.told: list[str] = []
        self.keys: set[str] = set()

    def get(self, account_id: int) -> Account:
        with Session(self.engine) as session:
            row = session.get_one(SocialAccount, account_id)
            return Account(
                id=row.id,
                service=Service(row.service),
                platform_user_id=row.platform_user_id,
                name=row.name,
                kind="person",
            )

    def park(self, account_id: int, until: datetime, reason: str) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(SocialAccount, account_id)
            row.parked_until, row.parked_reason = until, reason

    def needs_reconnect(self, account_id: int, reason: str) -> bool:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(SocialAccount, account_id)
            first = row.status == "active"
            row.status, row.status_reason = "needs_reconnect", reason
            if first:
                self.told.append(reason)
            return first

    def reconnect(self) -> None:
        with Session(self.engine) as session, session.begin():
            for row in session.query(SocialAccount):
                row.status = "active"

    def notify(self, key: str, kind: str, text: str) -> bool:
        if key in self.keys:
            return False
        self.keys.add(key)
        self.told.append(text)
        return True


class World:
    """A ledger, a platform, an account, and people who plan posts."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = Clock()
        self.platform = Platform()
        self.ledger = Ledger(engine, self.clock)
        self.planning = Planning(engine, self.clock)
        self.desk = Desk(engine)
        with Session(engine) as session, session.begin():
            row = SocialAccount(
                service="twitter",
                platform_user_id="1",
                name="Toy",
                kind="person",
                scopes=[],
                details={},
                tokens="",
                issued_at=START,
                created_at=START,
                updated_at=START,
            )
            session.add(row)
            session.flush()
            self.account_id = row.id

    def post(self, text: str, parts: tuple[str, ...] = ()) -> int:
        """The ID of a new post row; nothing is planned yet."""
        with Session(self.engine) as session, session.begin():
            row = SocialPost(
                content_id=text[:60],
                form="own",
                platform="twitter",
                revision=1,
                fingerprint=text[:60],
                status="approved",
                post={},
                created_at=START,
            )
            session.add(row)
            session.flush()
            return row.id

    def plan(
        self, text: str, parts: tuple[str, ...] = (), *, picture: bool = False, **ahead: float
    ) -> int:
        post_id = self.post(text)
        self.schedule(post_id, text, parts, picture=picture, **ahead)
        return post_id

    def schedule(
        self,
        post_id: int,
        text: str,
        parts: tuple[str, ...] = (),
        *,
        picture: bool = False,
        **ahead: float,
    ) -> int:
        out = Outgoing(
            service=Service.TWITTER,
            kind="thread" if parts else "text",
            text=text,
            parts=parts,
            media=(PICTURE,) * picture,
        )
        due = self.clock.at + timedelta(**ahead)
        account = self.desk.get(self.account_id)
        return self.planning.schedule(post_id, text[:60], account, out, due)

    def publisher(self, trace: Callable[[str], None] = lambda _: None) -> Publisher:
        return Publisher(
            self.ledger, self.desk, lambda _, guard: ToyAdapter(self.platform, guard), trace
        )

    def work(self, publisher: Publisher | None = None) -> int:
        """One round: claim what is due or can be prepared, and go as far as it goes. A kill is
        survived."""
        worker = publisher or self.publisher()
        claims = worker.claim("test", 10, ahead=10)
        for claim in claims:
            try:
                worker.publish(claim)
            except Killed:
                return len(claims)
        return len(claims)

    def recover(self, rounds: int = 60) -> None:
        """Time goes by without faults until nothing is left to do."""
        self.platform.faults.clear()
        for _ in range(rounds):
            self.platform.processing.clear()
            self.clock.pass_by(minutes=20)
            self.work()
            if not self.planning.due_by(self.clock.at + timedelta(days=30)):
                return

    def states(self) -> dict[str, str]:
        return {one.content_id: str(one.status) for one in self.planning.planned()}

"""What the tests of every adapter need: an account's tools, kept in memory and on no clock."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from igny8_media.accounts.model import Account, AccountKind, Service
from igny8_media.publishing.api import Api
from igny8_media.publishing.contract import Adapter, Tools
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import (
    NeedsAuth,
    Outcome,
    Published,
    Ready,
    Refused,
    Waiting,
)

if TYPE_CHECKING:
    from igny8_media.sandbox.server import Running

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class MemoryHandles:
    """Handles as the ledger has them: read once, written through where a value is another one.

    `written` is what another process would find.
    """

    def __init__(self, written: Mapping[str, str] | None = None) -> None:
        self.written: dict[str, str] = dict(written or {})
        self.puts: list[str] = []
        self._held = {name: json.loads(value) for name, value in self.written.items()}

    def get(self, name: str) -> Any:
        return self._held.get(name)

    def put(self, name: str, value: Any) -> None:
        if name in self._held and self._held[name] == value:
            return
        self._held[name], self.written[name] = value, json.dumps(value)
        self.puts.append(name)

    def drop(self, prefix: str) -> None:
        for name in [name for name in self._held if name.startswith(prefix)]:
            del self._held[name], self.written[name]


class FixedTokens:
    """Gives the first of its tokens, and the next each time one is refused."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens or ("token-1", "token-2"))

    def current(self) -> str:
        return self.left[0]

    def renewed(self, refused: str) -> str:
        if refused == self.left[0]:
            if len(self.left) == 1:
                raise Refused(NeedsAuth("The account must be connected again.", renewable=False))
            self.left.pop(0)
        return self.left[0]


@dataclass
class Clock:
    """A clock that stands until somebody waits."""

    time: datetime = START
    waited: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time += timedelta(seconds=seconds)


class Folder:
    """Files of posts in a folder; `public` is the address they are hosted under."""

    def __init__(self, root: Path, public: str = "https://cdn.example.org") -> None:
        self.root = root
        self.public = public

    def path(self, file: MediaFile) -> Path:
        return self.root / file.key

    def public_url(self, file: MediaFile) -> str:
        return f"{self.public}/{file.key}"

    def add(self, name: str, content: bytes, mime: str, **measured: Any) -> MediaFile:
        """A file with this content; what is measured of it is what the test says."""
        (self.root / name).write_bytes(content)
        return media(
            name, mime, size=len(content), sha256=hashlib.sha256(content).hexdigest(), **measured
        )


def media(name: str, mime: str, **measured: Any) -> MediaFile:
    """A file as it was measured, one that need not be there."""
    kind = {"image": "image", "video": "video", "application": "document"}[mime.partition("/")[0]]
    usual: dict[str, Any] = {"size": 200_000, "sha256": "0" * 64}
    if kind != "document":
        usual |= {"width": 1200, "height": 1200}
    if kind == "video":
        usual |= {"duration": 20.0, "fps": 30.0, "codec": "h264", "audio_codec": "aac"}
    return MediaFile(key=name, name=name, kind=kind, mime=mime, **(usual | measured))


def account(service: Service, kind: AccountKind, user: str = "1234", **more: Any) -> Account:
    return Account(
        id=1, service=service, platform_user_id=user, name="Ada", kind=kind, sandbox=True, **more
    )


Handler = Callable[[httpx.Request], httpx.Response]


def tools(
    account: Account,
    folder: Folder,
    answer: Handler | httpx.Client,
    *,
    clock: Clock | None = None,
    tokens: FixedTokens | None = None,
) -> Tools:
    """Tools whose API is `answer`: a function, or a client of a real server."""
    clock = clock or Clock()
    client = (
        answer
        if isinstance(answer, httpx.Client)
        else httpx.Client(transport=httpx.MockTransport(answer))
    )
    api = Api(account.service.label, client, tokens or FixedTokens(), now=clock.now)
    return Tools(account, api, folder, clock.now, clock.wait)


@dataclass
class Stage:
    """An adapter on the sandbox, whose clock goes on when somebody waits."""

    adapter: Adapter
    sandbox: "Running"
    clock: Clock
    handles: MemoryHandles = field(default_factory=MemoryHandles)

    def wait(self, seconds: float) -> None:
        self.clock.wait(seconds)
        passed = (self.clock.time - datetime.now(UTC)).total_seconds()
        self.sandbox.config(advance_seconds=max(0.0, passed))

    def prepare(self, post: Outgoing, part: int = 0) -> Outcome:
        """What becomes of the preparation when one waits as long as it asks."""
        for _ in range(500):
            outcome = answered(lambda: self.adapter.prepare(post, self.handles, part))
            if not isinstance(outcome, Waiting):
                return outcome
            self.wait(outcome.after)
        raise AssertionError("the waiting has no end")

    def commit(self, post: Outgoing, part: int = 0) -> Outcome:
        outcome = answered(lambda: self.adapter.commit(post, self.handles, part))
        if isinstance(outcome, Published):  # as the ledger does
            self.handles.put(f"id:{part}", outcome.id)
        return outcome

    def publish(self, post: Outgoing, part: int = 0) -> Outcome:
        outcome = self.prepare(post, part)
        return self.commit(post, part) if isinstance(outcome, Ready) else outcome

    def probe(self, post: Outgoing, part: int = 0, *, since: datetime | None = None) -> Outcome:
        """What the probe says once it can be believed."""
        since = since or self.clock.time
        self.wait(self.adapter.settle)
        return answered(lambda: self.adapter.probe(post, self.handles, part, since))


def answered(ask: Callable[[], Outcome]) -> Outcome:
    """The outcome, however it came."""
    try:
        return ask()
    except Refused as refused:
        return refused.outcome

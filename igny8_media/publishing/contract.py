"""What every platform's adapter does, and what it is handed."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.api import Api
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import Outcome


class Handles(Protocol):
    """What was prepared on the platform for one publication, kept in the ledger by name.

    `put` has written it down when it returns. Values are JSON. What belongs to a part that was
    published must not be dropped; `drop` forgets names that start with `prefix`.
    """

    def get(self, name: str) -> Any: ...

    def put(self, name: str, value: Any) -> None: ...

    def drop(self, prefix: str) -> None: ...


class Media(Protocol):
    """The files of a post."""

    def path(self, file: MediaFile) -> Path:
        """The file on this machine, to be streamed. Raises StorageError if it is gone."""
        ...

    def public_url(self, file: MediaFile) -> str:
        """An https address that the platform can fetch it from, long enough.

        Raises InputError naming the setting that is missing where nothing is hosted.
        """
        ...


@dataclass(frozen=True)
class Tools:
    """What an adapter works with. `now` is in UTC; `wait` sleeps, in seconds."""

    account: Account
    api: Api
    media: Media
    now: Callable[[], datetime]
    wait: Callable[[float], None]


class Adapter(ABC):
    """One account of one platform.

    Publishing is split: `prepare` may be repeated and shows nobody anything; `commit` is the one
    request that makes a part public, and is never repeated on doubt: `probe` settles it.
    Methods return an outcome, or raise `Refused` with one from the depth of their work; they
    classify what the platform said and never raise HTTP errors.
    """

    service: ClassVar[Service]
    settle: ClassVar[float] = 5.0
    """Seconds after a commit from which on `probe` can be believed when it says Absent."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    @abstractmethod
    def validate(self, post: Outgoing) -> list[str]:
        """Everything the platform would refuse, each as a sentence with its remedy; sends nothing.

        Looks at the account's kind and scopes too.
        """

    def parts(self, post: Outgoing) -> int:
        """How many commits it takes; more than one only for a thread."""
        return 1

    @abstractmethod
    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        """Upload and announce what `commit` of this part needs, each handle `put` as soon as it is
        known and not made again when it is there.

        Ready, Waiting, or a refusal. Media of a thread belong to part 0.
        """

    @abstractmethod
    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        """Send the one request. `handles.get(f"id:{n}")` holds the IDs of the parts before.

        Published, Accepted, or a refusal; Ambiguous when it was sent and no verdict came.
        """

    @abstractmethod
    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        """Whether the commit sent at `since` took effect: Published, Accepted, Absent, Retryable
        (ask again later), or Ambiguous when this platform cannot tell."""

    def status(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        """How far an accepted part is: Published, Accepted, or what became of it instead."""
        raise NotImplementedError(f"{self.service.label} accepts nothing that it has not published")

    @abstractmethod
    def permalink(self, platform_id: str) -> str | None:
        """Where people see it; asks the platform where the address does not follow from the ID."""

    @abstractmethod
    def delete(self, platform_id: str) -> Outcome:
        """Take it down. Absent when it is gone (also when it was before), or a refusal."""

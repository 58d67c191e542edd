"""The sandbox's world: who has an account, which tokens are alive, what was uploaded and posted.

Times are seconds since 1970 in UTC. Nothing happens by itself: what takes time carries the moment
at which it is done, and whoever looks compares. One event loop works on it, without locks.
"""

import json
import secrets
import time
from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from igny8_media.errors import InputError
from igny8_media.sandbox.blobs import Blobs

NEVER: Final = 4e12
"""A moment that does not come: processing that is stuck."""
_FILE: Final = "state.json"
PostState = Literal["published", "processing", "inbox", "private", "failed"]


@dataclass
class Person:
    """Whoever posts: a member, an organisation, a page, a channel. `id` is the platform's own."""

    service: str
    id: str
    name: str
    kind: str
    scopes: list[str]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Token:
    """A pair of tokens. `refresh` is empty where none was issued; None never expires."""

    service: str
    user_id: str
    access: str
    scopes: list[str]
    expires_at: float | None
    refresh: str = ""
    refresh_expires_at: float | None = None
    client_id: str = "sandbox"
    revoked: bool = False


@dataclass
class Post:
    """What was committed. It is what `state` says from `ready_at` on, and "processing" before.

    `media` holds {kind, mime, size, sha256, alt_text?, blob}; `extra` what one platform alone
    knows (a poll, a link, a title, `reply_to`, a privacy).
    """

    service: str
    id: str
    url: str
    account: str
    kind: str
    text: str
    created_at: float
    media: list[dict[str, Any]] = field(default_factory=list)
    state: PostState = "published"
    ready_at: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)

    def state_at(self, now: float) -> PostState:
        return self.state if now >= self.ready_at else "processing"


@dataclass
class Config:
    """How the world behaves; every field can be set by `POST /_sandbox/config`.

    `processing_seconds` is how long media take, `latency_ms` how long every request of a platform
    takes. `daily_limit` is posts per account and day by service, `rate_limit` requests per account
    and window by service; a service that is not named has its platform's own. `auto_consent`
    approves consent pages at once; `lenient` takes any client ID and secret; without `dedupes` no
    platform refuses a post for being the same as another, so that nothing covers up a second one;
    `advance_seconds` is how far the world's clock is ahead. `requires_proof` has Meta refuse what
    comes without a proof of the application's secret. `retired` names figures that platforms
    refuse as they do those that are no more.
    """

    processing_seconds: float = 0.0
    latency_ms: float = 0.0
    daily_limit: dict[str, int] = field(default_factory=dict)
    rate_limit: dict[str, int] = field(default_factory=dict)
    auto_consent: bool = False
    lenient: bool = False
    dedupes: bool = True
    advance_seconds: float = 0.0
    requires_proof: bool = False
    retired: list[str] = field(default_factory=list)


class World:
    """All of it. With a folder it survives restarts and keeps the media that were uploaded.

    Raises InputError for a folder whose state cannot be read.
    """

    def __init__(self, folder: Path | None = None, config: Config | None = None) -> None:
        self.config = config or Config()
        self.blobs = Blobs(folder / "media" if folder else None)
        self.requests: Counter[tuple[str, str]] = Counter()
        """How many requests came, by service and role, since the start."""
        self._file = folder / _FILE if folder else None
        self._empty()
        if self._file and self._file.is_file():
            try:
                self._load(json.loads(self._file.read_text(encoding="utf-8")))
            except (ValueError, KeyError, TypeError, OSError) as error:
                raise InputError(
                    f"What the sandbox kept in {self._file} cannot be read ({error}); delete the "
                    "file to begin with nothing."
                ) from error

    def clear(self) -> None:
        """Everybody and everything goes; the configuration stays."""
        self._empty()
        self.requests.clear()
        self.blobs.clear()

    def _empty(self) -> None:
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, Token] = {}
        self.posts: list[Post] = []
        self._indexed: list[Post] | None = None
        self._index: dict[str, dict[str, Post]] = {}
        self._read = 0
        self._shelves: dict[str, dict[str, dict[str, Any]]] = {}
        self._windows: dict[str, tuple[float, int]] = {}
        self._number = 0

    def now(self) -> float:
        return time.time() + self.config.advance_seconds

    def number(self) -> int:
        """The next number of the world, for IDs: 19 digits, rising with time."""
        self._number += 1
        return int(self.now()) * 10**9 + self._number

    def shelf(self, service: str, kind: str) -> MutableMapping[str, dict[str, Any]]:
        """A platform's own things by their ID (uploads, containers); values must be JSON."""
        return self._shelves.setdefault(f"{service}/{kind}", {})

    # People and tokens

    def add_person(self, person: Person) -> Person:
        self.people[f"{person.service}/{person.id}"] = person
        return person

    def person(self, service: str, id: str) -> Person | None:
        return self.people.get(f"{service}/{id}")

    def people_of(self, service: str, kind: str | None = None) -> list[Person]:
        return [
            person
            for person in self.people.values()
            if person.service == service and kind in (None, person.kind)
        ]

    def issue(
        self,
        person: Person,
        scopes: list[str],
        *,
        expires_in: float | None,
        refresh: bool,
        refresh_expires_in: float | None = None,
        client_id: str = "sandbox",
    ) -> Token:
        """A new pair for this person; None never expires."""
        now = self.now()
        token = Token(
            service=person.service,
            user_id=person.id,
            access=f"sandbox-{person.service}-{secrets.token_urlsafe(24)}",
            scopes=scopes,
            expires_at=None if expires_in is None else now + expires_in,
            refresh=f"sandbox-refresh-{secrets.token_urlsafe(24)}" if refresh else "",
            refresh_expires_at=None if refresh_expires_in is None else now + refresh_expires_in,
            client_id=client_id,
        )
        self.tokens[token.access] = token
        return token

    def token(self, access: str) -> Token | None:
        """The token, alive or not; see `alive`."""
        return self.tokens.get(access)

    def alive(self, token: Token) -> bool:
        return not token.revoked and (token.expires_at is None or self.now() < token.expires_at)

    def by_refresh(self, refresh: str) -> Token | None:
        """The pair that this refresh token still renews."""
        for token in self.tokens.values():
            if refresh and token.refresh == refresh and not token.revoked:
                ends = token.refresh_expires_at
                return token if ends is None or self.now() < ends else None
        return None

    # Posts

    def post(self, service: str, id: str) -> Post | None:
        return self.by_id(service).get(id)

    def by_id(self, service: str, account: str | None = None) -> Mapping[str, Post]:
        """The posts of a service, or of one account of it."""
        if self._indexed is not self.posts:
            self._indexed, self._index, self._read = self.posts, {}, 0
        # Posts are only added to the list; what takes one out makes another list.
        for post in self.posts[self._read :]:
            self._index.setdefault(post.service, {})[post.id] = post
        self._read = len(self.posts)
        found = self._index.get(service, {})
        if account is None:
            return found
        return {id: post for id, post in found.items() if post.account == account}

    def posts_of(self, service: str, account: str) -> list[Post]:
        """The account's posts, newest first."""
        return [
            post
            for post in reversed(self.posts)
            if post.service == service and post.account == account
        ]

    def remove(self, post: Post) -> None:
        self.posts = [other for other in self.posts if other is not post]

    def forget(self, service: str, id: str) -> bool:
        """Take a post away, as when its person deletes it by hand; False where it is not there."""
        post = self.post(service, id)
        if post is None:
            return False
        self.remove(post)
        for key, shelf in self._shelves.items():
            if key.startswith(f"{service}/"):
                shelf.pop(id, None)
        return True

    # Limits

    def use(self, key: str, limit: int, seconds: float) -> tuple[bool, int, float]:
        """Count one use in a fixed window; (whether it was free, how many remain, when it ends)."""
        now = self.now()
        ends, used = self._windows.get(key, (0.0, 0))
        if now >= ends:
            ends, used = (now // seconds + 1) * seconds, 0
        free = used < limit
        used += free
        self._windows[key] = (ends, used)
        return free, limit - used, ends

    def left(self, key: str, limit: int, seconds: float) -> tuple[int, float]:
        """How many uses remain, and when the window ends; counts none."""
        ends, used = self._windows.get(key, (0.0, 0))
        now = self.now()
        return (limit - used, ends) if now < ends else (limit, (now // seconds + 1) * seconds)

    # On disk

    def save(self) -> None:
        """Write everything down in one step; nothing to do for a world without a folder."""
        if not self._file:
            return
        document = {
            "people": [vars(person) for person in self.people.values()],
            "tokens": [vars(token) for token in self.tokens.values()],
            "posts": [vars(post) for post in self.posts],
            "shelves": self._shelves,
            "windows": self._windows,
            "number": self._number,
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".part")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(document), encoding="utf-8")
        partial.replace(self._file)

    def _load(self, document: dict[str, Any]) -> None:
        for values in document["people"]:
            self.add_person(Person(**values))
        for values in document["tokens"]:
            self.tokens[values["access"]] = Token(**values)
        self.posts = [Post(**values) for values in document["posts"]]
        self._shelves = document["shelves"]
        self._windows = {key: (ends, used) for key, (ends, used) in document["windows"].items()}
        self._number = document["number"]

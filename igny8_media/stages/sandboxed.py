"""The sandbox as the place of posts that have no account: started when needed, filled on demand."""

import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.model import Account, AccountKind, Service
from igny8_media.accounts.scopes import as_kept, needed
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import token_set
from igny8_media.errors import OutsideError


class Sandbox:
    """`ready` answers its address, and runs it in this process where nobody else does; `ours` is
    that it does. As a context manager it stops what it started.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self._folder = url.rstrip("/"), folder
        self.ours = False
        self._stack = ExitStack()
        self._ready = False
        self._lock = threading.Lock()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def ready(self) -> str:
        """Raises OutsideError when it does not answer and cannot be started."""
        with self._lock:
            if not self._ready and not _answers(self.url):
                self._start()
            self._ready = True
        return self.url

    def _start(self) -> None:
        from igny8_media.sandbox.server import running

        port = _own_port(self.url)
        if port is None:
            raise OutsideError(
                f"The sandbox at {self.url} does not answer; start it there, or take "
                "IGNY8_SANDBOX_URL out."
            )
        try:
            self._stack.enter_context(running(self._folder, port=port))
            self.ours = True
        except OutsideError:
            # Another command may have started it at this very moment.
            if not _answers(self.url):
                raise OutsideError(
                    f"The sandbox cannot start at {self.url}: something else answers there, or the "
                    "port is not for you; choose another one with IGNY8_SANDBOX_URL."
                ) from None

    def page_of(self, service: Service, platform_id: str) -> str:
        """Where its page shows a post."""
        return f"{self.url}/#" + re.sub(r"\W+", "-", f"{service}-{platform_id}")


def _own_port(url: str) -> int | None:
    """Of an address on this machine, where it can be started."""
    try:
        address = urlsplit(url)
        return address.port if address.hostname in ("127.0.0.1", "localhost") else None
    except ValueError:
        return None


def _answers(url: str) -> bool:
    try:
        with httpx.Client(trust_env=False, timeout=5.0) as client:
            return client.get(f"{url}/_sandbox/requests").status_code == 200
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def sandbox_account(
    accounts: Accounts, service: Service, url: str, held: Sequence[Account]
) -> Account:
    """The account of a service on the sandbox at `url`: one of those held, or a new one where the
    sandbox knows none of them, as after it was told to forget everything.

    Raises OutsideError when the sandbox does not make one.
    """
    try:
        with httpx.Client(base_url=url, trust_env=False, timeout=10.0) as client:
            there = {(p["service"], p["id"]) for p in client.get("/_sandbox/accounts").json()}
            known = [a for a in held if (service, a.platform_user_id) in there]
            if known and known[0].status == "active":
                return known[0]
            same = {"platform_user_id": known[0].platform_user_id} if known else {}
            answer = client.post("/_sandbox/accounts", json={"service": service, **same})
            answer.raise_for_status()
            return accounts.add(connection_of(service, answer.json()))
    except (httpx.HTTPError, ValueError) as error:
        raise OutsideError(f"The sandbox at {url} made no account: {error}.") from error


_KINDS: Final[Mapping[Service, AccountKind]] = {
    Service.LINKEDIN: "person",
    Service.TWITTER: "person",
    Service.FACEBOOK: "page",
    Service.INSTAGRAM: "business",
    Service.TIKTOK: "creator",
    Service.YOUTUBE: "channel",
}


def unseen_account(service: Service) -> Account:
    """As the sandbox would make one: to look at a post with before there is any."""
    return Account(
        id=0,
        service=service,
        platform_user_id="0",
        name="the sandbox",
        kind=_KINDS[service],
        sandbox=True,
        scopes=tuple(needed(service)),
    )


def connection_of(service: Service, made: dict[str, Any]) -> Connection:
    """What the sandbox says of an account it made."""
    expires = made.get("expires_at")
    return Connection(
        service=service,
        platform_user_id=made["platform_user_id"],
        name=made["name"],
        kind=made["kind"],
        sandbox=True,
        details=made.get("details") or {},
        grant=Grant(
            tokens=token_set(made["access_token"], made.get("refresh_token")),
            issued_at=datetime.now(UTC),
            expires_at=datetime.fromisoformat(expires) if expires else None,
            scopes=as_kept(made["scopes"]),
        ),
    )

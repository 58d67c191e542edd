"""The sandbox as the place of posts that have no account: started when needed, filled on demand."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import token_set
from igny8_media.errors import OutsideError


class Sandbox:
    """`ready` answers its address, and runs it in this process where nobody else does.

    As a context manager it stops what it started.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url.rstrip("/"), folder
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
            if not self._ready and not _answers(self._url):
                from igny8_media.sandbox.server import running

                address = urlsplit(self._url)
                if address.hostname not in ("127.0.0.1", "localhost") or not address.port:
                    raise OutsideError(
                        f"The sandbox at {self._url} does not answer; start it there, or take "
                        "IGNY8_SANDBOX_URL out."
                    )
                self._stack.enter_context(running(self._folder, port=address.port))
            self._ready = True
        return self._url


def _answers(url: str) -> bool:
    try:
        with httpx.Client(trust_env=False, timeout=5.0) as client:
            return client.get(f"{url}/_sandbox/requests").status_code == 200
    except httpx.HTTPError:
        return False


def sandbox_account(
    accounts: Accounts, service: Service, url: str, held: Sequence[Account]
) -> Account:
    """The account of a service on the sandbox at `url`: the one that is held, else a new one."""
    if held:
        return held[0]
    with httpx.Client(base_url=url, trust_env=False, timeout=10.0) as client:
        answer = client.post("/_sandbox/accounts", json={"service": service})
    if answer.status_code not in (200, 201):
        raise OutsideError(f"The sandbox at {url} made no account: {answer.text[:200]}.")
    return accounts.add(connection_of(service, answer.json()))


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
            scopes=tuple(made["scopes"]),
        ),
    )

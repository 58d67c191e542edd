"""Faults on demand: what is queued by `POST /_sandbox/faults` befalls the next fitting requests."""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final, Literal, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Role = Literal["prepare", "upload", "commit", "status", "probe", "metrics", "token", "other"]
"""What a request is for. `prepare` announces something invisible, `upload` carries bytes, `commit`
makes something public, `status` asks how far it is, `probe` asks what is there, `metrics` reads
figures, `token` is OAuth; `other` is the rest (deleting, who am I)."""

Kind = Literal[
    "reset_before",
    "reset_after",
    "error_before",
    "error_after",
    "limited",
    "limited_bare",
    "unauthorized",
    "slow",
    "late",
    "truncate",
    "duplicate",
    "stuck",
    "processing_failed",
]
"""`..._before`: nothing is done; `..._after`: it is done all the same. `slow` does it and answers
`after` seconds later; `late` waits first, so that it takes effect when the client has given up.
`truncate` does it and breaks the reply off. `duplicate` does it and answers as if the same request
had come twice; it befalls only requests whose platform knows duplicates. `stuck` and
`processing_failed` befall the next thing that the platform processes, whatever asked for it."""

_LATER: Final = ("stuck", "processing_failed")
SERVICES: Final = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")


@dataclass
class Fault:
    """`after` is in seconds, for `slow`, `late` and the wait that `limited` advertises."""

    service: str
    role: str
    kind: Kind
    times: int = 1
    after: float = 60.0


class Faults:
    """The queue. The first fitting fault is taken, once for each of its times."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._queue.append(fault)

    def clear(self) -> None:
        self._queue.clear()

    def waiting(self) -> list[Fault]:
        return list(self._queue)

    def take(self, service: str, role: str, *, dedupes: bool = False) -> Fault | None:
        """The fault that befalls this request, if any."""
        return self._first(
            lambda fault: (
                fault.service in ("any", service)
                and fault.role in ("any", role)
                and fault.kind not in _LATER
                and (dedupes or fault.kind != "duplicate")
            )
        )

    def take_later(self, service: str) -> str | None:
        """`stuck`, `processing_failed`, or None: what becomes of something processed."""
        fault = self._first(
            lambda fault: fault.service in ("any", service) and fault.kind in _LATER
        )
        return fault.kind if fault else None

    def _first(self, fits: Any) -> Fault | None:
        for fault in self._queue:
            if fits(fault):
                fault.times -= 1
                if fault.times == 0:
                    self._queue.remove(fault)
                return fault
        return None


def read_fault(given: Any) -> Fault:
    """A fault from its JSON. Raises ValueError with a sentence."""
    if not isinstance(given, dict):
        raise ValueError("A fault is a JSON object.")
    unknown = set(given) - {"service", "role", "kind", "times", "after"}
    if unknown:
        raise ValueError(f"A fault has no field {sorted(unknown)[0]!r}.")
    service, role = given.get("service", "any"), given.get("role", "any")
    kind: Any = given.get("kind")
    if service not in (*SERVICES, "any"):
        raise ValueError(f"There is no service {service!r}; there are {', '.join(SERVICES)}, any.")
    if role not in (*get_args(Role), "any"):
        raise ValueError(f"There is no role {role!r}; there are {', '.join(get_args(Role))}, any.")
    if kind not in get_args(Kind):
        raise ValueError(f"There is no fault {kind!r}; there are {', '.join(get_args(Kind))}.")
    times, after = given.get("times", 1), given.get("after", 60.0)
    if not isinstance(times, int) or not isinstance(after, int | float) or after < 0:
        raise ValueError("`times` is a whole number (-1: for ever), `after` seconds.")
    return Fault(service, role, kind, times, float(after))


class Wire:
    """The outermost layer: hands every request the connection it came on, to be broken off, and
    dates every reply by the world's clock (`now`, in seconds since 1970)."""

    def __init__(self, app: ASGIApp, now: Callable[[], float]) -> None:
        self._app, self._now = app, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn's `send` is a method of the object that holds the connection.
        scope["sandbox.transport"] = getattr(getattr(send, "__self__", None), "transport", None)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self._now(), usegmt=True).encode()
                message["headers"] = [*message.get("headers", ()), (b"date", date)]
            await send(message)

        await self._app(scope, receive, dated)


def cut(scope: Scope) -> None:
    """Break the connection off with a reset, whatever was about to be sent on it."""
    transport = scope.get("sandbox.transport")
    if transport is None:
        raise ConnectionResetError("the sandbox broke the connection off")
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # Lingering for no time makes the kernel send RST instead of an orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class Cut:
    """A response that never comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cut(scope)
        await _gone(receive)


class Truncated:
    """A response that ends in the middle of what its Content-Length promises."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._status, self._body = status, body
        self._headers = [
            *((name, value) for name, value in headers if name.lower() != b"content-length"),
            (b"content-length", str(len(body) + 16).encode()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self._status, "headers": self._headers}
        )
        half = self._body[: len(self._body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        transport = scope.get("sandbox.transport")
        if transport is not None:
            transport.close()
            await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the server knows that the connection is closed, or it would answer on it."""
    while (await receive())["type"] != "http.disconnect":
        pass

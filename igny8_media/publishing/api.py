"""The one way to a platform's API: timeouts, tokens, redaction, and failures told apart."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import httpx

from igny8_media.accounts.reading import asking_for, read_body
from igny8_media.publishing.outcomes import (
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Refusal,
    Refused,
    Retryable,
)
from igny8_media.unpacking import UnreadableError

log = logging.getLogger(__name__)

TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0, write=60.0)
_MOST_BYTES: Final = 5_000_000
_SECONDS: Final = 120.0
_LATE: Final = 120.0
_SAID: Final = 300
_LONG: Final = 16
"""Characters from which on a part of an address is no word that replies hold anyway."""
_CHUNK: Final = 1 << 20
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

Content = bytes | Callable[[], Iterable[bytes]]
"""A body: bytes, or a function that gives it anew each time it must be sent."""


class Tokens(Protocol):
    """The access token of one account."""

    def current(self) -> str:
        """Renewed beforehand when most of its life is over. Raises Refused(NeedsAuth)."""
        ...

    def renewed(self, refused: str) -> str:
        """Another token than the one that was refused. Raises Refused(NeedsAuth)."""
        ...


@dataclass(frozen=True)
class Reply:
    """What came back. `data` is the JSON, or None where the body holds none."""

    status: int
    headers: httpx.Headers
    body: bytes

    @cached_property
    def data(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def said(self) -> str:
        """The beginning of the body, for a sentence; empty for a page of HTML."""
        text = " ".join(self.body[: _SAID * 2].decode("utf-8", "replace").split())[:_SAID]
        return "" if text.startswith("<") else text


Judge = Callable[[Reply, bool], Refusal | None]
"""`judge(reply, commit)` says what a reply means, or None where it is fine or ordinary."""


class Api:
    """One account's connection to one platform.

    `pause` is until when, and why, the platform asked to be left alone, if an adapter saw it in a
    reply's headers. `skew` is how far this machine's clock is ahead of the platform's.
    """

    def __init__(
        self,
        name: str,
        client: httpx.Client,
        tokens: Tokens,
        *,
        now: Callable[[], datetime],
        guard: Callable[[], None] = lambda: None,
        trace: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`guard` is called right before a commit goes over the wire and may raise to stop it;
        `trace` hears of every request before it is sent and after it is answered."""
        self.pause: tuple[datetime, str] | None = None
        self.skew: timedelta | None = None
        self._name = name
        self._client = client
        self._tokens = tokens
        self._now = now
        self._guard = guard
        self._trace = trace

    def call(
        self,
        method: str,
        url: str,
        *,
        judge: Judge = lambda _reply, _commit: None,
        commit: bool = False,
        auth: Literal["Bearer", "OAuth"] | None = "Bearer",
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        content: Content | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        sign: Callable[[str], Mapping[str, str]] | None = None,
        secret: bool = False,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> Reply:
        """The platform's reply to one request, which `judge` had nothing against.

        `commit` marks the request that makes a post public: what leaves its fate open raises
        Refused(Ambiguous); otherwise the same is Retryable. A token that is refused is renewed
        once and the request sent again. `sign` gives more of the query for a token. `secret`
        keeps the path and query out of every log. `files` are httpx's; open files in them are read
        in pieces. Raises Refused.
        """
        token = self._tokens.current() if auth else ""
        for attempt in (1, 2):
            body = content() if callable(content) else content
            query = {**(params or {}), **(sign(token) if sign else {})}
            request = self._client.build_request(
                method,
                httpx.URL(url, params=query) if query else url,
                json=json,
                data=dict(data) if data is not None else None,
                files=dict(files) if files is not None else None,
                content=body,
                headers=asking_for(headers, f"{auth} {token}" if auth else None),
                timeout=timeout,
            )
            hidden = [token]
            if secret:
                hidden += _secrets_in(request.url)
                target = request.url.raw_path
                request.url = request.url.copy_with(raw_path=b"/...")
                request.extensions = {**request.extensions, "target": target}
            reply = self._exchange(request, hidden, commit=commit)
            verdict = judge(reply, commit) or self._usual(reply, commit)
            if verdict is None:
                return reply
            if isinstance(verdict, NeedsAuth) and verdict.renewable and auth and attempt == 1:
                token = self._tokens.renewed(token)
                continue
            raise Refused(verdict)
        raise AssertionError("unreachable")

    def _exchange(self, request: httpx.Request, hidden: list[str], *, commit: bool) -> Reply:
        if commit:
            self._guard()
        self._trace(f"{request.method} commit" if commit else request.method)
        try:
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                body = read_body(response, _MOST_BYTES, _SECONDS)
            finally:
                response.close()
        except _NOT_SENT as error:
            raise Refused(
                Retryable(
                    f"{self._name} cannot be reached ({type(error).__name__}); check the network."
                )
            ) from None
        except (httpx.HTTPError, UnreadableError) as error:
            # Not the error's own words: some name the address.
            how = f"the connection to {self._name} broke off ({type(error).__name__})"
            late = _LATE if isinstance(error, httpx.TimeoutException) else 0.0
            raise Refused(
                Ambiguous(f"While the post was sent, {how}.", late=late)
                if commit
                else Retryable(f"{how[0].upper()}{how[1:]}.")
            ) from None
        except httpx.InvalidURL:
            raise Refused(
                Halted(f"The address of {self._name} in the settings is no web address.")
            ) from None
        self._trace("reply")
        # Platforms repeat what they were sent, and what they say ends up in sentences and events.
        for one in filter(None, hidden):
            body = body.replace(one.encode(), b"***")
        reply = Reply(response.status_code, response.headers, body)
        self._look_at_clock(reply)
        return reply

    def _usual(self, reply: Reply, commit: bool) -> Refusal | None:
        """What a status code means where the platform has nothing special to say."""
        status, name = reply.status, self._name
        elsewhere = "location" in reply.headers
        if 200 <= status < 300 or (300 <= status < 400 and not commit and not elsewhere):
            return None
        told = f"{name} answered {status}" + (f": {reply.said}" if reply.said else "")
        if status < 400:
            # Nobody says that what redirects did nothing: 303 comes after an effect.
            told += " instead of an answer; check its address in the settings, and any proxy."
            return Ambiguous(told) if commit else Retryable(told)
        if status == 401:
            return NeedsAuth(f"{told}; connect the account again.")
        if status == 429:
            after = retry_after(reply.headers, self._now())
            return Retryable(f"{name} takes no more requests now.", after=after, counted=False)
        if status >= 500 or status == 408:
            # A gateway that waited in vain does not know what goes on behind it.
            late = _LATE if status in (408, 502, 504) else 0.0
            return Ambiguous(told, late=late) if commit else Retryable(told)
        return Permanent(told)

    def _look_at_clock(self, reply: Reply) -> None:
        said = reply.headers.get("date")
        theirs = _date(said) if said else None
        if theirs is not None:
            self.skew = self._now() - theirs


def part_of(path: Path, first: int = 0, length: int | None = None) -> Callable[[], Iterator[bytes]]:
    """A file, or a slice of it, as a body that is read in pieces of 1 MiB.

    Give its Content-Length in the headers, or it is sent in chunks of unknown number.
    """

    def read() -> Iterator[bytes]:
        left = path.stat().st_size - first if length is None else length
        with path.open("rb") as file:
            file.seek(first)
            while left > 0 and (piece := file.read(min(_CHUNK, left))):
                left -= len(piece)
                yield piece

    return read


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, in either of its forms (RFC 9110, 10.2.3)."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), 7 * 86400.0)
    when = _date(said)
    return None if when is None else min(max(0.0, (when - now).total_seconds()), 7 * 86400.0)


def _date(said: str) -> datetime | None:
    """A header's time; None where it is none, however it fails to be one."""
    try:
        when = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo is not None else None


def _secrets_in(url: httpx.URL) -> list[str]:
    """What of a secret address must not be seen: all that comes after its host, and what stands
    for itself in there."""
    target = url.raw_path.decode("ascii")
    long = (value for value in url.params.values() if len(value) >= _LONG)
    return [target, *long] if len(target) >= _LONG else [*long]

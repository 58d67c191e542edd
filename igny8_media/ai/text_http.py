"""What the clients of both vendors share: bodies within a deadline, and what errors mean."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

import httpx2
from pydantic import BaseModel, ValidationError

from igny8_media.ai.text import Fault, TextError
from igny8_media.unpacking import UnreadableError, unpacked

_MOST_BYTES: Final = 5_000_000
_MOST_OF_ALL: Final = 100_000_000
"""Whoever reads an answer has a bound of their own below this one."""
_MOST_OF_ERROR: Final = 1_000_000
_SAID: Final = 200
_KEYLIKE: Final = re.compile(r"\b(?:sk|key|Bearer)[-_ ][\w*-]{4,}", re.IGNORECASE)
_SECRETS: Final = ("authorization", "x-api-key", "xi-api-key", "api_token")
"""Headers that carry a key to a vendor or to a server of one's own."""
_SHORTEST_SECRET: Final = 8

CONNECT_SECONDS: Final = 5.0


class Streamed(Protocol):
    """A response of httpx, or of either SDK, whose body has not been read."""

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


def http_client(*, trust_env: bool = True) -> httpx2.Client:
    """Follows no redirects, so that neither key nor article reach another host.

    What is answered is unpacked piece by piece, also where an SDK reads it: an error's text, say.
    That is read without our key, which servers in trouble send back with what they were asked.
    `trust_env` is httpx's: a proxy for the internet is not one for the loopback.
    """
    return httpx2.Client(
        follow_redirects=False,
        trust_env=trust_env,
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [_bound]},
    )


def timeouts(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


def read_body(response: Streamed, ends: float, most: int = _MOST_BYTES) -> bytes:
    """The whole body, unless it is over `most` bytes or not there at `ends` on the monotonic clock.

    A read timeout alone would wait for ever for a server that sends a byte now and then.
    """
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most:
            raise ValueError(f"more than {most // 10**6} MB")
        if time.monotonic() > ends:
            raise httpx2.ReadTimeout("the deadline has passed")
    return bytes(body)


class _Bounded(httpx2.SyncByteStream):
    """A body that ends: by its size, and by the time the request had."""

    def __init__(self, response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 - of a sync client
        self._stream = response.stream
        self._packing = response.headers.pop("content-encoding", "")
        self._most = _MOST_OF_ERROR if response.is_error else _MOST_OF_ALL
        self._secrets = _secrets_of(response.request) if response.is_error else ()
        seconds = response.request.extensions.get("timeout", {}).get("read")
        self._ends = time.monotonic() + seconds if seconds else None

    def __iter__(self) -> Iterator[bytes]:
        if not self._secrets:
            yield from self._pieces()
            return
        body = b"".join(self._pieces())
        for secret in self._secrets:
            body = body.replace(secret, b"[key]")
        yield body

    def _pieces(self) -> Iterator[bytes]:
        size = 0
        try:
            for piece in unpacked(self._stream, self._packing):
                size += len(piece)
                if size > self._most:
                    raise httpx2.ReadError(f"more than {self._most // 10**6} MB")
                if self._ends is not None and time.monotonic() > self._ends:
                    raise httpx2.ReadTimeout("the deadline has passed")
                yield piece
        except UnreadableError:
            raise httpx2.DecodingError("packed in a way that was not asked for") from None

    def close(self) -> None:
        self._stream.close()


def _bound(response: httpx2.Response) -> None:
    response.stream = _Bounded(response)
    if response.is_error:
        response.headers.pop("content-length", None)  # the key's stand-in has another one


def _secrets_of(request: httpx2.Request) -> tuple[bytes, ...]:
    """The keys that a request carries, without the word before them."""
    values = (request.headers.get(name, "").rpartition(" ")[2] for name in _SECRETS)
    return tuple(value.encode() for value in values if len(value) >= _SHORTEST_SECRET)


def decoded(provider: str, body: bytes, shape: type[BaseModel]) -> Any:
    """The body as `shape`, a type of ours that names the fields we read."""
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise TextError(
            f"{provider} answered something that is not an answer of its API; check its address.",
            Fault.UNAVAILABLE,
        ) from None


def unreachable(provider: str, error: Exception, seconds: float) -> TextError:
    """For what happened to the connection; the error's own words may name addresses and keys."""
    names = {type(part).__name__ for part in (error, error.__cause__) if part is not None}
    if any("Timeout" in name for name in names):
        said = f"{provider} did not answer within {seconds:g} seconds."
        return TextError(said, Fault.UNAVAILABLE, slow=True)
    said = f"{provider} cannot be reached; check that it runs, and its address."
    return TextError(said, Fault.UNAVAILABLE)


def refused(provider: str, status: int, body: object, headers: Mapping[str, str]) -> TextError:
    """What an error status means, by the providers' documented codes."""
    kind, said = _said(body)
    told = f": {said}" if said else ""
    after = _after(headers)
    if status == 402 or any(word in kind for word in ("quota", "billing", "spend", "credit")):
        return TextError(
            f"{provider} has no credit left for this key ({status}){told}; top it up there.",
            Fault.QUOTA,
            after=after,
        )
    if status in (401, 403):
        return TextError(
            f"{provider} does not take the key ({status}); set a valid one, see docs/ai.md.",
            Fault.AUTH,
        )
    if status in (429, 529):
        return TextError(f"{provider} is overloaded ({status}).", Fault.OVERLOADED, after=after)
    if status in (408, 409) or status >= 500 or status < 400:
        return TextError(f"{provider} failed ({status}){told}.", Fault.UNAVAILABLE, after=after)
    if status == 404:
        return TextError(
            f"{provider} does not have this model or address ({status}){told}; name another "
            "model, see docs/ai.md.",
            Fault.REFUSED,
        )
    return TextError(f"{provider} refused the request ({status}){told}.", Fault.REFUSED)


def _said(body: object) -> tuple[str, str]:
    """The error's type and code in one, and its message without anything that looks like a key.

    OpenAI and Anthropic have both in `error`; older servers of one's own have them flat.
    """
    if isinstance(body, bytes | str):
        try:
            body = json.loads(body)
        except ValueError:
            return "", ""
    inner = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(inner, dict):
        inner = {"message": inner}
    kind = f"{inner.get('type') or ''} {inner.get('code') or ''}".lower()
    message = _KEYLIKE.sub("[key]", " ".join(str(inner.get("message") or "").split()))
    return kind, message[:_SAID].rstrip(". ")


def _after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `retry-after-ms` (OpenAI's) or `retry-after`."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "")
        if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
            return float(value) * unit
    return None

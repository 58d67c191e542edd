"""Reading what a platform answers: so much of it, and no more, however it is packed."""

import time
from collections.abc import Mapping

import httpx

from igny8_media.unpacking import UnreadableError, unpacked


def asking_for(headers: Mapping[str, str] | None, authorization: str | None) -> httpx.Headers:
    """The headers of a request, for a body as it is: a packed one may be a thousand times what
    came over the wire, and one packed twice a million times."""
    sent = httpx.Headers(dict(headers or {}))
    sent["Accept-Encoding"] = "identity"
    if authorization:
        sent["Authorization"] = authorization
    return sent


def read_body(response: httpx.Response, most: int, seconds: float) -> bytes:
    """The body, of at most so many bytes, within this time. Raises UnreadableError and httpx's own
    errors."""
    body, ends = bytearray(), time.monotonic() + seconds
    # Not iter_bytes, which unpacks all that came at once before anybody can say stop.
    assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - of a sync client
    for piece in unpacked(response.stream, response.headers.get("content-encoding", "")):
        body += piece
        if len(body) > most or time.monotonic() > ends:
            raise UnreadableError
    return bytes(body)

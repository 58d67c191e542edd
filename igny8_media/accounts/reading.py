"""Reading what a platform answers: so much of it, and no more, however it is packed."""

import time
import zlib
from collections.abc import Mapping

import httpx


def asking_for(headers: Mapping[str, str] | None, authorization: str | None) -> httpx.Headers:
    """The headers of a request, for a body as it is: a packed one may be a thousand times what
    came over the wire, and one packed twice a million times."""
    sent = httpx.Headers(dict(headers or {}))
    sent["Accept-Encoding"] = "identity"
    if authorization:
        sent["Authorization"] = authorization
    return sent


class UnreadableError(Exception):
    """An answer that does not end, or is packed in a way that was not asked for."""


def read_body(response: httpx.Response, most: int, seconds: float) -> bytes:
    """The body, of at most so many bytes, within this time. Raises UnreadableError and httpx's own
    errors.

    Some servers pack it whatever they are asked; memory stays near `most` also then.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", ""):
        unpack = None
    elif packing in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(wbits=47)  # with the head of gzip or of zlib
    else:
        raise UnreadableError
    body, ends = bytearray(), time.monotonic() + seconds
    try:
        # Not iter_bytes, which unpacks all that came at once before anybody can say stop.
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - of a sync client
        for chunk in response.stream:
            body += unpack.decompress(chunk, most + 1) if unpack else chunk
            if len(body) > most or time.monotonic() > ends:
                raise UnreadableError
    except zlib.error:
        raise UnreadableError from None
    if unpack and body and not unpack.eof:
        raise UnreadableError
    return bytes(body)

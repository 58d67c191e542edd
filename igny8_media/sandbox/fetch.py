"""Fetching media from the public address that a client gave, as platforms do."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Final

import httpx

_TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1", "[::1]")
_CHUNK: Final = 1 << 20


class FetchError(Exception):
    """The media could not be had from there; the text says why."""


def fetchable(url: str) -> bool:
    """Whether a platform would try: plain ASCII, https, and no login in the address.

    Plain http is taken on this machine, where the sandbox's own users serve their media.
    """
    if not url.isascii() or len(url) > 4096 or any(c.isspace() for c in url):
        return False
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    if address.userinfo or not address.host:
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.host in _LOOPBACK)


@lru_cache
def _trust() -> ssl.SSLContext:
    """Read once: it takes as long as fetching a hundred pictures of this machine."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    """The media type that a server names, and the bytes, which are read as they come.

    Redirects are not followed: Instagram and TikTok do not follow them either. Raises FetchError.
    """
    if not fetchable(url):
        raise FetchError("the address is not a public https address in plain ASCII")
    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT, verify=_trust(), trust_env=False) as client,
            client.stream("GET", url, follow_redirects=False) as response,
        ):
            if response.status_code != 200:
                raise FetchError(f"its server answered {response.status_code}")
            mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            yield mime, response.aiter_bytes(_CHUNK)
    except httpx.HTTPError as error:
        raise FetchError(f"it could not be read ({type(error).__name__})") from None


async def fetched(url: str, most: int) -> tuple[str, bytes]:
    """The media type and the bytes, of at most `most`. Raises FetchError."""
    body = bytearray()
    async with opened(url) as (mime, pieces):
        async for piece in pieces:
            body += piece
            if len(body) > most:
                raise FetchError(f"it is larger than {most} bytes")
    return mime, bytes(body)

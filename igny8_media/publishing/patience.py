"""An end to how long a server may drip its answer.

httpx's own limit is for each single read: a head that comes byte by byte never reaches it, and
would hold a post for days.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Final

import httpcore
import httpx

_DRIPPING: Final = 120.0
"""Seconds that an answer may take, beyond what its first byte may."""


def end_dripping(client: httpx.Client, seconds: float = _DRIPPING) -> None:
    """Give the client's connections this limit, those through the environment's proxies too."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool
            pool._network_backend = _Backend(pool._network_backend, seconds)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, plain: httpcore.NetworkBackend, seconds: float) -> None:
        self._plain, self._seconds = plain, seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, plain: httpcore.NetworkStream, seconds: float) -> None:
        self._plain, self._seconds = plain, seconds
        self._asked: float | None = None
        """When reading began after what was written last."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        now = time.monotonic()
        if self._asked is None:
            self._asked = now
        left = self._asked + (timeout or 0.0) + self._seconds - now
        if left <= 0:
            raise httpcore.ReadTimeout("the answer does not end")
        return self._plain.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._asked = None
        self._plain.write(buffer, timeout)

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        plain = self._plain.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(plain, self._seconds)

    def get_extra_info(self, info: str) -> object:
        return self._plain.get_extra_info(info)

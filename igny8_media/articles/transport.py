"""An httpx transport that connects only to addresses it has checked, within a deadline.

The name is resolved once, each address is checked, and the connection goes to the checked address
itself, so a name server that answers differently the second time (DNS rebinding) changes nothing.
TLS still verifies the certificate against the name.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import httpcore
import httpx

from igny8_media.articles.addresses import Network, Resolver, checked_addresses

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


@contextmanager
def deadline(seconds: float) -> Iterator[Callable[[], float]]:
    """Everything read or written inside ends in time, however slowly the other side drips.

    Yields a function that tells the seconds left.
    """
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield _left
    finally:
        _deadline.reset(token)


def _left() -> float:
    return _deadline.get() - time.monotonic()


def _within(timeout: float | None, error: type[Exception]) -> float | None:
    left = _left()
    if left <= 0:
        raise error("the time allowed is over")
    if left == float("inf"):
        return timeout
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _within(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, resolve: Resolver, allowed: Sequence[Network]) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in checked_addresses(host, port, self._resolve, self._allowed):
            left = _within(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, left, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream)
        raise failure


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], close: Callable[[], None]) -> None:
        self._stream = stream
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._close()


class CheckedTransport(httpx.BaseTransport):
    """What `httpx.HTTPTransport` does, over a network backend of our own.

    Errors are httpcore's, except those of the address check.
    """

    def __init__(
        self, resolve: Resolver, allowed: Sequence[Network], tls: ssl.SSLContext | None = None
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(),
            network_backend=_CheckedBackend(resolve, allowed),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        stream = answer.stream
        assert isinstance(stream, Iterable)  # noqa: S101 - a synchronous pool streams synchronously
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(stream, answer.close),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()

"""Fetching what articles point to, without letting them point where they should not."""

import ssl
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urljoin

import httpcore
import httpx

from igny8_media.articles.addresses import Resolver, parse_networks, system_resolver
from igny8_media.articles.transport import CheckedTransport, deadline
from igny8_media.errors import InputError, OutsideError

MAX_REDIRECTS = 5
_AGENT = "igny8-media/0.1"


@dataclass(frozen=True)
class Fetched:
    """A complete answer: `url` is where the last redirect led, header names are lower-case."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def mime(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        return httpx.Response(200, headers=self.headers).charset_encoding


class SafeFetcher:
    """An HTTP client for addresses that come from articles and their sources.

    Refuses every scheme but http and https, and every host on loopback, link-local, private,
    multicast or reserved addresses, at each redirect again, unless `allow_networks` (CIDR) holds
    the address. An answer takes at most `timeout` seconds in all and `max_bytes` after
    decompression. Proxies from the environment are not used: they would connect unchecked.
    Safe to share between threads.
    """

    def __init__(
        self,
        *,
        timeout: float = 20.0,
        allow_networks: Sequence[str] = (),
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self._client = httpx.Client(
            transport=CheckedTransport(resolve, parse_networks(allow_networks), tls),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> "SafeFetcher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def fetch(self, url: str, *, max_bytes: int, accept: str = "*/*") -> Fetched:
        """A successful answer.

        Raises InputError when asking again is pointless (refused, missing, too large) and
        OutsideError when it may help.
        """
        answer = self.get(url, max_bytes=max_bytes, headers={"Accept": accept})
        if answer.status >= 500 or answer.status in {408, 425, 429}:
            raise OutsideError(f"{url} answered {answer.status}; try again later.")
        if answer.status != 200:
            raise InputError(f"{url} answered {answer.status}; check the address.")
        return answer

    def get(self, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None) -> Fetched:
        """Whatever the server answers, redirects followed; the same errors otherwise.

        `headers` are only sent to the host of `url`, so no redirect carries a password away.
        """
        address, host = url, None
        with deadline(self._timeout):
            for _ in range(MAX_REDIRECTS + 1):
                target = _checked_url(address)
                host = host or target.host
                own = dict(headers or {}) if target.host == host else {}
                answer = self._one(target, max_bytes, own)
                location = answer.headers.get("location")
                if answer.status not in {301, 302, 303, 307, 308} or not location:
                    return answer
                address = _joined(str(target), location)
        raise InputError(f"{url} redirects more than {MAX_REDIRECTS} times; give the last address.")

    def _one(self, url: httpx.URL, max_bytes: int, headers: dict[str, str]) -> Fetched:
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                return Fetched(
                    url=str(url),
                    status=response.status_code,
                    headers=dict(response.headers),
                    content=_body(response, max_bytes),
                )
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise OutsideError(
                f"{url} did not answer within {self._timeout:g} seconds; try again later."
            ) from None
        except (httpcore.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise InputError(f"{url} cannot be fetched: {error}.") from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpx.TransportError,
            httpx.StreamError,
            ssl.SSLError,
            OSError,
        ) as error:
            raise OutsideError(f"{url} cannot be reached: {error}; try again later.") from error


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        raise InputError(f"{base} redirects to {location[:120]!r}, which is no address.") from None


def _checked_url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        raise InputError(f"{address[:200]!r} is not a valid URL; check the address.") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise InputError(f"{address[:200]!r} is not an http(s) address; only those are fetched.")
    return url


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """The whole body, decompressed, given up as soon as it is longer than `max_bytes`."""
    too_large = InputError(
        f"{response.url} is larger than {max_bytes / 1e6:g} MB; use a smaller version of it."
    )
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > max_bytes:
        raise too_large
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise InputError(
            f"{response.url} came compressed as {encoding!r}, which was not asked for."
        )
    # 47: zlib or gzip, told apart by the header.
    unpack = None if encoding in {"identity", ""} else zlib.decompressobj(wbits=47)
    body = bytearray()
    try:
        for chunk in response.iter_raw():
            body += unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
            if len(body) > max_bytes:
                raise too_large
    except zlib.error:
        raise OutsideError(f"{response.url} came damaged; try again later.") from None
    return bytes(body)

"""One question to a library's API: its answer, or an error that never holds the key."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from igny8_media.stock.model import KeyRefusedError, Provider, RateLimitedError, StockError
from igny8_media.unpacking import UnreadableError, unpacked

_MOST_BYTES = 5_000_000
_SECONDS = 20.0
# Answers that say which question was wrong are short; a page of HTML says nothing.
_SAID = 160


def ask(
    client: httpx.Client,
    provider: Provider,
    url: str,
    params: Mapping[str, str | int],
    *,
    headers: Mapping[str, str] | None = None,
    secret: Mapping[str, str] | None = None,
) -> Any:
    """The JSON that `url` answers, of at most 5 MB within 20 seconds.

    `secret` are parameters that go over the wire and nowhere else: httpx writes the address of
    every request to its log, so they travel in its `target` extension, which replaces the path
    that is sent but not the address that is logged. Redirects are not followed, so that neither
    they nor the headers reach another host. Raises StockError, or the kind of it that fits.
    """
    address = httpx.URL(url, params=dict(params))
    request = client.build_request("GET", address, headers=dict(headers or {}))
    if secret:
        whole = address.copy_merge_params(dict(secret))
        request.extensions = {**request.extensions, "target": whole.raw_path}
    try:
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            content = _body(response, provider)
        finally:
            response.close()
    except httpx.TimeoutException:
        raise StockError(f"{provider} did not answer in time; try again later.") from None
    except httpx.HTTPError as error:
        # Not the error's own words: some name the address.
        raise StockError(
            f"{provider} cannot be reached ({type(error).__name__}); check the network and its "
            "base URL."
        ) from None
    except UnreadableError:
        raise StockError(f"{provider} answered something that cannot be unpacked.") from None
    hidden = (*(secret or {}).values(), *(headers or {}).values())
    _raise_for(response, content, provider, hidden)
    try:
        return json.loads(content)
    except ValueError:
        raise StockError(f"{provider} answered something that is not JSON.") from None


def _body(response: httpx.Response, provider: Provider) -> bytes:
    ends = time.monotonic() + _SECONDS
    body = bytearray()
    assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - of a sync client
    packing = response.headers.get("content-encoding", "")
    for piece in unpacked(response.stream, packing):
        body += piece
        if len(body) > _MOST_BYTES:
            raise StockError(f"{provider} answered more than {_MOST_BYTES // 10**6} MB.")
        if time.monotonic() > ends:
            raise StockError(f"{provider} took longer than {_SECONDS:.0f} seconds to answer.")
    return bytes(body)


def _raise_for(
    response: httpx.Response, content: bytes, provider: Provider, hidden: tuple[str, ...]
) -> None:
    status = response.status_code
    if status == 200:
        return
    said = content[:_SAID].decode("utf-8", "replace").strip()
    if any(secret and secret in said for secret in hidden) or "<" in said:
        said = ""
    if status in (401, 403) or (status == 400 and "api key" in said.lower()):
        raise KeyRefusedError(
            f"{provider} does not take the API key ({status}); set IGNY8_{provider.upper()}_KEY "
            "to a valid one."
        )
    if status == 429:
        after = _seconds(response.headers)
        when = f"in {after:.0f} seconds" if after is not None else "in an hour"
        raise RateLimitedError(f"{provider} takes no more questions now; try again {when}.", after)
    told = f": {said}" if said else ""
    raise StockError(f"{provider} answered {status}{told}")


def _seconds(headers: httpx.Headers) -> float | None:
    """Pixabay tells seconds until more is allowed; Pexels tells nothing with a 429."""
    for name in ("retry-after", "x-ratelimit-reset"):
        value = headers.get(name, "")
        # A larger number is a point in time, as Pexels has it on successful answers.
        if value.isascii() and value.isdigit() and int(value) <= 24 * 3600:
            return float(value)
    return None

"""One question to a platform about an account: its answer, or an error without any token in it."""

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx

from igny8_media.accounts.errors import NotAllowedError, RefreshFailedError, TokenRefusedError
from igny8_media.accounts.reading import asking_for, read_body
from igny8_media.unpacking import UnreadableError

TIMEOUT: Final = httpx.Timeout(20.0, connect=10.0)
_MOST_BYTES: Final = 2_000_000
_SECONDS: Final = 30.0
_SAID: Final = 200
_TOKEN_CODES: Final = {102, 190}
"""Meta's: session invalid, token expired or revoked (Graph API error handling, 2026-10)."""


def ask(
    client: httpx.Client,
    label: str,
    url: str,
    token: str | None,
    params: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    secret: bool = False,
) -> dict[str, Any]:
    """The JSON object that `url` answers to a GET, of at most 2 MB within 30 seconds.

    `secret` keeps the query out of logs. Raises TokenRefusedError, NotAllowedError, or
    RefreshFailedError when the platform cannot answer now.
    """
    sent = asking_for(headers, f"Bearer {token}" if token else None)
    request = client.build_request("GET", httpx.URL(url, params=params), headers=sent)
    if secret:
        # httpx logs the address of every request; `target` is what goes over the wire.
        request.extensions = {**request.extensions, "target": request.url.raw_path}
        request.url = request.url.copy_with(query=None)
    try:
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            data = _object(read_body(response, _MOST_BYTES, _SECONDS))
        finally:
            response.close()
    except (httpx.HTTPError, UnreadableError) as error:
        # Not the error's own words: some name the address.
        raise RefreshFailedError(
            f"{label} cannot be asked ({type(error).__name__}); check the network and try again."
        ) from None
    hidden = [token or "", *(params or {}).values()] if secret or token else []
    _raise_for(response.status_code, data, label, hidden)
    return data


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _raise_for(status: int, data: Mapping[str, Any], label: str, hidden: list[str]) -> None:
    error = data.get("error")
    inner: Mapping[str, Any] = error if isinstance(error, dict) else {}
    code = inner.get("code")
    # TikTok says "ok" in every good answer; Meta has errors only in bad ones.
    if status < 300 and code in (None, "ok"):
        if not data:
            raise RefreshFailedError(f"{label} answered something that is not JSON.")
        return
    said = inner.get("message") or data.get("message") or data.get("detail") or error or ""
    said = " ".join(str(said).split())[:_SAID]
    for one in hidden:
        said = said.replace(one, "***") if len(one) > 3 else said
    told = f"{label} answered {status}" + (f": {said.rstrip('.')}." if said else ".")
    if code in _TOKEN_CODES or (status == 401 and code != "scope_not_authorized"):
        raise TokenRefusedError(told)
    if status in (408, 429) or status >= 500:
        raise RefreshFailedError(told)
    raise NotAllowedError(told)

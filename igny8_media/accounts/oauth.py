"""Consent and tokens: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), spoken by Authlib."""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
from authlib.common.urls import add_params_to_qs, add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from igny8_media.accounts.apps import App
from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.scopes import as_asked, as_kept
from igny8_media.accounts.vault import token_set

# Together below the lease of a renewal, so that nobody else begins one meanwhile.
_TIMEOUT: Final = httpx2.Timeout(20.0, connect=10.0)
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}
"""Authlib's own name a charset with the form's type, which some take for another type."""
_MOST_BYTES: Final = 1_000_000
_SECONDS: Final = 30.0
_LONGEST_WAIT: Final = 3600.0
_LONGEST_LIFE: Final = 100 * 365 * 86400
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,20000}")
"""What can stand in a header (RFC 6750, 2.1, takes even less)."""
_SAID: Final = 200
_OUR_FAULT: Final = {"invalid_client", "unauthorized_client", "deleted_client", "org_internal"}
_THEIR_FAULT: Final = {
    "temporarily_unavailable",
    "server_error",
    "slow_down",
    "rate_limit_exceeded",
}
_TRANSIENT_META: Final = {1, 2, 4, 17, 32, 613}


@dataclass(frozen=True)
class Consent:
    """A question to a person: `url` is where they answer it. `verifier` proves that whoever
    brings the code is who asked."""

    app: App
    redirect_uri: str
    url: str = field(repr=False)
    verifier: str | None = field(repr=False)


def ask_consent(app: App, redirect_uri: str, scopes: Sequence[str], state: str) -> Consent:
    """Makes the address to open; sends nothing. `state` comes back with the answer."""
    verifier = secrets.token_urlsafe(48) if app.challenge else None
    challenge = {"code_challenge": challenge_of(app, verifier)} if verifier else {}
    method = {"code_challenge_method": "S256"} if verifier else {}
    with _client(app) as client:
        url, _ = client.create_authorization_url(
            app.consent_url,
            state=state,
            redirect_uri=redirect_uri,
            scope=as_asked(app.service, scopes),
            **challenge,
            **method,
            **app.extra,
        )
    if app.says_who == "tiktok":
        url = url.replace("client_id=", "client_key=", 1)
    return Consent(app, redirect_uri, url, verifier)


def challenge_of(app: App, verifier: str) -> str:
    """PKCE's code challenge, as this platform encodes it."""
    if app.challenge == "hex":
        return hashlib.sha256(verifier.encode("ascii")).hexdigest()
    return str(create_s256_code_challenge(verifier))


def redeem(consent: Consent, code: str) -> Grant:
    """The tokens for the code that a consent brought; X wants it within 30 seconds."""
    app = consent.app
    verifier = {"code_verifier": consent.verifier} if consent.verifier else {}

    def fetch(client: OAuth2Client) -> Mapping[str, Any]:
        fetched: Mapping[str, Any] = client.fetch_token(
            app.token_url,
            method=app.method,
            headers=_HEADERS,
            grant_type="authorization_code",
            code=code,
            redirect_uri=consent.redirect_uri,
            **verifier,
        )
        return fetched

    return _granted(app, fetch, hidden=(code, consent.verifier or ""))


def renew(app: App, refresh_token: str) -> Grant:
    """New tokens for a refresh token.

    Raises ReconnectNeededError when it is dead, AppRefusedError when our registration is refused,
    RefreshFailedError when trying again later may help.
    """

    def fetch(client: OAuth2Client) -> Mapping[str, Any]:
        fetched: dict[str, Any] = dict(
            client.refresh_token(app.token_url, refresh_token, headers=_HEADERS)
        )
        # Authlib puts the old one in where none came: then its end stays what it was, too.
        if fetched.get("refresh_token") == refresh_token:
            del fetched["refresh_token"]
        return fetched

    return _granted(app, fetch, hidden=(refresh_token,))


def exchange(app: App, grant_type: str, **fields: str) -> Grant:
    """Tokens for something else than a code; Meta gives a token of 60 days for one of an hour."""

    def fetch(client: OAuth2Client) -> Mapping[str, Any]:
        fetched: Mapping[str, Any] = client.fetch_token(
            app.token_url, method=app.method, headers=_HEADERS, grant_type=grant_type, **fields
        )
        return fetched

    return _granted(app, fetch, hidden=tuple(fields.values()))


def is_token(text: str) -> bool:
    """Whether it can be sent as one: what cannot would fail only when a post goes out."""
    return _TOKEN.fullmatch(text) is not None


def _client(app: App) -> OAuth2Client:
    client = OAuth2Client(
        app.client_id,
        app.secret.get_secret_value(),
        token_endpoint_auth_method=app.says_who,
        timeout=_TIMEOUT,
        event_hooks={"request": [_hide_query], "response": [_bound]},
    )
    client.register_client_auth_method(("tiktok", _as_tiktok))
    client.register_client_auth_method(("query", _in_query))
    for moment in ("access_token_response", "refresh_token_response"):
        client.register_compliance_hook(moment, _look_at_status)
    return client


def _as_tiktok(
    client: Any, _method: str, uri: str, headers: Any, body: bytes
) -> tuple[str, Any, str]:
    known = [("client_key", client.client_id), ("client_secret", client.client_secret)]
    return uri, headers, add_params_to_qs(body, known)


def _in_query(
    client: Any, _method: str, uri: str, headers: Any, body: bytes
) -> tuple[str, Any, bytes]:
    known = [("client_id", client.client_id), ("client_secret", client.client_secret)]
    return add_params_to_uri(uri, known), headers, body


def _hide_query(request: httpx2.Request) -> None:
    """Secrets in a query go over the wire and nowhere else: httpx2 logs every address."""
    if request.url.query:
        target = request.url.raw_path
        request.extensions = {**request.extensions, "target": target}
        request.url = request.url.copy_with(query=None)


def _bound(response: httpx2.Response) -> None:
    """No answer with a token is long, and none need be packed."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx2.DecodingError("it is packed", request=response.request)
    assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 - of a sync client
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size, ends = 0, time.monotonic() + _SECONDS
        for chunk in self._stream:
            size += len(chunk)
            if size > _MOST_BYTES or time.monotonic() > ends:
                raise httpx2.ReadError("it does not end")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class _LaterError(Exception):
    def __init__(self, status: int, after: float) -> None:
        super().__init__(status)
        self.status, self.after = status, after


def _look_at_status(response: httpx2.Response) -> httpx2.Response:
    """Authlib reads bodies; these replies mean the same whatever is in them."""
    if response.status_code in (408, 429) or response.status_code >= 500:
        said = response.headers.get("retry-after", "")
        after = float(said) if said.isdecimal() else 30.0
        raise _LaterError(response.status_code, min(after, _LONGEST_WAIT))
    return response


def _granted(
    app: App, fetch: Callable[[OAuth2Client], Mapping[str, Any]], hidden: tuple[str, ...]
) -> Grant:
    asked, label = datetime.now(UTC), app.service.label
    try:
        with _client(app) as client:
            answer = fetch(client)
        return _grant_of(answer, asked)
    except OAuthError as error:
        raise _refusal(app, error.error, error.description, hidden) from None
    except _LaterError as error:
        raise RefreshFailedError(
            f"{label} gives no tokens now (it answered {error.status}); it is asked again later.",
            error.after,
        ) from None
    except httpx2.HTTPError as error:
        # Not the error's own words: some name the address.
        raise RefreshFailedError(
            f"{label} cannot be reached for a token ({type(error).__name__}); check the network."
        ) from None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise RefreshFailedError(f"{label} answered something that is no token.") from None


def _grant_of(answer: Mapping[str, Any], asked: datetime) -> Grant:
    """Raises KeyError, ValueError or TypeError for what is no answer with a token."""
    access, refresh = answer["access_token"], answer.get("refresh_token")
    if not isinstance(access, str) or not is_token(access):
        raise ValueError("no access token")
    refresh_seconds = answer.get("refresh_token_expires_in") or answer.get("refresh_expires_in")
    return Grant(
        tokens=token_set(access, refresh if isinstance(refresh, str) else None),
        issued_at=asked,
        expires_at=_after(asked, answer.get("expires_in")),
        refresh_expires_at=_after(asked, refresh_seconds),
        scopes=as_kept(answer["scope"]) if answer.get("scope") else None,
    )


def _after(moment: datetime, seconds: Any) -> datetime | None:
    """None for a token without an end; Meta leaves the field out or writes 0."""
    life = int(seconds or 0)
    return moment + timedelta(seconds=life) if 0 < life < _LONGEST_LIFE else None


def _refusal(
    app: App, error: Any, description: Any, hidden: tuple[str, ...]
) -> AppRefusedError | ReconnectNeededError | RefreshFailedError:
    label, code = app.service.label, str(error)
    if isinstance(error, Mapping):  # Meta's own form
        code, description = str(error.get("code")), error.get("message")
        if error.get("is_transient") or error.get("code") in _TRANSIENT_META:
            return RefreshFailedError(f"{label} gives no tokens now; it is asked again later.")
        if error.get("code") == 101:  # no such app, or not its secret
            code = "invalid_client"
    said = " ".join(str(description or code).split())[:_SAID]
    for secret in (*hidden, app.secret.get_secret_value()):
        said = said.replace(secret, "***") if secret else said
    if code in _THEIR_FAULT:
        return RefreshFailedError(f"{label} gives no tokens now: {said.rstrip('.')}.")
    if code in _OUR_FAULT:
        return AppRefusedError(
            f"{label} does not accept this installation's application: {said.rstrip('.')}. Check "
            "its ID and secret in the settings; see docs/accounts.md."
        )
    return ReconnectNeededError(f"{label} refused to give a token: {said.rstrip('.')}.")

"""From a person's consent, or tokens that they have, to the accounts these open."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import httpx
from pydantic import AwareDatetime, Field, SecretStr, ValidationError, field_validator

from igny8_media.accounts.apps import App, app_of
from igny8_media.accounts.callback import PATH, waiting_for_visit
from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.identity import accounts_of
from igny8_media.accounts.model import AccountKind, Service
from igny8_media.accounts.oauth import ask_consent, exchange, is_token, redeem
from igny8_media.accounts.scopes import as_kept, needed
from igny8_media.accounts.vault import TokenSet
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.misfits import misfits

PATIENCE: Final = 300.0
"""Seconds that a person has to answer."""
_META: Final = (Service.FACEBOOK, Service.INSTAGRAM)
_KINDS: Final[dict[Service, tuple[AccountKind, ...]]] = {
    Service.LINKEDIN: ("person", "organization"),
    Service.TWITTER: ("person",),
    Service.FACEBOOK: ("page",),
    Service.INSTAGRAM: ("business",),
    Service.TIKTOK: ("creator",),
    Service.YOUTUBE: ("channel",),
}


class TokenFile(Frozen):
    """Tokens that a person has already, as a JSON file. Times have a zone, or are Unix seconds."""

    access_token: SecretStr = Field(min_length=1)
    refresh_token: SecretStr | None = None
    expires_at: AwareDatetime | None = None
    refresh_expires_at: AwareDatetime | None = None
    platform_user_id: str | None = None
    scopes: tuple[str, ...] = ()
    name: str | None = None
    kind: AccountKind | None = None
    service: Service | None = None
    details: Mapping[str, Any] = {}

    @field_validator("access_token")
    @classmethod
    def _sendable(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        if not is_token(text):
            raise ValueError("it holds blanks or signs that no token has; copy it again")
        return SecretStr(text)

    @field_validator("platform_user_id")
    @classmethod
    def _plain(cls, value: str | None) -> str | None:
        # It becomes part of addresses.
        if value is not None and not re.fullmatch(r"[\w.:-]{1,200}", value, re.ASCII):
            raise ValueError("it is no ID")
        return value

    @field_validator("scopes", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return as_kept(value) if isinstance(value, str) else value

    @field_validator("platform_user_id", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value


def read_token_file(written: str, service: Service) -> TokenFile:
    """Raises InputError for what does not fit, without showing a token."""
    try:
        given = TokenFile.model_validate_json(written)
    except ValidationError as error:
        why = misfits(error, TokenFile, secret=True)[0]
        raise InputError(
            f"The token file does not fit: {why}; docs/accounts.md shows one."
        ) from None
    if given.service not in (None, service):
        raise InputError(
            f"The token file is of {given.service.label if given.service else ''}, not of "
            f"{service.label}."
        )
    kinds = _KINDS[service]
    if given.kind not in (None, *kinds):
        raise InputError(f"{service.label} has no {given.kind} accounts; write {kinds[0]}.")
    return given


def from_token_file(
    given: TokenFile, service: Service, hosts: Hosts, client: httpx.Client, now: datetime
) -> Connection:
    """The account of these tokens; the platform is asked whose they are if the file does not say.

    Raises InputError where they open several and the file does not say which.
    """
    grant = Grant(
        tokens=TokenSet(access_token=given.access_token, refresh_token=given.refresh_token or None),
        issued_at=now,
        expires_at=given.expires_at,
        refresh_expires_at=given.refresh_expires_at,
        scopes=as_kept(given.scopes),
    )
    if given.platform_user_id:
        return Connection(
            service=service,
            platform_user_id=given.platform_user_id,
            name=given.name or given.platform_user_id,
            kind=given.kind or _KINDS[service][0],
            grant=grant,
            details=given.details,
        )
    known = grant if given.scopes else grant.model_copy(update={"scopes": None})
    found = accounts_of(service, known, hosts, client)
    if len(found) > 1:
        those = ", ".join(f"{one.platform_user_id} ({one.name})" for one in found)
        raise InputError(
            f"These tokens open several accounts: {those}; write the platform_user_id of one into "
            "the token file."
        )
    changes = {
        "name": given.name or found[0].name,
        "details": {**found[0].details, **given.details},
    }
    return found[0].model_copy(update=changes)


def connect(
    service: Service,
    kind: AccountKind | None,
    hosts: Hosts,
    port: int,
    show: Callable[[str, str], None],
    client: httpx.Client,
    patience: float = PATIENCE,
) -> list[Connection]:
    """Ask a person for their consent in a browser; the accounts that it opens.

    `show(address, redirect_uri)` lets the person open the address. Raises ConsentError when they
    say no or do not answer, AppRefusedError and others when the platform does not take part.
    """
    app = app_of(service, hosts)
    with waiting_for_visit(port) as callback:
        redirect_uri = f"http://{_loopback(service)}:{callback.port}{PATH}"
        asked = needed(service, kind, member_analytics=hosts.linkedin_member_analytics)
        consent = ask_consent(app, redirect_uri, list(asked), callback.state)
        show(consent.url, redirect_uri)
        code = callback.wait(patience, service.label)
        # X takes the code for 30 seconds only.
        grant = redeem(consent, code)
    return accounts_of(service, _lasting(app, grant), hosts, client)


def _loopback(service: Service) -> str:
    # RFC 8252 wants the number, X refuses the name; Meta allows the name alone.
    return "localhost" if service in _META else "127.0.0.1"


def _lasting(app: App, grant: Grant) -> Grant:
    """Meta's first token is for an hour or two: the tokens of Pages would end with it."""
    if app.service not in _META:
        return grant
    return exchange(app, "fb_exchange_token", fb_exchange_token=grant.tokens.access)


def kind_of(service: Service, said: str | None) -> AccountKind | None:
    """A kind of account of this platform. Raises InputError for another's."""
    for kind in _KINDS[service]:
        if said == kind:
            return kind
    if said is not None:
        raise InputError(f"{service.label} has {' and '.join(_KINDS[service])} accounts only.")
    return None

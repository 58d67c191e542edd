"""What connecting an account, or renewing its tokens, brings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from igny8_media.accounts.model import AccountKind, Service
from igny8_media.accounts.vault import TokenSet
from igny8_media.frozen import Frozen


class Grant(Frozen):
    """A platform's answer with tokens.

    `expires_at` None means never. A renewal may leave out the refresh token, its expiry and the
    scopes: then the earlier ones go on being good.
    """

    tokens: TokenSet
    issued_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    refresh_expires_at: AwareDatetime | None = None
    scopes: tuple[str, ...] | None = None


class Connection(Frozen):
    """An account that can be posted to with the tokens of `grant`."""

    service: Service
    platform_user_id: str
    name: str
    kind: AccountKind
    grant: Grant
    sandbox: bool = False
    details: Mapping[str, Any] = {}


def due_at(issued_at: datetime, expires_at: datetime | None) -> datetime | None:
    """When four fifths of a token's life are over; None for one that lives for ever."""
    return None if expires_at is None else issued_at + (expires_at - issued_at) * 0.8

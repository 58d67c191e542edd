"""What connecting an account, or renewing its tokens, brings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, field_validator

from igny8_media.accounts.model import AccountKind, Service
from igny8_media.accounts.vault import TokenSet
from igny8_media.frozen import Frozen

_JOINERS: Final = "\u200c\u200d"
"""Unseen signs that words of some languages and some emoji are written with."""


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

    @field_validator("name")
    @classmethod
    def _shown(cls, value: str) -> str:
        """People give their accounts any name, and it is shown in terminals."""
        seen = "".join(one if one.isprintable() or one in _JOINERS else " " for one in value)
        return " ".join(seen.split())[:200] or "(no name)"


def due_at(issued_at: datetime, expires_at: datetime | None) -> datetime | None:
    """When four fifths of a token's life are over; None for one that lives for ever."""
    return None if expires_at is None else issued_at + (expires_at - issued_at) * 0.8

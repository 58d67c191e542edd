"""Between the table `social_account` and the models, inside a transaction of whoever calls."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.accounts.connection import Grant
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.vault import Vault
from igny8_media.database.notifications import notify
from igny8_media.database.tables import SocialAccount
from igny8_media.errors import InputError

REMOVED = "removed"
"""The status of an account of which only its publications still tell; its tokens are gone."""


def locked(session: Session, account_id: int) -> SocialAccount:
    """The account's row, which nobody else changes before this transaction ends.

    Raises InputError where there is no such account, or no longer.
    """
    row = session.scalars(
        select(SocialAccount).where(SocialAccount.id == account_id).with_for_update()
    ).first()
    if row is None or row.status == REMOVED:
        raise InputError(
            f"There is no account {account_id}; `igny8-media accounts list` shows those there are."
        )
    return row


def locked_family(
    session: Session, account_id: int, vault: Vault, refresh: str | None
) -> tuple[SocialAccount, list[SocialAccount]]:
    """The account's row, and those that hold the same refresh token, all locked.

    A LinkedIn member's organizations come from one consent: where the platform rotates, a renewal
    for one kills the refresh token of all. They are locked in one order, so that two who renew
    never wait for each other.
    """
    kin = session.get(SocialAccount, account_id)
    if kin is None or refresh is None:
        return locked(session, account_id), []
    rows = session.scalars(
        select(SocialAccount)
        .where(
            SocialAccount.service == kin.service,
            SocialAccount.sandbox == kin.sandbox,
            SocialAccount.status != REMOVED,
        )
        .order_by(SocialAccount.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    sharing = [
        row for row in rows if row.id != account_id and vault.open(row.tokens).refresh == refresh
    ]
    return locked(session, account_id), sharing


def account_of(row: SocialAccount) -> Account:
    values = {name: getattr(row, name) for name in Account.model_fields}
    values |= {"service": Service(row.service), "scopes": tuple(row.scopes)}
    if row.status == REMOVED:
        values |= {"status": "needs_reconnect", "status_reason": "It was removed."}
    return Account.model_validate(values)


def put_grant(row: SocialAccount, grant: Grant, vault: Vault, now: datetime) -> None:
    """Give the row these tokens, and its account back its good standing."""
    row.tokens = vault.seal(grant.tokens)
    row.token_version = (row.token_version or 0) + 1
    row.issued_at = grant.issued_at
    row.expires_at = grant.expires_at
    row.refresh_expires_at = grant.refresh_expires_at
    if grant.scopes is not None:
        row.scopes = list(grant.scopes)
    row.status, row.status_reason = "active", ""
    row.refresh_by = row.refresh_until = None
    row.updated_at = now


def flag(session: Session, row: SocialAccount, reason: str, now: datetime) -> bool:
    """Say that a locked account needs its person: once for each set of tokens."""
    row.refresh_by = row.refresh_until = None
    if row.status == "needs_reconnect":
        return False
    row.status, row.status_reason, row.updated_at = "needs_reconnect", reason, now
    account = account_of(row)
    text = (
        f"{account.service.label} no longer lets us post as {row.name}: {reason} Its posts wait. "
        f"Connect it again with: {connect_command(account)}"
    )
    return notify(session, f"reconnect:{row.id}:{row.token_version}", "reconnect", text, now)


def connect_command(account: Account) -> str:
    kind = " --kind organization" if account.kind == "organization" else ""
    return f"igny8-media accounts connect {account.service}{kind}" + (
        " --sandbox" if account.sandbox else ""
    )

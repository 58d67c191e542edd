"""Keeping accounts usable: tokens renewed in time, and people told before they must act."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from igny8_media.accounts.apps import app_of, hosts_of
from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account
from igny8_media.accounts.renewal import Refresher
from igny8_media.accounts.rows import connect_command
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import TokenSet
from igny8_media.errors import Igny8Error
from igny8_media.frozen import Frozen

WARN_BEFORE: Final = timedelta(days=10)
"""LinkedIn's tokens of 60 days: told from day 50."""


class Upkept(Frozen):
    """What became of one account."""

    account: Account
    outcome: Literal["fresh", "renewed", "later", "needs_reconnect", "refused"]
    reason: str = ""


def refresher(hosts: Hosts, sandbox_url: str) -> Refresher:
    """Renews tokens where each account's platform answers."""

    def refresh(account: Account, tokens: TokenSet) -> Grant:
        from igny8_media.accounts.oauth import renew  # Authlib takes a while to import

        if tokens.refresh is None:
            raise ReconnectNeededError(f"{account.service.label} gave nothing to renew it with.")
        return renew(app_of(account.service, hosts_of(account, hosts, sandbox_url)), tokens.refresh)

    return refresh


def refresh_due(
    accounts: Accounts, refresh: Refresher, now: Callable[[], datetime]
) -> Sequence[Upkept]:
    """Renew every token that has used up four fifths of its life; one account's trouble leaves
    the others alone. Tells people of those that only they can renew, ten days before."""
    return [_upkeep(accounts, account, refresh, now()) for account in accounts.list()]


def _upkeep(accounts: Accounts, account: Account, refresh: Refresher, now: datetime) -> Upkept:
    if account.status != "active":
        return Upkept(account=account, outcome="needs_reconnect", reason=account.status_reason)
    try:
        renewed = accounts.tokens(account.id, refresh).keep_fresh()
        ends = accounts.ends_at(account.id)
    except ReconnectNeededError as error:
        return Upkept(account=account, outcome="needs_reconnect", reason=str(error))
    except RefreshFailedError as error:
        return Upkept(account=account, outcome="later", reason=str(error))
    except AppRefusedError as error:
        return Upkept(account=account, outcome="refused", reason=str(error))
    except Igny8Error as error:
        return Upkept(account=account, outcome="later", reason=str(error))
    if ends is not None and ends - now <= WARN_BEFORE:
        accounts.notify(
            f"ending:{account.id}:{ends:%Y%m%d}", "reconnect", ending(account, ends, now)
        )
    return Upkept(account=accounts.get(account.id), outcome="renewed" if renewed else "fresh")


def ending(account: Account, ends: datetime, now: datetime) -> str:
    """That its person must connect it again, and by when."""
    days = max(0, (ends - now).days)
    when = f"in {days} days" if days > 1 else "within a day" if ends > now else "already"
    over = "is over" if ends <= now else "ends"
    return (
        f"What {account.service.label} allowed for {account.name} {over} {when} ({ends:%Y-%m-%d}) "
        f"and cannot be renewed without you; connect it again with: {connect_command(account)}"
    )

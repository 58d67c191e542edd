"""`accounts list`, `check`, `resume`, `remove`, `rotate-key`: the accounts that are connected."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
import httpx

from igny8_media.accounts.apps import hosts_of
from igny8_media.accounts.asking import TIMEOUT
from igny8_media.accounts.checking import check
from igny8_media.accounts.hosts import load_hosts
from igny8_media.accounts.keys import KEY_FILE, listed, rotate_file
from igny8_media.accounts.model import Account
from igny8_media.accounts.scopes import missing
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.upkeep import WARN_BEFORE, ending, refresher
from igny8_media.errors import Igny8Error, InputError
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop


def accounts_list(*, as_json: bool) -> int:
    accounts, now = Workshop(load_settings()).accounts, datetime.now(UTC)
    known = accounts.list()
    if as_json:
        shown = [_as_json(account, _ends(accounts, account), now) for account in known]
        click.echo(json.dumps({"accounts": shown}, indent=2, ensure_ascii=False))
        return 0
    if not known:
        click.echo("No account is connected; `igny8-media accounts connect PLATFORM` adds one.")
    for account in known:
        where = f"{account.service.label}{' (sandbox)' if account.sandbox else ''}"
        click.echo(
            f"{account.id:>4}  {where:<20} {account.kind:<13} {account.name:<28} "
            f"{_standing(account, now)}"
        )
        if warning := _warning(account, _ends(accounts, account), now):
            click.echo(f"      {warning}")
        if account.status == "active" and _parked(account, now):
            click.echo(
                f"      When that is settled sooner: igny8-media accounts resume {account.id}"
            )
    return 0


def accounts_check(which: str | None) -> int:
    """Ask each platform whose tokens these are; 1 when something is wrong with one."""
    settings, hosts = load_settings(), load_hosts()
    accounts = Workshop(settings).accounts
    chosen = [accounts.find(which)] if which else accounts.list()
    bad = 0
    with httpx.Client(timeout=TIMEOUT) as client:
        for account in chosen:
            tokens = accounts.tokens(account.id, refresher(hosts, settings.sandbox_url))
            own = hosts_of(account, hosts, settings.sandbox_url)
            bad += _told(account, lambda: check(accounts, account, tokens, own, client))  # noqa: B023
    return 1 if bad else 0


def _told(account: Account, ask: Callable[[], str]) -> bool:
    """Whether something is wrong."""
    where = f"{account.id} {account.service.label}"
    try:
        name = ask()
    except Igny8Error as error:
        click.echo(f"{where}: {error}")
        return True
    click.echo(f"{where}: is {name}, and takes our token.")
    for sentence in missing(account.service, account.kind, account.scopes or ()):
        if account.scopes:
            click.echo(f"{where}: {sentence}")
    return False


def accounts_resume(which: str) -> int:
    accounts = Workshop(load_settings()).accounts
    account = accounts.find(which)
    put_off = accounts.resume(account.id)
    where = f"{account.name} of {account.service.label}"
    if put_off is None:
        click.echo(f"{where} is not parked: its posts go out when they are due.")
        return 0
    told = f"; {put_off} that waited for it will be tried again" * bool(put_off)
    click.echo(
        f"{where} is parked no more: its posts go out when they are due{told}. If its platform "
        "still says no, it is parked again."
    )
    return 0


def accounts_remove(which: str, *, force: bool) -> int:
    accounts = Workshop(load_settings()).accounts
    account = accounts.find(which)
    cancelled = accounts.remove(account.id, force=force)
    posts = f" {cancelled} waiting post{'s were' if cancelled > 1 else ' was'} cancelled."
    click.echo(
        f"{account.name} of {account.service.label} is removed, its tokens are deleted."
        f"{posts if cancelled else ''} What you allowed is still allowed there until you take it "
        f"back in {account.service.label}'s settings."
    )
    return 0


def accounts_rotate_key() -> int:
    """Encrypt all tokens anew; with the newest given key, or a new one in the key file."""
    settings = load_settings()
    accounts = Workshop(settings).accounts
    if settings.token_key is None:
        count = rotate_file(settings.resolved_home / KEY_FILE, accounts.reseal)
        click.echo(
            f"The tokens of {count} account{'' if count == 1 else 's'} are encrypted with a new "
            f"key in {settings.resolved_home / KEY_FILE}."
        )
        return 0
    if len(listed(settings.token_key.get_secret_value())) < 2:
        raise InputError(
            "IGNY8_TOKEN_KEY has one key only; write a new one before it, with a comma between, "
            "and run this again. docs/accounts.md tells how to make one."
        )
    count = accounts.reseal()
    click.echo(
        f"The tokens of {count} account{'' if count == 1 else 's'} are encrypted with the first "
        "key of IGNY8_TOKEN_KEY; the others can go once every process was started with it."
    )
    return 0


def _standing(account: Account, now: datetime) -> str:
    if account.status != "active":
        return "needs you"
    if _parked(account, now):
        return f"waits until {account.parked_until:%Y-%m-%d %H:%M} UTC: {account.parked_reason}"
    return "active"


def _parked(account: Account, now: datetime) -> bool:
    return account.parked_until is not None and account.parked_until > now


def _warning(account: Account, ends: datetime | None, now: datetime) -> str:
    if account.status != "active":
        return account.status_reason
    return ending(account, ends, now) if ends is not None and ends - now <= WARN_BEFORE else ""


def _ends(accounts: Accounts, account: Account) -> datetime | None:
    try:
        return accounts.ends_at(account.id)
    except InputError:
        return None  # tokens that cannot be read are `check`'s to tell


def _as_json(account: Account, ends: datetime | None, now: datetime) -> dict[str, Any]:
    return {
        **account.model_dump(mode="json"),
        "reconnect_before": ends.isoformat() if ends else None,
        "warning": _warning(account, ends, now),
    }

"""`accounts connect` and `accounts add`: how accounts come to be known."""

import sys
import webbrowser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import httpx

from igny8_media.accounts.asking import TIMEOUT
from igny8_media.accounts.connecting import (
    connect,
    from_token_file,
    kind_of,
    read_token_file,
)
from igny8_media.accounts.connection import Connection
from igny8_media.accounts.hosts import Hosts, load_hosts
from igny8_media.accounts.model import Account, AccountKind, Service
from igny8_media.accounts.scopes import missing
from igny8_media.accounts.store import Accounts
from igny8_media.errors import InputError
from igny8_media.settings import Settings, load_settings
from igny8_media.stages.workshop import Workshop


def accounts_connect(
    platform: str, kind: str | None, *, sandbox: bool, port: int | None, browser: bool
) -> int:
    """Ask in the browser, let the person choose, and keep what they chose."""
    settings, service = load_settings(), Service(platform)
    hosts, accounts = _hosts(settings, sandbox=sandbox), Workshop(settings).accounts
    wanted = kind_of(service, kind) or _as_before(accounts.list(service), sandbox=sandbox)

    def show(address: str, redirect_uri: str) -> None:
        click.echo(
            f"Open this address and allow {service.label} to let us post. It sends you back to "
            f"{redirect_uri}, which must be registered there.\n\n{address}\n"
        )
        if browser:
            webbrowser.open(address)

    with httpx.Client(timeout=TIMEOUT) as client:
        number = settings.callback_port if port is None else port
        found = connect(service, wanted, hosts, number, show, client)
    found = [one.model_copy(update={"sandbox": sandbox}) for one in found]
    _keep(accounts, found, _chosen(found))
    return 0


def accounts_add(
    platform: str, file: Path, name: str | None, kind: str | None, *, sandbox: bool
) -> int:
    """Keep an account whose tokens the person has already."""
    settings, service = load_settings(), Service(platform)
    try:
        written = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The token file {file} cannot be read: {error}; check its path."
        ) from None
    given = read_token_file(written, service)
    given = given.model_copy(
        update={"name": name or given.name, "kind": kind_of(service, kind) or given.kind}
    )
    with httpx.Client(timeout=TIMEOUT) as client:
        hosts = _hosts(settings, sandbox=sandbox)
        found = from_token_file(given, service, hosts, client, datetime.now(UTC))
    one = found.model_copy(update={"sandbox": sandbox})
    _keep(Workshop(settings).accounts, [one], [one])
    return 0


def _hosts(settings: Settings, *, sandbox: bool) -> Hosts:
    hosts = load_hosts()
    return hosts.on_sandbox(settings.sandbox_url) if sandbox else hosts


def _as_before(known: Sequence[Account], *, sandbox: bool) -> AccountKind | None:
    """LinkedIn ends a member's earlier tokens when other permissions are asked for: where
    organizations are connected, theirs must be asked for again."""
    kinds = {account.kind for account in known if account.sandbox == sandbox}
    return "organization" if "organization" in kinds else None


def _chosen(found: Sequence[Connection]) -> list[Connection]:
    if len(found) == 1:
        return list(found)
    for number, one in enumerate(found, 1):
        click.echo(f"  {number}  {one.name} ({one.kind})")
    text: str = click.prompt("Which of these? Numbers with commas, or all", default="all")
    if text.strip().casefold() == "all":
        return list(found)
    numbers = [part.strip() for part in text.split(",")]
    wrong = [
        n for n in numbers if not n.isascii() or not n.isdigit() or not 0 < int(n) <= len(found)
    ]
    if wrong:
        raise InputError(
            f"'{', '.join(wrong)}' is none of the numbers 1 to {len(found)}; run the command again."
        )
    return [found[int(number) - 1] for number in dict.fromkeys(numbers)]


def _keep(accounts: Accounts, found: Sequence[Connection], chosen: Sequence[Connection]) -> None:
    """Keep the chosen ones; others of the same consent that are connected already get the new
    tokens too, as the platform may have ended their earlier ones."""
    known = {(a.service, a.platform_user_id, a.sandbox) for a in accounts.list()}
    for one in found:
        if one in chosen or (one.service, one.platform_user_id, one.sandbox) in known:
            account = accounts.add(one)
            where = f"{account.service.label}{' on the sandbox' if account.sandbox else ''}"
            ends = accounts.ends_at(account.id)
            until = f"; connect it again before {ends:%Y-%m-%d}" if ends else ""
            click.echo(
                f"Account {account.id} is {account.name} ({account.kind}) of {where}{until}."
            )
    granted = next((one.grant.scopes for one in chosen), None)
    if granted:
        for sentence in missing(chosen[0].service, chosen[0].kind, granted):
            click.echo(sentence)

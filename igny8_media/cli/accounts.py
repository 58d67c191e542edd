"""What can be typed about accounts."""

import sys
from pathlib import Path

import click

_SERVICES = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")
_KIND = click.option("--kind", metavar="KIND", help="For LinkedIn: person or organization.")
_SANDBOX = click.option("--sandbox", is_flag=True, help="An account of the sandbox server.")


@click.group()
def accounts() -> None:
    """Connect the accounts that posts go out through."""


@accounts.command("connect")
@click.argument("platform", type=click.Choice(_SERVICES))
@_KIND
@_SANDBOX
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where the browser comes back to; default: IGNY8_CALLBACK_PORT, 8976.",
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def connect_account(
    platform: str, kind: str | None, sandbox: bool, port: int | None, no_browser: bool
) -> None:
    """Ask in the browser for leave to post, and keep it; connects again what was connected."""
    from igny8_media.command.accounts_connect import accounts_connect

    sys.exit(accounts_connect(platform, kind, sandbox=sandbox, port=port, browser=not no_browser))


@accounts.command("add")
@click.argument("platform", type=click.Choice(_SERVICES))
@click.option(
    "--token-file",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="A JSON file, see docs/accounts.md.",
)
@click.option("--name", help="What to call it here.")
@_KIND
@_SANDBOX
def add_account(
    platform: str, file: Path, name: str | None, kind: str | None, sandbox: bool
) -> None:
    """Keep an account whose tokens you have already."""
    from igny8_media.command.accounts_connect import accounts_add

    sys.exit(accounts_add(platform, file, name, kind, sandbox=sandbox))


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def list_accounts(as_json: bool) -> None:
    """Show the accounts, and which of them need you."""
    from igny8_media.command.accounts import accounts_list

    sys.exit(accounts_list(as_json=as_json))


@accounts.command("check")
@click.argument("account", required=False)
def check_account(account: str | None) -> None:
    """Ask the platforms whether they still take our tokens; ACCOUNT is a number or a name."""
    from igny8_media.command.accounts import accounts_check

    sys.exit(accounts_check(account))


@accounts.command("resume")
@click.argument("account")
def resume_account(account: str) -> None:
    """Let an account post again before its platform's time is over: you bought credits, or more of
    a quota. ACCOUNT is a number or a name."""
    from igny8_media.command.accounts import accounts_resume

    sys.exit(accounts_resume(account))


@accounts.command("remove")
@click.argument("account")
@click.option("--force", is_flag=True, help="Also cancel the posts that wait for it.")
def remove_account(account: str, force: bool) -> None:
    """Forget an account and its tokens; ACCOUNT is a number or a name."""
    from igny8_media.command.accounts import accounts_remove

    sys.exit(accounts_remove(account, force=force))


@accounts.command("rotate-key")
def rotate_key() -> None:
    """Encrypt all tokens with a new key."""
    from igny8_media.command.accounts import accounts_rotate_key

    sys.exit(accounts_rotate_key())

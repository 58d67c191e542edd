"""What can be typed about credits."""

import sys
from decimal import Decimal

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


def _amount(_: click.Context, __: click.Parameter, value: str) -> Decimal:
    try:
        return Decimal(value)
    except ArithmeticError:
        raise click.BadParameter(f"{value!r} is not a number.") from None


@click.group()
def credits() -> None:
    """What work costs, what there is, and where it went."""


@credits.command("estimate")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--platforms", metavar="LIST", help="linkedin,twitter,facebook,instagram,tiktok")
@click.option("--videos", metavar="LIST", help="short,long or none")
@_JSON
def estimate(
    sources: tuple[str, ...], platforms: str | None, videos: str | None, as_json: bool
) -> None:
    """Tell what everything of these articles would cost at most. Nothing is made."""
    from igny8_media.command import credits as command

    sys.exit(command.credits_estimate(sources, platforms, videos, as_json=as_json))


@credits.command()
@_JSON
def balance(as_json: bool) -> None:
    """What there is, what is set aside, and what was spent."""
    from igny8_media.command import credits as command

    sys.exit(command.credits_balance(as_json=as_json))


@credits.command()
@click.option(
    "--last",
    "most",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="How many entries.",
)
@_JSON
def ledger(most: int, as_json: bool) -> None:
    """Every credit that was granted, set aside, given back or spent, and what for."""
    from igny8_media.command import credits as command

    sys.exit(command.credits_ledger(most, as_json=as_json))


@credits.command()
@click.argument("amount", callback=_amount)
@click.option("--note", default="", help="What it is for, for whoever reads the ledger.")
@_JSON
def grant(amount: Decimal, note: str, as_json: bool) -> None:
    """Add AMOUNT credits."""
    from igny8_media.command import credits as command

    sys.exit(command.credits_grant(amount, note, as_json=as_json))

"""What can be typed about models and their providers."""

import sys
from datetime import datetime
from decimal import Decimal

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
_KIND = click.Choice(["text", "speech", "image", "transcription"])


def _price(_: click.Context, __: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        price = Decimal(value)
    except ArithmeticError:
        raise click.BadParameter(f"{value!r} is not a number.") from None
    if not price.is_finite() or price < 0:
        raise click.BadParameter("a price is zero or more.")
    return price


@click.group()
def ai() -> None:
    """Providers of words, voices, pictures and transcripts, and their models."""


@ai.command()
@_JSON
def check(as_json: bool) -> None:
    """Ask each provider how it is, which models it offers, and tell what one article costs.

    Nothing is made, and nothing is paid for.
    """
    from igny8_media.command import ai_check as command

    sys.exit(command.ai_check(as_json=as_json))


@ai.group()
def models() -> None:
    """The models we know of: what they cost, and when they end."""


@models.command("list")
@click.option("--kind", type=_KIND, help="Only these.")
@_JSON
def list_them(kind: str | None, as_json: bool) -> None:
    """All models, shipped and added."""
    from igny8_media.command import ai_models as command

    sys.exit(command.models_list(kind, as_json=as_json))


@models.command()
@click.argument("kind", type=_KIND)
@click.argument("provider")
@click.argument("name")
@click.option("--input-price", callback=_price, help="Dollars for a million tokens read.")
@click.option("--output-price", callback=_price, help="Dollars for a million tokens written.")
@click.option(
    "--price",
    callback=_price,
    help="Dollars for a million characters spoken, one picture, or one minute heard.",
)
@click.option("--context", type=click.IntRange(min=1), help="Tokens it holds.")
@click.option("--output", type=click.IntRange(min=1), help="Tokens it writes at most.")
@click.option("--characters", type=click.IntRange(min=1), help="The longest text it speaks.")
@click.option("--retires", type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option("--also", multiple=True, help="Another name that people use for it.")
@click.option("--default", is_flag=True, help="Ask it where no setting names another.")
@click.option("--better", is_flag=True, help="Ask it where the best quality is wanted.")
@_JSON
def add(
    kind: str,
    provider: str,
    name: str,
    retires: datetime | None,
    also: tuple[str, ...],
    default: bool,
    better: bool,
    as_json: bool,
    **figures: object,
) -> None:
    """Add a model, or change what is known of one."""
    from igny8_media.command import ai_models as command

    told: dict[str, object] = {
        **figures,
        "retires": retires.date() if retires else None,
        "also": also or None,
        "default": default or None,
        "better": better or None,
    }
    changed = {key: value for key, value in told.items() if value is not None}
    sys.exit(command.models_add(kind, provider, name, changed, as_json=as_json))


@models.command()
@click.argument("kind", type=_KIND)
@click.argument("provider")
@click.argument("name")
def remove(kind: str, provider: str, name: str) -> None:
    """Take back what was added; a shipped model stays as it was shipped."""
    from igny8_media.command import ai_models as command

    sys.exit(command.models_remove(kind, provider, name))

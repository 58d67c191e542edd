"""`igny8-media credits`: what work would cost, what there is, and where it went."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import click

from igny8_media.command.given import read_choices, read_sources
from igny8_media.credits.model import Entry
from igny8_media.credits.prices import PriceList, shown
from igny8_media.frozen import Frozen
from igny8_media.settings import load_settings
from igny8_media.stages.estimating import AssetEstimate, estimate
from igny8_media.stages.paying import reclaim
from igny8_media.stages.workshop import Workshop

_OFF: Final = (
    "Credits are not asked for as things are; IGNY8_CREDITS=true asks for them (docs/credits.md)."
)


def credits_estimate(
    sources: Sequence[str], platforms: str | None, videos: str | None, *, as_json: bool
) -> int:
    """The most that everything of these articles costs; 1 where one of them cannot be read."""
    settings = load_settings()
    wanted_platforms, wanted_forms = read_choices(settings, platforms, videos)
    shop, prices = Workshop(settings), PriceList(settings.prices)
    given, refused = read_sources(settings, sources)
    found = {g: estimate(shop, g.content_id, wanted_platforms, wanted_forms) for g in given}
    everything = sum((each.credits for assets in found.values() for each in assets), Decimal(0))
    balance = shop.credits.balance()
    if as_json:
        contents = [
            {
                "content_id": g.content_id,
                "title": g.title,
                "credits": shown(sum((each.credits for each in assets), Decimal(0))),
                "assets": [_estimate_as_json(each) for each in assets],
            }
            for g, assets in found.items()
        ]
        _print(
            {
                "credits": shown(everything),
                "asked_for": settings.credits,
                "balance": _plain(balance),
                "contents": contents,
                "errors": [{"content_id": r.content_id, "message": r.message} for r in refused],
            }
        )
        return 1 if refused else 0
    for g, assets in found.items():
        click.echo(g.title)
        for each in assets:
            click.echo(f"  {each.asset:<28} {_number(each.credits)}  {_why(each, prices)}")
    click.echo(f"  {'at most':<28} {_number(everything)}")
    click.echo(f"  {'you have':<28} {_number(balance.available)}")
    if not settings.credits:
        click.echo(_OFF)
    for one in refused:
        click.echo(one.message, err=True)
    return 1 if refused else 0


def credits_balance(*, as_json: bool) -> int:
    """What there is; what runs that died had set aside comes back first."""
    shop = Workshop(load_settings())
    reclaim(shop)
    _show_balance(shop, as_json)
    return 0


def credits_ledger(most: int, *, as_json: bool) -> int:
    """The newest entries."""
    entries = Workshop(load_settings()).credits.entries(most)
    if as_json:
        _print({"entries": [_plain(entry) for entry in entries]})
        return 0
    if not entries:
        click.echo("Nothing was granted yet; `igny8-media credits grant AMOUNT` does.")
    for entry in entries:
        at = entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        click.echo(
            f"{at}  {entry.kind:<8} {_number(entry.amount)} {_number(entry.balance)}  "
            f"{_about(entry)}".rstrip()
        )
    return 0


def credits_grant(amount: Decimal, note: str, *, as_json: bool) -> int:
    """Add credits, and say what there is now."""
    shop = Workshop(load_settings())
    shop.credits.grant(amount, note)
    _show_balance(shop, as_json)
    return 0


def _show_balance(shop: Workshop, as_json: bool) -> None:
    balance = shop.credits.balance()
    if as_json:
        _print(_plain(balance) | {"asked_for": shop.settings.credits})
        return
    click.echo(f"{_number(balance.available)}  available")
    click.echo(f"{_number(balance.reserved)}  set aside for what is being made")
    click.echo(f"{_number(balance.spent)}  spent")
    if balance.limit:
        click.echo(f"{_number(balance.limit)}  may be spent beyond zero")
    if not shop.settings.credits:
        click.echo(_OFF)


def _why(each: AssetEstimate, prices: PriceList) -> str:
    if each.unchanged:
        return "unchanged"
    if not each.charges:
        return "nothing to make"
    return ", ".join(
        f"{charge.use.task} {_quantity(charge.use.quantity)} x "
        f"{shown(prices.rate(charge.use.task, charge.use.grade))} a {prices.unit(charge.use.task)}"
        for charge in each.charges
    )


def _about(entry: Entry) -> str:
    served = " ".join(part for part in (entry.provider, entry.model) if part)
    work = f"{entry.task} {_quantity(entry.quantity)}" if entry.quantity is not None else entry.task
    asset = f"{entry.content_id} {entry.asset}".strip()
    return "  ".join(part for part in (asset, work, served, entry.note) if part)


def _quantity(quantity: Decimal) -> str:
    return shown(round(quantity, 2))


def _number(amount: Decimal) -> str:
    return f"{shown(amount):>10}"


def _estimate_as_json(each: AssetEstimate) -> dict[str, Any]:
    return {
        "asset": each.asset,
        "credits": shown(each.credits),
        "unchanged": each.unchanged,
        "for": {charge.use.task: shown(charge.credits) for charge in each.charges},
    }


def _plain(told: Frozen) -> dict[str, Any]:
    """As JSON, amounts as strings: a number there would be a float."""
    plain = told.model_dump(mode="json")
    exact = {name: value for name, value in told if isinstance(value, Decimal)}
    return plain | {name: shown(value) for name, value in exact.items()}


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))

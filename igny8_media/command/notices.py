"""`igny8-media notices`: what people are told, and through which channels."""

import json

import click

from igny8_media.notices.digest import Message, without_secrets
from igny8_media.settings import load_settings
from igny8_media.stages.noticing import look_around, open_channels, tell
from igny8_media.stages.workshop import Workshop

_TRIAL = Message(
    "igny8-media: a test", "If you read this, news of your posts and videos reaches you here."
)


def notices_list(most: int, *, as_json: bool) -> int:
    """The newest pieces of news, the newest first."""
    shop = Workshop(load_settings())
    look_around(shop)
    found = shop.notices.latest(most)
    if as_json:
        news = [{**one.model_dump(mode="json"), "text": without_secrets(one.text)} for one in found]
        click.echo(json.dumps({"notices": news}, ensure_ascii=False, indent=1))
        return 0
    for one in found:
        told = "told" if one.sent_at else "not told yet"
        click.echo(f"{one.created_at:%Y-%m-%d %H:%M} UTC  {one.kind}, {told}")
        click.echo(f"  {without_secrets(one.text)}")
    if not found:
        click.echo("There is no news.")
    return 0


def notices_send() -> int:
    """Tell what waits now, without waiting for more."""
    shop = Workshop(load_settings())
    look_around(shop)
    count, sent = tell(shop)
    if sent is None:
        click.echo("There is nothing to tell.")
        return 0
    click.echo(f"{count} pieces of news went to {', '.join(sent.reached)}.")
    return _complain(sent.failed)


def notices_test() -> int:
    """Send a message that says it is a test."""
    sent = open_channels(load_settings()).send(_TRIAL)
    click.echo(f"A test went to {', '.join(sent.reached)}.")
    return _complain(sent.failed)


def _complain(failed: tuple[str, ...]) -> int:
    for name in failed:
        click.echo(f"{name} did not take it.", err=True)
    return 1 if failed else 0

"""`igny8-media posts repeat` and `repetitions`: posts that come again."""

import json
import sys
from typing import Any, Literal

import click

from igny8_media.accounts.model import Service
from igny8_media.command.posts import open_desk
from igny8_media.command.posts_shown import local
from igny8_media.planning.recurrences import Recurrences, Repeated
from igny8_media.planning.rules import Wish
from igny8_media.publishing.moments import zone_of
from igny8_media.stages.press import LINKEDIN_TERMS, Press
from igny8_media.stages.recurring import repeat as begin


def repeat(post_id: int, account: str | None, wish: Wish, *, as_json: bool) -> int:
    """Have a post come again."""
    with open_desk() as press:
        made = begin(press, post_id, account, wish)
        _say(press, [made], as_json)
        if press.post(post_id).service is Service.LINKEDIN:
            print(LINKEDIN_TERMS, file=sys.stderr)
    return 0


def show_all(*, as_json: bool) -> int:
    """Every repetition, and what came of its turns."""
    with open_desk() as press:
        _say(press, list(_recurrences(press).all()), as_json)
    return 0


def change(number: int, what: Literal["pause", "resume", "end"], *, as_json: bool) -> int:
    """Pause a repetition, let it go on, or end it."""
    with open_desk() as press:
        recurrences = _recurrences(press)
        changes = {
            "pause": recurrences.pause,
            "resume": recurrences.resume,
            "end": recurrences.end,
        }
        _say(press, [changes[what](number)], as_json)
    return 0


def _recurrences(press: Press) -> Recurrences:
    return Recurrences(press.shop.engine, press.ledger.now)


def _say(press: Press, repeated: list[Repeated], as_json: bool) -> None:
    recurrences = _recurrences(press)
    turns = {one.id: recurrences.made(one.id) for one in repeated}
    if as_json:
        told: list[dict[str, Any]] = [
            one.model_dump(mode="json")
            | {"turns": [turn.model_dump(mode="json") for turn in turns[one.id]]}
            for one in repeated
        ]
        click.echo(json.dumps({"repetitions": told}, ensure_ascii=False, indent=2))
        return
    if not repeated:
        click.echo("None; `igny8-media posts repeat POST --every 30d --at 09:00 --count 6` is one.")
    for one in repeated:
        zone = zone_of(one.zone)
        following = f", next {local(one.next_at, zone)}" if one.next_at else ""
        going = following if one.status == "active" else ""
        click.echo(f"{one.id:>4}  post {one.post_id}  {one.rule}  {one.status}{going}")
        if one.reason:
            click.echo(f"      {one.reason}")
        for turn in turns[one.id]:
            made = f"post {turn.post_id}" if turn.post_id else f"left out: {turn.note}"
            click.echo(f"      {local(turn.due_at, zone)}  {made}")

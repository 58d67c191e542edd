"""`igny8-media metrics`: reading what posts have reached, and showing it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import click

from igny8_media.errors import InputError
from igny8_media.metrics.history import Kept, Reached, reached
from igny8_media.metrics.watch import Watch
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop

_RATES: Final = ("click_through_rate", "engagement_rate")
_SHORT: Final = ("impressions", "views", "likes", "comments", "shares", "clicks")
_NOTHING: Final = "Nothing is published yet; `igny8-media posts schedule` plans a post."


def metrics_refresh(*, everything: bool, as_json: bool) -> int:
    """Read what is due; 1 where something has to be tried again."""
    from igny8_media.stages.figures import refresh
    from igny8_media.stages.press import open_press

    with open_press(Workshop(load_settings())) as press:
        done = refresh(press, everything=everything)
        others = Watch(press.shop.engine, press.ledger.now).read_by_others()
    if as_json:
        click.echo(json.dumps(asdict(done), indent=2))
    elif not any(asdict(done).values()):
        if not others:
            click.echo("No figures are due; --all reads them all the same.")
    else:
        click.echo(f"{done.read} read", nl=False)
        for count, what in (
            (done.gone, "gone from their platform"),
            (done.not_given, "whose platform gives no figures (`metrics show` says why)"),
            (done.later, "tried again later (`metrics show` says why)"),
        ):
            click.echo(f", {count} {what}" if count else "", nl=False)
        click.echo(".")
    if others and not as_json:
        click.echo(
            f"{others} are being read by somebody else; `metrics show` has them in a moment."
        )
    return 1 if done.later else 0


def metrics_show(post: int | None, content: str | None, most: int, *, as_json: bool) -> int:
    """What one post, one content, or the newest posts have reached."""
    one = post is not None or content is not None
    engine = Workshop(load_settings()).engine
    found = reached(engine, post_id=post, content_id=content, readings=most if one else 1)
    if one and not found:
        what = f"Post {post} is not out" if post is not None else f"Nothing of {content} is out"
        raise InputError(f"{what}; `igny8-media posts list` shows which posts there are.")
    if as_json:
        posts = [each.model_dump(mode="json") for each in found]
        click.echo(json.dumps({"publications": posts}, indent=2, ensure_ascii=False))
    elif not found:
        click.echo(_NOTHING)
    else:
        for each in found:
            _show(each) if one else _show_short(each)
    return 0


def _show_short(one: Reached) -> None:
    click.echo(_headline(one))
    if not one.readings:
        click.echo(f"  {one.problem or 'not read yet'}")
        return
    figures = one.readings[0].figures
    told = [f"{figures[name]:,} {name}" for name in _SHORT if figures[name] is not None]
    rate = figures["engagement_rate"]
    told += [f"{rate:.1%} engaged"] if rate is not None else []
    click.echo(f"  {', '.join(told) or 'no figures'}{_standing(one)}")


def _show(one: Reached) -> None:
    click.echo(_headline(one))
    if one.url:
        click.echo(f"  {one.url}")
    if one.problem:
        click.echo(f"  {one.problem}")
    if one.next_at and not one.gone:
        click.echo(f"  read next {_when(one.next_at)}")
    if not one.readings:
        return
    newest, *earlier = one.readings
    click.echo(f"  as of {_when(newest.taken_at)} (counted as: {newest.series})")
    for name, value in newest.figures.items():
        shown = _figure(name, value) if value is not None else _why(newest, name)
        note = f"  ({newest.notes[name]})" if name in newest.notes else ""
        click.echo(f"    {name.replace('_', ' '):<22} {shown}{note}")
    if "series" in newest.notes:
        click.echo(f"    {newest.notes['series']}")
    for kept in earlier:
        click.echo(f"  {_when(kept.taken_at)}  {_line(kept)}")


def _headline(one: Reached) -> str:
    where = f"{one.service.label}, {one.account}{' (sandbox)' if one.sandbox else ''}"
    out = f", out {_when(one.published_at)}" if one.published_at else ""
    return f"Post {one.post_id}: {where}{out}"


def _standing(one: Reached) -> str:
    return "; gone from the platform" if one.gone else f"; {one.problem}" if one.problem else ""


def _line(kept: Kept) -> str:
    given = [(name, value) for name, value in kept.figures.items() if value is not None]
    told = ", ".join(f"{name.replace('_', ' ')} {_figure(name, value)}" for name, value in given)
    marks = "".join(f"; {name} {note}" for name, note in kept.notes.items())
    return (told or "no figures") + marks


def _why(kept: Kept, name: str) -> str:
    return f"- {kept.missing.get(name, 'not given')}"


def _figure(name: str, value: Any) -> str:
    if name in _RATES:
        return f"{value:.2%}"
    return f"{value:.1f} s" if name.endswith("_seconds") else f"{value:,}"


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")

"""`igny8-media posts` and `publish-due`: from what was typed to the ledger, and back to a table."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.publishing.claims import Status
from igny8_media.publishing.model import Options
from igny8_media.publishing.moments import moment
from igny8_media.publishing.planning import Planned
from igny8_media.settings import load_settings
from igny8_media.stages.press import LINKEDIN_TERMS, Post, Press, open_press
from igny8_media.stages.workshop import Workshop

Chosen = Callable[[Service], Options]
"""What a person chose for the posts of a service."""

_STAY: Final = 120.0
"""Seconds that a command waits for platforms that are still at work on a post."""


@contextmanager
def _press() -> Iterator[Press]:
    with open_press(Workshop(load_settings())) as press:
        yield press


def add(file: Path, *, as_json: bool) -> int:
    """Take in a post that a person wrote."""
    with _press() as press:
        post, new = press.add(file)
        _say(press, [post], as_json)
        if not as_json:
            _told("added as a draft" if new else "this very post was there already", post)
    return 0


def show_list(status: str | None, *, as_json: bool) -> int:
    """Every post with where it stands."""
    with _press() as press:
        posts = [post for post in press.posts() if status in (None, post.status)]
        _say(press, posts, as_json)
    return 0


def show(post_id: int, *, as_json: bool) -> int:
    """One post: its words, its files, and everything that happened to it."""
    with _press() as press:
        post = press.post(post_id)
        if as_json:
            history = {str(p.id): _plain(press.planning.events(p.id)) for p in post.publications}
            print(json.dumps({**_plain(post), "history": history}, ensure_ascii=False))
            return 0
        console = Console(highlight=False)
        console.print(_heading(post), markup=False, style="bold")
        console.print(post.text, markup=False, soft_wrap=True)
        for name in post.files:
            console.print(f"  {name}", markup=False)
        for planned in post.publications:
            console.print(f"\n{_line(planned)}", markup=False, soft_wrap=True)
            for event in press.planning.events(planned.id):
                at = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
                console.print(f"  {at}  {event.what}  {event.detail}", markup=False, soft_wrap=True)
    return 0


def approve(post_ids: Sequence[int], *, drafts: bool, as_json: bool) -> int:
    """Say that these posts may go out; `drafts` means all that are waiting."""
    with _press() as press:
        if drafts:
            post_ids = [post.id for post in press.posts() if post.status == "draft"]
        if not post_ids and not drafts:
            raise InputError("Name the posts to approve, or give --drafts for all of them.")
        for post_id in post_ids:
            press.approve(post_id)
        posts = [press.post(post_id) for post_id in post_ids]
        _say(press, posts, as_json)
        if any(post.service is Service.LINKEDIN for post in posts):
            print(LINKEDIN_TERMS, file=sys.stderr)
    return 0


def schedule(
    post_ids: Sequence[int],
    at: str,
    zone: str | None,
    account: str | None,
    options: Sequence[str],
    *,
    as_json: bool,
) -> int:
    """Plan approved posts for a time to come."""
    with _press() as press:
        due = moment(at, zone or press.settings.time_zone, press.ledger.now())
        chosen = read_options(options)
        for post_id in post_ids:
            press.plan(post_id, account, due, chosen)
        _say(press, [press.post(post_id) for post_id in post_ids], as_json)
    return 0


def publish(
    post_ids: Sequence[int],
    account: str | None,
    options: Sequence[str],
    *,
    approved: bool,
    as_json: bool,
) -> int:
    """Publish approved posts now; `approved` means all that are not planned yet."""
    with _press() as press:
        if approved:
            waiting = (p for p in press.posts() if p.status == "approved" and not p.publications)
            post_ids = [post.id for post in waiting]
        elif not post_ids:
            raise InputError("Name the posts to publish, or give --approved for all of them.")
        chosen = read_options(options)
        planned = []
        refused: dict[int, str] = {}
        for post_id in post_ids:
            try:
                planned.append(press.plan(post_id, account, None, chosen))
            except InputError as error:
                if len(post_ids) == 1:
                    raise
                refused[post_id] = str(error)
        press.sweep(stay=_STAY, only=planned)
        posts = [press.post(post_id) for post_id in post_ids]
        _say(press, posts, as_json)
        for reason in refused.values():
            print(reason, file=sys.stderr)
        return _status(posts, refused)


def publish_due(*, as_json: bool) -> int:
    """Publish everything that is due, as the schedule does every five minutes."""
    with _press() as press:
        press.approve_automatically()
        before = press.planning.planned(statuses=[Status.SCHEDULED, Status.PUBLISHING])
        press.sweep(stay=_STAY)
        ids = {planned.post_id for planned in before if planned.next_at <= press.ledger.now()}
        posts = [press.post(post_id) for post_id in sorted(ids)]
        _say(press, posts, as_json)
        return _status(posts, {})


def cancel(post_id: int, *, as_json: bool) -> int:
    """Take a post back that has not gone out."""
    with _press() as press:
        if not press.planning.cancel(post_id) and not press.all_posts.turn_down(post_id):
            raise InputError(f"Post {post_id} is not planned and no draft: nothing to cancel.")
        _say(press, [press.post(post_id)], as_json)
    return 0


def retry(post_id: int, *, as_json: bool) -> int:
    """Try what failed once more, at once."""
    with _press() as press:
        if not press.planning.retry(post_id):
            raise InputError(f"Nothing of post {post_id} has failed.")
        ids = [planned.id for planned in press.planning.planned(post_ids=[post_id])]
        press.sweep(stay=_STAY, only=ids)
        posts = [press.post(post_id)]
        _say(press, posts, as_json)
        return _status(posts, {})


def settle(post_id: int, published: str | None, *, as_json: bool) -> int:
    """What a person saw on the platform: the address of the post, or that it is not there."""
    with _press() as press:
        if not press.planning.settle(post_id, None, published):
            raise InputError(f"Nothing of post {post_id} waits for somebody to look.")
        _say(press, [press.post(post_id)], as_json)
    return 0


def read_options(given: Sequence[str]) -> Chosen:
    """`name=value` pairs, for all platforms or, with its name before a colon, for one of them:
    `tiktok:privacy=SELF_ONLY`. Raises InputError naming what is off."""
    fields: dict[Service | None, dict[str, Any]] = {}
    for pair in given:
        place, colon, rest = pair.partition(":")
        service = next((s for s in Service if colon and s == place), None)
        name, equals, value = (pair if service is None else rest).partition("=")
        if not equals or name not in Options.model_fields:
            known = ", ".join(sorted(Options.model_fields))
            raise InputError(f"--option takes NAME=VALUE with one of {known}; '{pair}' is none.")
        tags = [tag.strip() for tag in value.split(",") if tag.strip()]
        fields.setdefault(service, {})[name] = tags if name == "tags" else value
    for chosen in fields.values():
        _checked(chosen)
    return lambda service: _checked({**fields.get(None, {}), **fields.get(service, {})})


def _checked(fields: dict[str, Any]) -> Options:
    try:
        return Options.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--option {first['loc'][0]} does not fit: {first['msg']}.") from error


def _status(posts: Sequence[Post], refused: dict[int, str]) -> int:
    bad = {Status.FAILED, Status.NEEDS_REVIEW}
    return 1 if refused or any(post.status in bad for post in posts) else 0


def _say(press: Press, posts: Sequence[Post], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"posts": _plain(list(posts))}, ensure_ascii=False))
        return
    if not posts:
        print("No posts.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("post", "content", "for", "kind", "status", ""):
        table.add_column(name, overflow="fold")
    for post in posts:
        where = post.publications[-1] if post.publications else None
        table.add_row(
            str(post.id),
            post.content_id,
            post.place,
            post.kind,
            post.status,
            _about(post, where),
        )
    Console(highlight=False).print(table, markup=False)


def _about(post: Post, planned: Planned | None) -> str:
    if planned is None:
        return post.excerpt
    if planned.status is Status.PUBLISHED:
        return (
            f"{planned.url or planned.platform_id}{' ' + planned.reason if planned.reason else ''}"
        )
    if planned.reason:
        return planned.reason
    return f"{_local(planned.due_at)} as {planned.account}"


def _heading(post: Post) -> str:
    return f"{post.id}  {post.place} {post.kind} of {post.content_id}: {post.status}"


def _line(planned: Planned) -> str:
    sandbox = " (sandbox)" if planned.sandbox else ""
    told = f": {planned.reason}" if planned.reason else ""
    where = f" {planned.url}" if planned.url else ""
    return f"{planned.account}{sandbox}, {_local(planned.due_at)}: {planned.status}{where}{told}"


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _told(what: str, post: Post) -> None:
    print(f"Post {post.id}: {what}; approve it with `igny8-media posts approve {post.id}`.")


def _plain(value: Any) -> Any:
    return TypeAdapter(type(value)).dump_python(value, mode="json")

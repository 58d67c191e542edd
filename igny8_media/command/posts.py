"""`igny8-media posts` and `publish-due`: from what was typed to the ledger, and back."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from igny8_media.accounts.model import Account, Service
from igny8_media.command.posts_shown import show_list as show_on_terminal
from igny8_media.command.posts_shown import show_post
from igny8_media.command.posts_waiting import Waiting
from igny8_media.errors import Igny8Error, InputError
from igny8_media.planning.recurrences import ACTIVE, Recurrences
from igny8_media.publishing.choices import read_options
from igny8_media.publishing.placing import Turn
from igny8_media.publishing.planned import Planned
from igny8_media.publishing.statuses import Status
from igny8_media.settings import load_settings
from igny8_media.stages.posted import Post
from igny8_media.stages.press import LINKEDIN_TERMS, Press, open_press
from igny8_media.stages.recurring import take_turns
from igny8_media.stages.unattended import work_unattended
from igny8_media.stages.workshop import Workshop

Key = TypeVar("Key")
Made = TypeVar("Made")
_STAY: Final = 120.0
"""Seconds that a command waits for platforms that are still at work on a post."""
_ENDED_BADLY: Final = (Status.FAILED, Status.NEEDS_REVIEW)


@contextmanager
def open_desk() -> Iterator[Press]:
    """The press, as the settings say."""
    with open_press(Workshop(load_settings())) as press:
        yield press


def add(file: Path, *, as_json: bool) -> int:
    """Take in a post that a person wrote."""
    with open_desk() as press:
        post, new = press.add(file)
        say(press, [post], as_json)
        if not as_json:
            what = "This very post was there already" if not new else "Added as a draft"
            print(f"{what}; approve it with `igny8-media posts approve {post.id}`.")
        _warn(press, [post.id])
    return 0


def _warn(press: Press, post_ids: Sequence[int]) -> None:
    """Say what their platforms would refuse as it is; some of it is chosen when it is planned."""
    for post_id in post_ids:
        _, problem = press.examined(post_id)
        if problem:
            print(f"Post {post_id} cannot go out as it is: {problem}", file=sys.stderr)


def show_list(status: str | None, *, as_json: bool) -> int:
    """Every post with where it stands."""
    with open_desk() as press:
        posts = [post for post in press.posts() if status in (None, post.status)]
        say(press, posts, as_json)
    return 0


def show(post_id: int, *, as_json: bool) -> int:
    """One post: its words, its files, what is in its way, and everything that happened to it."""
    with open_desk() as press:
        post = press.post(post_id)
        sent, problem = press.examined(post_id)
        problem = "" if any(p.status is Status.PUBLISHED for p in post.publications) else problem
        history = [press.planning.events(p.id) for p in post.publications]
        if as_json:
            events = {str(p.id): _plain(h) for p, h in zip(post.publications, history, strict=True)}
            shown = {
                **_plain(post),
                "sent": sent and _plain(sent),
                "problem": problem,
                "history": events,
            }
            print(json.dumps(shown, ensure_ascii=False))
        else:
            show_post(post, sent, problem, history, press.zones([post])[post.id])
    return 0


def approve(
    post_ids: Sequence[int],
    *,
    drafts: bool,
    contents: Sequence[str],
    queue: bool,
    account: str | None,
    options: Sequence[str],
    as_json: bool,
) -> int:
    """Say that these posts may go out; `drafts` means all that are waiting, of these contents.
    With `queue` each is planned for the next free slot of the account."""
    one_way("--drafts", post_ids, drafts, contents)
    if account is not None and not queue:
        raise InputError("--account says where a post is queued; give --queue too.")
    if options and not queue:
        raise InputError("--option is for what is planned; give --queue too, or choose it then.")
    with open_desk() as press:
        if drafts:
            post_ids = [p.id for p in made_of(contents, press.posts()) if p.status == "draft"]
        press.approve(post_ids)
        refused: dict[int, str] | None = None
        if queue:
            turn = Turn(press.ledger.now())
            chosen = read_options(options)
            _, refused = each(post_ids, lambda one: press.plan(one, account, None, chosen, turn))
        posts = [press.post(post_id) for post_id in post_ids]
        say(press, posts, as_json, refused)
        _warn(press, [post_id for post_id in post_ids if post_id not in (refused or {})])
        if any(post.service is Service.LINKEDIN for post in posts):
            print(LINKEDIN_TERMS, file=sys.stderr)
    return 1 if refused else 0


def reject(post_id: int, note: str, *, as_json: bool) -> int:
    """Send it back; what becomes of it is said on stderr, for stdout may be read by a machine."""
    note = " ".join(note.split())
    if not note:
        raise InputError("Say in --note what should be different.")
    with open_desk() as press:
        press.reject(post_id, note)
        say(press, [press.post(post_id)], as_json, None)
        if press.settings.text_sources:
            comes = "`igny8-media dev` has it written anew; at once does"
        else:
            comes = "Once a model is set up (docs/ai.md), it is written anew by"
        print(f"{comes} `igny8-media posts regenerate {post_id}`.", file=sys.stderr)
    return 0


def publish(
    post_ids: Sequence[int],
    account: str | None,
    options: Sequence[str],
    *,
    approved: bool,
    contents: Sequence[str],
    as_json: bool,
) -> int:
    """Publish approved posts now; `approved` means all that are not planned yet, of these
    contents."""
    one_way("--approved", post_ids, approved, contents)
    with open_desk() as press:
        if approved:
            ours = made_of(contents, press.posts())
            waiting = (p for p in ours if p.status == "approved" and not p.publications)
            post_ids = [post.id for post in waiting]
        chosen = read_options(options)
        ids, refused = each(post_ids, lambda one: press.plan(one, account, None, chosen))
        _sweep(press, ids, post_ids)
        posts = [press.post(post_id) for post_id in post_ids if post_id not in refused]
        say(press, posts, as_json, refused)
        return 1 if refused or not _under_way(posts, ids) else 0


def one_way(flag: str, post_ids: Sequence[int], every: bool, contents: Sequence[str]) -> None:
    """Raises InputError unless posts are named or all are meant, and not both."""
    if every == bool(post_ids):
        raise InputError(f"Name the posts, or give {flag} for all there are; not both.")
    if contents and not every:
        raise InputError(f"--content chooses among those of {flag}; give that too.")


def made_of(contents: Sequence[str], posts: Sequence[Post]) -> list[Post]:
    return [post for post in posts if not contents or post.content_id in contents]


def publish_due(*, as_json: bool) -> int:
    """Publish everything that is due, as the schedule does every five minutes."""
    with open_desk() as press:
        _, refused = work_unattended(press)
        take_turns(press)
        open_ones = press.planning.planned(statuses=[Status.SCHEDULED, Status.PUBLISHING])
        soon = press.ledger.now() + timedelta(seconds=_STAY)
        watched = [one for one in open_ones if one.goes_at <= soon]
        press.sweep(stay=_STAY, watch=Waiting(press.planning, watched))
        now = press.ledger.now()
        due = {planned.id: planned.post_id for planned in open_ones if planned.goes_at <= now}
        posts = [press.post(post_id) for post_id in sorted(set(due.values()))]
        say(press, posts, as_json, refused)
        mine = [p for post in posts for p in post.publications if p.id in due]
        stuck = (p.status is Status.SCHEDULED and p.goes_at <= now for p in mine)
        return 1 if any(stuck) or any(p.status in _ENDED_BADLY for p in mine) else 0


def cancel(post_id: int, *, as_json: bool) -> int:
    """Take a post back that has not gone out."""
    with open_desk() as press:
        post = press.post(post_id)
        if not press.cancel(post_id):
            _is_free(post)
            if not press.all_posts.turn_down(post_id):
                raise InputError(f"Post {post_id} is cancelled already.")
        say(press, [press.post(post_id)], as_json)
        _tell_what_comes_again(press, post_id)
    return 0


def _tell_what_comes_again(press: Press, post_id: int) -> None:
    for one in Recurrences(press.shop.engine, press.ledger.now).all():
        if one.post_id == post_id and one.status == ACTIVE:
            print(
                f"It still comes again: `igny8-media posts repetition {one.id} end` ends that.",
                file=sys.stderr,
            )


def _is_free(post: Post) -> None:
    """Raises InputError where it is too late to take it back."""
    for planned in post.standing:
        if planned.status is Status.PUBLISHED:
            where = planned.url or planned.platform_id
            raise InputError(
                f"Post {post.id} is out: {where}; delete it on {planned.service.label} itself."
            )
        raise InputError(
            f"Post {post.id} may be out; look there, then tell with `igny8-media posts settle "
            f"{post.id} --published URL` or `--not-published`."
        )


def retry(post_id: int, *, as_json: bool) -> int:
    """Try what failed once more, at once."""
    with open_desk() as press:
        post = press.post(post_id)
        if not press.planning.retry(post_id):
            told = f" It is {post.status}; see `igny8-media posts show {post_id}`."
            raise InputError(f"Nothing of post {post_id} has failed.{told}")
        return _send(press, post_id, as_json)


def settle(post_id: int, account: str | None, published: str | None, *, as_json: bool) -> int:
    """What a person saw on the platform: the address of the post, or that it is not there."""
    if published is not None and not published.startswith(("http://", "https://")):
        raise InputError(f"'{published}' is no web address; copy that of the post, with https://.")
    with open_desk() as press:
        post = press.post(post_id)
        asked = [p for p in post.publications if p.status is Status.NEEDS_REVIEW]
        if account is not None:
            chosen: Account = press.account_for(post.service, account)
            asked = [p for p in asked if p.account_id == chosen.id]
        if not asked:
            raise InputError(f"Nothing of post {post_id} waits for somebody to look.")
        if len(asked) > 1:
            those = ", ".join(f"{p.account_id} ({p.account})" for p in asked)
            raise InputError(
                f"Post {post_id} is in doubt for several accounts: {those}; name one with "
                "--account."
            )
        press.planning.settle(post_id, asked[0].account_id, published)
        return _send(press, post_id, as_json)


def _send(press: Press, post_id: int, as_json: bool) -> int:
    """What was decided takes effect now: also a thread goes on."""
    before = press.planning.planned(post_ids=[post_id])
    now = press.ledger.now()
    ids = [p.id for p in before if p.status is Status.SCHEDULED and p.goes_at <= now]
    _sweep(press, ids, [post_id])
    posts = [press.post(post_id)]
    say(press, posts, as_json)
    return 0 if _under_way(posts, ids) else 1


def _sweep(press: Press, ids: list[int], post_ids: Sequence[int]) -> None:
    """Publish these, and say meanwhile what is waited for."""
    watched = [one for one in press.planning.planned(post_ids=post_ids) if one.id in ids]
    press.sweep(stay=_STAY, only=ids, watch=Waiting(press.planning, watched))


def _under_way(posts: Sequence[Post], ids: Sequence[int]) -> bool:
    """Whether those publications are out, or their platforms at work on them."""
    mine: list[Planned] = [p for post in posts for p in post.publications if p.id in ids]
    return all(p.status in (Status.PUBLISHED, Status.PUBLISHING) for p in mine)


def each(given: Sequence[Key], plan: Callable[[Key], Made]) -> tuple[list[Made], dict[Key, str]]:
    """What was planned, and why the others were not. The only one's reason is raised."""
    done: list[Made] = []
    refused: dict[Key, str] = {}
    for one in given:
        try:
            done.append(plan(one))
        except Igny8Error as error:
            if len(given) == 1:
                raise
            refused[one] = str(error)
    return done, refused


def say(
    press: Press,
    posts: Sequence[Post],
    as_json: bool,
    refused: dict[int, str] | None = None,
    zone: tzinfo | None = None,
) -> None:
    """Show posts; `refused` says by its ID why one was left out. Times are in the `zone` that a
    person typed, or in that of each post's site."""
    if as_json:
        reasons = [{"post": post_id, "reason": why} for post_id, why in (refused or {}).items()]
        found = {"posts": _plain(list(posts))}
        print(json.dumps(found if refused is None else {**found, "refused": reasons}))
    else:
        if posts or not refused:
            show_on_terminal(
                posts, press.zones(posts) if zone is None else {p.id: zone for p in posts}
            )
        for reason in (refused or {}).values():
            print(reason, file=sys.stderr)
    if press.sandbox.ours:
        print(
            f"What went to the sandbox is seen at {press.sandbox.url} while `igny8-media sandbox` "
            "runs.",
            file=sys.stderr,
        )


def _plain(value: Any) -> Any:
    return TypeAdapter(type(value)).dump_python(value, mode="json")

"""What can be typed about posts."""

import sys
from pathlib import Path

import click

from igny8_media.cli.repetitions import repeat, repetition, repetitions
from igny8_media.publishing.statuses import STATUSES

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
_ACCOUNT = click.option(
    "--account",
    metavar="ACCOUNT",
    help="Its number or name, or `sandbox`; by default the only one.",
)
_OPTION = click.option(
    "--option",
    "options",
    metavar="NAME=VALUE",
    multiple=True,
    help="What the platform lets you choose, as in privacy=SELF_ONLY; may be repeated.",
)
_CONTENT = click.option(
    "--content",
    "contents",
    metavar="ID",
    multiple=True,
    help="Of all those, only what was made of this article; may be repeated.",
)
_QUEUE = click.option("--queue", is_flag=True, help="When a slot is free; see `calendar`.")


@click.group()
def posts() -> None:
    """Read, approve, plan and publish posts."""


@posts.command()
@click.argument("file", type=click.Path(path_type=Path))
@_JSON
def add(file: Path, as_json: bool) -> None:
    """Take in a post that you wrote; docs/posts-file.md tells what FILE may hold."""
    from igny8_media.command import posts as command

    sys.exit(command.add(file, as_json=as_json))


@posts.command("list")
@click.option("--status", type=click.Choice(STATUSES), help="Only these.")
@_JSON
def list_posts(status: str | None, as_json: bool) -> None:
    """Every post and where it stands."""
    from igny8_media.command import posts as command

    sys.exit(command.show_list(status, as_json=as_json))


@posts.command()
@click.argument("post", type=int)
@_JSON
def show(post: int, as_json: bool) -> None:
    """One post to the letter, and everything that happened to it."""
    from igny8_media.command import posts as command

    sys.exit(command.show(post, as_json=as_json))


@posts.command()
@click.argument("posts", type=int, nargs=-1)
@click.option("--drafts", is_flag=True, help="All drafts there are.")
@_CONTENT
@_QUEUE
@_ACCOUNT
@_OPTION
@_JSON
def approve(
    posts: tuple[int, ...],
    drafts: bool,
    contents: tuple[str, ...],
    queue: bool,
    account: str | None,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say that posts may go out. Nothing is sent yet; with --queue each takes the next slot."""
    from igny8_media.command import posts as command

    sys.exit(
        command.approve(
            posts,
            drafts=drafts,
            contents=contents,
            queue=queue,
            account=account,
            options=options,
            as_json=as_json,
        )
    )


@posts.command()
@click.argument("post", type=int)
@click.option("--note", required=True, metavar="TEXT", help='Why, as in "too long, no emoji".')
@_JSON
def reject(post: int, note: str, as_json: bool) -> None:
    """Send a draft back with a note; where a model writes, it comes back as a new draft."""
    from igny8_media.command import posts as command

    sys.exit(command.reject(post, note, as_json=as_json))


@posts.command()
@click.argument("post", type=int)
@click.option(
    "--instruction",
    default="",
    metavar="TEXT",
    help='What should be different, as in "shorter"; default: why it was rejected.',
)
@_JSON
def regenerate(post: int, instruction: str, as_json: bool) -> None:
    """Have a model write a post once more, as a new draft beside it."""
    from igny8_media.command.regenerate import regenerate_post

    sys.exit(regenerate_post(post, instruction, as_json=as_json))


@posts.command()
@click.argument("posts", type=int, nargs=-1)
@click.option("--at", metavar="TIME", help="As in 2026-12-01T09:30.")
@click.option("--zone", metavar="ZONE", help="As in Europe/Berlin; default: IGNY8_TIME_ZONE.")
@_QUEUE
@click.option("--all-approved", is_flag=True, help="All that are approved and not planned.")
@click.option("--priority", type=click.IntRange(-1000, 1000), help="Higher goes first; usually 0.")
@click.option("--from", "first_day", metavar="DATE", help="No slot before this day.")
@_CONTENT
@click.option(
    "--account",
    "accounts",
    metavar="ACCOUNT",
    multiple=True,
    help="Its number or name, or `sandbox`; by default the only one; may be repeated.",
)
@_OPTION
@_JSON
def schedule(
    posts: tuple[int, ...],
    at: str | None,
    zone: str | None,
    queue: bool,
    all_approved: bool,
    priority: int | None,
    first_day: str | None,
    contents: tuple[str, ...],
    accounts: tuple[str, ...],
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Plan approved posts for a time to come, or for the next free slots, or move them there."""
    from igny8_media.command import posts_planned as command

    when = command.When(at, zone, queue, priority, first_day)
    sys.exit(
        command.schedule(
            posts,
            when,
            accounts,
            options,
            all_approved=all_approved,
            contents=contents,
            as_json=as_json,
        )
    )


@posts.command()
@click.argument("posts", type=int, nargs=-1)
@click.option("--approved", is_flag=True, help="All that are approved and not planned.")
@_CONTENT
@_ACCOUNT
@_OPTION
@_JSON
def publish(
    posts: tuple[int, ...],
    approved: bool,
    contents: tuple[str, ...],
    account: str | None,
    options: tuple[str, ...],
    as_json: bool,
) -> None:
    """Publish approved posts now; without an account of the platform, to the sandbox."""
    from igny8_media.command import posts as command

    sys.exit(
        command.publish(
            posts, account, options, approved=approved, contents=contents, as_json=as_json
        )
    )


@posts.command()
@click.argument("post", type=int)
@_JSON
def cancel(post: int, as_json: bool) -> None:
    """Take a post back that has not gone out."""
    from igny8_media.command import posts as command

    sys.exit(command.cancel(post, as_json=as_json))


@posts.command()
@click.argument("post", type=int)
@_JSON
def retry(post: int, as_json: bool) -> None:
    """Try what failed once more; parts that are out stay as they are."""
    from igny8_media.command import posts as command

    sys.exit(command.retry(post, as_json=as_json))


@posts.command()
@click.argument("post", type=int)
@click.option("--published", metavar="URL", help="It is out, at this address.")
@click.option("--not-published", "absent", is_flag=True, help="It is not there: send it.")
@_ACCOUNT
@_JSON
def settle(
    post: int, published: str | None, absent: bool, account: str | None, as_json: bool
) -> None:
    """Say what you saw on the platform, where it could not be asked whether a post is out."""
    if bool(published) == absent:
        raise click.UsageError("Give --published URL or --not-published.")
    from igny8_media.command import posts as command

    sys.exit(command.settle(post, account, published, as_json=as_json))


for command in (repeat, repetitions, repetition):
    posts.add_command(command)


@click.command("publish-due")
@_JSON
def publish_due(as_json: bool) -> None:
    """Publish everything that is due, as the schedule does every five minutes."""
    from igny8_media.command import posts as command

    sys.exit(command.publish_due(as_json=as_json))

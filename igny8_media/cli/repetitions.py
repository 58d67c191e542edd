"""What can be typed about posts that come again."""

import sys
from typing import Literal

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


@click.command()
@click.argument("post", type=int)
@click.option("--every", metavar="SPAN", help="As in 14d, 2w or 1m, from when the post is out.")
@click.option("--rrule", metavar="RULE", help='RFC 5545, as in "FREQ=WEEKLY;BYDAY=TU".')
@click.option("--at", required=True, metavar="HH:MM", help="Local time of the site, always.")
@click.option("--from", "first", metavar="DATE", help="Not before this day.")
@click.option("--count", type=int, metavar="N", help="So many turns.")
@click.option("--until", metavar="DATE", help="The last day.")
@click.option("--forever", is_flag=True, help="Until people no longer care, or you end it.")
@click.option("--account", metavar="ACCOUNT", help="Its number or name, or `sandbox`.")
@_JSON
def repeat(
    post: int,
    every: str | None,
    rrule: str | None,
    at: str,
    first: str | None,
    count: int | None,
    until: str | None,
    forever: bool,
    account: str | None,
    as_json: bool,
) -> None:
    """Have an approved post come again, in fresh words each time."""
    from igny8_media.command import repetitions as command
    from igny8_media.planning.rules import Wish

    wish = Wish(at, every, rrule, first, count, until, forever)
    sys.exit(command.repeat(post, account, wish, as_json=as_json))


@click.command()
@_JSON
def repetitions(as_json: bool) -> None:
    """Posts that come again, and what came of each turn."""
    from igny8_media.command import repetitions as command

    sys.exit(command.show_all(as_json=as_json))


@click.command()
@click.argument("number", type=int)
@click.argument("what", type=click.Choice(["pause", "resume", "end"]))
@_JSON
def repetition(number: int, what: Literal["pause", "resume", "end"], as_json: bool) -> None:
    """Pause a repetition, let it go on, or end it for good."""
    from igny8_media.command import repetitions as command

    sys.exit(command.change(number, what, as_json=as_json))

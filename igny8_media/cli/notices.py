"""What can be typed about news."""

import sys

import click


@click.group()
def notices() -> None:
    """What you are told of posts, accounts and credits, and where."""


@notices.command("list")
@click.option(
    "--last",
    "most",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def list_them(most: int, as_json: bool) -> None:
    """The newest news, whether it was sent or not."""
    from igny8_media.command import notices as command

    sys.exit(command.notices_list(most, as_json=as_json))


@notices.command()
def send() -> None:
    """Send what waits now, as one message."""
    from igny8_media.command import notices as command

    sys.exit(command.notices_send())


@notices.command()
def test() -> None:
    """Send a test through every channel of IGNY8_NOTIFY."""
    from igny8_media.command import notices as command

    sys.exit(command.notices_test())

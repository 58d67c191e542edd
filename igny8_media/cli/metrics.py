"""What can be typed about what posts have reached."""

import sys

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


@click.group()
def metrics() -> None:
    """What posts and videos have reached: impressions, likes, watch time."""


@metrics.command()
@click.option("--all", "everything", is_flag=True, help="Also what is not due yet.")
@_JSON
def refresh(everything: bool, as_json: bool) -> None:
    """Read the figures that are due, and keep them."""
    from igny8_media.command import metrics as command

    sys.exit(command.metrics_refresh(everything=everything, as_json=as_json))


@metrics.command()
@click.argument("post", type=int, required=False)
@click.option("--content", metavar="ID", help="Everything that was made of this content.")
@click.option(
    "--last",
    "most",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many readings of each.",
)
@_JSON
def show(post: int | None, content: str | None, most: int, as_json: bool) -> None:
    """What POST has reached; without it, the newest posts in short."""
    from igny8_media.command import metrics as command

    sys.exit(command.metrics_show(post, content, most, as_json=as_json))

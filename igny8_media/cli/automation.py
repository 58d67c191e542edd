"""What can be typed about what is done by itself."""

import sys

import click

_SITE = click.option("--site", default="main", show_default=True, help="Whose articles.")


@click.group()
def automation() -> None:
    """What is made of published articles by itself, and how much at once."""


@automation.command()
@_SITE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def show(site: str, as_json: bool) -> None:
    """What is set, and which articles wait."""
    from igny8_media.command import automation as command

    sys.exit(command.automation_show(site, as_json=as_json))


@automation.command("set")
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
@_SITE
def set_them(changes: tuple[str, ...], site: str) -> None:
    """Change some of it, also while everything runs: stage_9_video_type=short."""
    from igny8_media.command import automation as command

    sys.exit(command.automation_set(site, changes))

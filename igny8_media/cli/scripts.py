"""What can be typed about the scripts of articles' videos."""

import sys
from pathlib import Path

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
_STATUSES = ("draft", "rejected", "script_ready", "ready", "failed")
_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--status", type=click.Choice(_STATUSES), help="Only these; drafts wait for you.")
@_JSON
def scripts(status: str | None, as_json: bool) -> None:
    """Every script and where its video stands."""
    from igny8_media.command import scripts as command

    sys.exit(command.list_scripts(status, as_json=as_json))


@click.command()
@click.argument("script", type=int)
@click.option("--out", type=_FILE, help="Write it as a file that `video edit` takes.")
@_JSON
def show(script: int, out: Path | None, as_json: bool) -> None:
    """One script to the letter, section by section."""
    from igny8_media.command import scripts as command

    sys.exit(command.show_script(script, out, as_json=as_json))


@click.command()
@click.argument("script", type=int)
@click.option("--file", type=_FILE, help="The script as you want it; default: your editor opens.")
@_JSON
def edit(script: int, file: Path | None, as_json: bool) -> None:
    """Put your words in the place of a script; docs/video.md tells what a script may hold."""
    from igny8_media.command import scripts as command

    sys.exit(command.edit(script, file, as_json=as_json))


@click.command()
@click.argument("scripts", type=int, nargs=-1, required=True)
@click.option("--now", is_flag=True, help="Film them here and wait for it.")
@_JSON
def approve(scripts: tuple[int, ...], now: bool, as_json: bool) -> None:
    """Say that scripts are to be filmed as they stand."""
    from igny8_media.command import scripts as command

    sys.exit(command.approve(scripts, now=now, as_json=as_json))


@click.command()
@click.argument("script", type=int)
@click.option("--note", required=True, metavar="TEXT", help='Why, as in "less about prices".')
@_JSON
def reject(script: int, note: str, as_json: bool) -> None:
    """Send a script back with a note; where a model writes, it comes back as a new one."""
    from igny8_media.command import scripts as command

    sys.exit(command.reject(script, note, as_json=as_json))

"""What can be typed about what posts reached."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
_MOST = click.option(
    "--last", "most", type=click.IntRange(min=1), default=30, show_default=True, help="How many."
)
_PLATFORM = click.option(
    "--platform",
    "places",
    metavar="PLATFORM",
    multiple=True,
    help="Only this one, as in linkedin or youtube_shorts; may be repeated.",
)


def _scope(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which posts are looked at."""
    for option in (
        click.option("--sandbox", is_flag=True, help="Posts on the sandbox, not the real ones."),
        click.option("--site", metavar="NAME", help="Only this site's."),
        click.option("--since", metavar="DATE", help="Only what went out from this day on."),
    ):
        command = option(command)
    return command


def _told(given: dict[str, Any]) -> Any:
    from igny8_media.command.analytics import Scope

    return Scope(**{name: given.pop(name) for name in ("since", "site", "sandbox")})


@click.group()
def analytics() -> None:
    """What posts and videos reached, what worked, and when to post."""


@analytics.command()
@_scope
@_JSON
def overview(**given: Any) -> None:
    """The whole in a few figures."""
    from igny8_media.command import analytics as command

    sys.exit(command.overview(_told(given), **given))


@analytics.command()
@_scope
@_JSON
def platforms(**given: Any) -> None:
    """Each platform's figures, and which is best."""
    from igny8_media.command import analytics as command

    sys.exit(command.platforms(_told(given), **given))


@analytics.command()
@_scope
@_MOST
@_JSON
def posts(**given: Any) -> None:
    """The newest posts, and what each reached."""
    from igny8_media.command import analytics as command

    sys.exit(command.posts(_told(given), **given))


@analytics.command()
@_scope
@_MOST
@_JSON
def contents(**given: Any) -> None:
    """Each article, its posts and videos together, what did best first."""
    from igny8_media.command import analytics as command

    sys.exit(command.contents(_told(given), **given))


@analytics.command()
@_scope
@_PLATFORM
@_JSON
def slots(**given: Any) -> None:
    """What each hour of the week is worth, as a map."""
    from igny8_media.command import analytics as command

    sys.exit(command.slots(_told(given), **given))


@analytics.command("best-times")
@_scope
@_PLATFORM
@click.option("--apply", is_flag=True, help="Give the site's calendar these slots.")
@_JSON
def best_times(**given: Any) -> None:
    """The slots that a site should have on each platform, and how sure that is."""
    from igny8_media.command import analytics as command

    sys.exit(command.suggest(_told(given), **given))


@analytics.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True
)
@_scope
def export(**given: Any) -> None:
    """Write every table into DIR: posts, readings, platforms, contents, slots."""
    from igny8_media.command import analytics as command

    sys.exit(command.write(_told(given), **given))

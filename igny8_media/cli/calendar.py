"""What can be typed about the calendar."""

import sys
from pathlib import Path
from typing import Literal

import click

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
_SITE = click.option("--site", default="main", show_default=True, help="Whose calendar.")
_DAYS = click.option("--days", required=True, help="As in mon,wed; or weekdays, weekend, daily.")
_TIMES = click.argument("times", nargs=-1, required=True, metavar="HH:MM...")


@click.group(invoke_without_command=True)
@click.option("--month", "span", flag_value="month", help="A month.")
@click.option("--week", "span", flag_value="week", default="week", help="A week, which is usual.")
@click.option("--day", "span", flag_value="day", help="One day.")
@click.option(
    "--from", "first", metavar="DATE", help="The one with this date in it; usually today."
)
@_SITE
@_JSON
@click.pass_context
def calendar(
    context: click.Context,
    span: Literal["day", "week", "month"],
    first: str | None,
    site: str,
    as_json: bool,
) -> None:
    """What is planned and which slots are free; slots, days off, and many posts at once."""
    if context.invoked_subcommand is not None:
        return
    from igny8_media.command import calendar as command

    sys.exit(command.show(span, first, site, as_json=as_json))


@calendar.group()
def slots() -> None:
    """The times of the week at which a platform may post."""


@slots.command("list")
@click.argument("platforms", nargs=-1)
@_SITE
@_JSON
def list_slots(platforms: tuple[str, ...], site: str, as_json: bool) -> None:
    """The slots of these platforms, or of all."""
    from igny8_media.command import calendar as command

    sys.exit(command.list_slots(platforms, site, as_json=as_json))


@slots.command("add")
@click.argument("platform")
@_TIMES
@_DAYS
@_SITE
@_JSON
def add_slots(platform: str, times: tuple[str, ...], days: str, site: str, as_json: bool) -> None:
    """Add slots, in the site's local time: `slots add x 10:00 14:30 --days weekdays`."""
    from igny8_media.command import calendar as command

    sys.exit(command.add_slots(platform, days, times, site, as_json=as_json))


@slots.command("remove")
@click.argument("platform")
@_TIMES
@_DAYS
@_SITE
@_JSON
def remove_slots(
    platform: str, times: tuple[str, ...], days: str, site: str, as_json: bool
) -> None:
    """Remove slots; what the queue had planned there takes others."""
    from igny8_media.command import calendar as command

    sys.exit(command.remove_slots(platform, days, times, site, as_json=as_json))


@slots.command("undo")
@click.argument("platform")
@_SITE
@_JSON
def undo_slots(platform: str, site: str, as_json: bool) -> None:
    """Back to the slots there were before the site's figures chose others."""
    from igny8_media.command import calendar as command

    sys.exit(command.undo_slots(platform, site, as_json=as_json))


@slots.command("reset")
@click.argument("platforms", nargs=-1)
@_SITE
@_JSON
def reset_slots(platforms: tuple[str, ...], site: str, as_json: bool) -> None:
    """Back to the slots, gap and cap that these platforms, or all, began with."""
    from igny8_media.command import calendar as command

    sys.exit(command.reset_slots(platforms, site, as_json=as_json))


@calendar.command()
@click.argument("platform")
@click.option("--gap", type=int, metavar="MINUTES", help="Between two posts of an account.")
@click.option("--cap", type=int, metavar="POSTS", help="At most so many a day.")
@_SITE
@_JSON
def plan(platform: str, gap: int | None, cap: int | None, site: str, as_json: bool) -> None:
    """How densely a platform posts."""
    from igny8_media.command import calendar as command

    sys.exit(command.plan(platform, gap, cap, site, as_json=as_json))


@calendar.command("site")
@click.argument("site", default="main")
@click.option("--zone", metavar="ZONE", help="As in Europe/Berlin: slots keep their local times.")
@_JSON
def site_zone(site: str, zone: str | None, as_json: bool) -> None:
    """The sites and their time zones, or another zone for one."""
    from igny8_media.command import calendar as command

    sys.exit(command.set_site(site, zone, as_json=as_json))


@calendar.group()
def blackout() -> None:
    """Days on which the queue sends nothing."""


@blackout.command("list")
@_SITE
@_JSON
def list_days_off(site: str, as_json: bool) -> None:
    """A site's blackouts."""
    from igny8_media.command import calendar as command

    sys.exit(command.list_days_off(site, as_json=as_json))


@blackout.command("add")
@click.argument("first", metavar="DATE")
@click.argument("last", metavar="[DATE]", required=False)
@click.option("--platform", help="Only this one rests.")
@click.option("--note", default="", help="Why, for whoever reads the calendar.")
@_SITE
@_JSON
def add_days_off(
    first: str, last: str | None, platform: str | None, note: str, site: str, as_json: bool
) -> None:
    """From the first to the last day, both included, in the site's zone."""
    from igny8_media.command import calendar as command

    sys.exit(command.add_days_off(first, last, platform, note, site, as_json=as_json))


@blackout.command("remove")
@click.argument("number", type=int)
@_JSON
def remove_days_off(number: int, as_json: bool) -> None:
    """Take a blackout back."""
    from igny8_media.command import calendar as command

    sys.exit(command.remove_days_off(number, as_json=as_json))


@calendar.command("next")
@click.argument("platform")
@click.option("--account", metavar="ACCOUNT", help="Its number or name, or `sandbox`.")
@click.option("--count", type=click.IntRange(1, 500), default=1, show_default=True)
@_SITE
@_JSON
def next_slots(platform: str, account: str | None, count: int, site: str, as_json: bool) -> None:
    """The next free slots."""
    from igny8_media.command import calendar as command

    sys.exit(command.next_slots(platform, account, count, site, as_json=as_json))


@calendar.command()
@click.argument("publication", type=int)
@click.argument("when", metavar="TIME")
@click.option("--zone", metavar="ZONE", help="Where TIME is meant; default: the site's.")
@_SITE
@_JSON
def move(publication: int, when: str, zone: str | None, site: str, as_json: bool) -> None:
    """Move what is planned to another time, where it stays; the calendar shows its number."""
    from igny8_media.command import calendar as command

    sys.exit(command.move(publication, when, site, zone, as_json=as_json))


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--preview", is_flag=True, help="Only show when each would go out.")
@_JSON
def import_table(file: Path, preview: bool, as_json: bool) -> None:
    """Plan what a CSV file names, all of it or nothing; docs/calendar.md has its columns."""
    from igny8_media.command import calendar as command

    sys.exit(command.import_table(file, preview=preview, as_json=as_json))


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path))
@_SITE
@_JSON
def export(file: Path, site: str, as_json: bool) -> None:
    """Write the calendar as an iCalendar file (.ics) that other programs read."""
    from igny8_media.command import calendar as command

    sys.exit(command.export(file, site, as_json=as_json))

"""`igny8-media analytics`: what posts reached, and when to post."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import pandas as pd
from sqlalchemy import Engine

from igny8_media.analytics import views
from igny8_media.analytics.best_times import BestTimes, best_times
from igny8_media.analytics.export import Format, export
from igny8_media.analytics.loading import Loaded, load
from igny8_media.analytics.platforms import best_platform, standings
from igny8_media.analytics.posts import post_table
from igny8_media.analytics.suggesting import Suggestion
from igny8_media.analytics.words import again, gaps, notes
from igny8_media.command import analytics_shown as shown
from igny8_media.database.engine import open_database
from igny8_media.errors import InputError
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.places import label, read_places
from igny8_media.planning.sites import MAIN
from igny8_media.planning.week import read_day
from igny8_media.publishing.moments import zone_of
from igny8_media.settings import load_settings
from igny8_media.stages.calendars import Calendars


@dataclass(frozen=True)
class Scope:
    """Which posts are looked at: `since` is a date as it was typed, `site` None for all."""

    since: str | None = None
    site: str | None = None
    sandbox: bool = False


class Numbers:
    """The database's numbers in a scope, loaded once."""

    def __init__(self, scope: Scope) -> None:
        settings = load_settings()
        self.scope, self.zone, self.now = scope, settings.time_zone, datetime.now(UTC)
        self.engine: Engine = open_database(settings.sqlalchemy_url)

    @cached_property
    def loaded(self) -> Loaded:
        found = load(
            self.engine,
            since=_since(self.scope.since, self.zone),
            site=self.scope.site,
            sandbox=self.scope.sandbox,
        )
        site = self.scope.site
        if site is not None and site not in {*found.zones, MAIN} and found.publications.empty:
            known = ", ".join(sorted({*found.zones, MAIN}))
            raise InputError(f"There is no site '{site}'; known are: {known}.")
        return found

    @cached_property
    def posts(self) -> pd.DataFrame:
        return post_table(self.loaded, self.zone, self.now)

    @property
    def notes(self) -> list[str]:
        return notes(self.posts, sandbox=self.scope.sandbox)

    @property
    def gaps(self) -> list[str]:
        return gaps(self.posts, self.loaded.reasons)


def overview(scope: Scope, *, as_json: bool) -> int:
    """The whole in a few figures."""
    numbers = Numbers(scope)
    told = views.overview(numbers.posts)
    if as_json:
        return _print({"overview": told, "notes": numbers.notes + numbers.gaps})
    shown.overview(told, numbers.notes + numbers.gaps)
    return 0


def platforms(scope: Scope, *, as_json: bool) -> int:
    """Each platform's figures, and which is best."""
    numbers = Numbers(scope)
    table, found = views.by_platform(numbers.posts), standings(numbers.posts)
    best = best_platform(found)
    if as_json:
        return _print(
            {
                "platforms": _records(table),
                "standings": [one.model_dump() for one in found],
                "best": best,
                "notes": numbers.notes + numbers.gaps,
            }
        )
    shown.platforms(table, found, best, numbers.notes + numbers.gaps)
    return 0


def posts(scope: Scope, most: int, *, as_json: bool) -> int:
    """The newest posts, and what each reached."""
    numbers = Numbers(scope)
    newest = numbers.posts.sort_values(["published_at", "publication_id"], ascending=False)
    newest = newest.head(most)
    if as_json:
        return _print({"posts": _records(newest), "notes": numbers.notes})
    shown.posts(newest, [*numbers.notes, *([] if scope.sandbox else again(numbers.posts))])
    return 0


def contents(scope: Scope, most: int, *, as_json: bool) -> int:
    """Each content, posts and videos together, what did best first."""
    numbers = Numbers(scope)
    table = views.by_content(numbers.posts).head(most)
    if as_json:
        return _print({"contents": _records(table), "notes": numbers.notes})
    shown.contents(table, numbers.notes)
    return 0


def slots(scope: Scope, places: Sequence[str], *, as_json: bool) -> int:
    """What each hour of the week is worth, by place."""
    numbers = Numbers(scope)
    site = _one_site(numbers)
    found = _best_times(numbers, site, _places(numbers, places), None)
    if as_json:
        return _print(
            {
                "site": site,
                "slots": _records(views.by_slot(numbers.posts)),
                "worth": {one.place: [_as_json(hour) for hour in one.hours] for one in found},
                "notes": numbers.notes,
            }
        )
    shown.heat_maps(found, numbers.notes)
    return 0


def suggest(scope: Scope, places: Sequence[str], *, apply: bool, as_json: bool) -> int:
    """The slots that each place should have; with `apply` the site's calendar has them now."""
    if apply and scope.sandbox:
        raise InputError(
            "The sandbox's audience is made up: --apply would plan real posts by it. Leave out one "
            "of --sandbox and --apply."
        )
    numbers = Numbers(scope)
    site = _one_site(numbers)
    calendars = Calendars(numbers.engine, numbers.zone)
    calendar = calendars.get(site)
    found = _best_times(numbers, site, _places(numbers, places), calendar)
    changed = [one for one in found if _differs(one, calendar)]
    moved = 0
    if apply:
        for one in changed:
            slots = [each.slot for each in one.suggested]
            moved += calendars.choose(site, one.place, slots).moved
    if as_json:
        return _print(
            {
                "site": site,
                "zone": str(calendar.zone),
                "best_times": [_times_as_json(one, calendar) for one in found],
                "applied": apply,
                "notes": numbers.notes,
            }
        )
    shown.best_times(found, calendar, numbers.notes)
    if apply:
        names = ", ".join(label(one.place) for one in changed)
        click.echo(f"The calendar of {site} has new slots for {names}." if names else "No change.")
        if moved:
            click.echo(f"Posts of the queue that have another time now: {moved}.")
    return 0


def write(scope: Scope, folder: Path, form: Format) -> int:
    """Every table as a file."""
    numbers = Numbers(scope)
    tables = {
        "posts": numbers.posts,
        "readings": numbers.loaded.readings.sort_values(["publication_id", "taken_at"]),
        "platforms": views.by_platform(numbers.posts),
        "contents": views.by_content(numbers.posts),
        "slots": views.by_slot(numbers.posts),
    }
    for path in export(tables, folder, form):
        click.echo(path)
    return 0


def _since(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    day = read_day(text)
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


def _one_site(numbers: Numbers) -> str:
    """Whose slots: the one that was named, or the only one."""
    if numbers.scope.site is not None:
        return numbers.scope.site
    known = sorted(set(numbers.posts["site"].astype("str")))
    if len(known) > 1:
        raise InputError(f"Slots belong to a site; say which with --site: {', '.join(known)}.")
    return known[0] if known else MAIN


def _places(numbers: Numbers, named: Sequence[str]) -> list[str]:
    """Those that were named, or those where something went out; all where nothing did."""
    if named:
        return list(read_places(named))
    used = set(numbers.posts["place"].astype("str"))
    return [place for place in read_places(()) if place in used or not used]


def _best_times(
    numbers: Numbers, site: str, places: Sequence[str], calendar: SiteCalendar | None
) -> list[BestTimes]:
    return [
        best_times(
            numbers.posts,
            site,
            place,
            calendar.weeks[place] if calendar else None,
            numbers.now.astimezone(calendar.zone) if calendar else numbers.now,
        )
        for place in places
    ]


def _differs(one: BestTimes, calendar: SiteCalendar) -> bool:
    wanted = {each.slot for each in one.suggested}
    return wanted != set(calendar.weeks[one.place].slots)


def _times_as_json(one: BestTimes, calendar: SiteCalendar) -> dict[str, Any]:
    return {
        "place": one.place,
        "posts": one.posts,
        "few": one.few,
        "suggested": [_as_json(each) for each in one.suggested],
        "now": [
            {"weekday": slot.weekday, "time": slot.time} for slot in calendar.weeks[one.place].slots
        ],
    }


def _as_json(one: Suggestion) -> dict[str, Any]:
    return {
        "weekday": one.slot.weekday,
        "time": one.slot.time,
        "worth": one.worth,
        "low": one.low,
        "high": one.high,
        "posts": one.posts,
        "explored": one.explored,
    }


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records", date_format="iso"))


def _print(document: dict[str, Any]) -> int:
    click.echo(
        json.dumps(document, indent=2, ensure_ascii=False, default=lambda at: at.isoformat())
    )
    return 0

"""`igny8-media calendar`: slots, density, days off and zones of sites, and what is planned."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from igny8_media.command.calendar_shown import show_days, show_slots
from igny8_media.command.posts import open_desk
from igny8_media.command.posts_shown import local
from igny8_media.errors import InputError, OutsideError
from igny8_media.planning.openings import Week
from igny8_media.planning.places import label, read_place, read_places
from igny8_media.planning.sites import MAIN
from igny8_media.planning.view import Span
from igny8_media.planning.week import DAYS, Slot, read_day, read_days, read_days_off, read_time
from igny8_media.publishing.moments import moment
from igny8_media.settings import load_settings
from igny8_media.stages.calendars import Calendars, Changed
from igny8_media.stages.outgoing import service_of
from igny8_media.stages.workshop import Workshop


def _calendars() -> Calendars:
    shop = Workshop(load_settings())
    return Calendars(shop.engine, shop.settings.time_zone)


def show(span: Span, first: str | None, site: str, *, as_json: bool) -> int:
    """What is planned, and the slots that are free."""
    calendar, days = _calendars().view(site, span, read_day(first) if first else None)
    if as_json:
        _print(
            {
                "site": calendar.name,
                "zone": str(calendar.zone),
                "days": [day.model_dump(mode="json") for day in days],
            }
        )
    else:
        show_days(calendar, days, span)
    return 0


def list_slots(places: Sequence[str], site: str, *, as_json: bool) -> int:
    """The slots of these platforms, with their gaps and caps."""
    calendar = _calendars().get(site)
    wanted = read_places(places)
    if as_json:
        told = {place: _week(calendar.weeks[place]) for place in wanted}
        _print({"site": calendar.name, "zone": str(calendar.zone), "platforms": told})
    else:
        show_slots(calendar, wanted)
    return 0


def _week(week: Week) -> dict[str, Any]:
    earlier = week.earlier
    return {
        "slots": _by_day(week.slots),
        "by_hand": _by_day(sorted(week.by_hand)),
        "before": {
            "slots": _by_day(earlier.slots),
            "last_day": earlier.last_day.isoformat() if earlier.last_day else None,
        }
        if earlier
        else None,
        "gap_minutes": week.density.gap,
        "daily_cap": week.density.cap,
    }


def _by_day(slots: Sequence[Slot]) -> dict[str, list[str]]:
    return {day: [s.time for s in slots if s.weekday == number] for number, day in enumerate(DAYS)}


def add_slots(place: str, days: str, times: Sequence[str], site: str, *, as_json: bool) -> int:
    """New slots for a platform."""
    where = read_place(place)
    changed = _calendars().add_slots(site, where, _slots(days, times))
    return _done(where, f"Changed: {label(where)}", site, changed, as_json)


def remove_slots(place: str, days: str, times: Sequence[str], site: str, *, as_json: bool) -> int:
    """Slots that a platform is to have no more."""
    where = read_place(place)
    changed = _calendars().remove_slots(site, where, _slots(days, times))
    return _done(where, f"Changed: {label(where)}", site, changed, as_json)


def _slots(days: str, times: Sequence[str]) -> list[Slot]:
    minutes = [read_time(text) for text in times]
    return [Slot(day, minute) for day in read_days(days) for minute in dict.fromkeys(minutes)]


def undo_slots(place: str, site: str, *, as_json: bool) -> int:
    """Back to the slots there were before figures chose others."""
    where = read_place(place)
    said = f"As before its figures chose: {label(where)}"
    return _done(where, said, site, _calendars().undo(site, where), as_json)


def reset_slots(places: Sequence[str], site: str, *, as_json: bool) -> int:
    """Back to the slots, gaps and caps that a site begins with."""
    wanted = read_places(places)
    said = f"As at the beginning: {', '.join(map(label, wanted))}"
    return _done(", ".join(wanted), said, site, _calendars().reset(site, wanted), as_json)


def plan(place: str, gap: int | None, cap: int | None, site: str, *, as_json: bool) -> int:
    """How densely a platform posts."""
    if gap is None and cap is None:
        raise InputError("Nothing was given to change; give --gap MINUTES, --cap POSTS or both.")
    where = read_place(place)
    changed = _calendars().set_density(site, where, gap, cap)
    return _done(where, f"Changed: {label(where)}", site, changed, as_json)


def set_site(site: str, zone: str | None, *, as_json: bool) -> int:
    """Tell a site's zone, or change it; its slots keep their local times."""
    calendars = _calendars()
    if zone:
        changed = calendars.set_zone(site, zone)
    else:
        calendars.get(site)
        changed = Changed(moved=0)
    told = [(name, str(calendars.get(name).zone)) for name in calendars.names()]
    if as_json:
        _print({"sites": [{"site": a, "zone": b} for a, b in told], "moved": changed.moved})
        return 0
    for name, where in told:
        click.echo(f"{name}  {where}")
    _say_moved(changed)
    return 0


def list_days_off(site: str, *, as_json: bool) -> int:
    """A site's blackouts."""
    found = _calendars().days_off(site)
    if as_json:
        _print({"site": site, "blackouts": [one.model_dump(mode="json") for one in found]})
        return 0
    if not found:
        click.echo("No blackouts; `igny8-media calendar blackout add DATE DATE` makes one.")
    for one in found:
        where = label(one.platform) if one.platform else "everywhere"
        until = f" to {one.last}" if one.last != one.first else ""
        click.echo(f"{one.id:>4}  {one.first}{until}  {where}  {one.note}".rstrip())
    return 0


def add_days_off(
    first: str, last: str | None, place: str | None, note: str, site: str, *, as_json: bool
) -> int:
    """Days on which nothing goes out by the queue."""
    off = read_days_off(first, last, read_place(place) if place else "")
    changed = _calendars().add_days_off(site, off, note)
    days = f"{off.first}" if off.last == off.first else f"{off.first} to {off.last}"
    whose = label(off.place) if off.place else "every platform"
    said = f"Nothing goes out by the queue on {days}: {whose}"
    return _done(off.place or "every platform", said, site, changed, as_json)


def remove_days_off(number: int, *, as_json: bool) -> int:
    """Take a blackout back."""
    changed = _calendars().remove_days_off(number)
    return _done(f"blackout {number}", f"Taken back: blackout {number}", "", changed, as_json)


def next_slots(place: str, account: str | None, count: int, site: str, *, as_json: bool) -> int:
    """The next free slots of an account."""
    where = read_place(place)
    zone = _calendars().get(site).zone
    form = "video" if where in ("youtube_shorts", "instagram_reels") else "social"
    with open_desk() as press:
        target = press.account_for(
            service_of("video" if where == "youtube" else form, where), account
        )
        free = press.queue.free(target.id, site, where, count)
    if as_json:
        told = [{"at": at.isoformat(), "local": at.astimezone(zone).isoformat()} for at in free]
        _print({"site": site, "place": where, "account": target.name, "free": told})
        return 0
    for at in free:
        click.echo(at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z"))
    return 0


def move(publication: int, at: str, site: str, zone: str | None, *, as_json: bool) -> int:
    """Plan one publication for another time."""
    with open_desk() as press:
        home = _calendars().get(site).zone
        meant = zone or str(home)
        due: datetime = moment(at, meant, press.ledger.now())
        post_id = press.queue.move(publication, due)
        (planned,) = (p for p in press.planning.planned(post_ids=[post_id]) if p.id == publication)
    if as_json:
        _print(planned.model_dump(mode="json"))
    else:
        click.echo(f"Post {post_id} goes out as {planned.account} at {local(due, home)}.")
    return 0


def import_table(file: Path, *, preview: bool, as_json: bool) -> int:
    """Plan what a table names, all of it or nothing; 2 where something in it is wrong."""
    from igny8_media.stages.bulk import import_table as take_in

    with open_desk() as press:
        done = take_in(press, file, preview=preview)
        zone = _calendars().get(MAIN).zone
    if as_json:
        _print(
            {
                "planned": 0 if preview else len(done.rows),
                "rows": [row.model_dump(mode="json") for row in done.rows],
                "errors": [{"line": line, "message": message} for line, message in done.errors],
            }
        )
        return 2 if done.errors else 0
    for line, message in done.errors:
        click.echo(f"line {line}: {message}", err=True)
    if done.errors:
        things = "thing" if len(done.errors) == 1 else "things"
        click.echo(f"Nothing was planned: {len(done.errors)} {things} to correct.", err=True)
        return 2
    if preview:
        for row in done.rows:
            at = row.at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z")
            click.echo(f"{at}  post {row.post_id}  {label(row.place)}  {row.account}")
        click.echo(
            f"{_count(len(done.rows), 'post')} would be planned; without --preview it is done."
        )
    else:
        click.echo(f"Planned: {_count(len(done.rows), 'post')}.")
    return 0


def export(file: Path, site: str, *, as_json: bool) -> int:
    """Write a site's posts for other calendar programs."""
    written = _calendars().feed(site)
    with _told(file):
        file.write_bytes(written)
    events = written.count(b"BEGIN:VEVENT")
    if as_json:
        _print({"file": str(file), "events": events})
    else:
        click.echo(f"{_count(events, 'post')} in {file}")
    return 0


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except (IsADirectoryError, FileNotFoundError, PermissionError) as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror}; name another file."
        ) from None
    except OSError as error:
        raise OutsideError(f"{file} cannot be written: {error.strerror or error}.") from None


def _done(what: str, said: str, site: str, changed: Changed, as_json: bool) -> int:
    if as_json:
        _print({"changed": what, "site": site, **changed.model_dump(mode="json")})
        return 0
    click.echo(f"Changed: {what}{f' of {site}' if site not in ('', MAIN) else ''}.")
    if changed.note:
        click.echo(changed.note)
    _say_moved(changed)
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number:,} {what}s"


def _say_moved(changed: Changed) -> None:
    if changed.moved:
        posts = "post of the queue has" if changed.moved == 1 else "posts of the queue have"
        print(f"{changed.moved} {posts} another time now.", file=sys.stderr)


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))

"""A calendar on a terminal: a month as a grid of counts and names, a week or day as a list."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.places import label
from igny8_media.planning.view import Day, Entry, Span
from igny8_media.planning.week import DAYS

_COLOURS: Final = {
    "free": "dim",
    "published": "green",
    "failed": "bold red",
    "needs_review": "bold red",
}
_SHORT: Final = {
    "linkedin": "in",
    "twitter": "X",
    "facebook": "fb",
    "instagram": "ig",
    "tiktok": "tt",
    "youtube": "yt",
    "youtube_shorts": "ys",
    "instagram_reels": "ir",
}


def _console() -> Console:
    # Nothing in a post is for the terminal: [words] and :words: stay as they are.
    return Console(highlight=False, markup=False, emoji=False)


def show_slots(calendar: SiteCalendar, places: Sequence[str]) -> None:
    out = _console()
    out.print(f"{calendar.name}, {calendar.zone}")
    for place in places:
        week = calendar.weeks[place]
        density = week.density
        out.print(
            Text(f"\n{label(place)}", "bold").append(
                f"  {density.gap} minutes apart, at most {density.cap} a day", "dim"
            )
        )
        for number, day in enumerate(DAYS):
            times = [slot.time for slot in week.slots if slot.weekday == number]
            if times:
                out.print(f"  {day}  {'  '.join(times)}")
        if not week.slots:
            out.print("  no slots: nothing goes out by the queue")
        if week.by_hand and len(week.by_hand) < len(week.slots):
            names = ", ".join(f"{DAYS[slot.weekday]} {slot.time}" for slot in sorted(week.by_hand))
            out.print(f"  set by hand: {names}", style="dim")
        if week.earlier and week.earlier.last_day:
            before = ", ".join(f"{DAYS[s.weekday]} {s.time}" for s in week.earlier.slots)
            out.print(f"  until {week.earlier.last_day} still {before}", style="dim")


def show_days(calendar: SiteCalendar, days: Sequence[Day], span: Span) -> None:
    out = _console()
    out.print(f"{calendar.name}, {calendar.zone}")
    if span == "month":
        _month(out, days)
    else:
        for day in days:
            _day(out, day)
        if any(entry.publication_id for day in days for entry in day.entries):
            out.print(
                "\n`igny8-media calendar move` takes the number that stands before an account.",
                style="dim",
            )


def _day(out: Console, day: Day) -> None:
    head = Text(f"\n{day.day:%a %Y-%m-%d}", "bold")
    for place, note in day.off.items():
        where = label(place) if place else "nothing"
        head.append(
            f"  {where} {'rests' if place else 'goes out'}{f': {note}' if note else ''}", "yellow"
        )
    out.print(head, soft_wrap=True)
    if not day.entries:
        out.print("  nothing planned, no free slot", style="dim")
    for entry in day.entries:
        line = Text(f"  {entry.local:%H:%M}  {label(entry.place):<15}  ")
        if entry.publication_id is None:
            line.append("free", "dim")
        else:
            what = "queued" if entry.queued else entry.status.replace("_", " ")
            line.append(f"{what:<12}", _COLOURS.get(entry.status, ""))
            line.append(f"  {entry.publication_id:>4}  {entry.account}: {entry.text}")
        if out.is_terminal:
            line.truncate(out.width, overflow="ellipsis")
        out.print(line, soft_wrap=True)


def _month(out: Console, days: Sequence[Day]) -> None:
    table = Table(show_lines=True, pad_edge=False, expand=False)
    for name in DAYS:
        table.add_column(name.capitalize(), vertical="top")
    week: list[Text] = [Text() for _ in range(days[0].day.weekday())]
    for day in days:
        week.append(_cell(day))
        if len(week) == 7:
            table.add_row(*week)
            week = []
    if week:
        table.add_row(*week, *(Text() for _ in range(7 - len(week))))
    out.print(table)
    seen = dict.fromkeys(entry.place for day in days for entry in day.entries)
    told = ", ".join(f"{_SHORT[place]} {label(place)}" for place in _SHORT if place in seen)
    out.print(f"{told}; `--week` shows the words, and free slots by name." if told else "")


def _cell(day: Day) -> Text:
    cell = Text(str(day.day.day), "bold")
    if "" in day.off:
        cell.append(" off", "yellow")
    free = 0
    for entry in day.entries:
        if entry.publication_id is None:
            free += 1
            continue
        cell.append(f"\n{entry.local:%H:%M} {_SHORT[entry.place]}", _style(entry))
    if free:
        cell.append(f"\n{free} free", "dim")
    return cell


def _style(entry: Entry) -> str:
    return _COLOURS.get(entry.status, "")

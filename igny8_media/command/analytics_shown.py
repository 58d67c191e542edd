"""Analytics on a terminal: tables, and the week as a map of its hours."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from igny8_media.analytics.best_times import BestTimes
from igny8_media.analytics.history import DAYS, HOURS
from igny8_media.analytics.platforms import FEW, Standing
from igny8_media.analytics.words import platform_label
from igny8_media.planning.openings import SiteCalendar
from igny8_media.planning.places import label
from igny8_media.planning.week import DAYS as DAY_NAMES

_NONE: Final = "-"
_SHADES: Final = (
    (0.85, " ", "dim"),
    (1.0, "░", "white on grey23"),
    (1.2, "▒", "white on dark_green"),
    (1.5, "▓", "black on green3"),
    (np.inf, "█", "black on bright_yellow"),
)
"""What an hour is worth at most, and how that looks without colours and with them."""
_WIDE: Final = 120
_LEAST: Final = 12
"""Characters that tell one post from another."""


def overview(told: dict[str, Any], notes: Sequence[str]) -> None:
    out = _console()
    if told["posts"]:
        first, last = (told[name].strftime("%Y-%m-%d") for name in ("first", "last"))
        out.print(
            f"Posts: {told['posts']}, of contents: {told['contents']}, {first} to {last}; "
            f"{told['compared']} can be compared."
        )
        rate = told["engagement_rate"]
        if rate is not None:
            out.print(
                f"Median engagement rate {100 * rate:.2f} % (n {told['engagement_rate_posts']})."
            )
        table = _table(("figure", "left"), ("total", "right"), ("posts", "right"))
        for name, figure in told["figures"].items():
            table.add_row(name, _number(figure["total"]), str(figure["posts"]))
        out.print(table)
    _say(out, notes)


def platforms(
    table: pd.DataFrame, found: Sequence[Standing], best: str | None, notes: Sequence[str]
) -> None:
    out = _console()
    if found:
        ranks = _table(
            ("platform", "left"), ("a post gets", "right"), ("90 %", "right"),
            ("best", "right"), ("n", "right"),
        )  # fmt: skip
        for one in found:
            ranks.add_row(
                platform_label(one.platform),
                f"{one.usual:,.1f}",
                f"{one.low:,.1f} to {one.high:,.1f}",
                f"{100 * one.best:.0f} %",
                f"{one.posts}{' (few)' if one.posts < FEW else ''}",
            )
        out.print(ranks)
        if best is not None:
            out.print(f"Best: {platform_label(best)}.")
        elif len(found) > 1:
            out.print("Which is best cannot be told yet: too close, or too few posts.")
    if len(table):
        names = ("impressions", "reach", "views", "likes", "comments", "shares", "saves", "clicks")
        rows = table.to_dict("records")
        # Platforms side by side: a figure each would not fit the eighty columns of a terminal.
        sums = _table(
            ("figure", "left"), *((platform_label(row["platform"]), "right") for row in rows)
        )
        for name in ("posts", *names):
            sums.add_row(name, *(_number(row[name]) for row in rows))
        sums.add_row("rate", *(_rate(row["engagement_rate"]) for row in rows))
        out.print(sums)
    _say(out, notes)


def posts(table: pd.DataFrame, notes: Sequence[str]) -> None:
    """A line for each: on a narrow terminal what it was and how it did, on a wide one all of it."""
    out = _console()
    if len(table):
        wide = out.width >= _WIDE
        lines = [_line(row, wide=wide) for row in table.to_dict("records")]
        names = [*("id", "out", "place", "post", "so far"), *(["at 72 h"] if wide else [])]
        names += ["× usual", *(["rate"] if wide else []), ""]
        widths = [max(map(cell_len, column)) for column in zip(names, *lines, strict=True)]
        # All that is too wide for the terminal is taken from here, where the end matters least.
        post = names.index("post")
        room = out.width - sum(widths) + widths[post] - 2 * (len(names) - 1)
        rows = Table(box=None, pad_edge=False, header_style="dim")
        for number, name in enumerate(names):
            rows.add_column(
                name,
                justify="left" if name in ("out", "place", "post", "") else "right",
                no_wrap=True,
                width=min(widths[number], max(_LEAST, room)) if number == post else widths[number],
            )
        for line in lines:
            rows.add_row(*map(Text, line))
        out.print(rows)
    _say(out, notes)


def _line(row: dict[Any, Any], *, wide: bool) -> list[str]:
    words = " ".join((_text(row["title"]) or _text(row["text"])).split())
    return [
        str(row["post_id"]),
        row["local"].strftime("%Y-%m-%d %H:%M" if wide else "%m-%d %H:%M"),
        str(row["place"]),
        f"{row['content_id']}: {words}" if wide else words or str(row["content_id"]),
        _number(row["engagement"]),
        *([_number(row["engagement_72h"])] if wide else []),
        _decimal(row["times_usual"]),
        *([_rate(row["engagement_rate"])] if wide else []),
        _marks(row),
    ]


def contents(table: pd.DataFrame, notes: Sequence[str]) -> None:
    out = _console()
    if len(table):
        rows = _table(
            ("content", "left"), ("posts", "right"), ("videos", "right"), ("likes", "right"),
            ("comments", "right"), ("shares", "right"), ("times usual", "right"), ("n", "right"),
        )  # fmt: skip
        for row in table.to_dict("records"):
            rows.add_row(
                Text(str(row["content_id"])),
                str(row["posts"] - row["videos"]),
                str(row["videos"]),
                *(_number(row[name]) for name in ("likes", "comments", "shares")),
                _decimal(row["times_usual"]),
                str(row["times_usual_posts"]),
            )
        out.print(rows)
    _say(out, notes)


def heat_maps(found: Sequence[BestTimes], notes: Sequence[str]) -> None:
    """For each place a map of the week: how bright an hour is, that it is worth; the number is how
    many posts went out in it."""
    out = _console()
    for one in found:
        out.print(Text(f"{label(one.place)}, {_count(one)}", "bold"))
        out.print(Text("    " + "".join(f"{hour:>2} " for hour in range(HOURS)), "dim"))
        worth = np.exp(one.belief.mean).reshape(DAYS, HOURS)
        posts = one.belief.posts.reshape(DAYS, HOURS).astype(int)
        for day, name in enumerate(DAY_NAMES):
            line = Text(f"{name} ")
            for hour in range(HOURS):
                number = str(posts[day, hour] or "·")
                line.append_text(_shaded(out, worth[day, hour], f"{number:>2}"))
            out.print(line)
        out.print()
    legend, least = Text("Worth, the week's mean hour being 1: "), 0.0
    for limit, _, _ in _SHADES:
        words = f" {least:g} to {limit:g}" if np.isfinite(limit) else f" above {least:g}"
        legend.append_text(_shaded(out, (least + min(limit, 9)) / 2, words))
        least = limit
    out.print(legend)
    _say(out, notes)


def best_times(found: Sequence[BestTimes], calendar: SiteCalendar, notes: Sequence[str]) -> None:
    out = _console()
    for one in found:
        out.print(Text(f"{label(one.place)}, {_count(one)}, {calendar.zone}", "bold"))
        rows = _table(
            ("slot", "left"), ("worth", "right"), ("90 %", "right"), ("n", "right"), ("", "left")
        )
        held = set(calendar.weeks[one.place].slots)
        for each in one.suggested:
            marks = ["to learn"] if each.explored else []
            marks += [] if each.slot in held else ["new"]
            rows.add_row(
                each.slot.name,
                f"{each.worth:.2f}",
                f"{each.low:.2f} to {each.high:.2f}",
                str(each.posts),
                ", ".join(marks),
            )
        out.print(rows)
    _say(out, notes)


def _count(one: BestTimes) -> str:
    few = ": few, so mostly what is usual there" if one.few else ""
    return f"n {one.posts}{few}"


def _shaded(out: Console, worth: float, words: str) -> Text:
    sign, style = next((sign, style) for limit, sign, style in _SHADES if worth < limit)
    return Text(f"{words} ", style) if out.color_system else Text(words + sign)


def _marks(row: dict[Any, Any]) -> str:
    marks = [] if row["state"] == "compared" else [str(row["state"])]
    marks += [
        word
        for name, word in (("deleted", "gone"), ("breaks", "counted otherwise"), ("falls", "fell"))
        if row[name]
    ]
    return ", ".join(marks)


def _table(*columns: tuple[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, justify in columns:
        table.add_column(name, justify=justify, no_wrap=name != "content")
    return table


def _say(out: Console, notes: Sequence[str]) -> None:
    for note in notes:
        out.print(Text(note, "dim"), soft_wrap=True)


def _console() -> Console:
    # What platforms and people wrote is not for the terminal: [words] stay as they are.
    console = Console(highlight=False, markup=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(highlight=False, markup=False, emoji=False, width=_WIDE)
    )


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(value: Any) -> str:
    return str(value) if _there(value) else ""


def _number(value: Any) -> str:
    return f"{value:,.0f}" if _there(value) else _NONE


def _decimal(value: Any) -> str:
    return f"{value:.2f}" if _there(value) else _NONE


def _rate(value: Any) -> str:
    return f"{100 * value:.2f} %" if _there(value) else _NONE

"""When a post comes again: rules of RFC 5545 in local time, so that 09:00 stays 09:00."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from igny8_media.errors import InputError
from igny8_media.planning.localtime import moment_of
from igny8_media.planning.week import read_day, read_time

_EVERY: Final = re.compile(r"([1-9][0-9]{0,2})\s*([dwm])", re.ASCII | re.IGNORECASE)
_UNITS: Final = {"d": "DAILY", "w": "WEEKLY", "m": "MONTHLY"}
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS: Final = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"),
    *("BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"),
)
_MOST: Final = 1000


@dataclass(frozen=True)
class Rule:
    """`text` is the RRULE; it counts from `starts`, a local time of the zone."""

    text: str
    starts: datetime
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime | None:
        """The first turn later than a moment; None where there is none."""
        # From a day earlier: a skipped time is moved forward, over the moment perhaps.
        local = moment.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=1)
        minute = self.starts.hour * 60 + self.starts.minute
        for turn in _rule(self.text, self.starts).xafter(local):
            at = moment_of(turn.date(), minute, self.zone)
            if at > moment:
                return at
        return None


@dataclass(frozen=True)
class Wish:
    """A repetition as it was typed: `every` ("14d") or `rrule`, local time `at`, and its end."""

    at: str
    every: str | None = None
    rrule: str | None = None
    first: str | None = None
    count: int | None = None
    until: str | None = None
    forever: bool = False


def read_rule(wish: Wish, zone: ZoneInfo, before: datetime, now: datetime) -> Rule:
    """`before` is when the post was, or is, out: "every 14 days" counts from there, and without a
    day of its own no rule begins earlier.

    Raises InputError for what no calendar understands, a repetition without an end, or one that
    never comes.
    """
    if (wish.every is None) == (wish.rrule is None):
        raise InputError('Say how often: --every 14d, or --rrule "FREQ=WEEKLY;BYDAY=TU"; not both.')
    minute = read_time(wish.at)
    parts = _every(wish.every) if wish.every is not None else _parts(wish.rrule or "", zone)
    if wish.every is not None and parts["FREQ"] == "MONTHLY":
        begun = read_day(wish.first) if wish.first else before.astimezone(zone).date()
        parts |= _month_ends(begun.day)
    _end(parts, wish, zone, now)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    if wish.first is not None:
        day = read_day(wish.first)
    elif wish.every is not None:
        day = _first_after(parts, before.astimezone(zone).date(), minute, zone, now)
    else:
        # A repetition of what is not out yet would come before it.
        out = max(now, before)
        day = out.astimezone(zone).date()
        if moment_of(day, minute, zone) <= out:
            day += timedelta(days=1)
    rule = Rule(text, datetime.combine(day, time(minute // 60, minute % 60)), zone)
    if rule.after(now) is None:
        raise InputError(f"{text} from {day} never comes; choose another rule, start or end.")
    return rule


def _rule(text: str, starts: datetime) -> rrule:
    try:
        found = rrulestr(text, dtstart=starts)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"'{text}' is no rule of RFC 5545: {error}.") from None
    if not isinstance(found, rrule):
        raise InputError(f"'{text}' is more than one rule; write one.")
    return found


def _every(text: str) -> dict[str, str]:
    found = _EVERY.fullmatch(text.strip())
    if found is None:
        raise InputError(
            f"'{text}' is no span; write a number from 1 to 999 with d, w or m (days, weeks, "
            "months), as in 14d."
        )
    return {"FREQ": _UNITS[found[2].lower()], "INTERVAL": found[1]}


def _month_ends(day: int) -> dict[str, str]:
    """RFC 5545 leaves out months without a 31st; who says "every month" means their last day."""
    if day <= 28:
        return {}
    days = ",".join(str(number) for number in range(28, day + 1))
    return {"BYMONTHDAY": days, "BYSETPOS": "-1"}


def _parts(text: str, zone: ZoneInfo) -> dict[str, str]:
    plain = text.strip().upper().removeprefix("RRULE:")
    parts: dict[str, str] = {}
    for part in plain.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise InputError(
                f"'{text}' is no rule of RFC 5545; write for example FREQ=WEEKLY;BYDAY=TU."
            )
        if name not in _PARTS:
            hint = "the time of day is --at" if name.startswith("BY") else "it is not known"
            raise InputError(f"'{name}' cannot be part of a rule here: {hint}; leave it out.")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise InputError(f"A rule begins with FREQ={'|'.join(_FREQUENCIES)}; '{text}' does not.")
    for name in ("INTERVAL", "COUNT"):
        if name not in parts:
            continue
        told = parts[name]
        # ASCII: "²" is a digit too, and no number.
        if not (told.isascii() and told.isdigit() and 1 <= int(told[:9]) <= _MOST):
            raise InputError(f"{name}={parts[name]} is not from 1 to {_MOST}; correct it.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], zone)
    return parts


def _until(text: str, zone: ZoneInfo) -> str:
    """In local time, as the rule is: one with a Z is UTC (RFC 5545, 3.3.10)."""
    for form in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put in below
        except ValueError:
            continue
        read_day(moment.date().isoformat())
        if form.endswith("Z"):
            moment = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        elif form == "%Y%m%d":
            moment += timedelta(hours=23, minutes=59)
        return moment.strftime("%Y%m%dT%H%M%S")
    raise InputError(f"UNTIL={text} is no date; write for example UNTIL=20271231.")


def _end(parts: dict[str, str], wish: Wish, zone: ZoneInfo, now: datetime) -> None:
    """The end goes into the rule. Raises InputError where there is none, or several."""
    given = [
        wish.count is not None or "COUNT" in parts,
        wish.until is not None or "UNTIL" in parts,
        wish.forever,
    ]
    twice = (wish.count is not None and "COUNT" in parts) or (
        wish.until is not None and "UNTIL" in parts
    )
    if not any(given):
        raise InputError(
            "A repetition needs an end: --count N, --until DATE, or --forever, which goes on until "
            "people no longer care, or you end it."
        )
    if sum(given) > 1 or twice:
        raise InputError("Give one end: --count, --until or --forever.")
    if wish.count is not None:
        if not 1 <= wish.count <= _MOST:
            raise InputError(f"--count {wish.count} is not from 1 to {_MOST}; correct it.")
        parts["COUNT"] = str(wish.count)
    if wish.until is not None:
        last = read_day(wish.until)
        if last < now.astimezone(zone).date():
            raise InputError(f"--until {wish.until} is past; give a day to come.")
        parts["UNTIL"] = _until(last.strftime("%Y%m%d"), zone)


def _first_after(
    parts: dict[str, str], before: date, minute: int, zone: ZoneInfo, now: datetime
) -> date:
    """The first turn of `--every` after the post itself that is still to come."""
    endless = {name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
    text = ";".join(f"{name}={value}" for name, value in endless.items())
    clock = time(minute // 60, minute % 60)
    for turn in _rule(text, datetime.combine(before, clock)):
        if turn.date() > before and moment_of(turn.date(), minute, zone) > now:
            return turn.date()
    raise InputError(f"{text} never comes; choose a shorter span.")

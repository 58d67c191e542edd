"""A moment as people write it, in their time zone: never one that does not exist there."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from igny8_media.errors import InputError

HORIZON: Final = timedelta(days=731)
"""How far ahead anything is planned: what is meant for later than in two years will not be read,
and a year that was mistyped is told."""


def moment(text: str, zone: str, now: datetime) -> datetime:
    """An ISO 8601 date and time as UTC; one without an offset is local time in `zone` (IANA).

    Raises InputError for one that is past or beyond the HORIZON, that the zone's clocks skip, or
    that comes twice without saying which.
    """
    written = _read(text)
    at = written if written.tzinfo else _local(written, text, zone)
    if at <= now:
        raise InputError(f"{text} is past; give a time to come, or publish it now.")
    if at > now + HORIZON:
        raise InputError(
            f"{text} is in the year {written.year}, and nothing is planned more than two years "
            "ahead; give an earlier time."
        )
    return at.astimezone(UTC)


def offset_of(text: str) -> tzinfo | None:
    """The offset from UTC that stands in it, if one does. Raises InputError for no moment."""
    return _read(text).tzinfo


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        raise InputError(
            f"'{text}' is no date and time; write for example 2026-12-01T09:30."
        ) from None


def _local(written: datetime, text: str, zone: str) -> datetime:
    place = zone_of(zone)
    first, second = (written.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    if back != written:
        raise InputError(
            f"{text} does not exist in {zone}: the clocks go forward over it that night; choose "
            "another time."
        )
    raise InputError(
        f"{text} comes twice in {zone}, when the clocks go back; say which with its offset, "
        f"{first.isoformat()} or {second.isoformat()}."
    )


def zone_of(name: str) -> ZoneInfo:
    """Raises InputError where there is no such time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        raise InputError(
            f"There is no time zone '{name}'; write one as in Europe/Berlin."
        ) from None

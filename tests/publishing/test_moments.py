"""Times as people write them."""

from datetime import UTC, datetime

import pytest

from igny8_media.errors import InputError
from igny8_media.publishing.moments import moment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-12-01T09:30", "UTC", "2026-12-01T09:30+00:00"),
        ("2026-12-01 09:30", "Europe/Berlin", "2026-12-01T08:30+00:00"),
        ("2026-12-01T09:30-05:00", "Europe/Berlin", "2026-12-01T14:30+00:00"),
        ("2027-07-01T00:00", "Asia/Kolkata", "2027-06-30T18:30+00:00"),
        ("2027-10-31T02:30+01:00", "Europe/Berlin", "2027-10-31T01:30+00:00"),
    ],
)
def test_a_moment_is_read_in_its_zone(text: str, zone: str, expected: str) -> None:
    assert moment(text, zone, NOW).isoformat() == datetime.fromisoformat(expected).isoformat()


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        ("2027-03-28T02:30", "Europe/Berlin", "does not exist in Europe/Berlin"),
        ("2027-10-31T02:30", "Europe/Berlin", "comes twice in Europe/Berlin"),
        ("2027-03-14T02:30", "America/New_York", "does not exist"),
        ("2027-10-03T02:15", "Australia/Lord_Howe", "does not exist"),
        ("2026-11-22T12:00", "UTC", "is past"),
        ("9999-12-31T23:59", "Pacific/Honolulu", "in the year 9999, and nothing"),
        ("2127-02-20T10:00", "UTC", "in the year 2127, and nothing is planned more than two"),
        ("0001-01-01T00:00", "Asia/Kathmandu", "is past"),
        ("tomorrow", "UTC", "is no date and time"),
        ("2026-12-01T09:30", "Mars/Olympus", "no time zone"),
        ("2026-12-01T09:30", "../etc/passwd", "no time zone"),
    ],
)
def test_a_moment_that_cannot_be_is_a_sentence(text: str, zone: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        moment(text, zone, NOW)

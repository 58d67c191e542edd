"""Whom a Google token speaks for, what it may, and the project's quota (contract 7.1, 7.3)."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import Person
from igny8_media.sandbox.youtube.rules import GoogleError

_SCOPE: Final = "https://www.googleapis.com/auth/"
UPLOAD: Final = f"{_SCOPE}youtube.upload"
FORCE_SSL: Final = f"{_SCOPE}youtube.force-ssl"
READONLY: Final = f"{_SCOPE}youtube.readonly"
YOUTUBE: Final = f"{_SCOPE}youtube"
ANALYTICS: Final = f"{_SCOPE}yt-analytics.readonly"
SCOPES: Final = (UPLOAD, FORCE_SSL, READONLY, ANALYTICS, YOUTUBE)
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_INSERTS: Final = 100
_UNITS: Final = 10_000


def unauthenticated() -> GoogleError:
    return GoogleError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        domain="global",
        location="Authorization",
    )


def authorised(call: Call, *scopes: str, cost: int = 1, bucket: str = "units") -> Person:
    """The channel whose token came, if it has one of these scopes or all of `youtube`, and the
    project's day has `cost` left; GoogleError otherwise."""
    token = call.token()
    if token is None:
        raise unauthenticated()
    if not {*scopes, YOUTUBE} & set(token.scopes):
        raise GoogleError(
            403,
            "insufficientPermissions",
            "Request had insufficient authentication scopes.",
            domain="global",
        )
    _spend(call, cost, bucket)
    return call.owner(token)


def _spend(call: Call, cost: int, bucket: str) -> None:
    """`daily_limit` is of videos, `rate_limit` of units; both begin anew at midnight Pacific."""
    config = call.world.config
    most = (
        config.daily_limit.get("youtube", _INSERTS)
        if bucket == "inserts"
        else config.rate_limit.get("youtube", _UNITS)
    )
    day = datetime.fromtimestamp(call.world.now(), UTC).astimezone(_PACIFIC).date().isoformat()
    used: dict[str, Any] = call.world.shelf("youtube", "quota").setdefault(day, {})
    if used.get(bucket, 0) + cost > most:
        raise GoogleError(
            403,
            "quotaExceeded",
            'The request cannot be completed because you have exceeded your <a href="/youtube/v3/'
            'getting-started#quota">quota</a>.',
            domain="youtube.quota",
        )
    used[bucket] = used.get(bucket, 0) + cost

"""What YouTube's errors mean (errors and quota pages, developers.google.com/youtube, 2026)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from igny8_media.publishing.api import Reply, retry_after
from igny8_media.publishing.outcomes import (
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Quota,
    Refusal,
    Retryable,
)

_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_PAUSE: Final = 60.0
_USED_UP: Final = ("quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg")
_TOO_FAST: Final = ("rateLimitExceeded", "userRateLimitExceeded")
_NOT_GRANTED: Final = ("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
_PROJECT: Final = ("accessNotConfigured", "keyInvalid", "SERVICE_DISABLED")


def judge(reply: Reply, commit: bool, now: datetime) -> Refusal | None:
    """What a reply means beyond its status code; None leaves it to the usual reading."""
    if reply.status < 300:
        return _cut_short(reply, commit)
    if reply.status < 400:
        return None
    reason, said = reason_of(reply), message_of(reply)
    if reason in _USED_UP:
        # Each kind of call has its own bucket, and all of them are filled at the same moment.
        return Quota(
            pacific_midnight(now),
            "The day's quota of YouTube's API is used up; it starts anew at midnight Pacific time.",
        )
    if reason == "uploadLimitExceeded":
        return Quota(
            now + timedelta(hours=24),
            "YouTube takes no more uploads from this channel for a day.",
        )
    if reason in _TOO_FAST or reply.status == 429:
        after = retry_after(reply.headers, now)
        return Retryable(
            "YouTube takes no more requests now.",
            after=_PAUSE if after is None else after,
            counted=False,
        )
    if reason == "youtubeSignupRequired":
        return NeedsAuth(
            "The Google account has no YouTube channel; create one and connect it again.",
            renewable=False,
        )
    if reason in _NOT_GRANTED:
        return NeedsAuth(
            f"YouTube was not allowed to do this ({said}); connect the account again and grant "
            "every permission.",
            renewable=False,
        )
    if reason in _PROJECT:
        return Halted(
            f"YouTube's API is not switched on for this application ({said}); enable the YouTube "
            "Data API v3 in the Google Cloud console."
        )
    if reply.status in (400, 403, 404, 409, 413):
        return Permanent(f"YouTube refused it: {said}")
    return None


def reason_of(reply: Reply) -> str:
    """The first error's reason, such as `quotaExceeded`; empty where there is none."""
    return _text(_first_error(reply).get("reason"))


def message_of(reply: Reply) -> str:
    """What the reply says, for a sentence, with the reason's name."""
    error = _error(reply)
    told = _text(error.get("message")) or _text(_first_error(reply).get("message")) or reply.said
    words = " ".join(told.split())[:300] or f"status {reply.status}"
    reason = reason_of(reply)
    return f"{words} ({reason})" if reason and reason not in words else words


def names(refusal: Refusal, reason: str) -> bool:
    """Whether YouTube refused for this reason; `judge` always says which it was."""
    return isinstance(refusal, Permanent) and reason in refusal.reason


def pacific_midnight(now: datetime) -> datetime:
    """The next one, in UTC: a day there has 23 or 25 hours twice a year."""
    tomorrow = pacific_day(now) + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_PACIFIC)
    return midnight.astimezone(now.tzinfo)


def pacific_day(moment: datetime) -> date:
    """The day that it is for YouTube."""
    return moment.astimezone(_PACIFIC).date()


def _cut_short(reply: Reply, commit: bool) -> Refusal | None:
    if not reply.body.strip() or isinstance(reply.data, Mapping):
        return None
    told = "YouTube's answer cannot be read"
    return Ambiguous(f"{told}.") if commit else Retryable(f"{told}; trying again.")


def _error(reply: Reply) -> Mapping[str, Any]:
    error = reply.data.get("error") if isinstance(reply.data, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _first_error(reply: Reply) -> Mapping[str, Any]:
    errors = _error(reply).get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""How much of Meta's limits is used up, read from the headers of its replies.

X-App-Usage, X-Page-Usage and X-Business-Use-Case-Usage hold percentages; the last also how many
minutes it takes until calls are allowed again (Graph API rate limits, developers.facebook.com,
2026). Calling on while blocked makes it longer.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

_PERCENTAGES: Final = ("call_count", "total_time", "total_cputime")
_MINUTES: Final = "estimated_time_to_regain_access"
_FULL: Final = 95.0
_MUCH: Final = 75.0
# The windows roll over an hour: a quarter of it brings the figures down noticeably.
_REST: Final = timedelta(minutes=15)
_LITTLE: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=1)


def regained_at(headers: httpx.Headers, now: datetime) -> datetime | None:
    """When Meta takes calls again, if it says that it takes none now."""
    minutes = max((_figure(usage, _MINUTES) for usage in _usages(headers)), default=0.0)
    return now + min(timedelta(minutes=minutes), _LONGEST) if minutes > 0 else None


def rest_until(headers: httpx.Headers, now: datetime) -> datetime | None:
    """Until when to leave Meta alone: longer the nearer the limit is, from three quarters of it on,
    and as long as it says once it takes nothing more. None where there is no need."""
    back = regained_at(headers, now)
    if back is not None:
        return back
    figures = (_figure(usage, name) for usage in _usages(headers) for name in _PERCENTAGES)
    used = max(figures, default=0.0)
    if used < _MUCH:
        return None
    part = min(1.0, (used - _MUCH) / (_FULL - _MUCH))
    return now + _LITTLE + part * (_REST - _LITTLE)


def _usages(headers: httpx.Headers) -> Iterator[Mapping[str, Any]]:
    for name in ("x-app-usage", "x-page-usage"):
        usage = _read(headers, name)
        if isinstance(usage, Mapping):
            yield usage
    cases = _read(headers, "x-business-use-case-usage")
    for entries in cases.values() if isinstance(cases, Mapping) else ():
        if isinstance(entries, list):
            yield from (usage for usage in entries if isinstance(usage, Mapping))


def _read(headers: httpx.Headers, name: str) -> Any:
    try:
        return json.loads(headers.get(name, ""))
    except (ValueError, RecursionError):
        return None


def _figure(usage: Mapping[str, Any], name: str) -> float:
    value = usage.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return min(float(value), 1e6)
    return 0.0

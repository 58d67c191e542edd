"""What X's errors mean (X API 2.167, docs.x.com, 2026-08).

Errors are problems (RFC 7807: `type`, `title`, `detail`) or `{"errors": [{code, message}]}`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from igny8_media.publishing.api import Reply, retry_after
from igny8_media.publishing.outcomes import NeedsAuth, Permanent, Quota, Refusal, Retryable

_MONEY: Final = timedelta(days=1)
_LONGEST: Final = 86400.0
_LOST_MEDIA: Final = re.compile(
    r"media ids? (?:is|are) invalid|media\b.*\b(?:expired|not found)|could not find media"
)


def judge(reply: Reply, now: datetime) -> Refusal | None:
    """What a reply means beyond its status code; None leaves it to the usual reading."""
    if reply.status < 400:
        return None
    said, told = _said(reply), _told(reply)
    capped = "usage-capped" in told or "credits" in told
    if reply.status == 402 or (capped and reply.status in (403, 429)):
        return Quota(
            now + _MONEY,
            f"X wants to be paid first: {said}; buy credits or raise the spending limit in X's "
            "developer console.",
            person=True,
        )
    if reply.status == 401:
        return NeedsAuth(f"X takes this account's token no more: {said}; connect it again.")
    if reply.status == 429:
        return Retryable(
            "X takes no more requests now.", after=_until_reset(reply, now), counted=False
        )
    if reply.status == 403 and "unsupported-authentication" in told:
        return NeedsAuth(
            "This token is an application's, not an account's; connect the account.",
            renewable=False,
        )
    if reply.status in (400, 403, 404):
        return Permanent(f"X refused it: {said}")
    return None


def is_duplicate(reply: Reply) -> bool:
    """Whether X has this text already; it does not say where."""
    return reply.status == 403 and "duplicate content" in _told(reply)


def is_not_visible(reply: Reply) -> bool:
    """Whether X does not find the post that this one replies to, or not yet."""
    told = _told(reply)
    return reply.status == 404 or (
        reply.status == 403 and ("not visible" in told or "deleted" in told)
    )


def is_lost_media(reply: Reply) -> bool:
    """Whether X no longer knows the media that a request names."""
    if reply.status == 400:
        return _LOST_MEDIA.search(_told(reply)) is not None
    return reply.status in (404, 410)


def pause_of(reply: Reply, now: datetime) -> tuple[datetime, str] | None:
    """Until when X wants nothing more, where this reply used up the last request."""
    if reply.headers.get("x-rate-limit-remaining", "").strip() != "0":
        return None
    after = _until_reset(reply, now)
    if after is None:
        return None
    return now + timedelta(seconds=after), "X takes no more requests in these fifteen minutes."


def _told(reply: Reply) -> str:
    return " ".join(_words(reply)).lower()


def _said(reply: Reply) -> str:
    """X's own words about an error, the longest it has."""
    return max(_words(reply), key=len, default="")[:300] or f"status {reply.status}"


def _words(reply: Reply) -> Iterator[str]:
    data = reply.data
    if not isinstance(data, Mapping):
        if reply.said:
            yield reply.said
        return
    listed = data.get("errors")
    for problem in (data, *(listed if isinstance(listed, list) else ())):
        if isinstance(problem, Mapping):
            for name in ("type", "title", "reason", "detail", "message"):
                if isinstance(problem.get(name), str):
                    yield " ".join(str(problem[name]).split())


def _until_reset(reply: Reply, now: datetime) -> float | None:
    """Seconds until the window ends, by X's own clock where it tells its time."""
    reset = reply.headers.get("x-rate-limit-reset", "").strip()
    if not (reset.isascii() and reset.isdigit()):
        return retry_after(reply.headers, now)
    theirs = _date(reply) or now
    return min(max(1.0, int(reset) - theirs.timestamp()), _LONGEST)


def _date(reply: Reply) -> datetime | None:
    try:
        date = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)

"""What LinkedIn's errors mean (Posts API and error handling, learn.microsoft.com, 2026-10)."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.api import Reply, retry_after
from igny8_media.publishing.outcomes import Halted, NeedsAuth, Permanent, Quota, Refusal, Retryable

STILL_PROCESSING: Final = "MEDIA_ASSET_WAITING_UPLOAD"
EXPIRED_UPLOAD: Final = "EXPIRED_UPLOAD_URL"
_POST: Final = re.compile(r"urn:li:(?:share|ugcPost):\d+\b")
_SHORT: Final = 120.0


def judge(reply: Reply, now: datetime) -> Refusal | None:
    """What a reply means beyond its status code; None leaves it to the usual reading."""
    status, code = reply.status, code_of(reply)
    said = _message(reply)
    if status == 426 or code in ("NONEXISTENT_VERSION", "VERSION_MISSING"):
        return Halted(
            f"LinkedIn retired the version of its API that is asked for ({said}); set "
            "LINKEDIN_VERSION to a current one."
        )
    if status == 401:
        return NeedsAuth(f"LinkedIn takes this account's token no more: {said}; connect it again.")
    if status == 429:
        return _limited(reply, now)
    if status == 400 and code == STILL_PROCESSING:
        return Retryable("LinkedIn still processes the media.", after=10, counted=False)
    if code == EXPIRED_UPLOAD:
        return Retryable("The time to upload the media to LinkedIn was over.", afresh=True)
    if status == 400 and code == "MEDIA_ASSET_PROCESSING_FAILED":
        return Permanent(f"LinkedIn could not process the media: {said}; export it anew.")
    if status == 403:
        return Permanent(
            f"LinkedIn does not let this account do it: {said}; check the rights granted and the "
            "role in the organization."
        )
    if status in (400, 404, 409, 422):
        return Permanent(f"LinkedIn refused it: {said}")
    return None


def code_of(reply: Reply) -> str:
    """The error's name, such as FIELD_LENGTH_TOO_LONG; empty where there is none."""
    code = reply.data.get("code") if isinstance(reply.data, Mapping) else None
    return code if isinstance(code, str) else ""


def duplicate_of(reply: Reply) -> str | None:
    """The URN of the live post that a refusal as duplicate names; "" where it names none.

    None where the reply is no such refusal.
    """
    if reply.status != 422:
        return None
    said = reply.body.decode("utf-8", "replace")
    if code_of(reply) != "DUPLICATE_POST" and "duplicate" not in said.lower():
        return None
    found = _POST.search(said)
    return found[0] if found else ""


def post_id(value: Any) -> str | None:
    """A post's URN, if this is a whole one."""
    return value if isinstance(value, str) and _POST.fullmatch(value) else None


def _limited(reply: Reply, now: datetime) -> Refusal:
    after = retry_after(reply.headers, now)
    if after is not None and after <= _SHORT:
        return Retryable("LinkedIn takes no more requests now.", after=after, counted=False)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    until = midnight if after is None else now + timedelta(seconds=after)
    return Quota(
        until, "LinkedIn's limit of requests a day is used up; it starts anew at 0:00 UTC."
    )


def _message(reply: Reply) -> str:
    message = reply.data.get("message") if isinstance(reply.data, Mapping) else None
    told = message if isinstance(message, str) and message else reply.said
    return " ".join(told.split())[:300] or f"status {reply.status}"

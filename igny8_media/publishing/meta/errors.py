"""What the Graph API's errors mean, for Facebook and Instagram alike.

Sources: error codes of the Graph API and of Instagram content publishing
(developers.facebook.com, 2026-06), Graph API v26.0; codes without a page were seen in practice.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.api import Reply, retry_after
from igny8_media.publishing.meta.usage import regained_at
from igny8_media.publishing.outcomes import (
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Quota,
    Refusal,
    Retryable,
)

DUPLICATE: Final = (506, 1366051)
GONE: Final = 33
"""Subcode of 100: the object is not there, or not for this account."""
NO_CONTAINER: Final = 2207006
"""A container is not there."""
UNREACHED: Final = (2207003, 2207052)
"""The media's public address was too slow or gave nothing."""
_UPLOAD_FAILED: Final = (2207076, 2207077, 2207082)
NOT_WITHOUT_END: Final = (*UNREACHED, *_UPLOAD_FAILED)
"""What is tried again once or twice with a new container, and not more: the media is at fault."""
BUSY: Final = 2207008
"""A container is not available for the moment, or has expired."""

_THROTTLED: Final = (4, 17, 32, 613, *range(80001, 80015))
_TOKEN: Final = (102, 190)
# The person changed the password, removed the app or lost the role: renewing gives no other token.
_FOR_A_PERSON: Final = (458, 460, 492)
_CHECKPOINTS: Final = (1404006, 1404078)
_PASSING: Final = (1363047, 1609010)
_TOO_FAST: Final = 1390008
_SPAM: Final = (2207051, 2207050)
_LIMIT: Final = 2207042
_NOT_READY: Final = 2207027
_NEW_CONTAINER: Final = (2207001, 2207032, 2207053, 2207020, *_UPLOAD_FAILED)
# A commit answered so may have used the container up, or may not: the container itself tells.
_ASK_CONTAINER: Final = (*_NEW_CONTAINER, NO_CONTAINER, BUSY)
_SUBCODE: Final = re.compile(r"\b2207\d{3}\b")
# Too large, format, ratio, caption, video format, cover, media type, number of items, tags; spam;
# no trial reels.
_FOREVER: Final = (
    *(2207004, 2207005, 2207009, 2207010, 2207026, 2207057, 2207023, 2207028),
    *(2207035, 2207036, 2207037, 2207040, *_SPAM, 2207081),
)
_MOST_SAID: Final = 300
_THROTTLE: Final = timedelta(minutes=15)
_LIMIT_LOOK: Final = timedelta(hours=1)
_BLOCKED: Final = timedelta(hours=24)


@dataclass(frozen=True)
class GraphError:
    """The error object of a reply; `transient` is None where the reply does not say, and `data` is
    what it adds for machines."""

    code: int
    subcode: int
    message: str
    transient: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def is_one_of(self, *numbers: int) -> bool:
        """Meta gives some numbers as code and some as subcode, and not always the same way."""
        return self.code in numbers or self.subcode in numbers

    @property
    def told(self) -> str:
        number = f"{self.code}/{self.subcode}" if self.subcode else f"{self.code}"
        return f"{self.message} ({number})" if self.message else f"error {number}"


def error_in(reply: Reply) -> GraphError | None:
    """The error that a reply carries, whatever its status says."""
    found = reply.data.get("error") if isinstance(reply.data, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    # What is meant for people says more than the message where both are there.
    said = next(
        (text for key in ("error_user_msg", "message") if (text := _text(found.get(key)))), ""
    )
    transient = found.get("is_transient")
    return GraphError(
        code=_number(found.get("code")),
        subcode=_number(found.get("error_subcode")),
        message=said,
        transient=transient if isinstance(transient, bool) else None,
        data=_mapping(found.get("error_data")),
    )


def judge(reply: Reply, commit: bool, label: str, now: datetime) -> Refusal | None:
    """What a reply of the Graph API means; None leaves it to its status code."""
    error = error_in(reply)
    if error is None:
        return None
    told = f"{label} says: {error.told}"
    return (
        _about_access(error, told, label, now)
        or _about_limits(error, told, label, now, reply)
        or _about_containers(error, told, commit)
        or _about_the_rest(error, told, commit, reply.status)
    )


def container_failed(status: Any, label: str) -> tuple[Refusal, int]:
    """What it means that a container's status_code is ERROR, and the subcode in its `status`,
    which reads like "Error: Media upload has failed with error code 2207026"; 0 without one."""
    said = _text(status) or "no reason given"
    found = _SUBCODE.search(said)
    subcode = int(found[0]) if found else 0
    error = GraphError(code=0, subcode=subcode, message=said)
    told = f"{label} could not take the media: {said}"
    if subcode in _FOREVER:
        return Permanent(f"{told}; change the post or its media."), subcode
    again = _about_containers(error, told, commit=False)
    return again or Retryable(told, afresh=True), subcode


def _about_access(error: GraphError, told: str, label: str, now: datetime) -> Refusal | None:
    if error.code in _TOKEN:
        renewable = error.subcode not in _FOR_A_PERSON
        return NeedsAuth(f"{told}; connect the account again.", renewable=renewable)
    if error.is_one_of(*_CHECKPOINTS):
        return NeedsAuth(
            f"{told}; log in to {label} in a browser, do what it asks for, and connect the "
            "account again.",
            renewable=False,
        )
    if error.code == 100 and "appsecret_proof" in error.message:
        return Halted(
            f"{told}; set META_APP_SECRET to that of the app that gave this account's token, as it "
            "stands at developers.facebook.com."
        )
    if error.is_one_of(*_SPAM):
        return Permanent(
            f"{told}; {label} holds the account for spam: its person must look into it there."
        )
    if error.code == 10 or 200 <= error.code <= 299:
        return Permanent(
            f"{told}; connect the account again and grant what is missing, or check the role on "
            "the Page."
        )
    if error.code == 368:
        return Quota(
            now + _BLOCKED,
            f"{told}; {label} has blocked the account for a while over its policies: its person "
            "should look into it there.",
            person=True,
        )
    return None


def _about_limits(
    error: GraphError, told: str, label: str, now: datetime, reply: Reply
) -> Refusal | None:
    if error.is_one_of(_LIMIT):
        return Quota(now + _LIMIT_LOOK, f"{told}; the limit covers the last 24 hours.")
    if error.is_one_of(_TOO_FAST):
        return Retryable(f"{told}; posts went out too fast.", after=600.0, counted=False)
    if error.code in _THROTTLED:
        after = retry_after(reply.headers, now)
        until = regained_at(reply.headers, now) or now + (
            _THROTTLE if after is None else timedelta(seconds=after)
        )
        return Quota(until, f"{told}; {label} takes no more requests now.")
    return None


def _about_containers(error: GraphError, told: str, commit: bool) -> Refusal | None:
    sub = error.subcode or error.code
    if sub == _NOT_READY:
        return Retryable(f"{told}; Instagram still works on the media.", after=15.0)
    if commit and sub in _ASK_CONTAINER:
        return Ambiguous(told)
    if sub in (*_NEW_CONTAINER, NO_CONTAINER):
        return Retryable(told, afresh=True)
    if sub == BUSY:
        return Retryable(told, after=60.0)
    if sub in UNREACHED:
        return Retryable(
            f"{told}; Instagram could not fetch the media: check that MEDIA_CDN_URL or the bucket "
            "can be reached from the internet.",
            after=60.0,
        )
    return None


def _about_the_rest(error: GraphError, told: str, commit: bool, status: int) -> Refusal:
    if error.is_one_of(*_PASSING) and status < 500:
        return Retryable(told)
    # None, 0 and -1 say as little as 1 does.
    passing = (error.code <= 0 or error.code in (1, 2, *_PASSING)) and error.subcode < 2207000
    if passing or error.transient or status >= 500:
        return Ambiguous(told) if commit else Retryable(told)
    if error.is_one_of(*DUPLICATE):
        return Permanent(f"{told}; the same post is out already: change it, or leave it at that.")
    return Permanent(told)


def _number(value: Any) -> int:
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _mapping(value: Any) -> Mapping[str, Any]:
    """Meta writes some objects as text that holds JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return " ".join(value.split())[:_MOST_SAID] if isinstance(value, str) else ""

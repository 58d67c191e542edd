"""A resumable upload: a session, then the bytes in chunks, from wherever the last attempt ended.

YouTube keeps nothing of an unfinished session, and what was uploaded exists from the moment it has
the last byte. A session takes its bytes once, whoever sends them, so that it is the key under
which nothing can be uploaded twice. (Resumable uploads, developers.google.com/youtube, 2026.)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
from googleapiclient.http import HttpRequest

from igny8_media.publishing.api import Reply, part_of
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import Permanent, Refusal, Refused, Retryable
from igny8_media.publishing.places import is_at
from igny8_media.publishing.youtube.client import CHUNK
from igny8_media.publishing.youtube.errors import judge, message_of

# Up to 2 s each; then the ledger tries again later.
_FAILURES: Final = 3
_TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0, write=60.0, read=90.0)
_DOMAINS: Final = ("googleapis.com",)
"""Where the account's token may go."""
_RANGE: Final = re.compile(r"bytes=0-(\d{1,15})")


@dataclass(frozen=True)
class Progress:
    """`first` is the first byte that YouTube does not have; `resource` what the upload became, once
    it has all of them."""

    first: int
    resource: Mapping[str, Any] | None = None


def begin(tools: Tools, request: HttpRequest) -> str:
    """The address of a new session. Whoever knows it can upload: it is a secret. Raises Refused."""
    media = request.resumable
    reply = tools.api.call(
        request.method,
        request.uri,
        judge=partial(_judge, now=tools.now()),
        content=(request.body or "").encode(),
        headers={
            **request.headers,
            "X-Upload-Content-Type": media.mimetype(),
            "X-Upload-Content-Length": str(media.size()),
        },
    )
    address: str = reply.headers.get("location", "")
    if not address:
        raise Refused(Retryable("YouTube gave no address to upload to; trying again."))
    if not is_at(address, request.uri, *_DOMAINS):
        raise Refused(Permanent("YouTube named an address of somebody else for the upload."))
    return address


def ask(tools: Tools, session: str, size: int) -> Progress:
    """How much YouTube has. Raises Refused, with `afresh` where it knows the session no more."""
    reply = tools.api.call(
        "PUT",
        session,
        judge=partial(_judge, now=tools.now()),
        content=b"",
        headers={"Content-Range": f"bytes */{size}", "Content-Length": "0"},
        secret=True,
    )
    return _progress(reply, size)


def send(
    tools: Tools, session: str, path: Path, first: int, length: int, size: int, *, commit: bool
) -> Progress:
    """Send so many bytes of the file. Raises Refused; with `commit`, Ambiguous where nobody knows
    whether YouTube has the last one."""
    reply = tools.api.call(
        "PUT",
        session,
        judge=partial(_judge, now=tools.now()),
        commit=commit,
        content=part_of(path, first, length),
        headers={
            "Content-Range": f"bytes {first}-{first + length - 1}/{size}",
            "Content-Length": str(length),
        },
        secret=True,
        timeout=_TIMEOUT,
    )
    return _progress(reply, size)


def send_until(tools: Tools, session: str, path: Path, first: int, end: int, size: int) -> Progress:
    """Send chunks until `end`, where the last one begins, or until the upload is complete.

    A chunk that breaks off is no doubt: YouTube says how much it has, and it goes on from there.
    """
    failures, furthest, progress = 0, first, Progress(first)
    while progress.resource is None and progress.first < end:
        failure = Refused(Retryable("YouTube takes no more of the file; trying again later."))
        try:
            begins, length = progress.first, min(CHUNK, end - progress.first)
            progress = send(tools, session, path, begins, length, size, commit=False)
        except Refused as refused:
            outcome = refused.outcome
            if not isinstance(outcome, Retryable) or outcome.afresh or not outcome.counted:
                raise
            failure = refused
            tools.wait(min(2.0, 0.5 * 2**failures))
            progress = ask(tools, session, size)
        failures = 0 if progress.first > furthest else failures + 1
        furthest = max(furthest, progress.first)
        if failures > _FAILURES:
            raise failure
    return progress


def last_chunk(size: int) -> int:
    """The byte at which the last chunk begins."""
    return max(0, size - 1) // CHUNK * CHUNK


def _progress(reply: Reply, size: int) -> Progress:
    if reply.status < 300:
        return Progress(size, reply.data if isinstance(reply.data, Mapping) else {})
    found = _RANGE.fullmatch(reply.headers.get("range", "").strip())
    return Progress(min(size, int(found[1]) + 1) if found else 0)


def _judge(reply: Reply, commit: bool, now: datetime) -> Refusal | None:
    if reply.status == 308:
        return Retryable("YouTube has not got the whole file yet.", after=1.0) if commit else None
    if reply.status in (404, 410):
        return Retryable(
            f"YouTube no longer knows the upload ({message_of(reply)}); it starts over.",
            after=0.0,
            afresh=True,
        )
    return judge(reply, commit, now)

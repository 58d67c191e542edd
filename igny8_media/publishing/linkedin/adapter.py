"""LinkedIn, for persons and organizations (contract: learn.microsoft.com/linkedin, 2026-10)."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import quote

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Adapter, Handles, Tools
from igny8_media.publishing.linkedin.body import body_of
from igny8_media.publishing.linkedin.cover import NOTE
from igny8_media.publishing.linkedin.errors import (
    STILL_PROCESSING,
    code_of,
    duplicate_of,
    judge,
    post_id,
)
from igny8_media.publishing.linkedin.limits import problems
from igny8_media.publishing.linkedin.listing import Listing, NotReadableError, UnclearError
from igny8_media.publishing.linkedin.media import Uploads
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Ready,
    Refusal,
    Refused,
    Retryable,
)

_RESEND: Final = timedelta(minutes=10)
"""How long LinkedIn surely knows a body again (practice; its documentation names no window)."""
_STILL: Final = 12
_DOUBT: Final = "doubt"


class LinkedIn(Adapter):
    """Posts as `urn:li:person:…` or `urn:li:organization:…`.

    Handles: `media:00` and so on, `thumbnail`, `body` (the request to the letter, which the probe
    of a member sends again), `sent` (a commit whose fate was open), `twice` (LinkedIn had the same
    post), `still` and `again` (refusals that are tried again a few times), `note` (of a cover that
    was not taken).
    """

    service: ClassVar[Service] = Service.LINKEDIN
    settle: ClassVar[float] = 30.0

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._base = hosts.linkedin_api_url
        self._headers = {
            "LinkedIn-Version": hosts.linkedin_version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self._author = f"urn:li:{tools.account.kind}:{tools.account.platform_user_id}"

    def validate(self, post: Outgoing) -> list[str]:
        return problems(post, self.tools.account)

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        organization = self.tools.account.kind == "organization"
        uploads = Uploads(
            self.tools, handles, self._base, self._headers, self._author, asks=organization
        )
        files = dict(_files(post))
        cover = post.thumbnail if post.kind == "video" else None
        for name, file in files.items():
            uploads.send(name, file, cover)
        waits = [wait for name, file in files.items() if (wait := uploads.wait(name, file))]
        if waits:
            return max(waits, key=lambda wait: wait.after)
        media = [uploads.urn(name) for name in files if name != "thumbnail"]
        thumbnail = uploads.urn("thumbnail") if "thumbnail" in files else None
        body = body_of(post, self._author, media, thumbnail)
        if handles.get("body") != body:
            handles.put("body", body)
        return Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        return _noted(self._commit(post, handles), handles)

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        return _noted(self._probe(handles, since), handles)

    def _commit(self, post: Outgoing, handles: Handles) -> Outcome:
        body = handles.get("body")
        if not isinstance(body, str):
            return Retryable("The post is not prepared for LinkedIn.", afresh=True)
        in_doubt = handles.get("sent") is not None
        handles.put("sent", self.tools.now().isoformat())
        clear = False
        try:
            outcome = self._create(body)
        except _DuplicateOf as duplicate:
            clear, outcome = True, self._duplicate(duplicate.urn, handles, in_doubt=in_doubt)
        except _Again as again:
            outcome = self._once_more(again, handles, with_media=bool(post.media))
        except Refused as refused:
            outcome = refused.outcome
        # A clear refusal of this one, as a duplicate too, says nothing of an earlier one.
        if not in_doubt and (clear or not isinstance(outcome, Ambiguous | Published)):
            handles.put("sent", None)
        return outcome

    def _probe(self, handles: Handles, since: datetime) -> Outcome:
        body = handles.get("body")
        if not isinstance(body, str):
            return self._unknown("what was sent is not kept")
        passed = self.tools.now() - since
        if passed < -timedelta(minutes=1):
            return self._unknown("this machine's clock was set back since it was sent")
        if self.tools.account.kind == "organization":
            listing = Listing(self.tools, self._base, self._headers, self._author)
            try:
                found = listing.find(json.loads(body), since)
            except NotReadableError:
                pass
            except UnclearError as unclear:
                return self._unknown(str(unclear))
            else:
                if not found and handles.get("twice") == _DOUBT:
                    return self._unknown("it calls it a duplicate, and does not list it")
                return Published(found, self.permalink(found)) if found else Absent()
        if passed > _RESEND:
            return self._unknown("it is too long ago to ask by sending it again")
        if passed.total_seconds() < self.settle:
            # What is still on its way would not be known as the same.
            return Retryable(
                "LinkedIn may still work on it.", after=self.settle - passed.total_seconds()
            )
        return self._resend(body, handles)

    def permalink(self, platform_id: str) -> str | None:
        return f"https://www.linkedin.com/feed/update/{platform_id}"

    def delete(self, platform_id: str) -> Outcome:
        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            if reply.status == 404:
                raise _Gone
            return judge(reply, self.tools.now())

        with suppress(_Gone):
            self.tools.api.call(
                "DELETE",
                f"{self._base}/rest/posts/{quote(platform_id, safe='')}",
                headers={**self._headers, "X-RestLi-Method": "DELETE"},
                judge=decide,
            )
        return Absent()

    def _create(self, body: str) -> Outcome:
        """Send the post. Raises _DuplicateOf, _Again, Refused."""

        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            urn = duplicate_of(reply)
            if urn is not None:
                raise _DuplicateOf(urn)
            verdict = judge(reply, self.tools.now())
            if verdict and (reply.status in (403, 409) or code_of(reply) == STILL_PROCESSING):
                raise _Again(reply.status, verdict)
            return verdict

        reply = self.tools.api.call(
            "POST",
            f"{self._base}/rest/posts",
            headers={**self._headers, "Content-Type": "application/json"},
            content=body.encode(),
            judge=decide,
            commit=True,
        )
        urn = post_id(reply.headers.get("x-restli-id"))
        if urn is None:
            return Ambiguous("LinkedIn took the post and did not name it.")
        return Published(urn, self.permalink(urn))

    def _duplicate(self, urn: str, handles: Handles, *, in_doubt: bool) -> Outcome:
        """Either a commit took effect whose answer was lost, or somebody posted the same before.

        The probe tells the one from the other; asked again after it, there is nothing new to know.
        """
        if urn and in_doubt:
            return Published(urn, self.permalink(urn))
        if handles.get("twice") and not in_doubt:
            seen = f" ({self.permalink(urn)})" if urn else ""
            return Permanent(
                f"The same post is on LinkedIn already{seen}; change its text, or leave it at that."
            )
        handles.put("twice", _DOUBT if in_doubt else "clear")
        return Ambiguous("LinkedIn says that the same post is there already.")

    def _once_more(self, again: "_Again", handles: Handles, *, with_media: bool) -> Outcome:
        """LinkedIn refuses at first what it takes a little later; nothing was created."""
        if again.status == 400:
            asked = int(handles.get("still") or 0) + 1
            handles.put("still", asked)
            if asked < _STILL:
                return Retryable(again.verdict.reason, after=min(10.0 * asked, 60.0), counted=False)
            handles.put("still", None)
            handles.drop("media:")
            handles.drop("thumbnail")
            return Retryable("LinkedIn did not get the media processed in time.", afresh=True)
        if handles.get("again") is None and (with_media or again.status == 409):
            handles.put("again", again.status)
            return Retryable(again.verdict.reason, after=10)
        return again.verdict

    def _resend(self, body: str, handles: Handles) -> Outcome:
        """The same bytes again: LinkedIn names the post that is there, or makes it now."""
        try:
            outcome = self._create(body)
        except _DuplicateOf as duplicate:
            if not duplicate.urn:
                return self._unknown("LinkedIn has the same post without naming it")
            before = handles.get("twice") is not None
            notes = ("LinkedIn had the same post already; it was not sent twice.",)
            url = self.permalink(duplicate.urn)
            return Published(duplicate.urn, url, notes if before else ())
        except _Again as again:
            return Retryable(again.verdict.reason, after=15)
        except Refused as refused:
            outcome = refused.outcome
        if isinstance(outcome, Ambiguous):
            return Retryable("LinkedIn did not answer whether the post is there.", after=10)
        if isinstance(outcome, Permanent) or (isinstance(outcome, Retryable) and outcome.afresh):
            # Refused for what was attached, say: that tells nothing of the first time.
            return self._unknown(f"asked again, it said: {outcome.reason}")
        return outcome

    def _unknown(self, why: str) -> Ambiguous:
        return Ambiguous(
            f"Whether LinkedIn published it cannot be told: {why}.",
            f"Look at the newest posts of {self.tools.account.name} on LinkedIn for this one.",
        )


def _noted(outcome: Outcome, handles: Handles) -> Outcome:
    """With what did not work beside the post, once that is out."""
    note = handles.get(NOTE)
    if not isinstance(outcome, Published) or not isinstance(note, str):
        return outcome
    return replace(outcome, notes=(*outcome.notes, note))


class _DuplicateOf(Exception):
    def __init__(self, urn: str) -> None:
        super().__init__(urn)
        self.urn = urn


class _Again(Exception):
    """A refusal that may not last."""

    def __init__(self, status: int, verdict: Refusal) -> None:
        super().__init__(verdict.reason)
        self.status, self.verdict = status, verdict


class _Gone(Exception):
    """There is no such post."""


def _files(post: Outgoing) -> Iterator[tuple[str, MediaFile]]:
    for number, file in enumerate(post.media):
        yield f"media:{number:02}", file
    if post.kind == "link" and post.thumbnail is not None:
        yield "thumbnail", post.thumbnail

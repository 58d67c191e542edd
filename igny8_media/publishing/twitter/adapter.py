"""X (contract: X API 2.167, docs.x.com, 2026-08)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Adapter, Handles, Tools
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
from igny8_media.publishing.twitter.client import XClient
from igny8_media.publishing.twitter.errors import (
    is_duplicate,
    is_lost_media,
    is_not_visible,
    judge,
)
from igny8_media.publishing.twitter.finding import Timeline, unknown
from igny8_media.publishing.twitter.limits import problems, texts_of
from igny8_media.publishing.twitter.media import Uploads

_LAGS: Final = 3
_LAG: Final = 5.0
_DOUBT: Final = "doubt"


class Twitter(Adapter):
    """Posts of one X account; a thread is a post and replies to it, one commit each.

    Handles: `media:00` and so on, `sent:0` and so on (commits whose fate was open), `lag:1` and so
    on (how often X did not see the part before yet), `twice:0` and so on (X had this text), `lost`
    (media it had forgotten).
    """

    service: ClassVar[Service] = Service.TWITTER
    settle: ClassVar[float] = 20.0

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._base = hosts.twitter_api_url

    def validate(self, post: Outgoing) -> list[str]:
        return problems(post, self.tools.account)

    def parts(self, post: Outgoing) -> int:
        return len(texts_of(post))

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if part:
            return Ready()
        uploads = Uploads(self.tools, handles, self._base)
        waits = [
            wait for name, file in _files(post) if (wait := uploads.ready(name, file)) is not None
        ]
        return max(waits, key=lambda wait: wait.after) if waits else Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        parent = handles.get(f"id:{part - 1}") if part else None
        if part and not isinstance(parent, str):
            return Permanent(f"Part {part} of the thread is not out, so nothing can follow it.")
        sent = handles.get(f"sent:{part}")
        handles.put(f"sent:{part}", sent or self.tools.now().isoformat())
        clear = False
        try:
            outcome = self._create(post, handles, part, parent)
        except _SaidBefore:
            clear, outcome = True, self._said_before(handles, part, in_doubt=sent is not None)
        except _NotSeen as refused:
            outcome = _not_seen(refused.verdict, handles, part)
        except _MediaLost as refused:
            outcome = _media_lost(refused.verdict, handles)
        except Refused as refused:
            outcome = refused.outcome
        # A clear refusal of this one, as a duplicate too, says nothing of an earlier one.
        if sent is None and (clear or not isinstance(outcome, Ambiguous | Published)):
            handles.put(f"sent:{part}", None)
        if part and isinstance(outcome, Permanent):
            return self._partial(outcome, post, handles, part)
        return outcome

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        media = _media_ids(post, handles) if part == 0 else ()
        parent = handles.get(f"id:{part - 1}") if part else None
        timeline = Timeline(self.tools, self._base)
        found = timeline.find(texts_of(post)[part], media, parent, since)
        if len(found) > 1:
            return unknown(self.tools, "there are several posts with this text")
        if not found and handles.get(f"twice:{part}") == _DOUBT:
            return unknown(self.tools, "X calls it a duplicate, and its timeline does not show it")
        return Published(found[0], self.permalink(found[0])) if found else Absent()

    def permalink(self, platform_id: str) -> str | None:
        return f"https://x.com/i/web/status/{platform_id}"

    def delete(self, platform_id: str) -> Outcome:
        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            if reply.status == 404:
                raise _Gone
            return judge(reply, self.tools.now())

        with suppress(_Gone):
            reply = XClient(self.tools, self._base, decide).remove(platform_id)
            data = reply.get("data")
            if not isinstance(data, Mapping) or data.get("deleted") is not True:
                return Retryable("X did not say that the post is deleted.", after=10)
        return Absent()

    def _create(self, post: Outgoing, handles: Handles, part: int, parent: str | None) -> Outcome:
        """Send one part. Raises _SaidBefore, _NotSeen, _MediaLost, Refused."""

        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            verdict = judge(reply, self.tools.now())
            if is_duplicate(reply):
                raise _SaidBefore
            if isinstance(verdict, Permanent) and part and is_not_visible(reply):
                raise _NotSeen(verdict)
            if isinstance(verdict, Permanent) and fields.get("media_ids") and is_lost_media(reply):
                raise _MediaLost(verdict)
            return verdict

        fields = _fields(post, handles, part, parent)
        reply = XClient(self.tools, self._base, decide).post(**fields)
        data = reply.get("data")
        id = data.get("id") if isinstance(data, Mapping) else None
        if not isinstance(id, str) or not id.isdigit():
            return Ambiguous("X took the post and did not name it.")
        return Published(id, self.permalink(id))

    def _said_before(self, handles: Handles, part: int, *, in_doubt: bool) -> Outcome:
        """Either a commit took effect whose answer was lost, or the account said the same before.

        The probe tells the one from the other; asked again after it, there is nothing new to know.
        """
        if handles.get(f"twice:{part}") is None or in_doubt:
            handles.put(f"twice:{part}", _DOUBT if in_doubt else "clear")
            return Ambiguous("X says that the account has a post with this text already.")
        return Permanent(
            "X has a post with this text from this account already; change the text, or leave it "
            "at that."
        )

    def _partial(
        self, outcome: Permanent, post: Outgoing, handles: Handles, part: int
    ) -> Permanent:
        first = handles.get("id:0")
        return replace(
            outcome,
            reason=(
                f"{outcome.reason} The thread is partial: {part} of {self.parts(post)} parts are "
                f"out ({self.permalink(str(first))}); add the rest by hand, or delete it and "
                "publish the first part alone or one longer post."
            ),
        )


class _SaidBefore(Exception):
    """X has this text of this account already."""


class _Gone(Exception):
    """There is no such post."""


class _Refusal(Exception):
    def __init__(self, verdict: Permanent) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class _NotSeen(_Refusal):
    """X does not find the part before."""


class _MediaLost(_Refusal):
    """X does not know the media any more."""


def _files(post: Outgoing) -> Iterator[tuple[str, MediaFile]]:
    for number, file in enumerate(post.media):
        yield f"media:{number:02}", file


def _media_ids(post: Outgoing, handles: Handles) -> tuple[str, ...]:
    states = [handles.get(name) for name, _ in _files(post)]
    return tuple(str(state["id"]) for state in states if isinstance(state, dict) and "id" in state)


def _fields(post: Outgoing, handles: Handles, part: int, parent: str | None) -> dict[str, Any]:
    """What `XClient.post` takes for this part; media and who may reply belong to the first."""
    options = post.options
    fields: dict[str, Any] = {
        "text": texts_of(post)[part],
        "paid_partnership": options.branded,
    }
    if parent is not None:
        return {**fields, "in_reply_to_tweet_id": parent}
    fields["made_with_ai"] = options.made_with_ai
    fields["reply_settings"] = options.reply_settings
    if post.media:
        fields["media_ids"] = list(_media_ids(post, handles))
    if post.kind == "poll" and post.poll is not None:
        fields["poll_options"] = list(post.poll.options)
        fields["poll_duration_minutes"] = post.poll.minutes
    return fields


def _not_seen(verdict: Permanent, handles: Handles, part: int) -> Outcome:
    """A reply right after its parent: X's machines may not all have it yet (practice)."""
    seen = int(handles.get(f"lag:{part}") or 0)
    if seen >= _LAGS:
        return verdict
    handles.put(f"lag:{part}", seen + 1)
    return Retryable(
        "X does not show the part before to all its machines yet.", after=_LAG, counted=False
    )


def _media_lost(verdict: Permanent, handles: Handles) -> Outcome:
    if handles.get("lost"):
        return verdict
    handles.put("lost", True)
    handles.drop("media:")
    return Retryable("X no longer has the media that were sent to it.", afresh=True)

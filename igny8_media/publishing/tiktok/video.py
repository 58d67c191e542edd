"""The bytes of a video on their way to TikTok: announced, sent in chunks, and found again.

Once its last chunk may have arrived, a video is announced anew only when TikTok says that the
first one FAILED, or can no longer have got it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from igny8_media.errors import Igny8Error
from igny8_media.publishing.contract import Handles, Tools
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.outcomes import (
    Accepted,
    Ambiguous,
    Outcome,
    Permanent,
    Ready,
    Refusal,
    Refused,
    Retryable,
    Waiting,
)
from igny8_media.publishing.places import is_at
from igny8_media.publishing.tiktok.body import video_body
from igny8_media.publishing.tiktok.calls import ask, send_chunk, state_of
from igny8_media.publishing.tiktok.chunks import cut
from igny8_media.publishing.tiktok.errors import EXPIRED, failure
from igny8_media.publishing.tiktok.handles import (
    CHECK,
    FIRST_LOOK,
    age_of,
    ask_creator,
    chunks_of,
    closed,
    known,
)

# An address for an upload lives an hour, they say; within two, TikTok knows what it has got.
_ADDRESS: Final = timedelta(minutes=50)
_SURE: Final = timedelta(hours=2)
_FAILURES: Final = 3


class VideoUpload:
    """One video's; `prepare` and `commit` are the adapter's."""

    def __init__(self, tools: Tools, base: str, post: Outgoing, handles: Handles) -> None:
        self._tools, self._base = tools, base
        self._post, self._handles = post, handles

    def prepare(self) -> Outcome:
        made = known(self._handles, "publish")
        if made:
            found = self._look_at_upload(made)
            if found is not None:
                return found
            made = known(self._handles, "publish")
        if made is None:
            made = self._announce()
        self._send_all_but_last(made)
        return Ready()

    def _look_at_upload(self, made: Mapping[str, Any]) -> Outcome | None:
        """How far an upload of before is: an outcome, or None where it goes on, in the handles."""
        state = state_of(self._tools, self._base, str(made["id"]))
        if state.status == "FAILED":
            return failure(state.reason)
        size = self._post.media[0].size
        if state.status != "PROCESSING_UPLOAD" or (state.uploaded or 0) >= size:
            self._handles.put("sent", True)
            return Ready()
        if state.uploaded is not None:
            self._handles.put("next", chunks_of(made, self._post).holding(state.uploaded))
        age = age_of(made, self._tools)
        if age < _ADDRESS and not self._handles.get("refused"):
            return None
        if self._handles.get("tail") and age < _SURE:
            what = "TikTok's address for the upload expired; waiting whether the video arrived."
            return Waiting(300.0, what)
        for name in ("publish", "next", "tail", "refused"):
            self._handles.drop(name)
        return None

    def _announce(self) -> Mapping[str, Any]:
        chunks = cut(self._post.media[0].size)
        ask_creator(self._tools, self._base, self._post, self._handles)
        kind = "inbox/video" if self._post.options.draft else "video"
        body = video_body(self._post, chunks, closed(self._handles))
        data = ask(self._tools, f"{self._base}/v2/post/publish/{kind}/init/", body)
        name, url = data.get("publish_id"), data.get("upload_url")
        if not isinstance(name, str) or not isinstance(url, str) or not is_at(url, self._base):
            raise Refused(Retryable("TikTok gave no address to upload to; trying again."))
        made = {"id": name, "url": url, "chunk": chunks.size, "count": chunks.count}
        self._handles.put("next", 0)
        self._handles.put("publish", made | {"at": self._tools.now().isoformat()})
        return made

    def _send_all_but_last(self, made: Mapping[str, Any]) -> None:
        """A chunk that breaks off is no doubt: TikTok says how much it has."""
        chunks, file = chunks_of(made, self._post), self._post.media[0]
        path = self._tools.media.path(file)
        index, failures = int(self._handles.get("next") or 0), 0
        furthest = index
        while index < chunks.count - 1:
            try:
                send_chunk(
                    self._tools, str(made["url"]), path, file.mime, chunks, index, commit=False
                )
                index += 1
            except Refused as refused:
                outcome = self._not_expired(refused.outcome)
                failures += 1
                if not _may_pass(outcome) or failures > _FAILURES:
                    raise Refused(outcome) from None
                self._tools.wait(min(2.0, 0.5 * 2**failures))
                state = state_of(self._tools, self._base, str(made["id"]))
                if state.status == "FAILED":
                    raise Refused(failure(state.reason)) from None
                if state.uploaded is not None:
                    index = chunks.holding(state.uploaded)
            self._handles.put("next", index)
            if index > furthest:
                furthest, failures = index, 0

    def commit(self) -> Outcome:
        made = known(self._handles, "publish")
        if made is None:
            return Retryable("The video was not prepared; it starts over.", after=0.0)
        name = str(made["id"])
        if self._handles.get("sent"):
            return Accepted(FIRST_LOOK, name)
        chunks, file = chunks_of(made, self._post), self._post.media[0]
        if self._handles.get("next") != chunks.count - 1:
            return Retryable("TikTok has not got the video; it is sent on.", after=0.0)
        try:
            path = self._tools.media.path(file)
        except Igny8Error as error:
            return Retryable(str(error))
        try:
            reply = send_chunk(
                self._tools,
                str(made["url"]),
                path,
                file.mime,
                chunks,
                chunks.count - 1,
                commit=True,
            )
        except Refused as refused:
            return self._not_expired(refused.outcome)
        if reply.status != 201:
            # 206 waits for more of it; anything else is not TikTok's, but of something in between.
            return Ambiguous("TikTok did not say that it has the whole video.", CHECK)
        return Accepted(FIRST_LOOK, name)

    def _not_expired(self, outcome: Refusal) -> Refusal:
        """An upload whose address died starts over, but not while its last chunk, which did not
        seem to arrive, may have: then `prepare` waits until TikTok surely knows."""
        if isinstance(outcome, Retryable) and outcome.afresh and self._handles.get("tail"):
            self._handles.put("refused", True)
            return Retryable(EXPIRED, after=1.0)
        in_doubt = self._handles.get("tail") and not self._handles.get("asked")
        if isinstance(outcome, Permanent) and in_doubt:
            # The chunk may be refused because it is there already.
            self._handles.put("asked", True)
            return Ambiguous(outcome.reason, CHECK)
        return outcome


def _may_pass(outcome: Refusal) -> bool:
    return isinstance(outcome, Retryable) and outcome.counted and not outcome.afresh

"""Videos and Shorts on YouTube, over the Data API v3.

Preparing is the session and all of the file but its last chunk; the commit is the last chunk,
since the video exists from its last byte on. A session can be asked at any time what it has, and
takes its bytes only once, so that nothing is ever in doubt while YouTube knows it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.errors import Igny8Error
from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Adapter, Handles, Tools
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Ready,
    Refusal,
    Refused,
    Retryable,
)
from igny8_media.publishing.youtube.body import body_of, is_short
from igny8_media.publishing.youtube.client import execute, file_of, resources
from igny8_media.publishing.youtube.errors import judge, names
from igny8_media.publishing.youtube.extras import Extras
from igny8_media.publishing.youtube.limits import problems
from igny8_media.publishing.youtube.upload import Progress, ask, begin, last_chunk, send, send_until

# Sessions live about a week; one that is nearly as old is not worth a long upload.
_SESSION: Final = timedelta(days=6)
_APPEARS: Final = timedelta(minutes=10)
_FIRST_LOOK: Final = 3.0
_RARELY: Final = 300.0
_AGAIN: Final = 30.0
_CHECK: Final = "Look whether the video '{}' is in YouTube Studio under Content."


class YouTube(Adapter):
    """A channel.

    Handles: `session` {uri, at} and `next`, the first byte that YouTube did not have when last
    asked; `video` {id, at} from the moment it exists; `thumbnail` and `captions:N` of what is put
    beside it.
    """

    service: ClassVar[Service] = Service.YOUTUBE

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._base = hosts.google_api_url

    def validate(self, post: Outgoing) -> list[str]:
        return problems(post, self.tools.account, self.tools.now())

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if _known(handles, "video"):
            return Ready()
        file = post.media[0]
        progress = self._resumed(post, handles)
        if progress.resource is None:
            session = str(handles.get("session")["uri"])
            path, end = self.tools.media.path(file), last_chunk(file.size)
            progress = send_until(self.tools, session, path, progress.first, end, file.size)
        if self._note(handles, progress) is None and progress.resource is not None:
            return Retryable("YouTube has the video and does not name it yet.", after=_AGAIN)
        return Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        video = _known(handles, "video")
        if video:
            return Accepted(_FIRST_LOOK, str(video["id"]))
        session, first = _known(handles, "session"), handles.get("next")
        if not session or not isinstance(first, int):
            return Retryable("The video was not prepared; it starts over.", after=0.0)
        file = post.media[0]
        try:
            path = self.tools.media.path(file)
        except Igny8Error as error:
            return Retryable(str(error))
        # Whatever becomes of this chunk, only YouTube can say then what it has.
        handles.drop("next")
        uri, length = str(session["uri"]), file.size - first
        progress = send(self.tools, uri, path, first, length, file.size, commit=True)
        return self._note(handles, progress) or Ambiguous(
            "YouTube took the video and did not name it.", _CHECK.format(post.title)
        )

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        video, session = _known(handles, "video"), _known(handles, "session")
        if video:
            return Accepted(_FIRST_LOOK, str(video["id"]))
        check = _CHECK.format(post.title)
        if not session:
            return Ambiguous("The address of the upload is lost.", check)
        try:
            progress = ask(self.tools, str(session["uri"]), post.media[0].size)
        except Refused as refused:
            if not isinstance(refused.outcome, Retryable) or not refused.outcome.afresh:
                raise
            if self._is_old(session):
                return Ambiguous("YouTube forgot the upload before it could be asked.", check)
            handles.drop("session")
            handles.drop("next")
            return Absent()
        return self._note(handles, progress) or (
            Absent()
            if progress.resource is None
            else Retryable("YouTube has the video and does not name it yet.", after=_AGAIN)
        )

    def status(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        video = _known(handles, "video")
        if not video:
            return self.probe(post, handles, part, self.tools.now())
        name, age = str(video["id"]), self._age(video)
        later = Accepted(min(_RARELY, max(_FIRST_LOOK, age.total_seconds() / 3)), name)
        found = self._look(name)
        if found is None:
            gone = f"YouTube no longer has the video {name}: it was deleted there."
            return later if age < _APPEARS else Permanent(gone)
        status, processing = found
        state, stage = status.get("uploadStatus"), processing.get("processingStatus")
        refused = _refusal(status, processing)
        if refused:
            return Permanent(refused)
        # A Short's own thumbnail is taken only when all of the processing is over.
        short = is_short(post.media[0])
        if state != "processed" or (short and stage == "processing"):
            return later
        notes = Extras(self.tools, self._base, handles, name).finish(post)
        if notes is None:
            return Accepted(_AGAIN, name)
        return Published(name, _url(name, short=short), (*_privacy_note(post, status), *notes))

    def permalink(self, platform_id: str) -> str | None:
        return _url(platform_id)

    def delete(self, platform_id: str) -> Outcome:
        request = resources(self._base).videos().delete(id=platform_id)
        try:
            execute(request, self.tools.api, self._judge)
        except Refused as refused:
            if names(refused.outcome, "videoNotFound"):
                return Absent()
            return refused.outcome
        return Absent()

    def _resumed(self, post: Outgoing, handles: Handles) -> Progress:
        """How far the upload of the session is; a new session where there is none that is good."""
        file = post.media[0]
        session = _known(handles, "session")
        if session and not self._is_old(session):
            try:
                return ask(self.tools, str(session["uri"]), file.size)
            except Refused as refused:
                if not isinstance(refused.outcome, Retryable) or not refused.outcome.afresh:
                    raise
        handles.drop("next")
        body = body_of(post, self.tools.now())
        request = (
            resources(self._base)
            .videos()
            .insert(
                part=",".join(body),
                body=body,
                notifySubscribers=post.options.notify_subscribers,
                media_body=file_of(self.tools.media.path(file), file.mime),
            )
        )
        uri = begin(self.tools, request)
        handles.put("session", {"uri": uri, "at": self.tools.now().isoformat()})
        return Progress(0)

    def _note(self, handles: Handles, progress: Progress) -> Accepted | None:
        """Remember how far the upload is; Accepted once it has become a video."""
        if progress.resource is None:
            handles.put("next", progress.first)
            return None
        name = progress.resource.get("id")
        if not isinstance(name, str) or not name:
            return None
        handles.put("video", {"id": name, "at": self.tools.now().isoformat()})
        return Accepted(_FIRST_LOOK, name)

    def _look(self, name: str) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """The video's `status` and `processingDetails`, or None where there is no such video."""
        request = resources(self._base).videos().list(part="status,processingDetails", id=name)
        items = execute(request, self.tools.api, self._judge).get("items")
        if not isinstance(items, list):
            raise Refused(Retryable("YouTube's answer about the video cannot be read."))
        if not items or not isinstance(items[0], Mapping):
            return None
        found = (items[0].get("status"), items[0].get("processingDetails"))
        status, processing = (part if isinstance(part, Mapping) else {} for part in found)
        return status, processing

    def _judge(self, reply: Reply, commit: bool) -> Refusal | None:
        return judge(reply, commit, self.tools.now())

    def _age(self, handle: Mapping[str, Any]) -> timedelta:
        return self.tools.now() - datetime.fromisoformat(str(handle["at"]))

    def _is_old(self, session: Mapping[str, Any]) -> bool:
        return self._age(session) > _SESSION


def _known(handles: Handles, name: str) -> Mapping[str, Any] | None:
    value = handles.get(name)
    return value if isinstance(value, Mapping) else None


def _url(name: str, *, short: bool = False) -> str:
    """Either form shows either kind of video; people know Shorts by theirs."""
    return f"https://www.youtube.com/{'shorts/' if short else 'watch?v='}{name}"


def _privacy_note(post: Outgoing, status: Mapping[str, Any]) -> list[str]:
    """Where the video is not as visible as it was meant to be, or not yet."""
    now, at = status.get("privacyStatus"), post.options.publish_at
    if at is not None and now == "private":
        return [f"It becomes public on {at:%Y-%m-%d at %H:%M %Z}."]
    wanted = "public" if at is not None else post.options.privacy or "public"
    if now == wanted:
        return []
    return [f"YouTube made it {now} and not {wanted}; change it in YouTube Studio."]


def _refusal(status: Mapping[str, Any], processing: Mapping[str, Any]) -> str | None:
    """Why a video that was uploaded is none, as a sentence."""
    state, stage = status.get("uploadStatus"), processing.get("processingStatus")
    if state == "deleted":
        return "The video was deleted on YouTube."
    if state == "rejected":
        why = status.get("rejectionReason")
        known = {
            "length": "the channel may not upload videos this long; verify its telephone number "
            "at https://www.youtube.com/verify",
            "duplicate": "the channel has this video already",
        }
        return f"YouTube rejected the video: {known.get(str(why), why or 'it gave no reason')}."
    if state == "failed" or (state == "uploaded" and stage in ("failed", "terminated")):
        why = status.get("failureReason") or processing.get("processingFailureReason") or stage
        return f"YouTube could not process the video ({why}); export it as MP4 with H.264 and AAC."
    return None

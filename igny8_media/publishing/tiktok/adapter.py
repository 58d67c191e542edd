"""Videos and photos on TikTok, over the Content Posting API v2; each also as a draft to the inbox.

A video's bytes are sent: announcing it and sending all but the last chunk prepares it, and the last
chunk is the commit, since TikTok publishes what it has whole. Photos are fetched by TikTok:
announcing them is the commit. `publish_id` is the key of both: from then on doubt is settled by
asking for its status, and nothing is announced anew unless that says FAILED, or the address for
the upload died before the last byte.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.errors import Igny8Error, InputError
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
    Retryable,
)
from igny8_media.publishing.tiktok.body import notes_of, photo_body
from igny8_media.publishing.tiktok.calls import (
    State,
    ask,
    creator_of,
    public_videos,
    state_of,
)
from igny8_media.publishing.tiktok.errors import failure
from igny8_media.publishing.tiktok.handles import (
    CHECK,
    FIRST_LOOK,
    age_of,
    ask_creator,
    chunks_of,
    closed,
    known,
)
from igny8_media.publishing.tiktok.limits import problems
from igny8_media.publishing.tiktok.video import VideoUpload

_LISTED: Final = timedelta(minutes=5)
_RARELY: Final = 600.0
_DONE: Final = ("PUBLISH_COMPLETE", "SEND_TO_USER_INBOX")


class TikTok(Adapter):
    """A creator; what is remembered of a post is told in tiktok_handles."""

    service: ClassVar[Service] = Service.TIKTOK

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._base = hosts.tiktok_api_url

    def validate(self, post: Outgoing) -> list[str]:
        found = problems(post, self.tools.account)
        if post.kind == "image" and post.media:
            try:
                self.tools.media.public_url(post.media[0])
            except InputError as error:
                found.append(str(error))
        return found

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if post.kind == "video":
            return VideoUpload(self.tools, self._base, post, handles).prepare()
        if known(handles, "publish") is None:
            ask_creator(self.tools, self._base, post, handles)
            # Says now what setting is missing; the addresses themselves are made when they go out.
            self.tools.media.public_url(post.media[0])
        return Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if post.kind == "video":
            return VideoUpload(self.tools, self._base, post, handles).commit()
        made = known(handles, "publish")
        if made:
            return Accepted(FIRST_LOOK, str(made["id"]))
        try:
            urls = [self.tools.media.public_url(file) for file in post.media]
        except InputError as error:
            return Permanent(str(error))
        except Igny8Error as error:
            return Retryable(str(error))
        body = photo_body(post, urls, closed(handles))
        url = f"{self._base}/v2/post/publish/content/init/"
        name = ask(self.tools, url, body, commit=True).get("publish_id")
        if not isinstance(name, str) or not name:
            return Ambiguous("TikTok took the photos and did not name the post.", CHECK)
        handles.put("publish", {"id": name, "at": self.tools.now().isoformat()})
        return Accepted(FIRST_LOOK, name)

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        made = known(handles, "publish")
        if made is None:
            return self._among_the_newest(post, since)
        state = state_of(self.tools, self._base, str(made["id"]))
        if state.status != "PROCESSING_UPLOAD" or post.kind != "video":
            return self._verdict(post, handles, made, state)
        if state.uploaded is None:
            return Retryable("TikTok does not say how much of the video it has.", after=30.0)
        if state.uploaded >= post.media[0].size:
            return Accepted(FIRST_LOOK, str(made["id"]))
        handles.put("tail", True)
        handles.put("next", chunks_of(made, post).holding(state.uploaded))
        return Absent()

    def status(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        made = known(handles, "publish")
        if made is None:
            return Retryable("TikTok's name for the post is lost; look into the TikTok app.")
        state = state_of(self.tools, self._base, str(made["id"]))
        return self._verdict(post, handles, made, state)

    def permalink(self, platform_id: str) -> str | None:
        """Also of a `publish_id`, once moderation has let the post through."""
        if not platform_id.isdigit():
            found = state_of(self.tools, self._base, platform_id).post_id
            if found is None:
                return None
            platform_id = found
        name = self.tools.account.details.get("username")
        return _url(str(name or creator_of(self.tools, self._base).username), platform_id)

    def delete(self, platform_id: str) -> Outcome:
        return Permanent("TikTok lets no application delete posts; delete it in the TikTok app.")

    def _verdict(
        self, post: Outgoing, handles: Handles, made: Mapping[str, Any], state: State
    ) -> Outcome:
        name = str(made["id"])
        if state.status == "FAILED":
            return failure(state.reason)
        if state.status not in _DONE:
            age = age_of(made, self.tools).total_seconds()
            return Accepted(min(_RARELY, max(FIRST_LOOK, age / 5)), name)
        notes = notes_of(post, inbox=state.status == "SEND_TO_USER_INBOX")
        if state.post_id is None:
            return Published(name, None, notes)
        creator = known(handles, "creator") or self.tools.account.details
        user = creator.get("username")
        url = _url(str(user), state.post_id, photos=post.kind == "image") if user else None
        return Published(state.post_id, url, notes)

    def _among_the_newest(self, post: Outgoing, since: datetime) -> Outcome:
        """Photos whose announcement got no answer: TikTok names them only in a list of what is
        public, in which what is missing may still be in moderation."""
        doubt = Ambiguous("TikTok did not answer when the photos were announced.", CHECK)
        public = post.options.privacy == "PUBLIC_TO_EVERYONE" and not post.options.draft
        if not public or "video.list" not in self.tools.account.scopes:
            return doubt
        words = {_plain(post.text), _plain(post.title), _plain(f"{post.title} {post.text}")} - {""}
        earliest = (since - timedelta(minutes=3)).timestamp()
        found = [
            video
            for video in public_videos(self.tools, self._base)
            if isinstance(video.get("create_time"), int)
            and video["create_time"] >= earliest
            and _plain(video.get("video_description") or video.get("title")) in words
        ]
        if len(found) == 1:
            url = found[0].get("share_url")
            return Published(str(found[0]["id"]), str(url) if url else None)
        if not found and self.tools.now() - since < _LISTED:
            return Retryable("TikTok does not list the photos yet.", after=60.0, counted=False)
        return doubt


def _url(username: str, post_id: str, *, photos: bool = False) -> str:
    """Either form leads to either kind of post."""
    return f"https://www.tiktok.com/@{username}/{'photo' if photos else 'video'}/{post_id}"


def _plain(text: Any) -> str:
    return " ".join(str(text or "").split())

"""Facebook Pages: text, link, photos, reel, video and story (Graph API v26.0).

Photos go up unpublished and a feed post attaches them, a single one too: its commit is then one
small request like that of a text, and is found again in the same list.
"""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.contract import Adapter, Handles, Tools
from igny8_media.publishing.facebook import video as videos
from igny8_media.publishing.facebook.cover import with_cover
from igny8_media.publishing.facebook.limits import problems
from igny8_media.publishing.meta.errors import DUPLICATE
from igny8_media.publishing.meta.graph import Graph, flag, id_in, same_text, time_of
from igny8_media.publishing.meta.handles import after_doubt, keep, kept
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Ready,
    Refused,
)

_SENT: Final = "sent"
_FINISHED: Final = "finished"
_DUPLICATE: Final = "duplicate"
# A clock that is up to ten minutes wrong may send, and may be set before the answer is looked for.
_WRONG_CLOCK: Final = timedelta(minutes=10)
_SET_BACK: Final = timedelta(days=1)


class Facebook(Adapter):
    """Publishes on one Page, with the Page's token."""

    service: ClassVar[Service] = Service.FACEBOOK
    # The list of a Page's posts shows a new one within seconds, but Facebook may still be at work
    # on a request that was given up.
    settle: ClassVar[float] = 60.0

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._graph = Graph(tools, hosts)
        self._page = tools.account.platform_user_id

    def validate(self, post: Outgoing) -> list[str]:
        return problems(post, self.tools.account)

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if post.kind == "reel":
            return videos.send_whole(self._graph, self._page, "video_reels", post, handles)
        if post.kind == "video":
            return videos.send_chunks(self._graph, self._page, post, handles)
        if _is_video_story(post):
            return videos.send_whole(self._graph, self._page, "video_stories", post, handles)
        for number, file in enumerate(post.media):
            self._photo(handles, f"photo:{number}", file)
        return Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        if post.kind == "story":
            return self._commit_story(post, handles)
        before = time_of(handles.get(_SENT))
        if before is None:
            handles.put(_SENT, self.tools.now().isoformat())
        if post.kind in ("reel", "video"):
            return self._commit_video(post, handles, in_doubt=before is not None)
        try:
            data = self._graph.post(f"{self._page}/feed", self._feed(post, handles), commit=True)
        except Refused as refused:
            error = self._graph.last_error
            if before is None or error is None or not error.is_one_of(*DUPLICATE):
                raise
            # A commit of ours was in doubt before: the post that is out already may be that one.
            found = self._look(post, before)
            handles.put(_DUPLICATE, True)
            return found if isinstance(found, Published) else Ambiguous(refused.outcome.reason)
        return self._published(data, "id")

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        if post.kind == "story":
            return Ambiguous(
                "Facebook offers no way to look for a story.",
                check=f"Look at the stories of the Page {self.tools.account.name} on Facebook and "
                "say whether it is there.",
            )
        if post.kind in ("reel", "video"):
            return with_cover(self._graph, post, handles, self._look_at_video(handles))
        before = time_of(handles.get(_SENT))
        found = self._look(post, min(since, before) if before is not None else since)
        if isinstance(found, Absent) and handles.get(_DUPLICATE):
            return self._unclear("Facebook calls it a duplicate and does not list it.")
        return found

    def status(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        video = videos.video_of(handles)
        data = self._graph.find(video, videos.STATUS)
        if data is None:
            return Permanent("Facebook has the video no longer; publish it anew.")
        found = videos.read_status(self._graph, video, data)
        if isinstance(found, Absent) and handles.get(_FINISHED):
            return Accepted(id=video)
        return with_cover(self._graph, post, handles, found)

    def permalink(self, platform_id: str) -> str | None:
        try:
            data = self._graph.find(platform_id, "permalink_url")
        except Refused:
            return None
        return videos.link_of(data) if data is not None else None

    def delete(self, platform_id: str) -> Outcome:
        return self._graph.delete(platform_id)

    def _photo(self, handles: Handles, name: str, file: MediaFile) -> None:
        if kept(self._graph, handles, name) is not None:
            return
        data = {"published": flag(False)}
        if file.alt_text.strip():
            data["alt_text_custom"] = file.alt_text
        with self._graph.path_of(file).open("rb") as content:
            source = {"source": (file.name, content, file.mime)}
            found = id_in(self._graph.post(f"{self._page}/photos", data, files=source))
        if found is None:
            raise self._graph.unreadable(commit=False)
        keep(self._graph, handles, name, {"id": found})

    def _feed(self, post: Outgoing, handles: Handles) -> dict[str, str]:
        data = {"published": flag(True)}
        if post.text.strip():
            data["message"] = post.text
        if post.kind == "link" and post.link is not None:
            data["link"] = post.link.url
        if post.kind in ("image", "images"):
            photos = (handles.get(f"photo:{number}")["id"] for number in range(len(post.media)))
            data["attached_media"] = json.dumps([{"media_fbid": photo} for photo in photos])
        return data

    def _commit_video(self, post: Outgoing, handles: Handles, *, in_doubt: bool) -> Outcome:
        try:
            if post.kind == "reel":
                data = videos.finish(self._graph, self._page, "video_reels", post, handles)
            else:
                data = videos.finish_chunks(self._graph, self._page, post, handles)
        except Refused as refused:
            return after_doubt(handles, refused.outcome) if in_doubt else refused.outcome
        if data.get("success") is not True and id_in(data) is None:
            raise self._graph.unreadable(commit=True)
        handles.put(_FINISHED, True)
        return Accepted(id=videos.video_of(handles))

    def _commit_story(self, post: Outgoing, handles: Handles) -> Outcome:
        if _is_video_story(post):
            data = videos.finish(self._graph, self._page, "video_stories", post, handles)
        else:
            photo = {"photo_id": str(handles.get("photo:0")["id"])}
            data = self._graph.post(f"{self._page}/photo_stories", photo, commit=True)
        return self._published(data, "post_id")

    def _published(self, data: dict[str, object], name: str) -> Outcome:
        found = id_in(data, name)
        if found is None:
            raise self._graph.unreadable(commit=True)
        return Published(found)

    def _look_at_video(self, handles: Handles) -> Outcome:
        video = videos.video_of(handles)
        data = self._graph.find(video, videos.STATUS)
        if data is None:
            return Ambiguous(
                "Facebook has the video no longer.",
                check=f"Look at the videos and reels of the Page {self.tools.account.name} and say "
                "whether it is there.",
            )
        return videos.read_status(self._graph, video, data)

    def _look(self, post: Outgoing, since: datetime) -> Outcome:
        """The Page's posts from `since` on: is one of them this?"""
        now = self.tools.now()
        if since > now + timedelta(minutes=1):  # the clock was set back: it was sent before
            since = now - _SET_BACK
        before = self._graph.their_time(since)
        same = self._same(post, before)
        earliest = self._graph.their_time(since)
        if earliest < before:
            # Only an answer tells how far this machine's clock is off.
            same = self._same(post, earliest)
        if not same:
            return Absent()
        found, made = id_in(same[0]), time_of(same[0].get("created_time"))
        sure = made is not None and made >= earliest and bool(post.text.strip())
        if len(same) > 1 or not sure or found is None:
            return self._unclear(
                f"About {since:%H:%M} UTC the Page has more than one post that could be this, or "
                "one that may be an earlier one."
            )
        return Published(found, videos.link_of(same[0]))

    def _same(self, post: Outgoing, earliest: datetime) -> list[dict[str, Any]]:
        """What the Page has posted with these words; some minutes more than since then."""
        earliest -= _WRONG_CLOCK
        listed = self._graph.newest(
            f"{self._page}/published_posts",
            "id,message,created_time,permalink_url",
            earliest,
            "created_time",
            since=int(earliest.timestamp()),
        )
        return [item for item in listed if same_text(post.text, item.get("message") or "")]

    def _unclear(self, why: str) -> Ambiguous:
        return Ambiguous(
            why,
            check=f"Look at the posts of the Page {self.tools.account.name} and say whether it is "
            "there.",
        )


def _is_video_story(post: Outgoing) -> bool:
    return post.kind == "story" and post.media[0].kind == "video"

"""Instagram with Facebook Login: image, carousel, reel and story (Graph API v26.0).

Containers are prepared, and publishing one is the commit. Whether it took effect stands in the
container itself, so that hardly any doubt remains.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.errors import InputError, StorageError
from igny8_media.publishing.contract import Adapter, Handles, Tools
from igny8_media.publishing.instagram import container as containers
from igny8_media.publishing.instagram.limits import hosted, problems
from igny8_media.publishing.meta.graph import Graph, id_in, same_text, time_of
from igny8_media.publishing.meta.handles import after_doubt
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Quota,
    Ready,
    Refused,
    Retryable,
)

_SENT: Final = "sent"
_LOOKS: Final = "looks"
_MOST_LOOKS: Final = 4
_LOOK_AGAIN: Final = 10.0
# Posts leave the last 24 hours one by one, at times that the platform does not tell.
_NEXT_LOOK: Final = timedelta(hours=1)
_LISTED: Final = timedelta(minutes=5)


class Instagram(Adapter):
    """Publishes on one professional account that is linked to a Page."""

    service: ClassVar[Service] = Service.INSTAGRAM
    settle: ClassVar[float] = 20.0

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools)
        self._graph = Graph(tools, hosts)
        self._ig = tools.account.platform_user_id

    def validate(self, post: Outgoing) -> list[str]:
        return [*problems(post, self.tools.account), *self._of_hosting(post)]

    def prepare(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        try:
            waiting = containers.ready(self._graph, self._ig, post, handles)
        except containers.PublishedAlready:
            return self._which(post, handles, self.tools.now())
        return waiting or self._used_up() or Ready()

    def commit(self, post: Outgoing, handles: Handles, part: int) -> Outcome:
        in_doubt = handles.get(_SENT) is not None
        if not in_doubt:
            handles.put(_SENT, self.tools.now().isoformat())
        creation = {"creation_id": str(handles.get(containers.WHOLE)["id"])}
        try:
            found = id_in(self._graph.post(f"{self._ig}/media_publish", creation, commit=True))
        except Refused as refused:
            return after_doubt(handles, refused.outcome) if in_doubt else refused.outcome
        if found is None:
            raise self._graph.unreadable(commit=True)
        return Published(found, notes=_notes(handles))

    def probe(self, post: Outgoing, handles: Handles, part: int, since: datetime) -> Outcome:
        container = str(handles.get(containers.WHOLE)["id"])
        data = self._graph.find(container, "status_code,status")
        if data is None:
            return self._without_container(post, handles, since)
        code = data.get("status_code")
        if code == "PUBLISHED":
            return self._which(post, handles, since)
        if code in ("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"):
            return Absent()
        return Retryable("Instagram did not say what became of the container.")

    def permalink(self, platform_id: str) -> str | None:
        try:
            data = self._graph.find(platform_id, "permalink")
        except Refused:
            return None
        return id_in(data, "permalink") if data is not None else None

    def delete(self, platform_id: str) -> Outcome:
        """Needs the right instagram_manage_contents."""
        return self._graph.delete(platform_id)

    def _of_hosting(self, post: Outgoing) -> Iterator[str]:
        said = set()
        for file in hosted(post):
            try:
                self.tools.media.public_url(file)
            except InputError as error:
                said.add(str(error))
            except StorageError:
                pass  # the store is away for now: no fault of the post
        yield from sorted(said)

    def _used_up(self) -> Quota | None:
        """The account's own limit, read live: Meta's pages name several figures for it."""
        edge = f"{self._ig}/content_publishing_limit"
        entries = self._graph.get(edge, "config,quota_usage").get("data")
        entry = entries[0] if isinstance(entries, list) and entries else None
        config = entry.get("config") if isinstance(entry, dict) else None
        total = config.get("quota_total") if isinstance(config, dict) else None
        usage = entry.get("quota_usage") if isinstance(entry, dict) else None
        if not isinstance(total, int) or not isinstance(usage, int) or usage < total:
            # Where it cannot be read, Instagram itself refuses what is too much.
            return None
        return Quota(
            self.tools.now() + _NEXT_LOOK,
            f"{self.tools.account.name} has published {usage} posts on Instagram within 24 hours, "
            f"which is its limit of {total}.",
        )

    def _which(self, post: Outgoing, handles: Handles, since: datetime) -> Outcome:
        """The container is published, by this commit or an earlier one: as which post?"""
        before = time_of(handles.get(_SENT))
        same = self._out_since(post, min(since, before) if before is not None else since)
        # Stories have no text to tell them apart by.
        if same and (post.kind != "story" or len(same) == 1):
            url = id_in(same[0], "permalink")
            return Published(str(id_in(same[0])), url, _notes(handles))
        looks = handles.get(_LOOKS) or 0
        if looks < _MOST_LOOKS:
            handles.put(_LOOKS, looks + 1)
            return Retryable(
                "The post is out, and Instagram does not list it yet.",
                after=_LOOK_AGAIN,
                counted=False,
            )
        note = "It is out, but Instagram does not tell its ID: no address or figures of it here."
        container = str(handles.get(containers.WHOLE)["id"])
        return Published(container, notes=(*_notes(handles), note))

    def _without_container(self, post: Outgoing, handles: Handles, since: datetime) -> Outcome:
        same = self._out_since(post, since)
        if len(same) == 1 and post.text.strip() and post.kind != "story":
            return Published(str(id_in(same[0])), id_in(same[0], "permalink"), _notes(handles))
        if not same and post.kind != "story":
            # Publishing uses it up, and the list may be slower than that.
            if self.tools.now() - since < _LISTED:
                return Retryable(
                    "Instagram has the container no longer.", after=30.0, counted=False
                )
            return Absent()
        return Ambiguous(
            "Instagram has the container no longer.",
            check=f"Look at {self.tools.account.name} on Instagram and say whether the post is "
            "there.",
        )

    def _out_since(self, post: Outgoing, since: datetime) -> list[dict[str, Any]]:
        """What could be this post, newest first. Stories have a list of their own, and no text;
        not every account may read it."""
        story = post.kind == "story"
        edge = f"{self._ig}/{'stories' if story else 'media'}"
        fields = "id,timestamp,permalink" if story else "id,caption,timestamp,permalink"
        earliest = self._graph.their_time(since)
        try:
            listed = list(self._graph.newest(edge, fields, earliest, "timestamp"))
        except Refused as refused:
            if story and isinstance(refused.outcome, Permanent):
                return []
            raise
        return [
            item
            for item in listed
            if id_in(item) and (story or same_text(post.text, item.get("caption") or ""))
        ]


def _notes(handles: Handles) -> tuple[str, ...]:
    note = handles.get(containers.NOTE)
    return (note,) if isinstance(note, str) else ()

"""What is put beside a video on YouTube: its thumbnail and its caption tracks."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from googleapiclient.http import HttpRequest

from igny8_media.publishing.beside import Beside, put_beside
from igny8_media.publishing.contract import Handles, Tools
from igny8_media.publishing.model import CaptionTrack, MediaFile, Outgoing
from igny8_media.publishing.outcomes import Permanent, Refused
from igny8_media.publishing.youtube.client import execute, file_of, resources
from igny8_media.publishing.youtube.errors import judge, names
from igny8_media.publishing.youtube.upload import begin, send_until

_CAPTIONS: Final = "application/octet-stream"


class Extras:
    """Those of one video, `video` by its ID."""

    def __init__(self, tools: Tools, base: str, handles: Handles, video: str) -> None:
        self._tools, self._handles, self._video = tools, handles, video
        self._youtube = resources(base)
        self._judge = partial(judge, now=tools.now())

    def finish(self, post: Outgoing) -> tuple[str, ...] | None:
        """As `put_beside` does."""
        return put_beside(self._handles, "YouTube", self._wanted(post))

    def _wanted(self, post: Outgoing) -> Iterator[Beside]:
        if post.thumbnail is not None:
            work = partial(self._set_thumbnail, post.thumbnail)
            yield Beside("thumbnail", "the thumbnail", work)
        for number, track in enumerate(post.captions):
            what = f"the captions ({track.language})"
            yield Beside(f"captions:{number}", what, partial(self._add_captions, track))

    def _set_thumbnail(self, file: MediaFile) -> None:
        """50 of the day's 10,000 units. Shorts take one since 2026-11-03, once processed."""
        media = file_of(self._tools.media.path(file), file.mime)
        try:
            request = self._youtube.thumbnails().set(videoId=self._video, media_body=media)
            self._upload(file, request)
        except Refused as refused:
            if not names(refused.outcome, "forbidden"):
                raise
            raise Refused(
                Permanent(
                    "the channel may not set its own; verify its telephone number at "
                    "https://www.youtube.com/verify and set it there."
                )
            ) from None

    def _add_captions(self, track: CaptionTrack) -> None:
        """400 of the day's 10,000 units; 900 where the track is there already, because the answer
        to an earlier attempt was lost."""
        media = file_of(self._tools.media.path(track.file), _CAPTIONS)
        snippet: Any = {
            "videoId": self._video,
            "language": track.language,
            "name": track.name,
            "isDraft": False,
        }
        body: dict[str, Any] = {"snippet": snippet}
        captions = self._youtube.captions()
        try:
            request = captions.insert(part="snippet", body=body, media_body=media)
            made = self._upload(track.file, request)
        except Refused as refused:
            there = self._track_like(track) if names(refused.outcome, "captionExists") else None
            if there is None:
                raise
            body = {"id": there, "snippet": {"isDraft": False}}
            request = captions.update(part="snippet", body=body, media_body=media)
            made = self._upload(track.file, request)
        snippet = made.get("snippet")
        why = snippet.get("failureReason") if isinstance(snippet, Mapping) else None
        if why:
            raise Refused(Permanent(f"it could not read them ({why}); save them as SRT or VTT."))

    def _upload(self, file: MediaFile, request: HttpRequest) -> Mapping[str, Any]:
        session = begin(self._tools, request)
        path = self._tools.media.path(file)
        return send_until(self._tools, session, path, 0, file.size, file.size).resource or {}

    def _track_like(self, track: CaptionTrack) -> str | None:
        request = self._youtube.captions().list(part="snippet", videoId=self._video)
        items = execute(request, self._tools.api, self._judge).get("items")
        for item in items if isinstance(items, list) else []:
            snippet = item.get("snippet") if isinstance(item, Mapping) else None
            if (
                isinstance(snippet, Mapping)
                and (snippet.get("language"), snippet.get("name", ""))
                == (track.language, track.name)
                and isinstance(item.get("id"), str)
            ):
                return str(item["id"])
        return None

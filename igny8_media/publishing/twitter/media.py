"""Pictures, GIFs and videos on their way to X (media v2, openapi.json 2.167).

tweepy 4.17 has no media v2; its upload is of version 1.1, past its announced end.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from igny8_media.publishing.api import Reply
from igny8_media.publishing.contract import Handles, Tools
from igny8_media.publishing.model import MediaFile
from igny8_media.publishing.outcomes import Permanent, Refusal, Refused, Retryable, Waiting
from igny8_media.publishing.twitter.errors import is_lost_media, judge, pause_of
from igny8_media.publishing.twitter.limits import is_animated

# Segments of 1 MB are proven; there may be 1,000 of them.
_SEGMENT: Final = 1_000_000
_LONGEST: Final = 1800.0
_SPARE: Final = timedelta(minutes=1)
_UPLOAD: Final = httpx.Timeout(60.0, connect=10.0, write=60.0)


class Uploads:
    """The files of one post. Each has one handle, that says how far it is."""

    def __init__(self, tools: Tools, handles: Handles, base: str) -> None:
        self._tools, self._handles, self._base = tools, handles, base

    def id(self, name: str) -> str:
        return str(self._state(name)["id"])

    def ready(self, name: str, file: MediaFile) -> Waiting | None:
        """Have the file with X, and what is still to be waited for. Raises Refused.

        Goes on where an earlier call stopped.
        """
        if self._is_over(self._state(name)):
            self._handles.put(name, None)
        if file.kind == "video" or is_animated(file):
            self._send_segments(name, file)
        elif not self._state(name):
            self._send_whole(name, file)
        if file.alt_text and file.kind == "image" and not self._state(name).get("described"):
            self._describe(name, file.alt_text)
        return self._processing(name, file)

    def _state(self, name: str) -> dict[str, Any]:
        state = self._handles.get(name)
        return state if isinstance(state, dict) else {}

    def _is_over(self, state: Mapping[str, Any]) -> bool:
        ends = state.get("expires")
        return ends is not None and datetime.fromisoformat(ends) <= self._tools.now() + _SPARE

    def _send_whole(self, name: str, file: MediaFile) -> None:
        with self._tools.media.path(file).open("rb") as opened:
            data = self._call(
                name,
                "POST",
                "",
                files={"media": ("picture", opened, file.mime)},
                data={"media_category": "tweet_image"},
            )
        self._keep(name, data)

    def _send_segments(self, name: str, file: MediaFile) -> None:
        path = self._tools.media.path(file)
        size = path.stat().st_size
        if not self._state(name):
            asked = {
                "media_type": file.mime,
                "total_bytes": size,
                "media_category": "tweet_gif" if is_animated(file) else "tweet_video",
            }
            self._keep(name, self._call(name, "POST", "/initialize", json=asked))
        state = self._state(name)
        if state.get("finalized"):
            return
        address = f"/{state['id']}"
        with path.open("rb") as opened:
            for index in range(state.get("sent", 0), -(-size // _SEGMENT)):
                opened.seek(index * _SEGMENT)
                self._call(
                    name,
                    "POST",
                    f"{address}/append",
                    files={"media": ("segment", opened.read(_SEGMENT), "application/octet-stream")},
                    data={"segment_index": str(index)},
                )
                self._handles.put(name, {**state, "sent": index + 1})
        data = self._call(name, "POST", f"{address}/finalize")
        now, done = self._tools.now().isoformat(), not data.get("processing_info")
        self._handles.put(name, {**state, "finalized": now, "done": done})

    def _describe(self, name: str, text: str) -> None:
        state = self._state(name)
        self._send(
            name,
            "POST",
            "/2/media/metadata",
            json={"id": state["id"], "metadata": {"alt_text": {"text": text}}},
        )
        self._handles.put(name, {**state, "described": True})

    def _processing(self, name: str, file: MediaFile) -> Waiting | None:
        state = self._state(name)
        if not state.get("finalized") or state.get("done"):
            return None
        params = {"command": "STATUS", "media_id": str(state["id"])}
        info = self._call(name, "GET", "", params=params).get("processing_info")
        info = info if isinstance(info, dict) else {"state": "succeeded"}
        if info.get("state") == "succeeded":
            self._handles.put(name, {**state, "done": True})
            return None
        if info.get("state") == "failed":
            error = info.get("error")
            why = error.get("message") if isinstance(error, dict) else None
            raise Refused(
                Permanent(f"X could not process {file.name} ({why or 'it says no reason'}).")
            )
        self._stop_at_last(name, state, file)
        asked = info.get("check_after_secs")
        after = float(asked) if isinstance(asked, int) else 5.0
        return Waiting(min(max(1.0, after), 60.0), f"X processes {file.name}")

    def _stop_at_last(self, name: str, state: dict[str, Any], file: MediaFile) -> None:
        now = self._tools.now()
        passed = (now - datetime.fromisoformat(state["finalized"])).total_seconds()
        if passed < 0:  # the clock was set back: count anew
            self._handles.put(name, {**state, "finalized": now.isoformat()})
        if passed > _LONGEST:
            self._handles.put(name, None)
            raise Refused(Retryable(f"X did not get {file.name} processed in time.", afresh=True))

    def _keep(self, name: str, data: Mapping[str, Any]) -> None:
        id, lives = data.get("id"), data.get("expires_after_secs")
        if not isinstance(id, str) or not id.isdigit():
            raise Refused(Retryable("X did not name the media that was sent to it.", after=10))
        state: dict[str, Any] = {"id": id}
        if isinstance(lives, int):
            state["expires"] = (self._tools.now() + timedelta(seconds=lives)).isoformat()
        self._handles.put(name, state)

    def _call(self, name: str, method: str, address: str, **body: Any) -> Mapping[str, Any]:
        """The `data` of the reply. Raises Refused."""
        reply = self._send(name, method, f"/2/media/upload{address}", **body)
        data = reply.data.get("data") if isinstance(reply.data, dict) else None
        if isinstance(data, dict):
            return data
        if address.endswith("/append"):  # whose reply says nothing that matters
            return {}
        raise Refused(Retryable("X's answer about the media cannot be read.", after=10))

    def _send(self, name: str, method: str, path: str, **body: Any) -> Reply:
        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            if self._state(name) and is_lost_media(reply):
                self._handles.put(name, None)
                return Retryable("X no longer has the media that was sent to it.", afresh=True)
            return judge(reply, self._tools.now())

        api = self._tools.api
        reply = api.call(method, f"{self._base}{path}", judge=decide, timeout=_UPLOAD, **body)
        api.pause = pause_of(reply, self._tools.now()) or api.pause
        return reply

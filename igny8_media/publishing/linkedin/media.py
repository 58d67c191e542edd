"""Pictures, documents and videos on their way to LinkedIn.

Three steps that show nobody anything: ask for an address, send the bytes, wait until they are
processed (Images, Documents and Videos API, learn.microsoft.com, 2026-10).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import httpx

from igny8_media.publishing.api import Judge, Reply, part_of
from igny8_media.publishing.contract import Handles, Tools
from igny8_media.publishing.linkedin.cover import ADDRESS, HEADERS, NOTE, give_up, send_cover
from igny8_media.publishing.linkedin.errors import judge
from igny8_media.publishing.model import MediaFile
from igny8_media.publishing.outcomes import Permanent, Refusal, Refused, Retryable, Waiting
from igny8_media.publishing.places import is_at

_PLURAL: Final = {"image": "images", "document": "documents", "video": "videos"}
_GRACE: Final = 20.0
"""Seconds after which a picture is usually processed, where it cannot be asked (practice)."""
_LONGEST: Final = {"image": 600.0, "document": 600.0, "video": 1800.0}
_UPLOAD: Final = httpx.Timeout(60.0, connect=10.0, write=60.0)
_SPARE: Final = timedelta(minutes=1)
_DOMAINS: Final = ("linkedin.com",)
"""Where the account's token may go."""


class Uploads:
    """The files of one post. Each has one handle, that says how far it is."""

    def __init__(
        self,
        tools: Tools,
        handles: Handles,
        base: str,
        headers: Mapping[str, str],
        author: str,
        asks: bool,
    ) -> None:
        """`asks` says whether the token may ask how far pictures and documents are: a member's
        may not."""
        self._tools, self._handles = tools, handles
        self._base, self._headers, self._author, self._asks = base, headers, author, asks

    def urn(self, name: str) -> str:
        return str(self._state(name)["urn"])

    def send(self, name: str, file: MediaFile, cover: MediaFile | None = None) -> None:
        """Have the file with LinkedIn, a video with its cover where there is one; goes on where an
        earlier call stopped. Raises Refused."""
        if self._state(name).get("uploaded"):
            return
        for attempt in (1, 2):
            state = self._state(name)
            if not state or self._is_over(state):
                self._begin(name, file, covered=cover is not None)
            try:
                if cover is not None and not send_cover(
                    self._handles, name, partial(self._put_cover, cover)
                ):
                    # One that was announced and does not come may be waited for.
                    self._begin(name, file, covered=False)
                if file.kind == "video":
                    self._send_parts(name, file)
                else:
                    self._send_whole(name, file)
            except Refused as refused:
                expired = isinstance(refused.outcome, Retryable) and refused.outcome.afresh
                if not expired:
                    raise
                self._handles.put(name, None)
                if attempt == 2:
                    raise
                continue
            done = {"urn": self.urn(name), "uploaded": self._tools.now().isoformat()}
            self._handles.put(name, done)
            return

    def wait(self, name: str, file: MediaFile) -> Waiting | None:
        """What is still to be waited for. Raises Refused when that has no end."""
        state = self._state(name)
        if state.get("ready"):
            return None
        passed = self._passed(name, state)
        status = self._status(state["urn"], file) if self._asks or file.kind == "video" else None
        if status is None:
            if passed < _GRACE:
                return Waiting(_GRACE - passed, f"LinkedIn processes {file.name}")
        elif status != "AVAILABLE":
            if passed > _LONGEST[file.kind]:
                self._handles.put(name, None)
                raise Refused(
                    Retryable(f"LinkedIn did not get {file.name} processed in time.", afresh=True)
                )
            return Waiting(min(10.0, max(2.0, passed / 4)), f"LinkedIn processes {file.name}")
        self._handles.put(name, {**state, "ready": True})
        return None

    def _state(self, name: str) -> dict[str, Any]:
        state = self._handles.get(name)
        return state if isinstance(state, dict) else {}

    def _is_over(self, state: Mapping[str, Any]) -> bool:
        ends = state.get("expires")
        return isinstance(ends, int) and ends / 1000 <= (self._tools.now() + _SPARE).timestamp()

    def _passed(self, name: str, state: dict[str, Any]) -> float:
        """Seconds since the upload, counted anew where the clock was set back since."""
        passed = (self._tools.now() - datetime.fromisoformat(state["uploaded"])).total_seconds()
        if passed < 0:
            self._handles.put(name, {**state, "uploaded": self._tools.now().isoformat()})
        return max(0.0, passed)

    def _begin(self, name: str, file: MediaFile, *, covered: bool) -> None:
        asked: dict[str, Any] = {"owner": self._author}
        covered = covered and self._handles.get(NOTE) is None
        if file.kind == "video":
            asked |= {
                "fileSizeBytes": self._tools.media.path(file).stat().st_size,
                "uploadCaptions": False,
                "uploadThumbnail": covered,
            }
        reply = self._call(
            "POST",
            f"{_PLURAL[file.kind]}?action=initializeUpload",
            json={"initializeUploadRequest": asked},
        )
        value = reply.data.get("value") if isinstance(reply.data, dict) else None
        try:
            begun = _begun(value, file.kind)
        except (KeyError, TypeError, ValueError):
            raise Refused(
                Retryable("LinkedIn named no address to upload the media to.", after=10)
            ) from None
        if covered and begun[ADDRESS] is None:
            give_up(self._handles, "LinkedIn named no address to upload it to.")
            return self._begin(name, file, covered=False)
        self._handles.put(name, begun)
        return None

    def _send_whole(self, name: str, file: MediaFile) -> None:
        path = self._tools.media.path(file)
        self._put(
            self._state(name)["parts"][0][0],
            {"Content-Type": file.mime, "Content-Length": str(path.stat().st_size)},
            part_of(path),
            bearer=True,
        )

    def _put_cover(self, file: MediaFile, address: str) -> None:
        path = self._tools.media.path(file)
        headers = {**HEADERS, "Content-Length": str(path.stat().st_size)}
        self._put(address, headers, part_of(path), bearer=False)

    def _send_parts(self, name: str, file: MediaFile) -> None:
        path = self._tools.media.path(file)
        state = self._state(name)
        etags: list[str] = list(state.get("etags", []))
        for url, first, last in state["parts"][len(etags) :]:
            length = last - first + 1
            reply = self._put(
                url,
                {"Content-Type": "application/octet-stream", "Content-Length": str(length)},
                part_of(path, first, length),
                bearer=False,
            )
            etag = reply.headers.get("etag", "")
            if not etag:
                raise Refused(Retryable("LinkedIn confirmed no part of the video.", after=10))
            etags.append(etag)
            self._handles.put(name, {**state, "etags": list(etags)})
        self._call(
            "POST",
            "videos?action=finalizeUpload",
            json={
                "finalizeUploadRequest": {
                    "video": state["urn"],
                    "uploadToken": state["token"],
                    "uploadedPartIds": etags,
                }
            },
        )

    def _put(self, url: str, headers: Mapping[str, str], content: Any, *, bearer: bool) -> Reply:
        if not is_at(url, self._base, *(_DOMAINS if bearer else ())):
            raise Refused(Permanent("LinkedIn named an address of somebody else for the upload."))
        return self._tools.api.call(
            "PUT",
            url,
            auth="Bearer" if bearer else None,
            headers=headers,
            content=content,
            judge=self._judge(gone=(404, 410)),
            secret=True,
            timeout=_UPLOAD,
        )

    def _status(self, urn: str, file: MediaFile) -> str | None:
        """LinkedIn's word for how far it is; None where this token may not ask."""

        def refuse_quietly(reply: Reply, commit: bool) -> Refusal | None:
            if reply.status == 403:
                raise _NotAllowed
            return self._judge()(reply, commit)

        address = f"{_PLURAL[file.kind]}/{quote(urn, safe='')}"
        try:
            reply = self._call("GET", address, judge=refuse_quietly)
        except _NotAllowed:
            return None
        data = reply.data if isinstance(reply.data, dict) else {}
        if data.get("status") == "PROCESSING_FAILED":
            why = str(data.get("processingFailureReason") or "it says no reason")[:200]
            raise Refused(
                Permanent(f"LinkedIn could not process {file.name} ({why}); export it anew.")
            )
        return str(data.get("status"))

    def _call(
        self, method: str, address: str, *, json: Any = None, judge: Judge | None = None
    ) -> Reply:
        return self._tools.api.call(
            method,
            f"{self._base}/rest/{address}",
            headers=self._headers,
            json=json,
            judge=judge or self._judge(),
        )

    def _judge(self, gone: tuple[int, ...] = ()) -> Judge:
        def decide(reply: Reply, _commit: bool) -> Refusal | None:
            if reply.status in gone:
                return Retryable("The address to upload the media to is gone.", afresh=True)
            return judge(reply, self._tools.now())

        return decide


class _NotAllowed(Exception):
    """This token may not look."""


def _begun(value: Any, kind: str) -> dict[str, Any]:
    """The handle of an upload that begins. Raises KeyError, TypeError or ValueError."""
    if not str(value[kind]).startswith(f"urn:li:{kind}:"):
        raise ValueError(value[kind])
    if kind != "video":
        return {
            "urn": value[kind],
            "expires": value.get("uploadUrlExpiresAt"),
            "parts": [[str(value["uploadUrl"]), 0, -1]],
        }
    return {
        "urn": value[kind],
        "expires": value.get("uploadUrlsExpireAt"),
        "token": str(value.get("uploadToken") or ""),
        ADDRESS: value.get("thumbnailUploadUrl"),
        "parts": [
            [str(part["uploadUrl"]), int(part["firstByte"]), int(part["lastByte"])]
            for part in value["uploadInstructions"]
        ],
    }

"""Uploaded media: counted and hashed as they stream in, and kept on disk if there is a folder.

Without a folder only the beginning of each is kept, so an upload of any size takes the same memory.
"""

import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_HEAD: Final = 1 << 18
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
)


@dataclass
class Blob:
    """One upload while it comes in. `size` is where its last byte ends."""

    name: str
    path: Path | None
    size: int = 0
    head: bytes = b""
    _hash: Any = field(default_factory=hashlib.sha256)
    _hashed: int = 0

    def write(self, data: bytes, at: int | None = None) -> None:
        """Put bytes at their place, by default at the end; the same ones again change nothing."""
        place = self.size if at is None else at
        again = place < self.size
        if place > self.size or (again and self.path):
            # A hole, or bytes that may differ from those hashed: the file is read when asked.
            self._hashed = -1
        elif (fresh := data[self._hashed - place :]) and self._hashed >= 0:
            self._hash.update(fresh)
            self._hashed += len(fresh)
        if place < _HEAD:
            head = bytearray(self.head.ljust(min(place, _HEAD), b"\0"))
            head[place : place + len(data)] = data
            self.head = bytes(head[:_HEAD])
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(handle, data, place)
            finally:
                os.close(handle)
        self.size = max(self.size, place + len(data))

    async def receive(self, stream: AsyncIterator[bytes], at: int | None = None) -> int:
        """Write what comes, piece by piece; how many bytes came."""
        came = 0
        place = self.size if at is None else at
        async for data in stream:
            self.write(data, place + came)
            came += len(data)
        return came

    @property
    def sha256(self) -> str | None:
        """None where the parts came out of order and nothing was kept to read them again."""
        if self._hashed == self.size:
            return str(self._hash.hexdigest())
        if self.path and self.path.is_file():
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return None

    @property
    def mime(self) -> str:
        return sniff(self.head)

    def describe(self, kind: str | None = None, **more: Any) -> dict[str, Any]:
        """The form in which a post lists it: {kind, mime, size, sha256, blob} and `more`."""
        mime = self.mime
        return {
            "kind": kind or mime.partition("/")[0],
            "mime": mime,
            "size": self.size,
            "sha256": self.sha256,
            "blob": self.name,
            **more,
        }


class Blobs:
    """All uploads by name; the names are made by the platforms and go into file names."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, Blob] = {}

    def open(self, name: str) -> Blob:
        """The upload of that name, begun if it is new; after a restart what came before is there
        if there is a folder."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for an upload: {name}")
        blob = self._open.get(name)
        if blob is None:
            path = self._folder / name if self._folder else None
            blob = Blob(name, path)
            if path and path.is_file():
                blob.size, blob._hashed = path.stat().st_size, -1
                with path.open("rb") as file:
                    blob.head = file.read(_HEAD)
            self._open[name] = blob
        return blob

    def forget(self, name: str) -> None:
        """Drop an upload that was given up."""
        blob = self._open.pop(name, None)
        if blob and blob.path:
            blob.path.unlink(missing_ok=True)

    def path(self, name: str) -> Path | None:
        """The file, where it is kept."""
        if not self._folder or not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        return path if path.is_file() else None

    def clear(self) -> None:
        self._open.clear()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def sniff(head: bytes) -> str:
    """The media type that the first bytes tell, or application/octet-stream."""
    for signature, mime in _SIGNATURES:
        if head.startswith(signature):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:10] == b"qt" else "video/mp4"
    return "application/octet-stream"

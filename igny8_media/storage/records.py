"""What was made: one record for each asset, written last, so that it vouches for the files."""

import hashlib
import json
import logging
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationError

from igny8_media.frozen import Frozen
from igny8_media.storage.media_store import MediaStore

log = logging.getLogger(__name__)

Kind = Literal["text", "image", "document", "audio", "subtitles", "video", "metadata"]


class Artifact(Frozen):
    """One stored file. `figures` are its own measurements (pixels, seconds, contrast, ...)."""

    name: str
    kind: Kind
    key: str
    sha256: str
    size: int
    figures: dict[str, Any] = Field(default_factory=dict)


class Record(Frozen):
    """What one asset holds for one content.

    `fingerprint` is of everything that decided the result; `revision` counts how often this
    asset was really made; `facts` are what a reviewer wants to know (who wrote it, which voice,
    measurements); `notes` are sentences about what was lost or replaced on the way. `skipped`
    says why there is nothing (an article too thin for a long video).
    """

    content_id: str
    asset: str
    fingerprint: str
    revision: int
    artifacts: tuple[Artifact, ...]
    facts: dict[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    skipped: str | None = None
    made_at: datetime
    seconds: float

    @property
    def digest(self) -> str:
        """A hash of the stored bytes; what stands on this asset stays while it does."""
        return fingerprint([[a.name, a.sha256] for a in self.artifacts], self.skipped)

    def named(self, name: str) -> Artifact:
        """The artefact of that name."""
        return next(a for a in self.artifacts if a.name == name)


def fingerprint(*parts: Any) -> str:
    """A short stable hash of JSON-like values: 32 hexadecimal digits."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Records:
    """The records of a media store: `content/<content_id>/<asset>/current.json` and its history."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    def folder(self, content_id: str, asset: str) -> str:
        return f"content/{content_id}/{asset}"

    def current(self, content_id: str, asset: str) -> Record | None:
        """The record in force, if its files are all still there."""
        return self._read(f"{self.folder(content_id, asset)}/current.json")

    def earlier(self, content_id: str, asset: str, mark: str) -> Record | None:
        """The latest record made from this fingerprint, if its files are all still there."""
        return self._read(f"{self.folder(content_id, asset)}/by-fingerprint/{mark}.json")

    def write(self, record: Record) -> None:
        """Vouch for a record whose files are stored, and put it in force."""
        folder = self.folder(record.content_id, record.asset)
        data = record.model_dump_json(indent=1).encode()
        self._store.put_bytes(f"{folder}/by-fingerprint/{record.fingerprint}.json", data)
        self._store.put_bytes(f"{folder}/current.json", data)

    def put_in_force(self, record: Record) -> None:
        """Make an earlier record the current one again."""
        folder = self.folder(record.content_id, record.asset)
        self._store.put_bytes(f"{folder}/current.json", record.model_dump_json(indent=1).encode())

    def _read(self, key: str) -> Record | None:
        if not self._store.exists(key):
            return None
        try:
            record = Record.model_validate_json(self._store.read_bytes(key))
        except ValidationError:
            log.warning("The record %s is damaged and counts as missing.", self._store.uri_of(key))
            return None
        return record if self._store.holds(a.key for a in record.artifacts) else None

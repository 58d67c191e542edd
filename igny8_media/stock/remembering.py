"""A library whose answers are kept for a day, as Pixabay's terms ask and quotas thank for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from igny8_media.stock.model import Finder, Provider, Search, StockClip, StockPicture
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.records import fingerprint

_DAY = 24 * 3600.0
_ANSWER = "answer.json"
_PICTURES = TypeAdapter(tuple[StockPicture, ...])
_CLIPS = TypeAdapter(tuple[StockClip, ...])
_Found = TypeVar("_Found", bound=StockPicture)


class RememberingFinder:
    """Asks `finder` only what it was not asked within 24 hours; failures are not remembered.

    `now` gives seconds since the epoch.
    """

    def __init__(self, finder: Finder, cache: FolderCache, now: Callable[[], float]) -> None:
        self._finder, self._cache, self._now = finder, cache, now

    @property
    def name(self) -> Provider:
        return self._finder.name

    def pictures(self, search: Search) -> tuple[StockPicture, ...]:
        return self._remembered("pictures", search, self._finder.pictures, _PICTURES)

    def clips(self, search: Search) -> tuple[StockClip, ...]:
        return self._remembered("clips", search, self._finder.clips, _CLIPS)

    def _remembered(
        self,
        kind: str,
        search: Search,
        ask: Callable[[Search], tuple[_Found, ...]],
        model: TypeAdapter[tuple[_Found, ...]],
    ) -> tuple[_Found, ...]:
        now = self._now()
        today = int(now // _DAY)
        for day in (today, today - 1):
            folder = self._cache.get(self._mark(kind, search, day))
            if folder is not None:
                kept = json.loads((folder / _ANSWER).read_bytes())
                if now - kept["asked_at"] < _DAY:
                    return model.validate_python(kept["found"])

        def fill(folder: Path) -> None:
            found = model.dump_python(ask(search), mode="json")
            text = json.dumps({"asked_at": now, "found": found})
            (folder / _ANSWER).write_text(text, encoding="utf-8")

        folder = self._cache.fetch(self._mark(kind, search, today), fill)
        return model.validate_python(json.loads((folder / _ANSWER).read_bytes())["found"])

    def _mark(self, kind: str, search: Search, day: int) -> str:
        return fingerprint("stock-answer", 1, self.name, kind, search.model_dump(), day)

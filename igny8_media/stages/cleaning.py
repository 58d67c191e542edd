"""Removing what nobody needs any more: scratch files of the dead, and work kept beyond its room."""

from pathlib import Path
from typing import NamedTuple

from igny8_media.stages.workshop import Workshop


class Cleaned(NamedTuple):
    """Bytes on this machine's disk before and after."""

    before: int
    after: int

    @property
    def removed(self) -> int:
        return max(0, self.before - self.after)


def clean(shop: Workshop) -> Cleaned:
    """What a live run uses stays: it holds its scratch folder, and touched what it reads."""
    before = _bytes(shop)
    shop.store.sweep()
    if shop.settings.cache_dir.is_dir():
        for folder in shop.settings.cache_dir.iterdir():
            if folder.is_dir():
                shop.cache(folder.name).trim()
    return Cleaned(before, _bytes(shop))


def _bytes(shop: Workshop) -> int:
    places = (shop.settings.cache_dir, shop.settings.media_dir / "scratch")
    return sum(_size(file) for place in places for file in place.rglob("*"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:  # somebody is done with it
        return 0

"""Work worth keeping between runs: folders of files under a fingerprint, on this machine only.

Whatever lies here can be made again, so it may be emptied at any time; it is never the only copy.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from igny8_media.errors import StorageError

_MAKING: Final = ".making-"
_GOING: Final = ".going-"
_ABANDONED: Final = 24 * 3600.0
"""Seconds after which a folder that was never finished belongs to a process that was killed."""
_IN_USE: Final = 3600.0
"""Seconds that an entry stays after its last use, whatever the size: a render may still read it."""


class FolderCache:
    """Folders by fingerprint, each wholly there or not at all; several processes may share it."""

    def __init__(self, root: Path, max_bytes: int) -> None:
        self._root = root.absolute()
        self._max_bytes = max_bytes

    def path(self, fingerprint: str) -> Path:
        """Where the folder for a fingerprint is, or would be."""
        return self._root / fingerprint

    def get(self, fingerprint: str) -> Path | None:
        """The folder kept under a fingerprint; its files must not be changed."""
        folder = self.path(fingerprint)
        try:
            os.utime(folder)
        except FileNotFoundError:
            return None
        return folder

    def fetch(self, fingerprint: str, make: Callable[[Path], None]) -> Path:
        """The folder kept under a fingerprint, filled by `make` if there is none.

        If `make` fails, nothing is kept. Raises StorageError when the disk refuses.
        """
        kept = self.get(fingerprint)
        if kept is not None:
            return kept
        folder = self.open()
        try:
            make(folder)
            return self.keep(fingerprint, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def open(self) -> Path:
        """An empty folder on the cache's disk, to be filled and handed to `keep`."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=_MAKING, dir=self._root))
        except OSError as error:
            raise StorageError(
                f"The cache {self._root} cannot be written: {error.strerror or error}; free some "
                "space there or choose another folder with IGNY8_HOME."
            ) from error

    def keep(self, fingerprint: str, folder: Path) -> Path:
        """Take in a folder made by `open`, unless another process was quicker."""
        target = self.path(fingerprint)
        folder.chmod(0o755)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
            shutil.rmtree(folder, ignore_errors=True)
        os.utime(target)
        return target

    def trim(self) -> None:
        """Remove what was used longest ago until the rest is within `max_bytes`."""
        if not self._root.is_dir():
            return
        now = time.time()
        entries: list[tuple[float, int, Path]] = []
        for folder in self._root.iterdir():
            try:
                used = folder.stat().st_mtime
                size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            except FileNotFoundError:
                continue  # another process trims too
            if folder.name.startswith(_GOING):
                shutil.rmtree(folder, ignore_errors=True)
            elif folder.name.startswith(_MAKING):
                if now - used > _ABANDONED:
                    shutil.rmtree(folder, ignore_errors=True)
            else:
                entries.append((used, size, folder))
        total = sum(size for _, size, _ in entries)
        for used, size, folder in sorted(entries):
            if total <= self._max_bytes or now - used < _IN_USE:
                return
            self._remove(folder)
            total -= size

    def _remove(self, folder: Path) -> None:
        # Under another name first: of an entry whose removal is cut short, nobody must find half.
        gone = self._root / f"{_GOING}{folder.name}"
        with suppress(OSError):  # another process was quicker
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

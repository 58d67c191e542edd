"""Articles in a folder."""

import hashlib
import heapq
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from igny8_media.articles.ids import content_id
from igny8_media.articles.model import Article
from igny8_media.articles.parse import HTML_SUFFIXES, MARKDOWN_SUFFIXES, id_source, parse_file
from igny8_media.articles.sources.base import Cursor, Listed
from igny8_media.errors import InputError, OutsideError

_SUFFIXES = tuple(sorted(MARKDOWN_SUFFIXES | HTML_SUFFIXES))
# A file that changed this recently may still be being written.
_SETTLED = 1.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FolderSource:
    """Markdown and HTML files below `root`; hidden ones and symbolic links are passed over.

    `original_id` is the POSIX path below `root`, and the ID is made of it without the suffix. A
    file counts as changed when its status did (`ctime`), so that an old file moved in is seen.
    One that changed within the last second is left for the next call. Files whose paths differ
    only in the suffix (`a.md` and `a.html`) have one ID and are both listed: whoever registers
    contents can tell by `original_id`, and says so.
    """

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.time) -> None:
        if not root.is_dir():
            raise InputError(f"{root} is not a folder; check the path.")
        self.root = root
        self._clock = clock

    @property
    def name(self) -> str:
        return f"folder {self.root}"

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        settled = int((self._clock() - _SETTLED) * 1_000_000)
        since = (_microseconds(cursor.changed_at), cursor.id) if cursor else (0, "")
        fresh: list[tuple[int, str, os.stat_result]] = []
        for path, entry in _files(self.root):
            try:
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since the folder was read
            changed = stat.st_ctime_ns // 1000
            if changed <= settled and (changed, path) > since:
                fresh.append((changed, path, stat))
        first = heapq.nsmallest(limit, fresh, key=lambda found: found[:2])
        return [_listed(path, stat) for _, path, stat in first]

    def fetch(self, original_id: str) -> Article:
        relative = PurePosixPath(original_id)
        if relative.is_absolute() or ".." in relative.parts or "\x00" in original_id:
            raise InputError(f"{original_id!r} leads out of {self.root}; name a file inside it.")
        path = self.root / relative
        if path.is_symlink() or not path.resolve().is_relative_to(self.root.resolve()):
            raise InputError(f"{path} is a symbolic link; put the file itself into the folder.")
        return parse_file(path, root=self.root)


def _listed(path: str, stat: os.stat_result) -> Listed:
    token = f"{stat.st_mtime_ns}:{stat.st_size}"
    return Listed(
        id=content_id(id_source(path)),
        original_id=path,
        changed_at=_EPOCH + timedelta(microseconds=stat.st_ctime_ns // 1000),
        version=hashlib.sha256(token.encode()).hexdigest()[:16],
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _files(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Each article file below `root` with its POSIX path; links are not followed."""
    waiting = [("", str(root))]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{prefix}{entry.name}/", entry.path))
                    elif entry.name.lower().endswith(_SUFFIXES) and entry.is_file(
                        follow_symlinks=False
                    ):
                        yield f"{prefix}{entry.name}", entry
        except FileNotFoundError:
            if folder == str(root):
                raise OutsideError(f"The folder {root} is gone; create it again.") from None
        except OSError as error:
            raise OutsideError(f"The folder {folder} cannot be read: {error.strerror}.") from error

"""The media store: named bytes that are either wholly there or not there at all."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from igny8_media.errors import InputError, StorageError, disk_remedy

_CHUNK = 1 << 20
_NEW = 60.0
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def plain_parts(key: str) -> list[str]:
    """The parts of a key. Raises InputError for one that could lead out of the store."""
    parts = key.split("/")
    if key.startswith("/") or any(p in ("", ".", "..") for p in parts) or "\0" in key:
        raise InputError(f"The media key {key!r} is not a plain relative path.")
    return parts


def below(cdn_url: str, key: str) -> str:
    """The address of a key below one of ours, in plain ASCII as Instagram wants it."""
    return f"{cdn_url}/{quote(key)}"


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class MediaStore(Protocol):
    """Keys are relative POSIX paths such as `content/<content_id>/<asset>/<fingerprint>/post.json`.

    Writing is atomic: a reader sees the old bytes or the new ones. Every method raises
    StorageError, with the remedy, when the disk or server refuses.
    """

    @property
    def uri(self) -> str: ...

    def put_file(self, key: str, path: Path) -> None:
        """Take in a file made in `scratch`; it is not there any more afterwards."""
        ...

    def put_bytes(self, key: str, data: bytes) -> None: ...

    def read_bytes(self, key: str) -> bytes: ...

    def local_path(self, key: str) -> Path:
        """A readable file with these bytes; it must not be changed."""
        ...

    def exists(self, key: str) -> bool: ...

    def holds(self, keys: Iterable[str]) -> bool:
        """Whether all of them exist; a server is asked once for each folder."""
        ...

    def public_url(self, key: str) -> str:
        """An address that platforms can fetch it from, long enough, in plain ASCII.

        Raises InputError naming the setting that is missing where nothing is public.
        """
        ...

    def uri_of(self, key: str) -> str: ...

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder that is removed on leaving, whatever happens."""
        ...

    def sweep(self) -> None:
        """Remove the scratch folders of processes that were killed; those in use stay."""
        ...


class LocalMediaStore:
    """A folder on this machine; `cdn_url` is where a web server of one's own shows it."""

    def __init__(self, root: Path, cdn_url: str = "") -> None:
        self._root = root.absolute()
        self._cdn_url = cdn_url

    @property
    def uri(self) -> str:
        return str(self._root)

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*plain_parts(key))

    def put_file(self, key: str, path: Path) -> None:
        target = self._path(key)
        with self._writing(key):
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source:
                os.fsync(source.fileno())
            path.chmod(0o644)
            path.replace(target)  # on one disk: a render of a gigabyte is not written twice

    def put_bytes(self, key: str, data: bytes) -> None:
        with self._writing(key), _replacing(self._path(key)) as out:
            out.write(data)

    def read_bytes(self, key: str) -> bytes:
        return self.local_path(key).read_bytes()

    def local_path(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise StorageError(
                f"The media store {self._root} holds no {key}: "
                "it was removed by hand; make it again with --force."
            )
        return path

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def holds(self, keys: Iterable[str]) -> bool:
        return all(self.exists(key) for key in keys)

    def public_url(self, key: str) -> str:
        if not self._cdn_url:
            raise InputError(
                "This platform fetches pictures and videos itself, and the media store is a folder "
                "that nobody can reach: set AWS_STORAGE_BUCKET_NAME to keep media in a bucket, or "
                f"MEDIA_CDN_URL to the public address of {self._root}."
            )
        return below(self._cdn_url, key)

    def uri_of(self, key: str) -> str:
        return str(self._path(key))

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        # Beside the content, not in /tmp: large renders belong on the disk that was chosen for
        # them, and /tmp is often memory.
        with self._writing("scratch files"):
            base = self._root / "scratch"
            base.mkdir(parents=True, exist_ok=True)
            self.sweep()
            folder = Path(tempfile.mkdtemp(dir=base))
            lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            raise self._refused("scratch files", error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> None:
        long_ago = time.time() - _NEW
        base = self._root / "scratch"
        for folder in base.iterdir() if base.is_dir() else ():
            try:
                if folder.stat().st_mtime > long_ago:
                    continue  # perhaps made a moment ago, and about to be locked
                lock = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue  # its owner was quicker
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            except BlockingIOError:
                pass  # somebody works there: nobody holds the lock of one who was killed
            finally:
                os.close(lock)

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refused(what, error) from error

    def _refused(self, what: str, error: OSError) -> StorageError:
        return StorageError(
            f"Cannot write {what} to the media store {self._root}: {error.strerror or error}; "
            f"{disk_remedy(error)}, or choose another folder with IGNY8_HOME."
        )


@contextmanager
def _replacing(target: Path) -> "Iterator[_Out]":
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Out(Protocol):
    def write(self, data: bytes, /) -> int: ...

"""Where the keys of the vault are kept: given by whoever runs us, or in a file of our own."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

from igny8_media.accounts.vault import Vault
from igny8_media.errors import InputError

KEY_FILE: Final = "token.key"
_KEPT: Final = 2
"""Keys that stay after a rotation: a process that read the file before it may still write with
the older one."""


def open_vault(given: str | None, home: Path) -> Vault:
    """The vault whose keys are `given` (comma-separated, newest first), else in a file in `home`
    that is made at the first need."""
    if given:
        return Vault(lambda: listed(given))
    return Vault(lambda: read_keys(home / KEY_FILE))


def listed(given: str) -> list[str]:
    """Keys as written in IGNY8_TOKEN_KEY."""
    return [key for part in given.split(",") if (key := part.strip())]


def read_keys(file: Path) -> list[str]:
    """The file's keys, newest first; a new file with one key where there is none.

    Raises InputError for a file that others than its owner can read.
    """
    try:
        if not file.exists():
            _make(file)
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise InputError(
                f"The key file {file} can be read by others than you; run: chmod 600 {file}"
            )
        keys = file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The key file {file} cannot be used ({type(error).__name__}); make it readable for "
            "this user, or give the key in IGNY8_TOKEN_KEY."
        ) from None
    if not keys:
        raise InputError(
            f"The key file {file} is empty; put its key back, or delete the file and connect the "
            "accounts again."
        )
    return keys


def rotate_file(file: Path, reseal: Callable[[], int]) -> int:
    """Add a new key to the file, let `reseal` encrypt everything with it, and drop the oldest.

    Stopped at any point, what is stored can still be read. Returns what `reseal` does.
    """
    with _alone(file):
        keys = [Fernet.generate_key().decode(), *read_keys(file)]
        _write(file, keys)
        count = reseal()
        _write(file, keys[:_KEPT])
    return count


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Two rotations at once would each drop the key that the other has just written with."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f".{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(file: Path) -> None:
    """One of two processes that come here at once wins, and both read the same key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(file, [Fernet.generate_key().decode()])
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _keep_folder(file.parent)


def _write(file: Path, keys: list[str]) -> None:
    _draft(file, keys).replace(file)
    _keep_folder(file.parent)


def _draft(file: Path, keys: list[str]) -> Path:
    # mkstemp gives 0600 whatever the umask.
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(number, "w", encoding="ascii") as draft:
        draft.write("\n".join(keys) + "\n")
        draft.flush()
        os.fsync(draft.fileno())
    return Path(name)


def _keep_folder(folder: Path) -> None:
    """A name is on the disk only when its folder is; tokens must not outlive their key."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

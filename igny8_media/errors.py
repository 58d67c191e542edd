"""The errors a person may meet, each one a clear sentence that names the remedy."""

from errno import EACCES, EDQUOT, EEXIST, ENOSPC, ENOTDIR, EPERM, EROFS


class Igny8Error(Exception):
    """Anything reported to a person: the message is one sentence that says what to do."""


class InputError(Igny8Error):
    """What a person gave cannot be used as it is; trying again without changing it is pointless."""


class OutsideError(Igny8Error):
    """Something outside (server, disk, program) failed; trying again later may succeed."""


class StorageError(OutsideError):
    """The media store or the disk below it refused to read or write."""


def disk_remedy(error: OSError) -> str:
    """What a person does about what could not be written, as part of a sentence."""
    if error.errno in (ENOSPC, EDQUOT):
        return "free some space there"
    if error.errno in (EEXIST, ENOTDIR):
        return "move away the file that stands where the folder should be"
    if error.errno in (EACCES, EPERM, EROFS):
        return "let it be written"
    return "check the path and its disk"

"""The errors a person may meet, each one a clear sentence that names the remedy."""


class Igny8Error(Exception):
    """Anything reported to a person: the message is one sentence that says what to do."""


class InputError(Igny8Error):
    """What a person gave cannot be used as it is; trying again without changing it is pointless."""


class OutsideError(Igny8Error):
    """Something outside (server, disk, program) failed; trying again later may succeed."""


class StorageError(OutsideError):
    """The media store or the disk below it refused to read or write."""

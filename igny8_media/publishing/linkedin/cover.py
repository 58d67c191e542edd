"""A video's cover, which goes to LinkedIn before the video's bytes.

`uploadThumbnail` asks for an address (Videos API, learn.microsoft.com, 2026-10). The address is
`thumbnailUploadUrl`, and takes the picture without a token: so sends it Echobox's linkedin-sdk
since 4.4.0, whose authors saw the cover on a shared video.
"""

from collections.abc import Callable, Mapping
from typing import Final

from igny8_media.errors import StorageError
from igny8_media.publishing.contract import Handles
from igny8_media.publishing.outcomes import Refused, Retryable

NOTE: Final = "note"
"""Why a video goes out without its cover, which is then not asked for again."""
ADDRESS: Final = "cover"
"""Where the cover is to go, in an upload's handle; None when it is there."""
_TRIED: Final = "cover_tried"
_TRIES: Final = 3
HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/octet-stream",
    "media-type-family": "STILLIMAGE",
}


def send_cover(handles: Handles, name: str, put: Callable[[str], object]) -> bool:
    """Have the cover with the upload `name`, by `put` to its address; False where the video must
    do without, which is then said in a note. Raises Refused where it is worth trying again."""
    state = handles.get(name)
    address = state.get(ADDRESS)
    if address is None:
        return True
    tried = state.get(_TRIED, 0) + 1
    # Counted beforehand: what kills the process here must not be tried for ever.
    handles.put(name, {**state, _TRIED: tried})
    try:
        try:
            put(address)
        except (StorageError, OSError) as error:  # the picture itself cannot be read
            raise Refused(Retryable(str(error))) from error
    except Refused as refused:
        outcome = refused.outcome
        if isinstance(outcome, Retryable) and not outcome.afresh and tried < _TRIES:
            raise
        give_up(handles, outcome.reason)
        return False
    handles.put(name, {**state, ADDRESS: None})
    return True


def give_up(handles: Handles, reason: str) -> None:
    handles.put(NOTE, f"The video has no cover of its own: {reason}")

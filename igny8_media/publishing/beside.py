"""What is put beside a video that is out: its cover, its caption tracks.

Each is done once and remembered. What fails for good becomes a note for the person: the video is
out without it. What may pass is tried a few times.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from igny8_media.errors import Igny8Error
from igny8_media.publishing.contract import Handles
from igny8_media.publishing.outcomes import NeedsAuth, Quota, Refused, Retryable

_TRIES: Final = 3


class Beside(NamedTuple):
    """`name` is its handle, `what` how it is called in a sentence; `work` puts it there, and
    raises Refused."""

    name: str
    what: str
    work: Callable[[], None]


def put_beside(handles: Handles, label: str, things: Iterable[Beside]) -> tuple[str, ...] | None:
    """Notes about what the platform `label` did not take; None where something must be tried again
    later.

    Raises Refused where the account must be connected again or its quota is used up.
    """
    notes: list[str] = []
    done = True
    for thing in things:
        record = handles.get(thing.name)
        record = record if isinstance(record, Mapping) else {"tries": 0}
        if not record.get("done"):
            record = _try(handles, label, thing, int(record.get("tries", 0)) + 1)
        done = done and bool(record.get("done"))
        if record.get("note"):
            notes.append(str(record["note"]))
    return tuple(notes) if done else None


def _try(handles: Handles, label: str, thing: Beside, tries: int) -> dict[str, Any]:
    # Counted beforehand: what kills the process here must not be tried for ever.
    handles.put(thing.name, {"tries": tries})
    record: dict[str, Any] = {"tries": tries, "done": True}
    try:
        thing.work()
    except Refused as refused:
        outcome = refused.outcome
        waits = isinstance(outcome, Quota) or (isinstance(outcome, NeedsAuth) and outcome.renewable)
        if tries < _TRIES and waits:
            raise
        record["done"] = tries >= _TRIES or not isinstance(outcome, Retryable)
        if record["done"]:
            record["note"] = f"{label} did not take {thing.what}: {outcome.reason}"
    except (Igny8Error, OSError) as error:
        record["note"] = f"{label} was not given {thing.what}: {error}"
    handles.put(thing.name, record)
    return record

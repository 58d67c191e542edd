"""What the sensor keeps between ticks, readable in Dagster as its cursor."""

import json
from typing import Any

from pydantic import Field

from igny8_media.frozen import Frozen
from igny8_media.planning.handing import Waiting


class Backlog(Frozen):
    """Where each source is read on from, and the articles that wait for their posts or videos.

    It is kept with the runs that were asked for, in one step of Dagster's: a daemon that dies
    neither loses an article nor runs one twice.
    """

    sources: dict[str, Any] = Field(default_factory=dict)
    posts: tuple[Waiting, ...] = ()
    videos: tuple[Waiting, ...] = ()


def read_backlog(cursor: str | None) -> Backlog:
    """Also of a cursor that holds only where the sources are, as earlier versions wrote it."""
    if not cursor:
        return Backlog()
    kept = json.loads(cursor)
    return Backlog.model_validate(kept if "sources" in kept else {"sources": kept})

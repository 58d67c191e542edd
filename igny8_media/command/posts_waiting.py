"""What a command that publishes waits for, a line on stderr whenever that changes."""

import sys
from collections.abc import Sequence
from typing import Final

from igny8_media.publishing.planned import Planned
from igny8_media.publishing.planning import Planning
from igny8_media.publishing.statuses import Status

_MOST: Final = 200
"""Of so many it tells; nobody reads more."""


class Waiting:
    """Says it of these publications each time it is called and something has changed."""

    def __init__(self, planning: Planning, planned: Sequence[Planned]) -> None:
        self._planning = planning
        self._ids = {one.id for one in planned[:_MOST]}
        self._posts = sorted({one.post_id for one in planned[:_MOST]})
        self._said: dict[int, str] = {}

    def __call__(self) -> None:
        under_way = (Status.SCHEDULED, Status.PUBLISHING)
        for one in self._planning.planned(post_ids=self._posts, statuses=under_way):
            line = _line(one)
            begun = one.id in self._ids and one.started_at is not None
            if begun and self._said.get(one.id) != line:
                self._said[one.id] = line
                print(line, file=sys.stderr, flush=True)


def _line(one: Planned) -> str:
    part = f", part {one.part + 1} of {one.parts}" if one.parts > 1 else ""
    told = one.reason or (
        f"{one.service.label} is at work on it"
        if one.status is Status.PUBLISHING
        else f"it is prepared and goes out at {one.goes_at:%H:%M:%S} UTC"
    )
    return f"Post {one.post_id} as {one.account}{part}: {told.rstrip('.')}."

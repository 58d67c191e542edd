"""Which of the articles that wait are handed on now, and which are left for the next look."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from igny8_media.frozen import Frozen
from igny8_media.planning.automation import Automation


class Waiting(Frozen):
    """An article in one version that nothing has been made of yet."""

    id: str
    version: str
    site: str


class Handed(NamedTuple):
    """`unwanted` are those of sites that make nothing of this kind."""

    now: tuple[Waiting, ...]
    left: tuple[Waiting, ...]
    unwanted: tuple[Waiting, ...]


Pace = Callable[[Automation], tuple[int, int, int]]
"""Articles at once, results at once, and results of one article (0: none are wanted)."""


def added(waiting: Sequence[Waiting], new: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """The queue with new ones at its end; a newer version of one that waits takes its place."""
    queue = {one.id: one for one in waiting}
    for one in new:
        queue[one.id] = one
    return tuple(queue.values())


def hand_on(waiting: Sequence[Waiting], rules: Callable[[str], Automation], pace: Pace) -> Handed:
    """First come, first served, each site by its own rules."""
    now: list[Waiting] = []
    left: list[Waiting] = []
    unwanted: list[Waiting] = []
    taken: dict[str, int] = {}
    paces = {site: pace(rules(site)) for site in {one.site for one in waiting}}
    for one in waiting:
        articles, results, each = paces[one.site]
        count = taken.get(one.site, 0)
        if each == 0:
            unwanted.append(one)
        elif count < articles and (count == 0 or (count + 1) * each <= results):
            now.append(one)
            taken[one.site] = count + 1
        else:
            left.append(one)
    return Handed(tuple(now), tuple(left), tuple(unwanted))

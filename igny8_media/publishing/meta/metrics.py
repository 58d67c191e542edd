"""Figures out of the Graph API, for Facebook and Instagram alike (v26.0, developers.facebook.com).

Up to 50 objects are named in one request (`?ids=`), with their insights as a field. One name that
is retired fails all of it, and so does one object that is gone.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from igny8_media.accounts.hosts import Hosts
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.meta.errors import GONE, GraphError
from igny8_media.publishing.meta.graph import Graph
from igny8_media.publishing.outcomes import Refused, Retryable
from igny8_media.publishing.readings import (
    Asked,
    NotGiven,
    NotThere,
    Read,
    Reader,
    Reading,
    mapping,
    mappings,
)
from igny8_media.publishing.retired import Retired

_BAD_PARAMETER: Final = 100
_NO_ALIAS: Final = 803
"""What a request that names several objects says of one that is not there."""
_BEFORE_BUSINESS: Final = 2108006
"""The media is from before the account became a professional one."""
_retired: Final = Retired()


@dataclass(frozen=True)
class Plan:
    """What is asked of one kind of post: its own fields, and metrics on an edge of it."""

    fields: tuple[str, ...]
    edge: str
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """What came of one object. `why` is the reason that it has no insights, or nothing."""

    fields: Mapping[str, Any]
    insights: Mapping[str, Any]
    why: str = ""


class MetaReader(Reader):
    batch: ClassVar[int] = 50
    shares_limits: ClassVar[bool] = True
    scope: ClassVar[str]
    """The permission that insights need."""

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        super().__init__(tools, hosts)
        self._graph = Graph(tools, hosts)
        self._place = hosts.meta_graph_url
        self._label = tools.account.service.label

    @abstractmethod
    def plan(self, post: Asked) -> Plan | NotGiven:
        """What to ask of it."""

    @abstractmethod
    def told(self, post: Asked, node: Node, why: Mapping[str, str]) -> Reading:
        """What it means; `why` says of a metric that it was refused, and how."""

    def lots(self, posts: Sequence[Asked]) -> list[list[Asked]]:
        alike: dict[Plan | NotGiven, list[Asked]] = {}
        for post in posts:
            alike.setdefault(self.plan(post), []).append(post)
        return [lot for some in alike.values() for lot in super(MetaReader, self).lots(some)]

    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        plan = self.plan(lot[0])
        if isinstance(plan, NotGiven):
            return {post.platform_id: plan for post in lot}
        granted = self.scope in self.tools.account.scopes
        why = "" if granted else f"{self._label} was not allowed to tell it ({self.scope})"
        nodes = self._nodes([post.platform_id for post in lot], plan, why)
        refused = {
            name: f"{self._label} no longer knows {name}"
            for name in plan.metrics
            if name in _retired.at(self._place)
        }
        gone = NotThere(f"{self._label} no longer has this post.")
        return {
            post.platform_id: self.told(post, node, refused)
            if (node := nodes.get(post.platform_id))
            else gone
            for post in lot
        }

    def _nodes(self, ids: Sequence[str], plan: Plan, why: str) -> dict[str, Node]:
        """Those of the objects that are there. Raises Refused."""
        while ids:
            names = () if why else self._known(plan.metrics)
            try:
                return self._ask(ids, plan, names, why)
            except Refused:
                error = self._graph.last_error
                if error is None:
                    raise
                if _is_gone(error):
                    named = _named(error, ids)
                    if not named and len(ids) > 1:
                        return self._halves(ids, plan, why)
                    ids = [id for id in ids if id not in named] if named else []
                elif names and error.code == _BAD_PARAMETER:
                    self._retire(ids[0], plan, names, error)
                elif names and (error.code == 10 or 200 <= error.code <= 299):
                    if _is_about_one(error) and len(ids) > 1:
                        return self._halves(ids, plan, why)
                    why = f"{self._label} did not tell it: {error.told}"
                else:
                    raise
        return {}

    def _halves(self, ids: Sequence[str], plan: Plan, why: str) -> dict[str, Node]:
        middle = len(ids) // 2
        return self._nodes(ids[:middle], plan, why) | self._nodes(ids[middle:], plan, why)

    def _ask(
        self, ids: Sequence[str], plan: Plan, names: Sequence[str], why: str
    ) -> dict[str, Node]:
        insights = (f"{plan.edge}.metric({','.join(names)})",) if names else ()
        answer = self._graph.get("", ",".join(plan.fields + insights), ids=",".join(ids))
        # All or nothing: an object that is left out without a word is no sign that it is gone.
        if any(not isinstance(answer.get(id), Mapping) for id in ids):
            raise self._graph.unreadable(commit=False)
        return {id: _node(answer[id], plan.edge, why) for id in ids}

    def _known(self, metrics: Sequence[str]) -> tuple[str, ...]:
        retired = _retired.at(self._place)
        return tuple(name for name in metrics if name not in retired)

    def _retire(self, id: str, plan: Plan, names: Sequence[str], error: GraphError) -> None:
        """Remember which of these names is refused. Each is asked for alone, once in the process:
        the error names the first of them at best, and often lists what is valid instead. Raises
        Refused where it is none of them."""
        found = [name for name in names if self._is_refused(id, plan, name)]
        if not found:
            raise Refused(Retryable(f"{self._label} refused a request for figures: {error.told}"))
        _retired.add(self._place, *found)

    def _is_refused(self, id: str, plan: Plan, name: str) -> bool:
        try:
            self._graph.get("", f"{plan.edge}.metric({name})", ids=id)
        except Refused:
            error = self._graph.last_error
            if error is None or error.code != _BAD_PARAMETER or _is_gone(error):
                raise
            return True
        return False


def summed(value: Any) -> Any:
    """A figure that may come split, by reaction or by paid and organic. An empty split is zero:
    only what happened is in it."""
    if isinstance(value, Mapping):
        return sum(one for one in value.values() if isinstance(one, int | float))
    return value


def part(value: Any, *names: str) -> Any:
    """One part of a figure that comes split, 0 where nothing of it happened."""
    if not isinstance(value, Mapping):
        return None
    return next((value[name] for name in names if name in value), 0)


def _node(given: Mapping[str, Any], edge: str, why: str) -> Node:
    insights: dict[str, Any] = {}
    for one in mappings(mapping(given.get(edge)).get("data")):
        listed = list(mappings(one.get("values")))
        total = mapping(one.get("total_value")).get("value")
        insights[str(one.get("name"))] = listed[-1].get("value") if listed else total
    plain = {name: value for name, value in given.items() if name != edge}
    return Node(plain, insights, why)


def _is_gone(error: GraphError) -> bool:
    return (error.code, error.subcode) == (_BAD_PARAMETER, GONE) or error.code == _NO_ALIAS


def _is_about_one(error: GraphError) -> bool:
    return error.subcode == _BEFORE_BUSINESS or "viewers" in error.message.lower()


def _named(error: GraphError, ids: Sequence[str]) -> set[str]:
    words = set(re.findall(r"\w+", error.message))
    return {id for id in ids if id in words}

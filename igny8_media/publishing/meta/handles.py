"""What was prepared at Meta and does not keep: uploads and containers with the time of making."""

from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.contract import Handles
from igny8_media.publishing.meta.graph import Graph, id_in, time_of
from igny8_media.publishing.outcomes import Ambiguous, Permanent, Refusal

# Containers live 24 hours; unpublished photos and upload sessions are cleared away at some time
# that no page names, so they are not trusted for longer either.
_KEEPS: Final = timedelta(hours=20)
_REFUSED: Final = "refused"


def keep(graph: Graph, handles: Handles, name: str, made: dict[str, Any]) -> dict[str, Any]:
    """Write down what was made, with its `id` and what else belongs to it."""
    kept = {**made, "at": graph.tools.now().isoformat()}
    handles.put(name, kept)
    return kept


def kept(graph: Graph, handles: Handles, name: str) -> dict[str, Any] | None:
    """What was made before and still keeps. What does not is forgotten, with all whose name starts
    the same."""
    found = handles.get(name)
    if not isinstance(found, dict) or id_in(found) is None:
        return None
    made = time_of(found.get("at"))
    if made is None or graph.tools.now() - made > _KEEPS:
        handles.drop(name)
        return None
    return found


def after_doubt(handles: Handles, refusal: Refusal) -> Refusal:
    """What a refusal means where an earlier commit may have taken effect after all: that may be why
    this one is refused, so it is asked about first, once."""
    if not isinstance(refusal, Permanent) or handles.get(_REFUSED):
        return refusal
    handles.put(_REFUSED, True)
    return Ambiguous(refusal.reason)


def age(graph: Graph, found: dict[str, Any]) -> timedelta:
    made: datetime | None = time_of(found.get("at"))
    return graph.tools.now() - made if made is not None else timedelta()

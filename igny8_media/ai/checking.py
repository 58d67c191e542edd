"""How each provider is: whether it is set up and answers, and what one article costs with it.

Each kind's opening has a function `checks(settings, models)` that tells of all its providers.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from igny8_media.ai.models import ModelKind, Models
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen


class ProviderCheck(Frozen):
    """`healthy` is None where nobody was asked: it is not `configured`, and `problem` says what to
    set, or it has no question that costs nothing. Else `problem` says what is wrong. `model` is the
    one that is asked, `models` all it offers. `cost_of_article` are dollars, None where we do not
    know."""

    kind: ModelKind
    provider: str
    configured: bool
    healthy: bool | None = None
    latency_ms: int | None = None
    model: str = ""
    models: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cost_of_article: Decimal | None = None
    problem: str = ""


Checks = Iterator[Callable[[], ProviderCheck]]
"""One a provider, to be called beside each other: one that is slow holds up none."""


def not_configured(kind: ModelKind, provider: str, remedy: str) -> ProviderCheck:
    """`remedy` is a sentence: "Set IGNY8_OPENAI_KEY."."""
    return ProviderCheck(kind=kind, provider=provider, configured=False, problem=remedy)


def checked(
    kind: ModelKind,
    provider: str,
    models: Models,
    model: str,
    ask: Callable[[], tuple[str, ...]] | None,
    *,
    registered_as: str = "",
    cost_of_article: Decimal | None = None,
) -> ProviderCheck:
    """Ask it for what it offers: `ask` costs nothing, returns the names, and raises OutsideError;
    None where there is no such question.

    `model` is empty where the server's first is asked. `registered_as` is the provider's name in
    the registry, where that is another: `gpu_server` for all servers of one's own.
    """
    started = time.monotonic()
    problem = ""
    offered: tuple[str, ...] = ()
    try:
        offered = ask() if ask else ()
    except OutsideError as error:
        problem = str(error)
    latency = round((time.monotonic() - started) * 1000)
    model = model or (offered[0] if offered else "")
    known = models.find(kind, registered_as or provider, model)
    warning = known.warning(datetime.now(UTC).date()) if known else None
    return ProviderCheck(
        kind=kind,
        provider=provider,
        configured=True,
        healthy=not problem if ask else None,
        latency_ms=latency if ask else None,
        model=model,
        models=offered,
        warnings=(warning,) if warning else (),
        cost_of_article=cost_of_article,
        problem=problem,
    )

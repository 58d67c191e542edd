"""Which provider answers: the first of the list that can, and why the others did not."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic

from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.pool import BusyError, Pool
from igny8_media.ai.text import (
    Answer,
    Completion,
    Fault,
    TextError,
    TextProvider,
    TextRequest,
    Usage,
    understood,
)
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen

log = logging.getLogger(__name__)

_HEALTH_SECONDS: Final = 5.0
_LONGEST_WAIT: Final = 5.0
"""Who says "come back in a few seconds" is waited for; who says more, is passed over."""
_AGAIN: Final = frozenset((Fault.UNAVAILABLE, Fault.OVERLOADED, Fault.MALFORMED))
_CHARACTERS_PER_TOKEN: Final = 3.0
"""Fewer than in English (four), so that other languages fit too."""


class PassedOver(Frozen):
    """A provider that did not answer, and why; `usage` is what it used all the same."""

    provider: str
    reason: str
    usage: Usage = Usage()


@dataclass(frozen=True)
class Answered(Generic[Answer]):
    """The object that was asked for, and who really made it; `usage` is of all attempts at it."""

    value: Answer
    provider: str
    model: str
    usage: Usage
    seconds: float
    passed_over: tuple[PassedOver, ...] = ()


class NobodyAnsweredError(OutsideError):
    """No provider gave an answer."""

    def __init__(self, passed_over: tuple[PassedOver, ...]) -> None:
        reasons = " ".join(one.reason for one in passed_over)
        super().__init__(f"No provider of text gave an answer. {reasons}".strip())
        self.passed_over = passed_over


class TextRouter:
    """Asks `providers` in their order, each within `timeout` seconds an attempt.

    A provider that has just failed is left alone (see Breaker); one of which nothing is known is
    first asked for its models, which costs nothing. What may pass is tried twice.
    """

    def __init__(
        self,
        providers: Sequence[TextProvider],
        breaker: Breaker,
        models: Models,
        pool: Pool,
        *,
        timeout: float = 120.0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.providers = tuple(providers)
        self._breaker, self._models, self._pool = breaker, models, pool
        self._timeout, self._wait = timeout, wait

    def ask(self, request: TextRequest[Answer]) -> Answered[Answer]:
        """Raises NobodyAnsweredError."""
        started = time.monotonic()
        passed: list[PassedOver] = []
        for provider in self.providers:
            reason = self._breaker.resting(provider.name) or self._too_long(provider, request)
            if reason:
                passed.append(PassedOver(provider=provider.name, reason=reason))
                continue
            spent: list[Usage] = []
            try:
                value, completion = self._attempts(provider, request, spent)
            except (TextError, BusyError) as error:
                usage = sum(spent, Usage())
                passed.append(PassedOver(provider=provider.name, reason=str(error), usage=usage))
                log.warning("%s is passed over for %s: %s", provider.name, request.task, error)
                continue
            return Answered(
                value=value,
                provider=provider.name,
                model=completion.model,
                usage=sum(spent, Usage()),
                seconds=round(time.monotonic() - started, 3),
                passed_over=tuple(passed),
            )
        raise NobodyAnsweredError(tuple(passed))

    def _attempts(
        self, provider: TextProvider, request: TextRequest[Answer], spent: list[Usage]
    ) -> tuple[Answer, Completion]:
        """The first answer of at most two attempts; what each used is put into `spent`."""
        try:
            return self._attempt(provider, request, spent)
        except TextError as error:
            pause = error.after if error.after is not None else 1.0
            if error.fault not in _AGAIN or pause > _LONGEST_WAIT:
                raise
            if self._breaker.resting(provider.name) and error.after is None:
                raise
            if error.fault is not Fault.MALFORMED:
                # Not all that were told to wait at the same moment.
                self._wait(pause * random.uniform(1.0, 1.5))  # noqa: S311 - no secret
            return self._attempt(provider, request, spent)

    def _attempt(
        self, provider: TextProvider, request: TextRequest[Answer], spent: list[Usage]
    ) -> tuple[Answer, Completion]:
        try:
            if not self._breaker.known_well(provider.name):
                provider.models(min(_HEALTH_SECONDS, self._timeout))
            with self._pool.turn(provider.name):
                completion = provider.complete(request, self._timeout)
            spent.append(completion.usage)
            self._breaker.went_well(provider.name)
        except TextError as error:
            spent.append(error.usage)
            self._breaker.failed(provider.name, error)
            raise
        return understood(request, provider.name, completion), completion

    def _too_long(self, provider: TextProvider, request: TextRequest[Answer]) -> str | None:
        model = self._models.find("text", provider.name, provider.model)
        if model is None or model.context is None:
            return None
        size = (len(request.system) + len(request.prompt)) / _CHARACTERS_PER_TOKEN
        if size + request.max_tokens <= model.context:
            return None
        return f"{provider.name} has {model.context} tokens of context, too few for this article."

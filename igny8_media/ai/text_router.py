"""Which provider answers: the first of the list that can, and why the others did not."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic

from igny8_media.ai.asking import MAY_PASS, Asking
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

    A provider that has just failed is left alone, and what may pass is tried twice (see Asking).
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
        again = {*MAY_PASS, Fault.MALFORMED}
        self._asking = Asking(breaker, pool, again=again, wait=wait)
        self._models, self._timeout = models, timeout

    def ask(self, request: TextRequest[Answer]) -> Answered[Answer]:
        """Raises NobodyAnsweredError."""
        started = time.monotonic()
        passed: list[PassedOver] = []
        for provider in self.providers:
            reason = self._asking.resting(provider) or self._too_long(provider, request)
            if reason:
                passed.append(PassedOver(provider=provider.name, reason=reason))
                continue
            spent: list[Usage] = []
            try:
                value, completion = self._asked(provider, request, spent)
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

    def _asked(
        self, provider: TextProvider, request: TextRequest[Answer], spent: list[Usage]
    ) -> tuple[Answer, Completion]:
        """What each attempt used is put into `spent`."""

        def call() -> Completion:
            try:
                completion = provider.complete(request, self._timeout)
            except TextError as error:
                spent.append(error.usage)
                raise
            spent.append(completion.usage)
            return completion

        def check(completion: Completion) -> tuple[Answer, Completion]:
            return understood(request, provider.name, completion), completion

        return self._asking.ask(provider, self._timeout, call, check)

    def _too_long(self, provider: TextProvider, request: TextRequest[Answer]) -> str | None:
        model = self._models.find("text", provider.name, provider.model)
        if model is None or model.context is None:
            return None
        size = (len(request.system) + len(request.prompt)) / _CHARACTERS_PER_TOKEN
        if size + request.max_tokens <= model.context:
            return None
        return f"{provider.name} has {model.context} tokens of context, too few for this article."

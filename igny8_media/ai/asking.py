"""Asking one provider: how it is, when its turn comes, and once more where that may help."""

import random
import time
from collections.abc import Callable, Collection
from typing import Final, Protocol, TypeVar

from igny8_media.ai.health import Breaker
from igny8_media.ai.pool import Pool
from igny8_media.ai.text import Fault, ProviderError

Answer = TypeVar("Answer")
Made = TypeVar("Made")

_HEALTH_SECONDS: Final = 5.0
_LONGEST_WAIT: Final = 5.0
"""Who says "come back in a few seconds" is waited for; who says more, is passed over."""
MAY_PASS: Final = frozenset((Fault.UNAVAILABLE, Fault.OVERLOADED))


class Provider(Protocol):
    """What every kind of provider has: `models` costs nothing and tells whether it is there."""

    @property
    def name(self) -> str: ...

    def models(self, timeout: float) -> object: ...


class Asking:
    """A provider of which nothing is known is first asked for its models. What may pass (`again`)
    is tried twice; what fails is remembered (see Breaker)."""

    def __init__(
        self,
        breaker: Breaker,
        pool: Pool,
        *,
        again: Collection[Fault] = MAY_PASS,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._breaker, self._pool = breaker, pool
        self._again, self._wait = again, wait

    def resting(self, provider: Provider) -> str | None:
        """Why it is not to be asked now, as a sentence."""
        return self._breaker.resting(provider.name)

    def ask(
        self,
        provider: Provider,
        timeout: float,
        call: Callable[[], Answer],
        check: Callable[[Answer], Made],
    ) -> Made:
        """What `check` makes of the answer. Raises the ProviderError of the last attempt, whether
        `call` raised it or `check`, and BusyError where its turn did not come."""
        try:
            return self._attempt(provider, timeout, call, check)
        except ProviderError as error:
            pause = error.after if error.after is not None else 1.0
            if error.fault not in self._again or not error.repeatable or pause > _LONGEST_WAIT:
                raise
            if error.after is None and self._breaker.resting(provider.name):
                raise
            if error.fault is not Fault.MALFORMED:
                # Not all that were told to wait at the same moment.
                self._wait(pause * random.uniform(1.0, 1.5))  # noqa: S311 - no secret
            return self._attempt(provider, timeout, call, check)

    def _attempt(
        self,
        provider: Provider,
        timeout: float,
        call: Callable[[], Answer],
        check: Callable[[Answer], Made],
    ) -> Made:
        try:
            if not self._breaker.known_well(provider.name):
                provider.models(min(_HEALTH_SECONDS, timeout))
            with self._pool.turn(provider.name):
                answer = call()
        except ProviderError as error:
            self._breaker.failed(provider.name, error)
            raise
        self._breaker.went_well(provider.name)
        return check(answer)

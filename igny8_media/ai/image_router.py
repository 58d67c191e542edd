"""Which provider draws: the first of the list that can, and why the others did not."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from igny8_media.ai.health import Breaker
from igny8_media.ai.image import Drawing, ImageError, ImageProvider, ImageRequest, Tell
from igny8_media.ai.pool import BusyError, Pool
from igny8_media.ai.text import Fault
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen

log = logging.getLogger(__name__)

_HEALTH_SECONDS: Final = 5.0
_LONGEST_WAIT: Final = 5.0
"""Who says "come back in a few seconds" is waited for; who says more, is passed over."""
_AGAIN: Final = frozenset((Fault.UNAVAILABLE, Fault.OVERLOADED))


class PassedOver(Frozen):
    """A provider that drew nothing, and why; `unsure` if it may charge for it all the same."""

    provider: str
    reason: str
    unsure: bool = False


class Drawn(Frozen):
    """A picture that was looked at, and who really drew it."""

    drawing: Drawing
    provider: str
    own: bool
    passed_over: tuple[PassedOver, ...] = ()


class NobodyDrewError(OutsideError):
    """No provider gave a picture."""

    def __init__(self, passed_over: tuple[PassedOver, ...]) -> None:
        reasons = " ".join(one.reason for one in passed_over)
        super().__init__(f"No provider of pictures gave one. {reasons}".strip())
        self.passed_over = passed_over


class ImageRouter:
    """Asks `providers` in their order, each within `timeout` seconds an attempt.

    A provider that has just failed is left alone (see Breaker); one of which nothing is known is
    first asked something that costs nothing. What may pass is tried twice, unless the first try
    may have been paid for.
    """

    def __init__(
        self,
        providers: Sequence[ImageProvider],
        breaker: Breaker,
        pool: Pool,
        *,
        timeout: float = 300.0,
        wait: Callable[[float], None] = time.sleep,
        tell: Tell = log.debug,
    ) -> None:
        self.providers = tuple(providers)
        self._breaker, self._pool = breaker, pool
        self._timeout, self._wait, self._tell = timeout, wait, tell

    def draw(self, request: ImageRequest, look: Callable[[str, Drawing], None]) -> Drawn:
        """`look` is told who drew what, and raises ImageError for what is no picture, or not the
        one that was asked for. Raises NobodyDrewError."""
        passed: list[PassedOver] = []
        for provider in self.providers:
            if reason := self._breaker.resting(provider.name):
                passed.append(PassedOver(provider=provider.name, reason=reason))
                continue
            try:
                drawing = self._attempts(provider, request, look)
            except (ImageError, BusyError) as error:
                unsure = isinstance(error, ImageError) and error.unsure
                passed.append(PassedOver(provider=provider.name, reason=str(error), unsure=unsure))
                log.warning("%s is passed over for a picture: %s", provider.name, error)
                continue
            return Drawn(
                drawing=drawing,
                provider=provider.name,
                own=provider.own,
                passed_over=tuple(passed),
            )
        raise NobodyDrewError(tuple(passed))

    def _attempts(
        self,
        provider: ImageProvider,
        request: ImageRequest,
        look: Callable[[str, Drawing], None],
    ) -> Drawing:
        try:
            return self._attempt(provider, request, look)
        except ImageError as error:
            pause = error.after if error.after is not None else 1.0
            if error.fault not in _AGAIN or error.unsure or pause > _LONGEST_WAIT:
                raise
            if self._breaker.resting(provider.name) and error.after is None:
                raise
            self._wait(pause)
            return self._attempt(provider, request, look)

    def _attempt(
        self,
        provider: ImageProvider,
        request: ImageRequest,
        look: Callable[[str, Drawing], None],
    ) -> Drawing:
        try:
            if not self._breaker.known_well(provider.name):
                provider.models(min(_HEALTH_SECONDS, self._timeout))
            with self._pool.turn(provider.name):
                drawing = provider.draw(request, self._timeout, self._tell)
            self._breaker.went_well(provider.name)
        except ImageError as error:
            self._breaker.failed(provider.name, error)
            raise
        look(provider.name, drawing)
        return drawing

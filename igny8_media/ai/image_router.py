"""Which provider draws: the first of the list that can, and why the others did not."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial

from igny8_media.ai.asking import Asking
from igny8_media.ai.health import Breaker
from igny8_media.ai.image import Drawing, ImageError, ImageProvider, ImageRequest, Tell
from igny8_media.ai.pool import BusyError, Pool
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen

log = logging.getLogger(__name__)


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

    A provider that has just failed is left alone; what may pass is tried twice, unless the first
    try may have been paid for (see Asking).
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
        self._asking = Asking(breaker, pool, wait=wait)
        self._timeout, self._tell = timeout, tell

    def draw(self, request: ImageRequest, look: Callable[[str, Drawing], None]) -> Drawn:
        """`look` is told who drew what, and raises ImageError for what is no picture, or not the
        one that was asked for. Raises NobodyDrewError."""
        passed: list[PassedOver] = []
        for provider in self.providers:
            if reason := self._asking.resting(provider):
                passed.append(PassedOver(provider=provider.name, reason=reason))
                continue
            call = partial(provider.draw, request, self._timeout, self._tell)

            def check(drawing: Drawing, name: str = provider.name) -> Drawing:
                look(name, drawing)
                return drawing

            try:
                drawing = self._asking.ask(provider, self._timeout, call, check)
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

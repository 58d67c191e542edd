"""Who hears: the first of the list that can, and why the others did not."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from igny8_media.ai.asking import Asking
from igny8_media.ai.health import Breaker
from igny8_media.ai.pool import BusyError, Pool
from igny8_media.ai.text import TextError
from igny8_media.ai.text_router import PassedOver
from igny8_media.ai.transcription import Transcriber, Transcript, sound_seconds
from igny8_media.errors import OutsideError

log = logging.getLogger(__name__)

_LEAST_SECONDS: Final = 120.0
_PACE: Final = 2.0
"""Times the sound's length that hearing it may take: five times what two cores need."""


@dataclass(frozen=True)
class HeardBy:
    """What was heard, and who really heard it."""

    transcript: Transcript
    provider: str
    seconds: float
    passed_over: tuple[PassedOver, ...] = ()


class NobodyHeardError(OutsideError):
    """No provider gave a transcript."""

    def __init__(self, passed_over: tuple[PassedOver, ...]) -> None:
        reasons = " ".join(one.reason for one in passed_over)
        super().__init__(f"No provider of transcripts gave one. {reasons}".strip())
        self.passed_over = passed_over


class TranscriptionRouter:
    """Asks `providers` in their order.

    A provider that has just failed is left alone, and what may pass is tried twice (see Asking).
    """

    def __init__(
        self,
        providers: Sequence[Transcriber],
        breaker: Breaker,
        pool: Pool,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.providers = tuple(providers)
        self._asking = Asking(breaker, pool, wait=wait)

    def hear(self, audio: Path, language: str | None = None) -> HeardBy:
        """The words of a mono WAV file; `language` (ISO 639-1) where it is known.

        Raises NobodyHeardError, and OutsideError if `audio` cannot be read.
        """
        started = time.monotonic()
        timeout = max(_LEAST_SECONDS, _PACE * sound_seconds(audio))
        passed: list[PassedOver] = []
        for provider in self.providers:
            reason = self._asking.resting(provider)
            if reason is None:
                call = partial(provider.transcribe, audio, language, timeout)
                try:
                    transcript = self._asking.ask(provider, timeout, call, _as_it_is)
                except (TextError, BusyError) as error:
                    reason = str(error)
                    log.warning("%s is passed over for a transcript: %s", provider.name, error)
                else:
                    seconds = round(time.monotonic() - started, 3)
                    return HeardBy(transcript, provider.name, seconds, tuple(passed))
            passed.append(PassedOver(provider=provider.name, reason=reason))
        raise NobodyHeardError(tuple(passed))


def _as_it_is(transcript: Transcript) -> Transcript:
    return transcript

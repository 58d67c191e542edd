"""A provider of speech with an eye on it: its turns, its health, and what was sent to it."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from igny8_media.ai.health import Breaker
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import SpeechEngine, SpeechError, Utterance, Voice
from igny8_media.ai.text import Fault

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_LONGEST_WAIT: Final = 5.0
"""Who says "come back in a few seconds" is waited for; who says more, is passed over."""
_TRIES: Final = {Fault.UNAVAILABLE: 2, Fault.MALFORMED: 2, Fault.OVERLOADED: 3}
"""More for overload: giving up in the middle of a narration means to speak all of it again."""


class WatchedSpeech:
    """A `SpeechEngine` that asks another one, and leaves it alone when it fails (see Breaker).

    What may pass is tried again. `characters` is how many it was sent, also in vain.
    """

    def __init__(
        self,
        engine: SpeechEngine,
        provider: str,
        breaker: Breaker,
        pool: Pool,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine, self.provider = engine, provider
        self._breaker, self._pool, self._wait = breaker, pool, wait
        self.name = engine.name
        self.characters = 0

    def __repr__(self) -> str:
        return f"WatchedSpeech({self._engine!r})"

    @property
    def version(self) -> str:
        return self._engine.version

    def voices(self) -> tuple[Voice, ...]:
        """Those it has; asking also tells whether it is there. Raises OutsideError."""
        return self._tried(self._engine.voices)

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """See `SpeechEngine`."""

        def ask() -> Utterance:
            self.characters += len(text)
            return self._engine.speak(text, voice, out, speed=speed)

        return self._tried(ask)

    def _tried(self, ask: Callable[[], Answer]) -> Answer:
        resting = self._breaker.resting(self.provider)
        if resting:
            raise SpeechError(resting, Fault.UNAVAILABLE)
        tries = 0
        while True:
            tries += 1
            try:
                with self._pool.turn(self.provider):
                    answer = ask()
            except SpeechError as error:
                pause = error.after if error.after is not None else float(tries)
                again = tries < _TRIES.get(error.fault, 1) and pause <= _LONGEST_WAIT
                again = again and not error.slow  # nobody should wait for that twice
                if not again or error.fault is Fault.UNAVAILABLE:
                    self._breaker.failed(self.provider, error)
                if not again or (error.after is None and self._breaker.resting(self.provider)):
                    raise
                log.info("%s is asked once more: %s", self.provider, error)
                self._wait(pause)
            else:
                self._breaker.went_well(self.provider)
                return answer

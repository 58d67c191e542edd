"""How each provider fares, kept on disk so that every process of a run knows it."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from igny8_media.ai.text import Fault, ProviderError
from igny8_media.frozen import Frozen

FRESH: Final = 60.0
"""For how many seconds a provider that was well is not asked again how it is."""
_LONGEST: Final = 600.0
_PAUSES: Final = {Fault.OVERLOADED: 60.0, Fault.QUOTA: 3600.0, Fault.AUTH: 600.0}
_TRIPPED_BY: Final = 2
_FIRST: Final = 30.0


class Health(Frozen):
    """`failures` in a row; until `rests_until` (Unix time) it is not asked, because of `reason`."""

    failures: int = 0
    rests_until: float = 0.0
    well_at: float = 0.0
    reason: str = ""


class Breaker:
    """Leaves a provider alone that has just failed, for longer each time.

    It is opened by two failures in a row, or by one that says so itself: overload, no credit, a
    refused key, or no answer in the time there was, which nobody should wait for twice. What
    concerns one request alone (refused, cut off, no fit) says nothing of the provider's health. A
    file that is lost or broken costs a question, nothing else.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder, self._now = folder, now

    def resting(self, key: str) -> str | None:
        """Why a provider is not to be asked now, as a sentence; None if it may be."""
        health = self._read(key)
        left = health.rests_until - self._now()
        # Further ahead than we ever write: the clock was put back since.
        if left <= 0 or left > max(_LONGEST, *_PAUSES.values()):
            return None
        return f"{health.reason} It is left alone for {left:.0f} more seconds."

    def known_well(self, key: str) -> bool:
        health = self._read(key)
        return health.failures == 0 and 0 <= self._now() - health.well_at < FRESH

    def went_well(self, key: str) -> None:
        if not self.known_well(key):
            self._write(key, Health(well_at=self._now()))

    def failed(self, key: str, error: ProviderError) -> None:
        before = self._read(key)
        failures = before.failures + 1
        pause = _PAUSES.get(error.fault)
        if pause is not None:
            pause = min(max(error.after or pause, 1.0), max(_LONGEST, pause))
        elif error.fault is not Fault.UNAVAILABLE:
            return
        else:
            times = failures - (0 if error.slow else _TRIPPED_BY - 1)
            pause = min(_FIRST * 2 ** min(times - 1, 10), _LONGEST) if times > 0 else None
        until = self._now() + pause if pause is not None else 0.0
        self._write(key, Health(failures=failures, rests_until=until, reason=str(error)))

    def _path(self, key: str) -> Path:
        return self._folder / f"{re.sub(r'[^A-Za-z0-9_-]', '-', key)}.json"

    def _read(self, key: str) -> Health:
        try:
            return Health.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValidationError):
            return Health()

    def _write(self, key: str, health: Health) -> None:
        """Whole or not at all, for others read it meanwhile."""
        path = self._path(key)
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(health.model_dump_json(), encoding="utf-8")
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)

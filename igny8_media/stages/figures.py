"""Reading what posts have reached, with the accounts and the sandbox that publishing uses."""

import logging
from typing import Final

from igny8_media.errors import OutsideError
from igny8_media.metrics.model import Swept
from igny8_media.metrics.sweep import CONCURRENCY, Sweep
from igny8_media.metrics.watch import Watch
from igny8_media.stages.press import Press

log: Final = logging.getLogger(__name__)


def refresh(
    press: Press,
    *,
    videos: bool | None = None,
    everything: bool = False,
    concurrency: int = CONCURRENCY,
) -> Swept:
    """Read the figures that are due, see `metrics.sweep.Sweep.run`."""
    engine, now = press.shop.engine, press.ledger.now
    watch = Watch(engine, now)
    watch.begin()
    if watch.due(videos=videos, sandbox=True, everything=everything):
        try:
            press.sandbox.ready()
        except OutsideError as error:  # nobody else's posts wait for it
            log.warning("%s", error)
    sweep = Sweep(engine, press.accounts, press.connect.reader, now, concurrency=concurrency)
    return sweep.run(videos=videos, everything=everything)

"""Telling people what waits to be told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from igny8_media.database.notifications import Notices
from igny8_media.errors import OutsideError
from igny8_media.notices.channels import Channels, Sent
from igny8_media.notices.digest import compose, ready

_LONGEST: Final = timedelta(hours=6)
_SENDING: Final = timedelta(minutes=10)
"""For how long what is being sent is nobody else's to send."""


def wanted(notices: Notices, now: datetime, minutes: int) -> bool:
    """Whether there is something to tell now; cheap."""
    return ready(notices.waiting(now), notices.last_sent(), now, minutes)


def tell(
    notices: Notices, channels: Channels, now: Callable[[], datetime]
) -> tuple[int, Sent | None]:
    """Send all that waits as one message; returns how many pieces of news that were.

    What no channel takes is tried again later, less and less often; it is never lost. Two that
    send at once never send the same. A process that dies between sending and writing that down
    makes people hear it twice, which is better than never. Raises OutsideError if no channel took
    it.
    """
    moment = now()
    waiting = notices.claim(moment, moment + _SENDING)
    if not waiting:
        return 0, None
    ids = [one.id for one in waiting]
    try:
        sent = channels.send(compose(waiting))
    except OutsideError:
        wait = min(timedelta(minutes=5) * 2 ** min(notices.failures(ids), 10), _LONGEST)
        notices.put_off(ids, moment + wait)
        raise
    notices.told(ids, now())
    return len(ids), sent

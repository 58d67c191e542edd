"""Holding a reservation while its work is done, however long that takes."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from igny8_media.credits.ledger import LEASE_SECONDS, Credits
from igny8_media.credits.model import Reservation

log = logging.getLogger(__name__)


@contextmanager
def held(
    credits: Credits, reservation: Reservation, every: float = LEASE_SECONDS / 5
) -> Iterator[None]:
    """Renew the lease every so many seconds; it ends with the block, or with the process."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(every):
            try:
                credits.renew(reservation)
            except SQLAlchemyError as error:  # the next beat may get through
                log.warning("Reservation %d was not renewed: %s", reservation.id, error)

    beat = threading.Thread(target=renew, name=f"credits-{reservation.id}", daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()

"""Credits around the making of an asset: set aside before, charged by use after.

The record is the witness: it names its reservation, so whoever finds a reservation of a dead run
knows whether the work was delivered.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from igny8_media.credits.holding import held
from igny8_media.credits.model import Purpose, Reservation
from igny8_media.credits.prices import PriceList, shown, total
from igny8_media.stages.costs import Cost
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.stages.stage import Built, Job

log = logging.getLogger(__name__)

WriteDown = Callable[["Built"], Mapping[str, Any]]
"""Told what was built, it puts down what that used and returns the facts to keep about it."""


@contextmanager
def paid(job: "Job", cost: Cost, purpose: Purpose) -> Iterator[WriteDown]:
    """Set credits aside for the block; raises OutOfCredits where there are too few.

    Once the record is written, leaving the block charges what was written down; whatever else
    ends it gives everything back.
    """
    shop = job.workshop
    credits, prices = shop.credits, PriceList(shop.settings.prices)
    reclaim(shop)

    def facts(asset: str) -> Mapping[str, Any] | None:
        return job.needs[asset].facts if asset in job.needs else None

    reservation = credits.reserve(purpose, prices.charges(cost.most(facts, shop.settings)))

    def write_down(built: "Built") -> Mapping[str, Any]:
        uses = () if built.skipped else built.uses or cost.used(built, shop.settings)
        costs = prices.charges(uses)
        charged = credits.use(reservation, costs)
        forgone = total(costs) - total(charged)
        return {
            "credits": shown(total(charged)),
            "credits_for": {charge.use.task: shown(charge.credits) for charge in charged},
            "reservation": reservation.id,
            **({"credits_forgone": shown(forgone)} if forgone else {}),
        }

    try:
        with held(credits, reservation):
            yield write_down
    except BaseException as error:
        why = str(error) or type(error).__name__
        _end(shop, reservation, made=was_made(shop, reservation), why=why)
        raise
    _end(shop, reservation, made=True, why="")


def reclaim(shop: Workshop) -> int:
    """End the reservations of runs that died; returns how many."""
    return shop.credits.reclaim(lambda reservation: was_made(shop, reservation))


def was_made(shop: Workshop, reservation: Reservation) -> bool:
    """Whether a record vouches for what the credits were set aside for."""
    purpose = reservation.purpose
    record = shop.records.earlier(purpose.content_id, purpose.asset, purpose.mark)
    return record is not None and record.facts.get("reservation") == reservation.id


def _end(shop: Workshop, reservation: Reservation, *, made: bool, why: str) -> None:
    try:
        if made:
            shop.credits.settle(reservation)
        else:
            shop.credits.release(reservation, why)
    except SQLAlchemyError as error:  # its lease ends, and the record tells what to do with it
        log.warning("Reservation %d stays open for now: %s", reservation.id, error)

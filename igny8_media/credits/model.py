"""What the ledger of credits tells."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from igny8_media.credits.prices import shown
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen


class Kind(StrEnum):
    """What an entry does: a reservation takes credits off before the work, its release puts them
    back, and what the work really cost is settled."""

    GRANT = "grant"
    RESERVE = "reserve"
    RELEASE = "release"
    SETTLE = "settle"


class Purpose(Frozen):
    """What credits are set aside for; `mark` is the fingerprint of what will be made."""

    content_id: str
    asset: str
    mark: str
    run: str


class Reservation(Frozen):
    """Credits set aside."""

    id: int
    purpose: Purpose


class Balance(Frozen):
    """`available` may be spent down to minus `limit`; `reserved` is set aside and not in it."""

    account: str
    available: Decimal
    reserved: Decimal
    spent: Decimal
    limit: Decimal


class Entry(Frozen):
    """One line of the ledger; `balance` is what it left."""

    id: int
    at: datetime
    kind: Kind
    amount: Decimal
    balance: Decimal
    reservation_id: int | None
    task: str
    quantity: Decimal | None
    provider: str
    model: str
    content_id: str
    asset: str
    run: str
    note: str


class OutOfCredits(InputError):
    """There is not enough to begin."""

    def __init__(self, purpose: Purpose, needed: Decimal, room: Decimal) -> None:
        left = max(room, Decimal(0))
        super().__init__(
            f"{purpose.asset} of {purpose.content_id} needs up to {shown(needed)} credits and "
            f"{shown(left)} {'is' if left == 1 else 'are'} left: grant some with "
            f"`igny8-media credits grant {shown(needed - room)}`."
        )

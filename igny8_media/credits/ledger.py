"""The ledger: what was granted, set aside and spent, to the ten-thousandth of a credit.

Every change locks the account first, so that two who reserve never both get the last credit, and
writes its entries in the same transaction as the balance, so that a crash leaves both or neither.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.credits.model import (
    Balance,
    Entry,
    Kind,
    OutOfCredits,
    Purpose,
    Reservation,
)
from igny8_media.credits.prices import SMALLEST, Charge, Use, total
from igny8_media.database.tables import CreditAccount, CreditEntry, CreditReservation
from igny8_media.database.transactions import shared_now, transaction
from igny8_media.errors import InputError

LEASE_SECONDS: Final = 300.0
MOST: Final = Decimal(10) ** 12
"""What may be granted at once: beyond it, somebody's finger stayed on a key."""

_ZERO: Final = Decimal(0)


class Credits:
    """One account's credits, in `credit_account`, `credit_reservation` and `credit_entry`.

    `limit` is how far below zero the balance may go. A `now` that is given replaces all clocks.
    """

    def __init__(
        self,
        engine: Engine,
        account: str = "main",
        limit: Decimal = _ZERO,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._engine, self._name, self._limit, self._now = engine, account, limit, now

    def grant(self, amount: Decimal, note: str = "") -> None:
        """Add credits. Raises InputError for what is no sensible amount."""
        if not amount.is_finite() or not _ZERO < amount <= MOST:
            raise InputError(f"{amount} cannot be granted: give a number of credits above zero.")
        if amount != amount.quantize(SMALLEST):
            raise InputError(f"{amount} cannot be granted: give at most four decimals.")
        with transaction(self._engine, durable=True) as session:
            self._enter(session, self._locked(session), Kind.GRANT, amount, None, note=note)

    def reserve(self, purpose: Purpose, charges: Sequence[Charge]) -> Reservation:
        """Set aside what the work may cost; it is held for a lease, see `renew`.

        Raises OutOfCredits where that would go below the limit.
        """
        with transaction(self._engine, durable=True) as session:
            account = self._locked(session)
            needed, room = total(charges), account.balance + self._limit
            if needed > max(room, _ZERO):
                raise OutOfCredits(purpose, needed, room)
            row = CreditReservation(
                account_id=account.id,
                amount=_ZERO,
                lease_until=self._until(session),
                created_at=self._time(),
                **purpose.model_dump(),
            )
            session.add(row)
            session.flush()
            self._take(session, account, row, needed, charges)
            return Reservation(id=row.id, purpose=purpose)

    def renew(self, reservation: Reservation) -> bool:
        """Hold on to it for another lease; False where it is no longer held."""
        with transaction(self._engine) as session:
            done = session.execute(
                update(CreditReservation)
                .where(CreditReservation.id == reservation.id, CreditReservation.status == "open")
                .values(lease_until=self._until(session))
            )
            return bool(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one

    def use(self, reservation: Reservation, charges: Sequence[Charge]) -> tuple[Charge, ...]:
        """Write down what the work really used; returns what will be charged for it.

        What exceeds the reservation is set aside too, as far as the limit allows: beyond it,
        nothing is charged for work that is done already.
        """
        with transaction(self._engine, durable=True) as session:
            account = self._locked(session)
            row = self._row(session, reservation.id)
            self._cover(session, account, row, total(charges), charges)
            charged = _within(charges, row.amount)
            row.usage = [charge.model_dump(mode="json") for charge in charged]
            row.lease_until = self._until(session)
            return charged

    def settle(self, reservation: Reservation) -> Decimal:
        """Charge what was used, and give the rest back; a second time changes nothing."""
        with transaction(self._engine, durable=True) as session:
            return self._settle(session, self._locked(session), reservation.id)

    def release(self, reservation: Reservation, why: str) -> None:
        """Give everything back; what is settled stays."""
        with transaction(self._engine, durable=True) as session:
            self._release(session, self._locked(session), self._row(session, reservation.id), why)

    def reclaim(self, made: Callable[[Reservation], bool]) -> int:
        """End the reservations of those who died: settled where the result was `made`, released
        where not. Returns how many."""
        with transaction(self._engine, reading=True) as session:
            account = self._found(session)
            if account is None:
                return 0
            stale = [
                Reservation(id=row.id, purpose=_purpose(row))
                for row in session.scalars(self._stale(session, account))
            ]
        ended = 0
        for reservation in stale:
            done = made(reservation)
            with transaction(self._engine, durable=True) as session:
                account = self._locked(session)
                again = self._stale(session, account).where(CreditReservation.id == reservation.id)
                row = session.scalars(again.with_for_update()).first()
                if row is None:  # its maker lives, or somebody else was quicker
                    continue
                if done and row.usage is not None:
                    self._settle(session, account, row.id)
                else:
                    self._release(session, account, row, "its run died")
                ended += 1
        return ended

    def balance(self) -> Balance:
        spent = select(func.sum(CreditEntry.amount)).where(
            CreditEntry.account_id == CreditAccount.id, CreditEntry.kind == Kind.SETTLE
        )
        held = select(func.sum(CreditReservation.amount)).where(
            CreditReservation.account_id == CreditAccount.id, CreditReservation.status == "open"
        )
        # One statement sees one moment; between two of them somebody may spend.
        figures = select(
            CreditAccount.balance, held.scalar_subquery(), spent.scalar_subquery()
        ).where(CreditAccount.name == self._name)
        with transaction(self._engine, reading=True) as session:
            row = session.execute(figures).first()
        available, reserved, settled = row or (_ZERO, None, None)
        return Balance(
            account=self._name,
            available=available,
            reserved=reserved or _ZERO,
            spent=-(settled or _ZERO),
            limit=self._limit,
        )

    def entries(self, most: int) -> list[Entry]:
        """The newest entries, the oldest of them first."""
        with transaction(self._engine, reading=True) as session:
            query = (
                select(CreditEntry)
                .join(CreditAccount, CreditAccount.id == CreditEntry.account_id)
                .where(CreditAccount.name == self._name)
                .order_by(CreditEntry.id.desc())
                .limit(most)
            )
            return [
                Entry.model_validate({name: getattr(row, name) for name in Entry.model_fields})
                for row in reversed(session.scalars(query).all())
            ]

    def last_grant(self) -> int:
        """The entry of the newest grant, 0 where there was none."""
        query = (
            select(func.max(CreditEntry.id))
            .join(CreditAccount, CreditAccount.id == CreditEntry.account_id)
            .where(CreditAccount.name == self._name, CreditEntry.kind == Kind.GRANT)
        )
        with transaction(self._engine, reading=True) as session:
            return session.scalar(query) or 0

    # Inside a transaction

    def _settle(self, session: Session, account: CreditAccount, reservation_id: int) -> Decimal:
        row = self._row(session, reservation_id)
        charges = tuple(Charge.model_validate(charge) for charge in row.usage or ())
        if row.status == "settled":
            return total(charges)
        # While its maker slept, somebody may have thought them dead and released it.
        self._cover(session, account, row, total(charges), charges)
        charged = _within(charges, row.amount)
        self._release(session, account, row, "settled")
        row.status = "settled"
        row.usage = [charge.model_dump(mode="json") for charge in charged]
        for charge in charged:
            if charge.credits:
                self._enter(session, account, Kind.SETTLE, -charge.credits, row, use=charge.use)
        return total(charged)

    def _release(
        self, session: Session, account: CreditAccount, row: CreditReservation, why: str
    ) -> None:
        if row.status != "open":
            return
        row.status = "released"
        if row.amount:
            self._enter(session, account, Kind.RELEASE, row.amount, row, note=why)

    def _cover(
        self,
        session: Session,
        account: CreditAccount,
        row: CreditReservation,
        cost: Decimal,
        charges: Sequence[Charge],
    ) -> None:
        """Set aside up to `cost`, as far as the limit allows."""
        if row.status == "settled":
            raise ValueError(f"reservation {row.id} is settled")
        if row.status == "released":
            row.status, row.amount = "open", _ZERO
        more = min(cost - row.amount, account.balance + self._limit)
        if more > 0:
            self._take(session, account, row, more, charges)

    def _take(
        self,
        session: Session,
        account: CreditAccount,
        row: CreditReservation,
        amount: Decimal,
        charges: Sequence[Charge],
    ) -> None:
        row.amount += amount
        if amount:
            self._enter(
                session,
                account,
                Kind.RESERVE,
                -amount,
                row,
                note=", ".join(dict.fromkeys(charge.use.task for charge in charges)),
                provider=_only(charge.use.provider for charge in charges),
                model=_only(charge.use.model for charge in charges),
            )

    def _enter(
        self,
        session: Session,
        account: CreditAccount,
        kind: Kind,
        amount: Decimal,
        row: CreditReservation | None,
        *,
        use: Use | None = None,
        **told: str,
    ) -> None:
        account.balance += amount
        values: dict[str, Any] = dict(told)
        if row is not None:
            values |= {"content_id": row.content_id, "asset": row.asset, "run": row.run}
            values["reservation_id"] = row.id
        if use is not None:
            values |= {"task": use.task, "provider": use.provider, "model": use.model}
            values["quantity"] = use.quantity.quantize(SMALLEST)
        session.add(
            CreditEntry(
                account_id=account.id,
                at=self._time(),
                kind=kind,
                amount=amount,
                balance=account.balance,
                **values,
            )
        )
        session.flush()

    def _locked(self, session: Session) -> CreditAccount:
        if self._found(session) is None:
            try:
                with session.begin_nested():
                    session.add(CreditAccount(name=self._name, balance=_ZERO))
            except IntegrityError:  # somebody else was quicker
                pass
        return session.scalars(
            self._mine().with_for_update().execution_options(populate_existing=True)
        ).one()

    def _found(self, session: Session) -> CreditAccount | None:
        return session.scalars(self._mine()).first()

    def _mine(self) -> Select[tuple[CreditAccount]]:
        return select(CreditAccount).where(CreditAccount.name == self._name)

    def _row(self, session: Session, reservation_id: int) -> CreditReservation:
        return session.get_one(CreditReservation, reservation_id, with_for_update=True)

    def _stale(self, session: Session, account: CreditAccount) -> Select[tuple[CreditReservation]]:
        return select(CreditReservation).where(
            CreditReservation.account_id == account.id,
            CreditReservation.status == "open",
            CreditReservation.lease_until < self._clock(session),
        )

    def _time(self) -> datetime:
        return self._now() if self._now else datetime.now(UTC)

    def _clock(self, session: Session) -> datetime:
        return self._now() if self._now else shared_now(session)

    def _until(self, session: Session) -> datetime:
        return self._clock(session) + timedelta(seconds=LEASE_SECONDS)


def _purpose(row: CreditReservation) -> Purpose:
    return Purpose(content_id=row.content_id, asset=row.asset, mark=row.mark, run=row.run)


def _only(names: Iterable[str]) -> str:
    """The one name there is; none where there are several."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def _within(charges: Iterable[Charge], most: Decimal) -> tuple[Charge, ...]:
    """The charges as far as `most` goes."""
    kept = []
    for charge in charges:
        taken = min(charge.credits, most)
        most -= taken
        kept.append(charge.model_copy(update={"credits": taken}))
    return tuple(kept)

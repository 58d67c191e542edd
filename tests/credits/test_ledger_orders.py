"""Orders of events that nobody thought of: runs that reserve, oversleep, die, deliver or fail."""

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import event

from igny8_media.credits.ledger import Credits
from igny8_media.credits.model import OutOfCredits, Reservation
from igny8_media.credits.prices import total
from igny8_media.database.engine import open_database
from tests.credits.purse import Clock, charges, purpose

AMOUNT = st.decimals("0", "9", places=4)


class Crash(Exception):
    """The process ended before its transaction did."""


@dataclass
class Work:
    """What one run knows, and what the world knows of it."""

    reservation: Reservation
    said: Decimal | None = None
    recorded: bool = False
    over: bool = False


class Orders(RuleBasedStateMachine):
    works = Bundle("works")

    @initialize(limit=st.sampled_from([Decimal(0), Decimal("2.5")]))
    def begin(self, limit: Decimal) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_database(f"sqlite:///{Path(self.folder.name) / 'igny8.db'}")
        self.clock, self.limit = Clock(), limit
        self.credits = Credits(self.engine, limit=limit, now=self.clock)
        self.granted, self.all = Decimal(0), list[Work]()
        self.crash_at = 0
        event.listen(self.engine, "before_cursor_execute", self._maybe_crash)

    def _maybe_crash(self, *_: object) -> None:
        if self.crash_at:
            self.crash_at -= 1
            if not self.crash_at:
                raise Crash

    @rule(amount=st.decimals("0.0001", "20", places=4))
    def grant(self, amount: Decimal) -> None:
        self.credits.grant(amount)
        self.granted += amount

    @rule(target=works, amounts=st.lists(AMOUNT, max_size=3))
    def reserve(self, amounts: list[Decimal]) -> Work | None:
        before = self.credits.balance().available
        try:
            work = Work(self.credits.reserve(purpose(), charges(*amounts)))
        except OutOfCredits:
            assert sum(amounts) > before + self.limit
            return None
        self.all.append(work)
        return work

    @rule(work=works, amounts=st.lists(AMOUNT, max_size=3), recorded=st.booleans())
    def finish(self, work: Work | None, amounts: list[Decimal], recorded: bool) -> None:
        """It says what it used, and writes its record or dies before."""
        if work and work.said is None and not work.over:
            charged = self.credits.use(work.reservation, charges(*amounts))
            assert total(charged) <= sum(amounts)
            work.said, work.recorded = total(charged), recorded

    @rule(work=works)
    def settle(self, work: Work | None) -> None:
        if work and work.recorded:
            assert work.said is not None
            # What was reclaimed meanwhile may have been spent by others.
            assert self.credits.settle(work.reservation) <= work.said
            work.over = True

    @rule(work=works)
    def fail(self, work: Work | None) -> None:
        if work and not work.recorded:
            self.credits.release(work.reservation, "failed")
            work.over = True

    @rule(work=works)
    def renew(self, work: Work | None) -> None:
        if work:
            self.credits.renew(work.reservation)

    @rule(seconds=st.sampled_from([10, 200, 400]))
    def wait(self, seconds: int) -> None:
        self.clock.pass_by(seconds)

    @rule()
    def reclaim(self) -> None:
        recorded = {work.reservation.id for work in self.all if work.recorded}
        self.credits.reclaim(lambda reservation: reservation.id in recorded)

    @rule(work=works, statement=st.integers(1, 12), what=st.sampled_from(["use", "settle", "fail"]))
    def crash(self, work: Work | None, statement: int, what: str) -> None:
        """In the middle of a transaction, which leaves nothing of it."""
        if work is None or work.over:
            return
        before = self._everything()
        self.crash_at = statement
        try:
            if what == "use":
                self.credits.use(work.reservation, charges("1", "2"))
            elif what == "settle":
                self.credits.settle(work.reservation)
            else:
                self.credits.release(work.reservation, "failed")
        except Crash:
            assert self._everything() == before
        else:  # it was over before
            self.crash_at = 0
            if what == "use":
                work.said = Decimal(3)
            else:
                work.over = True

    def _everything(self) -> object:
        self.crash_at = 0
        return self.credits.balance(), self.credits.entries(10_000)

    @invariant()
    def the_balance_is_the_sum_of_the_entries(self) -> None:
        if not hasattr(self, "credits"):
            return
        balance, entries = self.credits.balance(), self.credits.entries(10_000)
        assert balance.available == sum((e.amount for e in entries), Decimal(0))
        assert balance.available >= -self.limit
        assert balance.available + balance.reserved + balance.spent == self.granted
        running = Decimal(0)
        for entry in entries:
            running += entry.amount
            assert entry.balance == running

    def teardown(self) -> None:
        if not hasattr(self, "credits"):
            return
        self.clock.pass_by(1000)
        self.reclaim()
        balance = self.credits.balance()
        assert balance.reserved == 0, "a dead run keeps credits"
        assert balance.available + balance.spent == self.granted
        self.engine.dispose()
        self.folder.cleanup()


Orders.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
test_any_order_of_events = Orders.TestCase

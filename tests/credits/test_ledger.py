"""Set aside, charge, give back: the balance is always the sum of the entries."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from igny8_media.credits.holding import held
from igny8_media.credits.ledger import LEASE_SECONDS, Credits
from igny8_media.credits.model import Kind, OutOfCredits
from igny8_media.errors import InputError
from tests.credits.purse import Clock, charges, purpose


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def credits(engine: Engine, clock: Clock) -> Credits:
    return Credits(engine, now=clock)


def _lines(credits: Credits) -> list[tuple[str, str]]:
    return [(entry.kind, f"{entry.amount.normalize():f}") for entry in credits.entries(100)]


def _available(credits: Credits) -> Decimal:
    balance, entries = credits.balance(), credits.entries(1000)
    assert balance.available == sum((entry.amount for entry in entries), Decimal(0))
    assert not entries or entries[-1].balance == balance.available
    return balance.available


def test_what_was_not_used_comes_back(credits: Credits) -> None:
    credits.grant(Decimal("10.5"), "to begin with")
    reservation = credits.reserve(purpose(), charges("2", "5"))
    assert _available(credits) == Decimal("3.5")
    assert credits.balance().reserved == 7
    credits.use(reservation, charges("2", "0.25"))
    assert credits.settle(reservation) == Decimal("2.25")
    assert _available(credits) == Decimal("8.25")
    balance = credits.balance()
    assert (balance.reserved, balance.spent) == (0, Decimal("2.25"))
    assert _lines(credits) == [
        ("grant", "10.5"), ("reserve", "-7"), ("release", "7"), ("settle", "-2"),
        ("settle", "-0.25"),
    ]  # fmt: skip


def test_every_entry_says_what_for(credits: Credits) -> None:
    credits.grant(Decimal(10))
    reservation = credits.reserve(purpose(), charges("2"))
    credits.use(reservation, charges("1"))
    credits.settle(reservation)
    for entry in credits.entries(100)[1:]:
        assert (entry.content_id, entry.asset, entry.run) == ("c", "social/linkedin/post", "r")
        assert entry.reservation_id == reservation.id
        if entry.kind is not Kind.RELEASE:
            assert (entry.provider, entry.model) == ("openai", "m1")
    settled = credits.entries(1)[0]
    assert (settled.task, settled.quantity) == ("adapt", 1)


def test_a_failure_costs_nothing(credits: Credits) -> None:
    credits.grant(Decimal(3))
    reservation = credits.reserve(purpose(), charges("3"))
    credits.release(reservation, "the provider was down")
    credits.release(reservation, "again")
    assert _available(credits) == 3
    assert credits.entries(1)[0].note == "the provider was down"


def test_settling_twice_charges_once(credits: Credits) -> None:
    credits.grant(Decimal(3))
    reservation = credits.reserve(purpose(), charges("3"))
    credits.use(reservation, charges("2"))
    assert [credits.settle(reservation) for _ in range(2)] == [2, 2]
    credits.release(reservation, "too late")
    assert _available(credits) == 1


def test_too_little_is_refused_with_what_to_do(credits: Credits) -> None:
    credits.grant(Decimal("1.5"))
    with pytest.raises(OutOfCredits) as caught:
        credits.reserve(purpose(), charges("2", "5"))
    assert str(caught.value) == (
        "social/linkedin/post of c needs up to 7 credits and 1.5 are left: grant some with "
        "`igny8-media credits grant 5.5`."
    )
    assert isinstance(caught.value, InputError)
    assert _lines(credits) == [("grant", "1.5")]


def test_what_is_free_starts_without_credit_even_below_zero(engine: Engine) -> None:
    Credits(engine, limit=Decimal(5)).reserve(purpose(), charges("4"))
    credits = Credits(engine)
    reservation = credits.reserve(purpose(), charges("0"))
    credits.use(reservation, charges("0"))
    assert credits.settle(reservation) == 0
    with pytest.raises(OutOfCredits, match=r"0 are left: .* grant 5`"):
        credits.reserve(purpose(), charges("1"))


def test_the_limit_may_be_used_and_not_more(engine: Engine) -> None:
    credits = Credits(engine, limit=Decimal(2))
    credits.reserve(purpose(), charges("2"))
    with pytest.raises(OutOfCredits):
        credits.reserve(purpose(), charges("0.0001"))
    assert _available(credits) == -2


def test_more_than_was_set_aside_is_charged_as_far_as_there_is_credit(credits: Credits) -> None:
    credits.grant(Decimal(10))
    one = credits.reserve(purpose(), charges("4"))
    other = credits.reserve(purpose(), charges("4"))
    assert [c.credits for c in credits.use(one, charges("4", "1"))] == [4, 1]
    assert [c.credits for c in credits.use(other, charges("5", "3"))] == [5, 0]
    assert (credits.settle(one), credits.settle(other)) == (5, 5)
    assert _available(credits) == 0


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "0.00001", "1e13"])
def test_no_sensible_amount(credits: Credits, amount: str) -> None:
    with pytest.raises(InputError, match="cannot be granted"):
        credits.grant(Decimal(amount))
    assert _lines(credits) == []


def test_a_dead_run_gives_back_and_a_living_one_keeps(credits: Credits, clock: Clock) -> None:
    credits.grant(Decimal(10))
    dead, alive = (credits.reserve(purpose(), charges("3")) for _ in range(2))
    clock.pass_by(LEASE_SECONDS * 0.9)
    assert credits.renew(alive)
    assert credits.reclaim(lambda _: False) == 0
    clock.pass_by(LEASE_SECONDS * 0.2)
    assert credits.reclaim(lambda _: False) == 1
    assert _available(credits) == 7
    assert not credits.renew(dead)
    assert credits.renew(alive)


def test_work_that_a_dead_run_delivered_is_charged(credits: Credits, clock: Clock) -> None:
    credits.grant(Decimal(10))
    delivered, lost = (credits.reserve(purpose(), charges("3")) for _ in range(2))
    for reservation in (delivered, lost):
        credits.use(reservation, charges("2"))
    clock.pass_by(LEASE_SECONDS + 1)
    assert credits.reclaim(lambda reservation: reservation.id == delivered.id) == 2
    assert _available(credits) == 8


def test_who_was_thought_dead_still_pays_for_what_it_made(credits: Credits, clock: Clock) -> None:
    credits.grant(Decimal(10))
    before, after = (credits.reserve(purpose(), charges("3")) for _ in range(2))
    credits.use(after, charges("2"))
    clock.pass_by(LEASE_SECONDS + 1)
    assert credits.reclaim(lambda _: False) == 2
    credits.use(before, charges("3.5"))
    assert (credits.settle(before), credits.settle(after)) == (Decimal("3.5"), 2)
    assert _available(credits) == Decimal("4.5")


def test_accounts_do_not_touch_each_other(engine: Engine) -> None:
    one, other = Credits(engine, "one"), Credits(engine, "other")
    one.grant(Decimal(3))
    assert (_available(one), _available(other)) == (3, 0)
    with pytest.raises(OutOfCredits):
        other.reserve(purpose(), charges("1"))


def test_the_lease_is_renewed_while_the_work_goes_on(engine: Engine) -> None:
    credits = Credits(engine)
    credits.grant(Decimal(3))
    reservation = credits.reserve(purpose(), charges("3"))
    renewed = threading.Event()

    class Watched(Credits):
        def renew(self, reservation: object) -> bool:
            renewed.set()
            return True

    with held(Watched(engine), reservation, every=0.01):
        assert renewed.wait(10)
    assert not [t for t in threading.enumerate() if t.name.startswith("credits-")]

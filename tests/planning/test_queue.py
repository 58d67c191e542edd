"""The queue in the ledger: who goes when, who moves, and who never does."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from igny8_media.database.tables import Publication
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.planning.sites import add_days_off, calendar_of
from igny8_media.planning.week import DaysOff
from igny8_media.publishing import placing
from igny8_media.publishing.placing import Turn
from igny8_media.publishing.posts import Posts
from igny8_media.publishing.sweep import sweep
from tests.planning.conftest import Desk
from tests.publishing.toy import START, World  # a Sunday, 12:00 UTC

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def hourly(desk: Desk) -> None:
    desk.slots(every=60, gap=60, cap=24)


def test_first_come_first_served_and_priority_before_both(desk: Desk) -> None:
    desk.add("a", "b")
    desk.world.clock.pass_by(minutes=5)
    desk.add("c")
    desk.add("urgent", priority=5)
    assert desk.due() == {
        "urgent": START + HOUR,
        "a": START + 2 * HOUR,
        "b": START + 3 * HOUR,
        "c": START + 4 * HOUR,
    }
    moved = [event.what for event in desk.world.planning.events(1)]
    assert moved == ["scheduled", "moved"]


def test_one_by_one_is_as_all_at_once(desk: Desk) -> None:
    for text in "abc":
        desk.add(text)
    assert list(desk.due().values()) == [START + n * HOUR for n in (1, 2, 3)]


def test_what_was_rejected_since_it_was_looked_at_is_not_planned(desk: Desk) -> None:
    both = [desk.wanted("a", Turn(START)), desk.wanted("b", due=START + HOUR)]
    Posts(desk.world.engine).reject(both[1].placement.post_id, "Not like this.")
    with pytest.raises(InputError, match="was rejected meanwhile"):
        desk.queue.plan(both)
    assert desk.due() == {}


def test_whoever_rejects_waits_for_whoever_plans(desk: Desk) -> None:
    one = desk.wanted("a", due=START + HOUR)
    number = one.placement.post_id
    with transaction(desk.world.engine) as session:
        desk.queue.plan_in(session, [one], {one.placement.account_id})
        rejecter = threading.Thread(target=Posts(desk.world.engine).reject, args=(number, "No."))
        rejecter.start()
        rejecter.join(0.3)
        assert rejecter.is_alive()
    rejecter.join()
    assert desk.world.planning.cancel(number) == 1


def test_a_time_that_a_person_named_stays_and_the_queue_makes_room(desk: Desk) -> None:
    desk.add("a", "b")
    desk.queue.plan([desk.wanted("pinned", due=START + 1.5 * HOUR)])
    # Nearer than an hour to it are the slots at 13:00 and at 14:00.
    assert desk.due() == {
        "pinned": START + 1.5 * HOUR,
        "a": START + 3 * HOUR,
        "b": START + 4 * HOUR,
    }


def test_what_is_moved_leaves_the_queue_and_the_rest_closes_up(desk: Desk) -> None:
    first, _ = desk.add("a", "b")
    desk.queue.move(first, START + 10 * HOUR)
    desk.add("c")
    assert desk.due() == {"b": START + HOUR, "c": START + 2 * HOUR, "a": START + 10 * HOUR}
    assert [one.queued for one in desk.world.planning.planned()] == [True, True, False]


def test_what_is_cancelled_makes_room(desk: Desk) -> None:
    desk.add("a", "b")
    first = desk.world.planning.planned()[0]
    desk.world.planning.cancel(first.post_id)
    assert desk.queue.refill() == 1
    assert desk.due()["b"] == START + HOUR


def test_nothing_goes_out_before_its_day_or_on_a_day_off(desk: Desk) -> None:
    engine = desk.world.engine
    desk.add("later", not_before=START + timedelta(days=3))
    desk.add("a")
    with Session(engine) as session, session.begin():
        calendar_of(session, "main", "UTC", START)
        add_days_off(session, "main", DaysOff(START.date(), START.date()), "")
        desk.queue.refill_in(session)
    assert desk.due() == {
        "a": START + 12 * HOUR,
        "later": START + timedelta(days=3),
    }


def test_what_is_due_or_begun_is_not_moved(desk: Desk) -> None:
    desk.add("a", "b")
    desk.world.clock.pass_by(minutes=61)  # "a" is due, and no sweep has come yet
    desk.add("urgent", priority=9)
    due = desk.due()
    assert due["a"] == START + HOUR
    assert due["urgent"] == START + 2 * HOUR
    assert due["b"] == START + 3 * HOUR
    (claim,) = desk.world.publisher().claim("test", 1)
    with pytest.raises(InputError, match="is being published right now"):
        desk.queue.move(claim.id, START + 9 * HOUR)


def test_a_queue_that_has_nowhere_to_go_changes_nothing(desk: Desk) -> None:
    desk.add("a")
    with Session(desk.world.engine) as session, session.begin():
        session.execute(update(Publication).values(not_before=None))
    turn = Turn(START, 0, START + timedelta(days=900))
    with pytest.raises(InputError, match="no free slot on the site main within two years"):
        desk.queue.plan([desk.wanted("never", turn), desk.wanted("b", Turn(START))])
    assert list(desk.due()) == ["a"]


def test_free_slots_are_those_the_queue_would_give(desk: Desk, world: World) -> None:
    desk.add("a")
    free = desk.queue.free(world.account_id, "main", "twitter", 2)
    assert free == [START + 2 * HOUR, START + 3 * HOUR]


def test_two_who_queue_at_once_never_share_a_slot(desk: Desk) -> None:
    ready, failures = threading.Barrier(4), []

    def add(name: str) -> None:
        ready.wait()
        try:
            for number in range(8):
                desk.add(f"{name}{number}", priority=number % 3)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    due = sorted(desk.due().values())
    assert due == [START + n * HOUR for n in range(1, 33)]


def test_planning_anew_under_sweeps_publishes_everything_once(desk: Desk, world: World) -> None:
    """Time runs while two sweeps publish, and people queue, move, cancel and plan anew."""
    desk.slots(every=1, gap=1, cap=2000)
    names = [f"post{number:03}" for number in range(60)]
    ids = desk.add(*names)
    post_of = {one.id: one.post_id for one in world.planning.planned()}
    taken_back: set[int] = set()
    over = threading.Event()
    failures: list[BaseException] = []

    def until_over(step: Callable[[random.Random], None], seed: int) -> None:
        chance = random.Random(seed)
        try:
            while not over.is_set():
                step(chance)
        except BaseException as error:
            failures.append(error)
            over.set()

    def move(chance: random.Random) -> None:
        at = world.clock() + timedelta(seconds=chance.randint(1, 90))
        with suppress(InputError):  # it is out, or just being sent
            desk.queue.move(chance.choice(ids), at)

    def cancel(chance: random.Random) -> None:
        if len(taken_back) < 8:
            chosen = chance.choice(ids)
            with suppress(InputError):
                if world.planning.cancel(post_of[chosen]):
                    taken_back.add(chosen)
        desk.queue.refill()

    def anew(chance: random.Random) -> None:
        with Session(world.engine) as session, session.begin():
            session.execute(
                update(Publication)
                .where(Publication.id == chance.choice(ids), Publication.queued_at.is_not(None))
                .values(priority=chance.randint(0, 3))
            )
        desk.queue.refill([world.account_id])

    def publish(_: random.Random) -> None:
        sweep(world.ledger, world.publisher(), concurrency=3, catch_up=desk.queue.catch_up)

    steps = [move, cancel, anew, publish, publish]
    threads = [
        threading.Thread(target=until_over, args=(step, seed)) for seed, step in enumerate(steps)
    ]
    for thread in threads:
        thread.start()
    for _ in range(36):
        world.clock.pass_by(seconds=120)
        over.wait(0.05)
    over.set()
    for thread in threads:
        thread.join()
    assert failures == []
    while world.planning.due_by(world.clock() + timedelta(days=1)):
        world.clock.pass_by(minutes=30)
        desk.queue.catch_up()
        world.work()
    expected = sorted(name for name, one in zip(names, ids, strict=True) if one not in taken_back)
    assert sorted(world.platform.posts) == expected, "doubles or losses"
    for one in ids:
        happened = [event.what for event in world.planning.events(one)]
        if "committing" in happened:
            begun = happened.index("committing")
            assert not {"moved", "scheduled"}.intersection(happened[begun:]), "moved while sent"


def test_many_at_once_are_all_there_in_their_order_or_none_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one statement takes, some of them there already."""
    monkeypatch.setattr(placing, "_CHUNK", 10)
    there = desk.queue.plan([desk.wanted(f"there{n}", due=START + n * HOUR) for n in range(3)])
    more = [desk.wanted(f"new{n}", due=START + n * HOUR) for n in range(25)]
    old = [
        replace(one, placement=replace(one.placement, post_id=n + 1))
        for n, one in enumerate(more[:3])
    ]
    mixed = [*more[3:18], *old, *more[18:]]
    numbers = desk.queue.plan(mixed)
    assert numbers[15:18] == there
    planned = {one.id: one.post_id for one in desk.world.planning.planned()}
    assert [planned[number] for number in numbers] == [one.placement.post_id for one in mixed]
    assert desk.world.planning.due_of(numbers) == [one.placement.due_at for one in mixed]
    assert [e.what for e in desk.world.planning.events(numbers[-1])] == ["scheduled"]
    Posts(desk.world.engine).reject(more[1].placement.post_id, "Not like this.")
    with pytest.raises(InputError, match="was rejected meanwhile"):
        desk.queue.plan(more[:3])
    assert len(desk.world.planning.planned()) == len(planned)

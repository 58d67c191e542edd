"""What gathered in the queue while nobody sent: gaps hold, nothing is lost, nobody is flooded."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from igny8_media.database.notifications import Notice, Notices
from igny8_media.database.tables import CalendarSlot, Publication
from igny8_media.planning.sites import add_days_off
from igny8_media.planning.week import DaysOff
from igny8_media.publishing.claims import LeaseLost
from igny8_media.publishing.outcomes import Quota
from igny8_media.publishing.placing import Turn
from igny8_media.publishing.sweep import sweep
from tests.planning.conftest import Desk
from tests.publishing.toy import START, World  # a Sunday, 12:00 UTC

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def hourly(desk: Desk) -> None:
    desk.slots(every=60, gap=60, cap=24)


def go(desk: Desk) -> None:
    sweep(desk.world.ledger, desk.world.publisher(), catch_up=desk.queue.catch_up)


def news(desk: Desk) -> Sequence[Notice]:
    return [one for one in Notices(desk.world.engine).latest(50) if one.kind == "caught_up"]


def test_after_two_days_one_goes_out_and_the_rest_take_slots_in_order(desk: Desk) -> None:
    world = desk.world
    desk.add("a", "b", "c", "d")
    desk.add("later", not_before=START + timedelta(days=2, hours=1))
    world.clock.pass_by(days=2, minutes=20)
    now = world.clock()
    go(desk)
    assert world.platform.posts == ["a"]
    assert desk.due() == {
        "a": now,
        # 13:00 is nearer than the gap to what has just gone out.
        "b": START + timedelta(days=2, hours=2),
        "c": START + timedelta(days=2, hours=3),
        "d": START + timedelta(days=2, hours=4),
        "later": START + timedelta(days=2, hours=5),
    }
    (told,) = news(desk)
    assert told.text == (
        "4 queued posts of X (Toy) were not sent in time: one goes out now, and 3 wait for the "
        "next free slots, the last at 2026-11-24 16:00 UTC; `igny8-media calendar` shows them."
    )
    for _ in range(6):
        world.clock.pass_by(minutes=60)
        go(desk)
    assert world.platform.posts == ["a", "b", "c", "d", "later"]
    assert len(news(desk)) == 1, "told once"


def test_the_days_cap_holds(desk: Desk) -> None:
    desk.slots(every=60, gap=1, cap=2)
    desk.add(*"abcdef")
    desk.world.clock.pass_by(days=5)
    go(desk)
    first = START + timedelta(days=5)
    midnight = first + 12 * HOUR
    assert list(desk.due().values()) == [
        first,
        first + HOUR,
        midnight,
        midnight + HOUR,
        midnight + 24 * HOUR,
        midnight + 25 * HOUR,
    ]


def test_a_little_late_goes_out_as_if_nothing_were(desk: Desk) -> None:
    desk.add("a", "b")
    desk.world.clock.pass_by(minutes=115)
    assert desk.queue.catch_up() == 0
    go(desk)
    assert desk.world.platform.posts == ["a"]
    # Nor do minutes of sending push the next one from its slot.
    assert desk.queue.refill() == 0
    assert desk.due() == {"a": START + HOUR, "b": START + 2 * HOUR}


def test_what_a_person_fixed_goes_out_late_and_the_queue_keeps_its_gap_to_it(desk: Desk) -> None:
    desk.queue.plan([desk.wanted("fixed", due=START + HOUR)])
    desk.queue.plan([desk.wanted("fixed too", due=START + HOUR)])
    desk.add("a")
    desk.world.clock.pass_by(days=1)
    go(desk)
    assert sorted(desk.world.platform.posts) == ["fixed", "fixed too"]
    assert desk.due()["a"] == START + timedelta(days=1, hours=1)
    assert "one waits for the next free slot, 2026-11-23 13:00 UTC" in news(desk)[0].text


def test_on_a_day_off_none_goes_at_once(desk: Desk) -> None:
    desk.add("a")
    desk.world.clock.pass_by(days=1)
    today = desk.world.clock().date()
    with Session(desk.world.engine) as session, session.begin():
        add_days_off(session, "main", DaysOff(today, today), "")
    go(desk)
    assert desk.due() == {"a": START + timedelta(hours=36)}


def test_those_of_a_parked_account_wait_and_are_no_flood_then(desk: Desk) -> None:
    world = desk.world
    desk.add("a", "b", "c")
    enough = Quota(START + timedelta(hours=30), "Enough.")
    world.platform.faults.append(("commit", enough))
    world.clock.pass_by(hours=1)
    go(desk)
    world.clock.pass_by(hours=20)
    go(desk)
    assert world.platform.posts == []
    assert news(desk) == []
    world.clock.pass_by(hours=9, minutes=5)
    go(desk)
    assert world.platform.posts == ["a"], "it was begun, and its account takes posts again"
    assert desk.due()["b"] == START + 31 * HOUR
    assert desk.due()["c"] == START + 32 * HOUR


def test_nobody_claims_what_lapsed_before_it_has_a_new_turn(desk: Desk) -> None:
    desk.add("a")
    desk.world.clock.pass_by(hours=3)
    publisher = desk.world.publisher()
    assert publisher.claim("test", 5) == []
    assert desk.world.planning.due_by(desk.world.clock()) == 1, "a sweep is worth its while"
    assert desk.queue.catch_up() == 1
    assert [claim.post_id for claim in publisher.claim("test", 5)] == [1]


def test_who_died_preparing_one_can_write_nothing_any_more(desk: Desk) -> None:
    world = desk.world
    world.plan("pictures", picture=True, hours=1)
    with Session(world.engine) as session, session.begin():
        session.get_one(Publication, 1).queued_at = START
    world.clock.pass_by(minutes=50)
    (claim,) = world.publisher().claim("dead", 5, ahead=5)
    world.clock.pass_by(days=4)
    assert desk.queue.catch_up() == 1
    with pytest.raises(LeaseLost):
        world.ledger.put_handle(claim, "upload", "1")
    assert desk.queue.catch_up() == 0
    go(desk)
    assert world.platform.posts == ["pictures"]


def test_without_slots_each_goes_when_the_gap_is_over(desk: Desk) -> None:
    world = desk.world
    desk.add("a", "b", "c")
    world.clock.pass_by(days=1)
    with Session(world.engine) as session, session.begin():
        session.execute(delete(CalendarSlot))
    out = []
    for _ in range(9):
        go(desk)
        out.append(len(world.platform.posts))
        world.clock.pass_by(minutes=20)
    assert out == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    (told,) = news(desk)
    assert "find no slot now" in told.text


def test_a_late_post_that_no_slot_is_left_for_holds_up_no_other(desk: Desk) -> None:
    never = Turn(START, 0, START + timedelta(days=900))
    desk.add("a", "b")
    desk.world.clock.pass_by(days=1)
    with pytest.raises(Exception, match="no free slot"):
        desk.queue.plan([desk.wanted("never", never)])
    assert desk.queue.catch_up() == 2


def test_sweeps_that_find_it_at_once_send_one_and_tell_once(desk: Desk, world: World) -> None:
    desk.add(*(f"post{number}" for number in range(12)))
    world.clock.pass_by(days=2, minutes=20)
    ready, failures = threading.Barrier(4), []

    def look() -> None:
        ready.wait()
        try:
            for _ in range(5):
                go(desk)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.platform.posts == ["post0"]
    assert len(news(desk)) == 1
    due = sorted(desk.due().values())
    assert due[1:] == [START + timedelta(days=2, hours=n) for n in range(2, 13)]

"""What an attacker would try: old owners, people who decide just then, rows nobody can read."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from igny8_media.accounts.keys import open_vault
from igny8_media.accounts.store import Accounts
from igny8_media.database.tables import Publication
from igny8_media.errors import InputError
from igny8_media.publishing import publisher as publishing
from igny8_media.publishing.claims import Claim
from igny8_media.publishing.outcomes import NeedsAuth, Permanent, Retryable
from igny8_media.publishing.settling import MOST_ATTEMPTS
from igny8_media.publishing.sweep import sweep
from tests.publishing.toy import World


def test_a_worker_that_hung_does_not_commit_on_the_lease_of_its_successor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both in one process: the newer claim of the same post must not vouch for the older one."""
    monkeypatch.setattr(publishing, "ticks", lambda: world.clock.at.timestamp())
    world.plan("once")
    newer: list[Claim] = []

    def trace(step: str) -> None:
        if step == "committing" and not newer:
            # It hangs here for longer than its lease, and the next sweep finds the post absent.
            world.clock.pass_by(minutes=10)
            worker.publish(*worker.claim("test", 1))
            newer.extend(worker.claim("test", 1))

    worker = world.publisher(trace)
    (older,) = worker.claim("test", 1)
    worker.publish(older)
    assert len(newer) == 1
    worker.publish(newer[0])
    world.recover()
    assert world.platform.posts == ["once"]
    assert world.states() == {"once": "published"}


def test_that_what_was_prepared_is_gone_does_not_say_that_the_post_is_not_out(
    world: World,
) -> None:
    """Instagram answers so to who asks about a container that was published and has expired."""
    world.plan("once")
    world.platform.faults = [("commit", "after"), ("probe", Retryable("gone", afresh=True))]
    world.work()
    world.clock.pass_by(seconds=10)
    world.work()
    world.recover()
    assert world.platform.posts == ["once"]
    assert world.states() == {"once": "published"}


def test_what_was_refused_can_be_cancelled_and_moved(world: World) -> None:
    posts = [world.plan("a"), world.plan("b")]
    world.platform.faults = [("commit", Permanent("refused"))] * 2
    world.work()
    assert set(world.states().values()) == {"failed"}
    assert world.planning.cancel(posts[0]) == 1
    world.schedule(posts[1], "b")
    world.work()
    assert world.states() == {"a": "cancelled", "b": "published"}


def test_a_row_that_cannot_be_read_holds_nobody_up(world: World) -> None:
    world.plan("bad")
    world.plan("good")
    with Session(world.engine) as session, session.begin():
        row = session.query(Publication).filter_by(content_id="bad").one()
        row.outgoing = {"kind": "of a version to come"}
    world.work()
    assert world.platform.posts == ["good"]
    (bad,) = (one for one in world.planning.planned() if one.content_id == "bad")
    assert bad.status == "failed"
    assert "plan the post again" in bad.reason


def test_a_row_that_cannot_be_read_and_may_be_out_is_for_a_person(world: World) -> None:
    world.plan("bad")
    world.platform.faults = [("commit", "killed after")]
    world.work()
    with Session(world.engine) as session, session.begin():
        session.execute(update(Publication).values(outgoing={"kind": "of a version to come"}))
    world.recover(rounds=2)
    assert world.states() == {"bad": "needs_review"}
    assert world.platform.posts == ["bad"]


def test_a_mistake_of_ours_that_repeats_comes_to_an_end(world: World) -> None:
    """Nothing stays in `publishing` for ever, whatever breaks where."""
    world.plan("cursed")
    world.plan("fine")
    worker = world.publisher()
    connect = worker._connect

    def broken(account: object, guard: Callable[[], None]) -> object:
        raise KeyError("a mistake")

    worker._connect = broken  # type: ignore[assignment]
    for _ in range(MOST_ATTEMPTS):
        assert sweep(world.ledger, worker) == 2
        world.clock.pass_by(hours=2)
    assert set(world.states().values()) == {"failed"}
    worker._connect = connect
    for planned in world.planning.planned():
        world.planning.retry(planned.post_id)
    sweep(world.ledger, worker)
    assert sorted(world.platform.posts) == ["cursed", "fine"]


def test_two_who_plan_the_same_post_at_once_both_succeed(world: World) -> None:
    for number in range(10):
        post = world.post(f"post{number}")
        ready, failures = threading.Barrier(4), []

        def plan(
            post: int = post, text: str = f"post{number}", ready: threading.Barrier = ready
        ) -> None:
            ready.wait()
            try:
                world.schedule(post, text)
            except Exception as error:
                failures.append(error)  # noqa: B023 - of this round

        threads = [threading.Thread(target=plan) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
    assert len(world.planning.planned()) == 10


def test_cancelling_while_it_is_claimed_never_ends_in_both(world: World) -> None:
    """Either it was taken back and is not out, or it is out and the person was told too late."""
    names = [f"post{number:02}" for number in range(30)]
    posts = {name: world.plan(name) for name in names}
    taken_back: set[str] = set()

    def cancel() -> None:
        for name in reversed(names):
            try:
                if world.planning.cancel(posts[name]):
                    taken_back.add(name)
            except InputError:  # too late
                continue

    person = threading.Thread(target=cancel)
    person.start()
    sweep(world.ledger, world.publisher(), concurrency=4)
    person.join()
    world.recover()
    assert sorted([*world.platform.posts, *taken_back]) == names
    by_state = {name for name, state in world.states().items() if state == "cancelled"}
    assert by_state == taken_back


def test_an_account_is_not_removed_under_a_post_that_is_being_claimed(
    world: World, tmp_path: Path
) -> None:
    """The claim is not written yet when the removal begins to look."""
    world.plan("once")
    accounts = Accounts(world.engine, open_vault(None, tmp_path), world.clock)
    refused: list[str] = []

    def remove() -> None:
        try:
            accounts.remove(world.account_id, force=True)
        except InputError as error:
            refused.append(str(error))

    person = threading.Thread(target=remove)
    with Session(world.engine) as session, session.begin():
        session.execute(update(Publication).values(status="publishing", lease=1))
        person.start()
        person.join(0.3)  # it waits for this transaction, whatever it has read until now
        assert person.is_alive()
    person.join()
    assert "being published" in refused[0]


def test_an_account_that_is_gone_all_the_same_leaves_nothing_hanging(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.plan("orphan")
    worker = world.publisher()
    claims = worker.claim("test", 1)

    def gone(account_id: int, reason: str) -> bool:
        raise InputError(f"There is no account {account_id}.")

    monkeypatch.setattr(world.desk, "needs_reconnect", gone)
    world.platform.faults = [("prepare", NeedsAuth("gone"))]
    worker.publish(*claims)
    assert world.states() == {"orphan": "scheduled"}
    assert world.platform.posts == []

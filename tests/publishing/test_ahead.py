"""Media are prepared before their post is due, and nothing becomes public early."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from igny8_media.database.tables import Publication
from igny8_media.errors import InputError
from igny8_media.publishing.ledger import LEASE_SECONDS
from igny8_media.publishing.outcomes import NeedsAuth, Permanent, Quota, Retryable, Waiting
from tests.publishing.toy import START, Killed, World


def _events(world: World) -> list[str]:
    (one,) = world.planning.planned()
    return [event.what for event in world.planning.events(one.id)]


def test_media_are_prepared_ahead_and_the_post_goes_out_at_its_time(world: World) -> None:
    world.plan("picture", picture=True, minutes=20)
    assert world.work() == 0
    world.clock.pass_by(minutes=6)
    assert world.work() == 1
    assert (world.platform.uploads, world.platform.posts) == (1, [])
    (one,) = world.planning.planned()
    assert (one.status, one.goes_at) == ("scheduled", START + timedelta(minutes=20))
    assert world.work() == 0  # once is enough
    world.clock.pass_by(minutes=14, seconds=-1)
    assert (world.work(), world.platform.posts) == (0, [])
    world.clock.pass_by(seconds=1)
    world.work()
    assert (world.platform.posts, world.platform.uploads) == (["picture"], 1)
    assert _events(world) == ["scheduled", "prepared", "committing", "published"]


def test_a_text_has_nothing_to_prepare(world: World) -> None:
    world.plan("text", minutes=5)
    assert world.work() == 0


def test_what_a_platform_works_on_is_waited_for_before_the_time(world: World) -> None:
    world.plan("video", picture=True, minutes=10)
    world.platform.faults = [("prepare", Waiting(20.0, "The platform works on it."))]
    world.work()
    world.clock.pass_by(seconds=20)
    world.work()
    assert _events(world)[1:] == ["waiting", "prepared"]
    assert world.platform.posts == []
    world.clock.pass_by(minutes=10)
    world.work()
    assert world.platform.posts == ["video"]


def test_a_sweep_wakes_when_something_can_be_prepared(world: World) -> None:
    world.plan("picture", picture=True, minutes=18)
    world.plan("text", minutes=10)
    wake = world.ledger.wake_at(timedelta(minutes=30), begun=False)
    assert wake == START + timedelta(minutes=3)
    assert world.ledger.wake_at(timedelta(minutes=30), begun=True) is None
    assert world.planning.due_by(START + timedelta(minutes=4)) == 0
    assert world.planning.due_by(START + timedelta(minutes=4), ahead=True) == 1


def test_trouble_ahead_of_the_time_uses_up_no_attempt(world: World) -> None:
    world.plan("picture", picture=True, minutes=14)
    world.platform.faults = [("prepare", Retryable("503")) for _ in range(40)]
    tries = 0
    while world.clock.at < START + timedelta(minutes=13, seconds=59):
        tries += world.work()
        world.clock.pass_by(seconds=10)
    assert 3 <= tries <= 8
    (one,) = world.planning.planned()
    assert (one.status, one.attempts) == ("scheduled", 0)
    world.platform.faults.clear()
    world.clock.pass_by(minutes=1)
    world.work()
    assert world.platform.posts == ["picture"]


def test_a_platform_that_asks_for_a_pause_gets_it_ahead_too(world: World) -> None:
    world.plan("picture", picture=True, minutes=14)
    world.platform.faults = [("prepare", Retryable("429", after=1800.0, counted=False))]
    world.work()
    (one,) = world.planning.planned()
    assert one.goes_at == START + timedelta(minutes=30)


def test_a_limit_that_is_reached_ahead_is_asked_about_again_when_due(world: World) -> None:
    world.plan("picture", picture=True, minutes=10)
    world.platform.faults = [("prepare", Quota(START + timedelta(hours=1), "25 of 25"))]
    world.work()
    world.clock.pass_by(minutes=10)
    world.work()
    assert world.platform.posts == ["picture"]


@pytest.mark.parametrize(
    ("refusal", "status"), [(Permanent("too large"), "failed"), (NeedsAuth("gone"), "scheduled")]
)
def test_people_hear_before_the_time_what_is_in_the_way(
    world: World, refusal: Permanent | NeedsAuth, status: str
) -> None:
    world.plan("picture", picture=True, minutes=10)
    world.platform.faults = [("prepare", refusal)]
    world.work()
    assert world.states() == {"picture": status}
    assert bool(world.desk.told) is (status == "scheduled")


def test_a_kill_while_it_is_prepared_is_made_up_for_before_the_time(world: World) -> None:
    world.plan("picture", picture=True, minutes=14)
    world.platform.faults = [("prepare", "killed before")]
    world.work()
    assert world.states() == {"picture": "scheduled"}
    assert world.work() == 0
    world.clock.pass_by(seconds=LEASE_SECONDS + 1)
    assert world.work() == 1
    assert world.platform.uploads == 1


def test_what_is_only_prepared_can_be_taken_back_and_not_moved(world: World) -> None:
    post = world.plan("picture", picture=True, minutes=10)
    worker = world.publisher()
    (claim,) = worker.claim("x", 1, ahead=1)
    with pytest.raises(InputError, match="is being prepared for its time right now"):
        world.schedule(post, "picture", minutes=20)
    assert world.planning.cancel(post) == 1
    worker.publish(claim)
    world.clock.pass_by(hours=1)
    world.work()
    assert (world.platform.posts, world.states()) == ([], {"picture": "cancelled"})


def test_what_was_prepared_for_another_time_is_prepared_anew(world: World) -> None:
    post = world.plan("picture", picture=True, minutes=10)
    world.work()
    world.schedule(post, "picture", picture=True, minutes=60 * 48)
    world.clock.pass_by(hours=48, minutes=1)
    world.work()
    assert (world.platform.posts, world.platform.uploads) == (["picture"], 2)


def test_what_moved_behind_the_publishers_back_is_prepared_anew(world: World) -> None:
    world.plan("picture", picture=True, minutes=10)
    world.work()
    later = START + timedelta(days=30)
    with Session(world.engine) as session, session.begin():
        moved = {"due_at": later, "next_at": later, "started_at": None}
        session.execute(update(Publication).values(**moved))
    world.clock.pass_by(days=30)
    world.work()
    assert (world.platform.posts, world.platform.uploads) == (["picture"], 2)


def test_a_clock_set_back_publishes_nothing_early(world: World) -> None:
    world.plan("picture", picture=True, minutes=10)
    world.clock.pass_by(minutes=11)
    (claim,) = (worker := world.publisher()).claim("x", 1)
    world.clock.pass_by(minutes=-5)
    worker.publish(claim)
    assert (world.platform.posts, world.states()) == ([], {"picture": "scheduled"})


def test_a_dead_process_at_the_commit_leaves_one_post(world: World) -> None:
    world.plan("picture", picture=True, minutes=10)
    world.work()
    world.clock.pass_by(minutes=10)

    def die(step: str) -> None:
        if step == "committing":
            raise Killed

    world.work(world.publisher(die))
    world.recover()
    assert world.platform.posts == ["picture"]

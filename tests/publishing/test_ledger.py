"""The ledger: once, or never, or a person is asked; whatever dies in between."""

from collections import Counter
from datetime import timedelta

import pytest

from igny8_media.errors import InputError, OutsideError
from igny8_media.publishing.claims import LeaseLost
from igny8_media.publishing.outcomes import (
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Quota,
    Retryable,
)
from igny8_media.publishing.sweep import sweep
from tests.publishing.toy import START, Killed, World


def test_a_due_post_goes_out_once_and_one_that_is_not_due_waits(world: World) -> None:
    world.plan("now")
    world.plan("later", hours=1)
    world.work()
    world.work()
    assert world.platform.posts == ["now"]
    assert world.states() == {"now": "published", "later": "scheduled"}
    world.clock.pass_by(hours=2)
    world.work()
    assert world.platform.posts == ["now", "later"]


STEPS = ["claimed", "prepared", "committing", "committing answered"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_kill_at_every_step_neither_doubles_nor_loses(world: World, step: str, part: int) -> None:
    world.plan("1", ("1", "2", "3"))
    seen: Counter[str] = Counter()

    def trace(name: str) -> None:
        seen[name] += 1
        if name == step and (seen[name] == part + 1 or step == "claimed"):
            raise Killed

    world.work(world.publisher(trace))
    assert world.states() == {"1": "publishing"}
    before = list(world.platform.posts)
    assert world.work() == 0  # the lease of the dead one still runs: nobody touches it
    assert before == world.platform.posts
    world.recover()
    assert world.platform.posts == ["1", "2", "3"]
    assert world.states() == {"1": "published"}


@pytest.mark.parametrize("fault", ["after", "killed before", "killed after"])
@pytest.mark.parametrize("slow", [False, True])
def test_a_commit_in_doubt_is_settled_by_looking(world: World, fault: str, slow: bool) -> None:
    world.platform.slow = slow
    world.platform.faults = [("commit", fault)]
    world.plan("once")
    world.work()
    assert world.states() == {"once": "publishing"}
    world.recover()
    assert world.platform.posts == ["once"]
    assert world.states() == {"once": "published"}
    (planned,) = world.planning.planned()
    assert planned.url == "https://x.example/once"


def test_what_a_probe_finds_may_be_another_post_with_the_same_words(world: World) -> None:
    world.plan("same words")
    world.work()
    second = world.post("a second")
    world.schedule(second, "same words")
    world.platform.faults = [("commit", Ambiguous("reset before it arrived"))]
    world.work()
    world.recover()
    (planned,) = world.planning.planned(post_ids=[second])
    assert planned.status == "needs_review"
    assert "another one of yours: same words" in planned.reason
    world.planning.settle(second, None, None)
    world.work()
    assert world.platform.posts == ["same words", "same words"]


def test_a_clock_that_is_set_back_after_the_commit_leaves_nothing_hanging(world: World) -> None:
    world.clock.pass_by(days=2)
    world.plan("once")
    world.platform.faults = [("commit", "after")]
    world.work()
    world.clock.pass_by(days=-2)
    for _ in range(3):
        world.clock.pass_by(days=1)
        world.work()
    assert world.states() == {"once": "published"}
    assert world.platform.posts == ["once"]


def test_words_of_a_platform_cannot_steer_a_terminal(world: World) -> None:
    world.plan("once")
    world.platform.faults = [("commit", Permanent("no\x1b[2J\x00 way"))]
    world.work()
    (planned,) = world.planning.planned()
    assert planned.reason == "no[2J way"
    assert planned.reason in [event.detail for event in world.planning.events(planned.id)]


def test_what_may_take_effect_late_is_not_asked_about_early(world: World) -> None:
    """A platform that was too slow to answer may publish after we have given up waiting."""
    world.platform.faults = [("commit", Ambiguous("ReadTimeout", late=120))]
    world.plan("once")
    world.work()
    world.clock.pass_by(seconds=100)
    assert world.work() == 0
    world.platform.posts.append("once")  # it does
    world.clock.pass_by(seconds=30)
    world.work()
    assert world.states() == {"once": "published"}
    assert world.platform.posts == ["once"]


def test_where_the_platform_cannot_tell_a_person_is_asked_and_nothing_is_repeated(
    world: World,
) -> None:
    world.platform.blind = True
    world.platform.faults = [("commit", "after")]
    post = world.plan("story")
    world.work()
    world.recover()
    (planned,) = world.planning.planned()
    assert planned.status == "needs_review"
    assert planned.reason == (
        f"Nobody can tell. Look at the profile. Then tell it with: igny8-media posts settle {post} "
        "--published URL, or --not-published."
    )
    assert world.platform.posts == ["story"]
    with pytest.raises(InputError, match="posts settle"):
        world.schedule(post, "story")
    assert world.planning.settle(post, None, "https://x.example/story") == 1
    assert world.states() == {"story": "published"}


def test_what_a_person_finds_missing_is_sent(world: World) -> None:
    world.platform.blind = True
    world.platform.faults = [("commit", Ambiguous("No answer."))]
    post = world.plan("story")
    world.work()
    world.recover()
    assert (world.states(), world.platform.posts) == ({"story": "needs_review"}, [])
    world.planning.settle(post, None, None)
    world.work()
    assert (world.states(), world.platform.posts) == ({"story": "published"}, ["story"])


def test_a_question_that_is_refused_stays_a_question(world: World) -> None:
    """A 403 on the look-up says nothing about the post."""
    world.platform.faults = [("commit", "after"), ("probe", Permanent("403"))]
    world.plan("once")
    world.work()
    world.clock.pass_by(seconds=10)
    world.work()
    assert world.states() == {"once": "publishing"}
    world.recover()
    assert world.platform.posts == ["once"]
    assert world.states() == {"once": "published"}


def test_a_question_nobody_ever_answers_ends_with_a_person(world: World) -> None:
    world.plan("once")
    world.platform.faults = [("commit", "after")] + [("probe", Retryable("500"))] * 50
    world.work()
    for _ in range(60):
        world.clock.pass_by(hours=2)
        world.work()
    assert world.states() == {"once": "needs_review"}
    assert world.platform.posts == ["once"]


def test_a_refused_commit_is_tried_again_with_patience_and_an_end(world: World) -> None:
    world.plan("once")
    world.platform.faults = [("prepare", Retryable("503"))] * 50
    for _ in range(20):
        world.work()
        world.clock.pass_by(hours=2)
    (planned,) = world.planning.planned()
    assert (planned.status, planned.attempts) == ("failed", 5)
    assert world.platform.posts == []
    world.platform.faults.clear()
    world.planning.retry(planned.post_id)
    world.work()
    assert world.states() == {"once": "published"}


def test_rate_limits_use_up_no_attempt_and_are_waited_for(world: World) -> None:
    world.plan("once")
    world.platform.faults = [("commit", Retryable("429", after=900, counted=False))] * 10
    world.work()
    world.clock.pass_by(seconds=890)
    assert world.work() == 0
    for _ in range(10):
        world.clock.pass_by(seconds=901)
        world.work()
    assert world.states() == {"once": "published"}
    assert world.platform.posts == ["once"]


@pytest.mark.parametrize("person", [False, True])
def test_a_quota_that_waiting_alone_does_not_end_is_told_once(world: World, person: bool) -> None:
    until = START + timedelta(days=1)
    reason = "X wants to be paid first; buy credits."
    for number in range(2):
        world.plan(f"{number}")
        world.platform.faults.append(("commit", Quota(until, reason, person=person)))
    world.work()
    assert {one.goes_at for one in world.planning.planned()} == {until}
    remedy = f"When that is done: igny8-media accounts resume {world.account_id}"
    assert world.desk.told == [f"The posts of Toy on X wait. {reason} {remedy}"] * person
    assert world.work() == 0


def test_a_quota_parks_the_account_with_all_its_posts(world: World) -> None:
    until = START + timedelta(hours=12)
    world.plan("a")
    world.plan("b")
    world.platform.faults = [("commit", Quota(until, "fifty a day"))]
    worker = world.publisher()
    (claim,) = worker.claim("test", 1)
    worker.publish(claim)
    assert world.work() == 0
    world.clock.pass_by(hours=13)
    assert world.work() == 2
    assert sorted(world.platform.posts) == ["a", "b"]


def test_an_account_that_needs_its_person_says_so_once_and_its_posts_wait(world: World) -> None:
    for name in "abc":
        world.plan(name)
    world.platform.faults = [("prepare", NeedsAuth("expired"))] * 3
    world.work()
    assert world.work() == 0
    assert world.desk.told == ["expired"]
    assert set(world.states().values()) == {"scheduled"}
    world.platform.faults.clear()
    world.desk.reconnect()
    world.clock.pass_by(days=5)
    world.work()
    assert sorted(world.platform.posts) == ["a", "b", "c"]


def test_a_retired_version_stops_the_platform_and_loses_nothing(world: World) -> None:
    world.plan("a")
    world.platform.faults = [("commit", Halted("Version 202401 is retired."))]
    world.work()
    assert world.desk.told == ["Version 202401 is retired."]
    assert (world.work(), world.platform.posts) == (0, [])
    world.recover()
    assert world.platform.posts == ["a"]


def test_bad_input_is_refused_before_anything_is_sent(world: World) -> None:
    world.plan("")
    world.platform.faults = [("prepare", "killed before")]
    world.work()
    (planned,) = world.planning.planned()
    assert (planned.status, planned.reason) == ("failed", "It is empty; write something.")


def test_a_thread_that_is_refused_midway_says_what_is_out_and_goes_on_after_it(
    world: World,
) -> None:
    post = world.plan("1", ("1", "2", "3"))
    worker = world.publisher(
        lambda name: (
            world.platform.faults.append(("commit", Permanent("403")))
            if name == "committing" and world.platform.posts == ["1"]
            else None
        )
    )
    world.work(worker)
    (planned,) = world.planning.planned()
    assert planned.reason == "1 of 3 parts are out, then: 403"
    assert (planned.status, planned.part, planned.parts) == ("failed", 1, 3)
    world.planning.retry(post)
    world.work()
    assert world.platform.posts == ["1", "2", "3"]


def test_a_process_that_slept_through_its_lease_changes_nothing(world: World) -> None:
    world.plan("once")
    sleeper = world.publisher()
    (old,) = sleeper.claim("sleeper", 1)
    world.clock.pass_by(minutes=10)
    world.work()
    assert world.platform.posts == ["once"]
    sleeper.publish(old)  # it wakes up and goes on where it was: it may prepare, and no more
    assert world.platform.posts == ["once"]
    with pytest.raises(LeaseLost):
        world.ledger.about_to_commit(old)


def test_no_commit_is_sent_near_the_end_of_a_lease(world: World) -> None:
    world.plan("once")
    worker = world.publisher()
    (claim,) = worker.claim("slow", 1)
    worker._safe_until[claim.id, claim.lease] = 0.0
    worker.publish(claim)
    assert world.platform.posts == []
    world.recover()
    assert world.platform.posts == ["once"]


def test_two_who_claim_at_once_get_different_posts(world: World) -> None:
    for number in range(6):
        world.plan(str(number))
    first = {claim.id for claim in world.ledger.claim("a", 4)}
    second = {claim.id for claim in world.ledger.claim("b", 4)}
    assert (len(first), len(second), first & second) == (4, 2, set())


def test_cancelling_and_moving(world: World) -> None:
    post = world.plan("once", hours=1)
    world.schedule(post, "other words", hours=2)
    world.clock.pass_by(minutes=90)
    assert world.work() == 0
    assert world.planning.cancel(post) == 1
    world.clock.pass_by(hours=3)
    assert (world.work(), world.platform.posts) == (0, [])
    world.schedule(post, "other words")
    (claim,) = world.publisher().claim("x", 1)
    with pytest.raises(InputError, match="being published right now"):
        world.planning.cancel(post)
    with pytest.raises(InputError, match="being published right now"):
        world.schedule(post, "too late")
    assert claim.outgoing.text == "other words"


def test_what_is_out_cannot_be_planned_again(world: World) -> None:
    post = world.plan("once")
    world.work()
    with pytest.raises(InputError, match="is out already"):
        world.schedule(post, "once")


def test_the_watch_sees_what_nobody_started(world: World) -> None:
    world.plan("forgotten")
    assert world.planning.overdue(timedelta(minutes=10)) == []
    world.clock.pass_by(minutes=11)
    (late,) = world.planning.overdue(timedelta(minutes=10))
    assert late.content_id == "forgotten"
    world.work()
    assert world.planning.overdue(timedelta(minutes=10)) == []


def test_the_watch_sees_what_a_dead_process_left(world: World) -> None:
    world.plan("left")

    def die(_: str) -> None:
        raise Killed

    world.work(world.publisher(die))
    world.clock.pass_by(minutes=30)
    assert [late.content_id for late in world.planning.overdue(timedelta(minutes=10))] == ["left"]


def test_a_clock_that_ran_backwards_stops_the_sweep(world: World) -> None:
    world.plan("a")
    world.clock.pass_by(hours=-3)
    with pytest.raises(OutsideError, match="set the clock; nothing was sent"):
        sweep(world.ledger, world.publisher())


def test_a_sweep_takes_everything_that_is_due(world: World) -> None:
    for number in range(40):
        world.plan(f"{number:02}")
    assert sweep(world.ledger, world.publisher(), concurrency=4) == 40
    assert sorted(world.platform.posts) == [f"{number:02}" for number in range(40)]


def test_tidying_gives_up_what_failed_a_week_ago(world: World) -> None:
    world.platform.faults = [("commit", Permanent("refused"))]
    world.plan("old")
    world.work()
    assert world.planning.tidy() == {"stale": 0, "handles": 0}
    world.clock.pass_by(days=8)
    assert world.planning.tidy()["stale"] == 1
    assert world.states() == {"old": "cancelled"}
    world.clock.pass_by(days=30)
    assert world.planning.tidy() == {"stale": 0, "handles": 1}

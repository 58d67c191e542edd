"""Sweeps for figures over the ledger, against the sandbox."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.database.tables import Notification, Publication
from igny8_media.metrics.keeping import save
from igny8_media.metrics.sweep import Sweep
from igny8_media.metrics.watch import LEASE, Watch
from igny8_media.publishing.readings import Asked, Reading
from igny8_media.sandbox.audience import Reached
from igny8_media.sandbox.server import Running
from igny8_media.sandbox.twitter import lookup
from igny8_media.stages.figures import refresh
from igny8_media.stages.press import Press
from tests.metrics.published import connect, press_at, publish, readings, watches

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def press(sandbox: Running, tmp_path: Path) -> Iterator[Press]:
    with press_at(tmp_path, sandbox.url, lambda: sandbox.state.config.advance_seconds) as press:
        yield press


def later(sandbox: Running, by: timedelta) -> None:
    ahead = sandbox.state.config.advance_seconds + by.total_seconds()
    sandbox.config(advance_seconds=ahead)


def metrics(sandbox: Running, service: str) -> int:
    return sandbox.requests(service).get("metrics", 0)


def on_x(press: Press, sandbox: Running, *ages: timedelta) -> list[Asked]:
    # X's tokens live two hours, and these tests days.
    account = connect(press, sandbox, Service.TWITTER, expires_in=None)
    return publish(press, sandbox, account, ages, "text")


def test_posts_are_read_when_they_are_due_and_each_reading_is_kept(
    press: Press, sandbox: Running
) -> None:
    young, old = on_x(press, sandbox, timedelta(0), 10 * DAY)
    assert refresh(press).read == 1  # an hour must pass first
    later(sandbox, HOUR)
    assert refresh(press).read == 1
    assert refresh(press).read == 0
    for _ in range(3):
        later(sandbox, HOUR)
        refresh(press)
    first, *rest = readings(press, young.publication_id)
    assert len(rest) == 3
    counts = [one.impressions for one in (first, *rest)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert [one.notes for one in rest] == [{}, {}, {}]
    (once,) = readings(press, old.publication_id)
    assert once.reach is None
    assert once.missing["reach"] == "X gives none"
    assert once.series == "impressions"
    assert once.engagement_rate is not None
    assert once.raw["post"]["id"] == old.platform_id


def test_what_went_out_before_is_watched_and_what_is_too_old_read_once(
    press: Press, sandbox: Running
) -> None:
    (ancient,) = on_x(press, sandbox, 500 * DAY)
    assert refresh(press).read == 1
    assert watches(press)[ancient.publication_id].next_at is None
    later(sandbox, 30 * DAY)
    assert refresh(press).read == 0
    assert refresh(press, everything=True).read == 1


def test_a_post_deleted_by_hand_is_told_once_and_its_history_kept(
    press: Press, sandbox: Running
) -> None:
    lost, kept = on_x(press, sandbox, DAY, DAY)
    refresh(press)
    sandbox.post("delete", service="twitter", id=lost.platform_id)
    first = refresh(press, everything=True)
    assert (first.read, first.gone, first.later) == (1, 0, 1)  # it may be a moment's failure
    second = refresh(press, everything=True)
    assert (second.read, second.gone) == (1, 1)
    watch = watches(press)[lost.publication_id]
    assert watch.gone
    assert watch.next_at is None
    assert refresh(press, everything=True).read == 1
    assert len(readings(press, lost.publication_id)) == 1
    assert len(readings(press, kept.publication_id)) == 4
    with Session(press.shop.engine) as session:
        (notice,) = session.scalars(select(Notification).where(Notification.kind == "gone"))
        assert "no longer has this post" in notice.text


def test_what_was_not_found_once_may_come_back(press: Press, sandbox: Running) -> None:
    (post,) = on_x(press, sandbox, DAY)
    (there,) = sandbox.state.posts
    sandbox.post("delete", service="twitter", id=post.platform_id)
    assert refresh(press).later == 1
    sandbox.state.posts = [there]
    assert refresh(press, everything=True).read == 1
    watch = watches(press)[post.publication_id]
    assert (watch.gone, watch.failures, watch.problem) == (False, 0, "")


def test_figures_that_fall_are_kept_and_marked_and_negative_ones_refused(
    press: Press, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (post,) = on_x(press, sandbox, DAY)
    told = Reached(100, 80, 0, 12, 3, 4, 5, 6, 0.0)
    monkeypatch.setattr(lookup, "reached", lambda *_: told)
    refresh(press)
    told = replace(told, likes=9, comments=-2)
    monkeypatch.setattr(lookup, "reached", lambda *_: told)
    later(sandbox, DAY)
    refresh(press)
    second = readings(press, post.publication_id)[-1]
    assert second.likes == 9
    assert second.notes == {"likes": "fell from 12 to 9"}
    assert second.comments is None
    assert second.missing["comments"] == "X said -2, which cannot be"
    assert watches(press)[post.publication_id].problem == "X said -2 comments, which cannot be."


def test_two_sweeps_at_once_read_nothing_twice(press: Press, sandbox: Running) -> None:
    posts = on_x(press, sandbox, *[5 * DAY] * 350)
    both = [threading.Thread(target=refresh, args=(press,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert all(len(readings(press, post.publication_id)) == 1 for post in posts[::50])
    assert metrics(sandbox, "twitter") == 4


def test_on_postgres_too_nothing_is_read_twice(
    sandbox: Running, tmp_path: Path, postgres_url: str
) -> None:
    with press_at(tmp_path, sandbox.url, lambda: 0.0, postgres_url) as press:
        posts = on_x(press, sandbox, *[5 * DAY] * 350)
        both = [threading.Thread(target=refresh, args=(press,)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert all(len(readings(press, post.publication_id)) == 1 for post in posts)
        (first, _) = (refresh(press, everything=True), refresh(press))
        assert first.read == 350


def test_what_was_claimed_and_never_read_is_read_when_the_lease_is_over(
    press: Press, sandbox: Running
) -> None:
    (post,) = on_x(press, sandbox, DAY)
    watch = Watch(press.shop.engine, press.ledger.now)
    watch.begin()
    assert len(watch.claim(10)) == 1
    assert refresh(press).read == 0
    later(sandbox, LEASE)
    assert refresh(press).read == 1
    assert len(readings(press, post.publication_id)) == 1


def test_who_reads_everything_leaves_what_a_sweep_is_reading(
    press: Press, sandbox: Running
) -> None:
    mine, other = on_x(press, sandbox, DAY, 400 * DAY)
    refresh(press)
    later(sandbox, DAY)
    watch = Watch(press.shop.engine, press.ledger.now)
    (claimed,) = watch.claim(10)
    assert claimed.asked.publication_id == mine.publication_id
    asked = metrics(sandbox, "twitter")
    assert refresh(press, everything=True).read == 1
    assert metrics(sandbox, "twitter") == asked + 1
    assert watch.read_by_others() == 1
    saved = save(
        press.shop.engine, press.ledger.now, [claimed], {mine.platform_id: Reading({}, {})}, ""
    )
    assert saved.read == 1  # the claim is still its own
    assert watch.read_by_others() == 0
    assert len(readings(press, mine.publication_id)) == 2
    assert len(readings(press, other.publication_id)) == 2


def test_a_limit_puts_the_account_off_and_no_other(press: Press, sandbox: Running) -> None:
    mine = on_x(press, sandbox, *[DAY] * 250)
    other = connect(press, sandbox, Service.LINKEDIN)
    publish(press, sandbox, other, [DAY], "text")
    sandbox.fault("twitter", "metrics", "limited", after=600.0)
    done = refresh(press, concurrency=1)
    assert (done.read, done.later) == (1, 250)
    assert metrics(sandbox, "twitter") == 1
    watch = watches(press)[mine[0].publication_id]
    assert watch.failures == 0
    assert "no more requests" in watch.problem
    # Reading has a limit of its own on X: what is to be posted does not wait for it.
    assert press.accounts.get(other.id).parked_until is None
    assert all(account.parked_until is None for account in press.accounts.list())
    later(sandbox, timedelta(minutes=11))
    assert refresh(press).read == 250


def test_where_limits_are_shared_the_account_is_parked(press: Press, sandbox: Running) -> None:
    account = connect(press, sandbox, Service.LINKEDIN)
    (post,) = publish(press, sandbox, account, [DAY], "text")
    sandbox.fault("linkedin", "metrics", "limited", after=3600.0)
    assert refresh(press).later == 1
    until = press.accounts.get(account.id).parked_until
    assert until is not None
    assert watches(press)[post.publication_id].next_at == until


def test_failures_come_again_later_and_nobody_else_waits(press: Press, sandbox: Running) -> None:
    (post,) = on_x(press, sandbox, DAY)
    for failures in (1, 2):
        sandbox.fault("twitter", "metrics", "error_before")
        assert refresh(press, everything=True).later == 1
        watch = watches(press)[post.publication_id]
        assert watch.failures == failures
        assert watch.next_at is not None
        assert watch.next_at - press.ledger.now() > HOUR * (2 ** (failures - 1)) - HOUR / 60
    assert refresh(press, everything=True).read == 1
    assert watches(press)[post.publication_id].failures == 0


def test_a_token_that_is_dead_asks_for_its_person_once(press: Press, sandbox: Running) -> None:
    (post,) = on_x(press, sandbox, DAY)
    sandbox.revoke("twitter", "all")
    assert refresh(press).later == 1
    (account,) = press.accounts.list(Service.TWITTER)
    assert account.status == "needs_reconnect"
    later(sandbox, 2 * DAY)
    assert refresh(press).later == 0  # nothing is asked until it is connected again
    assert readings(press, post.publication_id) == []


def test_what_spoils_it_for_the_others_ends_up_alone(press: Press, sandbox: Running) -> None:
    good = on_x(press, sandbox, *[5 * DAY] * 7)
    with Session(press.shop.engine) as session, session.begin():
        session.get_one(Publication, good[3].publication_id).platform_id = "no ID of X's"
    for _ in range(6):
        refresh(press, everything=True)
    counts = [len(readings(press, post.publication_id)) for post in good]
    assert counts[3] == 0
    assert all(count for place, count in enumerate(counts) if place != 3)


def test_an_account_without_the_permission_is_told_as_such(press: Press, sandbox: Running) -> None:
    account = connect(press, sandbox, Service.LINKEDIN, kind="person")
    (post,) = publish(press, sandbox, account, [DAY], "text")
    assert refresh(press).not_given == 1
    watch = watches(press)[post.publication_id]
    assert "r_member_postAnalytics" in watch.problem
    assert watch.failures == 0
    assert readings(press, post.publication_id) == []


def test_reading_leaves_a_member_requests_to_publish_with(press: Press, sandbox: Running) -> None:
    scopes = ["w_member_social", "r_member_postAnalytics"]
    account = connect(press, sandbox, Service.LINKEDIN, kind="person", scopes=scopes)
    posts = publish(press, sandbox, account, [5 * DAY] * 10, "text")
    assert refresh(press).read == 8
    assert metrics(sandbox, "linkedin") == 56
    assert refresh(press, everything=True).read == 0  # the day has no more
    later(sandbox, DAY)
    assert refresh(press).read == 8
    later(sandbox, DAY)
    refresh(press)
    assert all(readings(press, post.publication_id) for post in posts)
    assert press.accounts.get(account.id).parked_until is None


def test_videos_and_posts_are_read_apart(press: Press, sandbox: Running) -> None:
    on_x(press, sandbox, DAY)
    tube = connect(press, sandbox, Service.YOUTUBE)
    publish(press, sandbox, tube, [DAY], "video", form="own")
    gram = connect(press, sandbox, Service.INSTAGRAM)
    publish(press, sandbox, gram, [DAY], "reel", form="video")
    assert refresh(press, videos=True).read == 2
    assert metrics(sandbox, "youtube") > 0
    assert metrics(sandbox, "instagram") > 0
    assert metrics(sandbox, "twitter") == 0
    assert refresh(press, videos=False).read == 1
    assert metrics(sandbox, "twitter") == 1


def test_no_more_requests_than_batches_over_all_platforms(press: Press, sandbox: Running) -> None:
    expected = {"linkedin": 2, "twitter": 3, "facebook": 2, "instagram": 2}
    expected |= {"tiktok": 4, "youtube": 4}
    count, kinds = 70, {"instagram": "image", "tiktok": "video", "youtube": "video"}
    for service in Service:
        account = connect(press, sandbox, service, expires_in=None)
        ages = [5 * DAY] * count + ([40 * DAY] * 101 if service is Service.TWITTER else [])
        kind: Any = kinds.get(service, "text")
        publish(press, sandbox, account, ages, kind)
    assert refresh(press).read == 6 * count + 101
    assert {service: metrics(sandbox, service) for service in expected} == expected


def test_a_mistake_of_ours_costs_nobody_else(
    press: Press, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igny8_media.publishing.linkedin.metrics import LinkedInReader

    on_x(press, sandbox, DAY)
    publish(press, sandbox, connect(press, sandbox, Service.LINKEDIN), [DAY], "text")
    monkeypatch.setattr(LinkedInReader, "read", lambda *_: 1 // 0)
    sweep = Sweep(press.shop.engine, press.accounts, press.connect.reader, press.ledger.now)
    done = sweep.run()
    assert (done.read, done.later) == (1, 1)

"""Publishing by Dagster, for real: on an instance of its own, against a sandbox."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import text

from igny8_media.accounts.model import Account, Service
from igny8_media.assets.publications import nothing_overdue
from igny8_media.definitions import defs
from igny8_media.instance import open_instance
from igny8_media.publishing.model import Options
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sandbox.server import Running, running
from igny8_media.schedules import sweeps
from igny8_media.schedules.publishing import publish_every_five_minutes
from igny8_media.sensors.publish_now import publish_now
from igny8_media.sensors.rejected import rejected_drafts
from igny8_media.settings import load_settings
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.sandboxed import connection_of
from igny8_media.stages.workshop import Workshop

_SOCIAL = {
    "platform": "twitter",
    "post_type": "text",
    "post_text": "We water at six in the morning. At that hour 9 of 10 litres reach the roots.",
    "headline": "How we water",
    "language": "en",
    "writer": "extractive",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    server.reset()
    monkeypatch.setenv("IGNY8_SANDBOX_URL", server.url)
    # A real account's hosts are the same server's: what stands in for the platform.
    monkeypatch.setenv("TWITTER_API_URL", f"{server.url}/twitter")
    monkeypatch.setenv("TWITTER_CLIENT_ID", "sandbox")
    monkeypatch.setenv("TWITTER_CLIENT_SECRET", "sandbox-secret")
    monkeypatch.setattr(sweeps, "_STAY", 30.0)
    return server


@pytest.fixture
def instance(sandbox: Running) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as instance:
        yield instance


@pytest.fixture
def press(sandbox: Running) -> Iterator[Press]:
    with open_press(Workshop(load_settings())) as press:
        yield press


@pytest.fixture
def add(press: Press, tmp_path: Path) -> Callable[..., int]:
    """A post that a person wrote, approved; its ID."""

    def call(words: str, service: str = "twitter", **fields: Any) -> int:
        file = tmp_path / "post.json"
        file.write_text(json.dumps({"service": service, "text": words, **fields}))
        post, _ = press.add(file)
        press.approve([post.id])
        return post.id

    return call


def draft(press: Press, content_id: str = "garden", words: str = "", **changed: Any) -> int:
    """A draft as the pipeline proposes it; its ID."""
    post = {**_SOCIAL, **({"post_text": words} if words else {}), **changed}
    press.shop.drafts.propose_post(content_id, post["platform"], f"{content_id}-{words}", post)
    return max(row.id for row in press.all_posts.list())


def real_account(press: Press, sandbox: Running, service: Service = Service.TWITTER) -> Account:
    """One that is not marked as the sandbox's, although the sandbox plays its platform."""
    made = sandbox.account(service)
    connection = connection_of(service, made).model_copy(update={"sandbox": False})
    return press.accounts.add(connection)


def now(_: Service) -> Options:
    return Options()


def run(
    instance: dg.DagsterInstance, job: str = "publish_due_posts", *, fails: bool = False
) -> dg.ExecuteInProcessResult:
    done = defs().resolve_job_def(job).execute_in_process(instance=instance, raise_on_error=False)
    assert done.success is not fails
    return done


def reported(instance: dg.DagsterInstance, name: str) -> list[tuple[str | None, dict[str, Any]]]:
    """(partition, metadata) of every materialisation, oldest first."""
    found = instance.fetch_materializations(dg.AssetKey(name.split("/")), limit=100).records
    told = []
    for record in reversed(found):
        event = record.asset_materialization
        assert event is not None
        told.append((event.partition, {k: v.value for k, v in event.metadata.items()}))
    return told


def logged(instance: dg.DagsterInstance, done: dg.ExecuteInProcessResult) -> str:
    return "\n".join(entry.message for entry in instance.all_logs(done.run_id))


def due(press: Press, post_id: int, **ago: float) -> None:
    """It was due so long ago."""
    at = (datetime.now(UTC) - timedelta(**ago)).replace(tzinfo=None)
    with press.shop.engine.begin() as connection:
        connection.execute(
            text("UPDATE publication SET due_at = :at, next_at = :at WHERE post_id = :post"),
            {"at": at, "post": post_id},
        )


def outgrown(press: Press, add: Callable[..., int]) -> int:
    """A post planned for now that X would take no more, as after it changed a limit; its ID."""
    post = add("It will fail.")
    press.plan(post, None, None, now)
    with press.shop.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE publication SET outgoing = json_set(outgoing, '$.text', :long) "
                "WHERE post_id = :post"
            ),
            {"long": "long " * 100, "post": post},
        )
    return post


# What goes out


def test_what_is_due_goes_out_and_is_reported_once(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    tweet, late = add("Water early."), add("Water late.")
    post = draft(press)
    press.approve([post])
    for one in (tweet, post):
        press.plan(one, None, None, now)
    press.plan(late, None, datetime.now(UTC) + timedelta(hours=1), now)
    run(instance)
    assert sorted(p["text"] for p in sandbox.posts()) == sorted(
        ["Water early.", str(_SOCIAL["post_text"])]
    )
    told = reported(instance, "social/twitter/publication")
    assert {partition for partition, _ in told} == {"garden", press.post(tweet).content_id}
    metadata = dict(told)["garden"]
    assert metadata["account"] == "Sandbox Person 1 (sandbox)"
    assert metadata["commits"] == 1
    (shown,) = press.post(post).publications
    assert metadata["url"] == shown.url
    assert shown.url is not None
    assert shown.url.startswith(f"{sandbox.url}/#twitter-")
    run(instance)
    assert len(reported(instance, "social/twitter/publication")) == 2
    assert len(sandbox.posts()) == 2
    assert press.post(late).status == "scheduled"


def test_videos_are_reported_where_they_belong(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    """Also what went out from the command line."""
    post = add("Water early.")
    with press.shop.engine.begin() as connection:
        connection.execute(
            text("UPDATE social_post SET form = 'video', platform = 'youtube', content_id = 'a'"),
        )
    with pytest.raises(Exception, match="cannot be read"):
        press.plan(post, None, None, now)
    with press.shop.engine.begin() as connection:
        connection.execute(text("UPDATE social_post SET form = 'own', platform = 'twitter'"))
    press.sweep(only=[press.plan(post, None, None, now)])
    assert len(sandbox.posts()) == 1
    with press.shop.engine.begin() as connection:
        connection.execute(text("UPDATE social_post SET form = 'video', platform = 'youtube'"))
    run(instance)
    assert [partition for partition, _ in reported(instance, "video/youtube/publication")] == ["a"]
    assert reported(instance, "social/twitter/publication") == []


def test_a_post_due_while_a_sweep_stays_goes_out_on_the_second(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    at = datetime.now(UTC) + timedelta(seconds=4)
    post = add("On time.")
    press.plan(post, None, at, now)
    run(instance)
    (planned,) = press.post(post).publications
    assert planned.published_at is not None
    assert timedelta(0) <= planned.published_at - at < timedelta(seconds=2)


def test_what_fails_is_said_in_the_run_and_stops_nothing(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    bad = outgrown(press, add)
    press.plan(add("Something else."), None, None, now)
    done = run(instance)
    assert press.post(bad).status == "failed"
    assert f"Post {bad} for Sandbox Person 1: failed. " in logged(instance, done)
    assert len(sandbox.posts()) == len(reported(instance, "social/twitter/publication")) == 1


def test_a_sandbox_that_is_gone_holds_up_no_real_account(
    instance: dg.DagsterInstance,
    press: Press,
    sandbox: Running,
    add: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost, real = add("For the sandbox."), add("For the account.")
    press.plan(lost, "sandbox", None, now)
    account = real_account(press, sandbox)
    press.plan(real, str(account.id), None, now)
    monkeypatch.setenv("IGNY8_SANDBOX_URL", "http://sandbox.invalid:8765")
    monkeypatch.setattr(sweeps, "_STAY", 0.0)
    run(instance)
    assert press.post(real).status == "published"
    assert press.post(lost).status == "scheduled"
    assert [partition for partition, _ in reported(instance, "social/twitter/publication")] == [
        press.post(real).content_id
    ]


def test_a_setting_that_does_not_fit_is_one_sentence(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_PAY_FOR_LINKS", "perhaps")
    done = run(instance, fails=True)
    (failure,) = (e for e in done.all_events if e.is_step_failure)
    assert failure.step_failure_data.error is not None
    assert "The setting IGNY8_PAY_FOR_LINKS does not fit" in str(
        failure.step_failure_data.error.message
    )


# Housekeeping


def test_tokens_are_renewed(instance: dg.DagsterInstance, press: Press, sandbox: Running) -> None:
    def hold(service: Service, name: str) -> Account:
        given = connection_of(service, sandbox.account(service, name=name))
        aged = {
            "issued_at": datetime.now(UTC) - timedelta(hours=24),
            "expires_at": datetime.now(UTC) + timedelta(minutes=1),
        }
        grant = given.grant.model_copy(update=aged)
        return press.accounts.add(given.model_copy(update={"grant": grant}))

    account = hold(Service.TWITTER, "Old")
    hold(Service.TIKTOK, "Ended")
    sandbox.revoke("tiktok")
    done = run(instance, "refresh_tokens")
    assert "The token of Old was renewed." in logged(instance, done)
    assert "Ended: needs reconnect." in logged(instance, done)
    expires = press.accounts.get(account.id).expires_at
    assert expires is not None
    assert expires > datetime.now(UTC) + timedelta(minutes=30)
    assert "Old" not in logged(instance, run(instance, "refresh_tokens"))


def test_old_failures_are_given_up(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    bad = outgrown(press, add)
    run(instance)
    run(instance, "cleanup_failed_posts")
    assert press.post(bad).status == "failed"
    due(press, bad, days=8)
    done = run(instance, "cleanup_failed_posts")
    assert "1 posts given up" in logged(instance, done)
    (planned,) = press.post(bad).publications
    assert planned.status == "cancelled"


# The watch


def test_the_watch_is_red_and_its_run_fails_when_something_is_late(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    run(instance, "watch_due_posts")
    post = add("Forgotten.")
    press.plan(post, None, None, now)
    due(press, post, minutes=9)
    run(instance, "watch_due_posts")
    due(press, post, minutes=11)
    done = run(instance, "watch_due_posts", fails=True)
    (evaluation,) = done.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.severity is dg.AssetCheckSeverity.ERROR
    assert evaluation.description is not None
    assert f"Post {post} was due" in evaluation.description
    run(instance)
    run(instance, "watch_due_posts")


def test_the_watch_sees_what_waits_for_a_person_and_not_what_waits_for_a_limit(
    press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    post = add("Waiting.")
    press.plan(post, None, None, now)
    due(press, post, minutes=11)
    (account,) = press.accounts.list()

    def passed() -> bool:
        result = nothing_overdue(workshop=WorkshopResource())
        assert isinstance(result, dg.AssetCheckResult)
        return result.passed

    press.accounts.park(account.id, datetime.now(UTC) + timedelta(hours=1), "Enough for today.")
    assert passed()
    press.accounts.park(account.id, None, "")
    press.accounts.needs_reconnect(account.id, "The token was revoked.")
    assert not passed()


# What starts a sweep


def _tick() -> dg.RunRequest | dg.SkipReason:
    asked = publish_every_five_minutes(dg.build_schedule_context(), workshop=WorkshopResource())
    assert isinstance(asked, dg.RunRequest | dg.SkipReason)
    return asked


def _sense(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    asked = publish_now(dg.build_sensor_context(instance=instance), workshop=WorkshopResource())
    assert isinstance(asked, dg.RunRequest | dg.SkipReason)
    return asked


def test_the_schedule_starts_a_sweep_for_what_is_due_within_five_minutes(
    press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    assert isinstance(_tick(), dg.SkipReason)
    post = add("Soon.")
    press.plan(post, None, datetime.now(UTC) + timedelta(minutes=7), now)
    assert isinstance(_tick(), dg.SkipReason)
    press.plan(post, None, datetime.now(UTC) + timedelta(minutes=4), now)
    assert isinstance(_tick(), dg.RunRequest)


def test_the_schedule_starts_one_to_report_what_went_out_elsewhere(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    press.sweep(only=[press.plan(add("By hand."), None, None, now)])
    assert isinstance(_tick(), dg.RunRequest)
    run(instance)
    assert isinstance(_tick(), dg.SkipReason)


def test_nothing_is_started_for_an_account_that_waits(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    press.plan(add("Waiting."), None, None, now)
    assert isinstance(_sense(instance), dg.RunRequest)
    (account,) = press.accounts.list()
    press.accounts.park(account.id, datetime.now(UTC) + timedelta(hours=1), "Enough for today.")
    assert isinstance(_sense(instance), dg.SkipReason)
    assert isinstance(_tick(), dg.SkipReason)
    press.accounts.park(account.id, None, "")
    press.accounts.park(account.id, datetime.now(UTC) + timedelta(minutes=4), "Enough for now.")
    assert isinstance(_sense(instance), dg.SkipReason)
    assert isinstance(_tick(), dg.RunRequest)
    press.accounts.park(account.id, None, "")
    press.accounts.needs_reconnect(account.id, "The token was revoked.")
    assert isinstance(_sense(instance), dg.SkipReason)
    assert isinstance(_tick(), dg.SkipReason)


def test_publish_now_starts_one_sweep_and_no_second(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    assert isinstance(_sense(instance), dg.SkipReason)
    post = add("Now.")
    press.plan(post, None, datetime.now(UTC) + timedelta(minutes=2), now)
    assert isinstance(_sense(instance), dg.SkipReason)
    press.plan(post, None, datetime.now(UTC) + timedelta(seconds=2), now)
    assert isinstance(_sense(instance), dg.RunRequest)
    job = defs().resolve_job_def("publish_due_posts")
    under_way = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert isinstance(_sense(instance), dg.SkipReason)
    instance.report_run_canceled(under_way)
    assert isinstance(_sense(instance), dg.RunRequest)
    run(instance)
    assert isinstance(_sense(instance), dg.SkipReason)


# Without a person


@pytest.fixture
def unattended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_AUTO_APPROVE", "twitter")


@pytest.mark.usefixtures("unattended")
def test_fresh_drafts_of_a_platform_that_is_switched_on_go_out(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    real_account(press, sandbox)
    fresh, old = draft(press), draft(press, "old", "It has lain there for two days.")
    other = draft(press, platform="facebook")
    with press.shop.engine.begin() as connection:
        connection.execute(
            text("UPDATE social_post SET created_at = :at WHERE id = :old"),
            {"at": datetime.now(UTC).replace(tzinfo=None) - timedelta(days=2), "old": old},
        )
    assert isinstance(_tick(), dg.RunRequest)
    done = run(instance)
    assert f"Planned automatically: posts {fresh}." in logged(instance, done)
    assert [post["text"] for post in sandbox.posts()] == [_SOCIAL["post_text"]]
    assert press.post(fresh).approved_by == "automatic"
    assert (press.post(old).status, press.post(other).status) == ("draft", "draft")
    assert isinstance(_tick(), dg.SkipReason)


@pytest.mark.usefixtures("unattended")
def test_what_is_out_is_not_offered_again(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    real_account(press, sandbox)
    post = draft(press)
    run(instance)
    assert draft(press, words="We water at six in the morning, and so should you.") == post
    assert len(sandbox.posts()) == 1


@pytest.mark.usefixtures("unattended")
def test_a_newer_revision_of_what_was_planned_waits_for_its_person(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    account = real_account(press, sandbox)
    planned = draft(press)
    press.approve([planned])
    press.plan(planned, str(account.id), datetime.now(UTC) + timedelta(days=1), now)
    again = draft(press, words="We water at six in the morning, and so should you.")
    run(instance)
    assert press.post(again).revision == 2
    assert press.post(again).status == "draft"
    assert press.post(planned).status == "scheduled"
    assert sandbox.posts() == []
    (told,) = press.shop.notices.latest(9)
    assert told.kind == "updated"
    assert f"post {planned} is planned for " in told.text
    assert f"post {again} is the new draft" in told.text


def test_what_a_person_approved_is_queued_where_the_site_wants_it(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    real_account(press, sandbox)
    approved, left = draft(press), draft(press, "other", "A draft that nobody approved.")
    press.approve([approved])
    assert isinstance(_tick(), dg.SkipReason)
    press.shop.automations.set("main", {"schedule_approved": "yes"})
    assert isinstance(_tick(), dg.RunRequest)
    run(instance)
    (planned,) = press.post(approved).publications
    assert planned.status == "scheduled"
    assert planned.due_at > datetime.now(UTC)
    assert press.post(left).status == "draft"
    assert isinstance(_tick(), dg.SkipReason)


def test_a_rejected_draft_is_written_anew_where_a_model_writes(
    instance: dg.DagsterInstance, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = draft(press)
    press.reject(post, "shorter")
    assert (press.post(post).status, press.post(post).note) == ("rejected", "shorter")
    assert isinstance(rejected_drafts(workshop=WorkshopResource()), dg.SkipReason)
    monkeypatch.setenv("GPU_SERVER_URL", "http://127.0.0.1:9")
    (asked,) = rejected_drafts(workshop=WorkshopResource())
    assert isinstance(asked, dg.RunRequest)
    done = (
        defs()
        .resolve_job_def("rewrite_rejected_post")
        .execute_in_process(run_config=asked.run_config, instance=instance, raise_on_error=False)
    )
    assert not done.success  # nobody answers there, and there is no such article
    assert press.post(post).status == "rejected"


@pytest.mark.usefixtures("unattended")
@pytest.mark.parametrize("accounts", [0, 2])
def test_without_exactly_one_account_drafts_stay_drafts(
    accounts: int, instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    for _ in range(accounts):
        real_account(press, sandbox)
    post = draft(press)
    done = run(instance)
    assert press.post(post).status == "draft"
    assert ("several accounts" in logged(instance, done)) == (accounts == 2)
    assert sandbox.posts() == []


@pytest.mark.usefixtures("unattended")
def test_a_draft_that_cannot_go_out_stops_nothing_and_its_person_is_told_once(
    instance: dg.DagsterInstance, press: Press, sandbox: Running, add: Callable[..., int]
) -> None:
    account = real_account(press, sandbox)
    bad = draft(press, words="It links to https://example.com/ and that costs extra.")
    unreadable = draft(press, "unreadable", post_type="dance")
    good = draft(press, "good", "This one is fine.")
    planned = add("A person planned this one.")
    press.plan(planned, str(account.id), None, now)
    for _ in range(2):
        done = run(instance)
        assert f"Post {bad} was left to its person: " in logged(instance, done)
    assert press.post(good).status == press.post(planned).status == "published"
    assert press.post(bad).status == press.post(unreadable).status == "draft"
    sent, problem = press.examined(bad)
    assert sent is not None
    assert "links_cost_extra" in problem
    with press.shop.engine.connect() as connection:
        query = "SELECT text FROM notification WHERE kind = 'approval' ORDER BY id"
        told = connection.execute(text(query)).scalars()
        assert [one.partition(" was ")[0] for one in told] == [f"Post {bad}", f"Post {unreadable}"]


@pytest.mark.usefixtures("unattended")
def test_one_that_was_approved_and_not_planned_when_the_process_died_goes_out(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    real_account(press, sandbox)
    post = draft(press)
    press.all_posts.approve_unseen(post)
    run(instance)
    assert press.post(post).status == "published"


@pytest.mark.usefixtures("unattended")
def test_what_a_person_took_back_is_not_sent_again(
    instance: dg.DagsterInstance, press: Press, sandbox: Running
) -> None:
    account = real_account(press, sandbox)
    post = draft(press)
    press.approve([post])
    press.plan(post, str(account.id), datetime.now(UTC) + timedelta(hours=1), now)
    press.planning.cancel(post)
    turned_down = draft(press, "other", "Never say this.")
    press.all_posts.turn_down(turned_down)
    run(instance)
    assert sandbox.posts() == []

"""TikTok posts, against the sandbox that plays TikTok by its contract (no vendor's spec exists)."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.errors import InputError, StorageError
from igny8_media.publishing.api import Api
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import MediaFile, Options, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    NeedsAuth,
    Outcome,
    Permanent,
    Published,
    Quota,
    Ready,
    Retryable,
    Waiting,
)
from igny8_media.publishing.tiktok.adapter import TikTok
from igny8_media.publishing.tiktok.chunks import cut
from igny8_media.sandbox.server import Running
from tests.media_samples import write_picture, write_video
from tests.publishing.helpers import (
    Clock,
    FixedTokens,
    Folder,
    MemoryHandles,
    Stage,
    account,
    answered,
    tools,
)

WORDS = "A day in <Zürich> & #more 🎉"
PUBLIC = Options(privacy="PUBLIC_TO_EVERYONE")


@pytest.fixture
def sandbox(server: Running) -> Running:
    server.reset()
    server.config(processing_seconds=0.0, advance_seconds=0.0, daily_limit={}, rate_limit={})
    return server


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """Files that are also hosted, for TikTok to fetch."""
    root = tmp_path_factory.mktemp("media")
    for number in range(3):
        write_picture(root / f"{number}.jpg", (400, 500), seed=number)
    write_video(root / "film.mp4", size=(360, 640))
    long = (root / "film.mp4").read_bytes()
    free = 69_000_000
    box = free.to_bytes(4, "big") + b"free"  # an MP4 box that players skip
    with (root / "long.mp4").open("wb") as out:
        out.write(long + box)
        out.truncate(len(long) + free)
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield Folder(root, f"http://127.0.0.1:{web.server_port}")
        web.shutdown()
        thread.join()


def file(files: Folder, name: str) -> MediaFile:
    return measure(files.root / name, name)


Enter = Callable[..., Stage]


@pytest.fixture
def enter(sandbox: Running, client: httpx.Client, files: Folder) -> Enter:
    def enter(hooked: httpx.Client | None = None, tokens: Any = None, **given: Any) -> Stage:
        sandbox.config(advance_seconds=0.0)
        made = sandbox.account("tiktok", **given)
        who = account(
            Service.TIKTOK,
            "creator",
            made["platform_user_id"],
            scopes=tuple(made["scopes"]),
            details=made["details"],
        )
        clock = Clock(datetime.now(UTC))
        owned = tokens or FixedTokens(made["access_token"])
        kit = tools(who, files, hooked or client, clock=clock, tokens=owned)
        return Stage(TikTok(kit, Hosts().on_sandbox(sandbox.url)), sandbox, clock)

    return enter


def film(files: Folder, name: str = "film.mp4", **options: Any) -> Outgoing:
    return Outgoing(
        service=Service.TIKTOK,
        kind="video",
        text=WORDS,
        media=(file(files, name),),
        options=PUBLIC.model_copy(update=options),
    )


def photos(files: Folder, count: int = 3, **options: Any) -> Outgoing:
    return Outgoing(
        service=Service.TIKTOK,
        kind="image",
        title="Three",
        text=WORDS,
        media=tuple(file(files, f"{n}.jpg") for n in range(count)),
        options=PUBLIC.model_copy(update=options),
    )


def settled(stage: Stage, post: Outgoing) -> Outcome:
    """What becomes of it when one asks as often as it says."""
    outcome: Outcome = Accepted(0.0)
    for _ in range(60):
        if not isinstance(outcome, Accepted):
            return outcome
        stage.wait(outcome.after)
        outcome = answered(lambda: stage.adapter.status(post, stage.handles, 0))
    return outcome


def published(stage: Stage, post: Outgoing) -> Outcome:
    outcome = stage.publish(post)
    return settled(stage, post) if isinstance(outcome, Accepted) else outcome


def test_a_video_and_photos_are_published_as_they_were_given(enter: Enter, files: Folder) -> None:
    for post in (film(files), photos(files), film(files, "long.mp4")):
        stage = enter()
        assert stage.adapter.validate(post) == []
        outcome = published(stage, post)
        assert isinstance(outcome, Published), outcome
        assert outcome.notes == ()
        shown = stage.sandbox.posts("tiktok")[-1]
        assert shown["text"] == WORDS
        assert shown["id"] == outcome.id
        assert [m["sha256"] for m in shown["media"]] == [f.sha256 for f in post.media]
        assert outcome.url == shown["url"]
        name = stage.adapter.tools.account.details["username"]
        address = f"https://www.tiktok.com/@{name}/video/{outcome.id}"
        assert stage.adapter.permalink(outcome.id) == address


def test_an_id_that_javascript_cannot_hold_keeps_its_digits(enter: Enter, files: Folder) -> None:
    big = "7518937264517394689"  # 2^53 is 9007199254740992

    def answer(request: httpx.Request) -> httpx.Response:
        data = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [int(big)]}
        return httpx.Response(200, json={"data": data, "error": {"code": "ok"}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        stage = enter(fake)
        stage.handles.put("publish", {"id": "v_pub_file~1", "at": stage.clock.now().isoformat()})
        outcome = stage.adapter.status(film(files), stage.handles, 0)
        assert isinstance(outcome, Published)
        assert outcome.id == big
        assert stage.adapter.permalink("v_pub_file~1") == (
            f"https://www.tiktok.com/@{stage.adapter.tools.account.details['username']}/video/{big}"
        )


def test_a_post_in_moderation_is_published_under_the_name_it_has_so_far(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files)
    stage.sandbox.config(processing_seconds=20.0)
    outcome = published(stage, post)
    assert isinstance(outcome, Published)
    assert outcome.url is None
    assert stage.adapter.permalink(outcome.id) is None
    stage.wait(30.0)
    address = stage.adapter.permalink(outcome.id)
    assert address is not None
    assert address.endswith(stage.sandbox.posts("tiktok")[0]["id"])


@pytest.mark.parametrize("kind", ["video", "image"])
def test_drafts_go_to_the_inbox_and_say_what_is_left_to_do(
    kind: str, enter: Enter, files: Folder
) -> None:
    make = film if kind == "video" else photos
    post = make(files, draft=True, privacy=None, made_with_ai=True)
    stage = enter(scopes=["video.upload"])
    assert stage.adapter.validate(post) == []
    outcome = published(stage, post)
    assert isinstance(outcome, Published)
    assert outcome.url is None
    assert stage.sandbox.posts("tiktok")[0]["state"] == "inbox"
    said = " ".join(outcome.notes)
    assert "inbox" in said
    assert "made with AI" in said
    assert ("paste it" in said) == (kind == "video")


def test_the_creator_is_asked_before_each_post_and_decides(enter: Enter, files: Folder) -> None:
    sent: list[Any] = []

    def note(request: httpx.Request) -> None:
        if request.url.path.endswith("/init/"):
            sent.append(json.loads(request.read()))

    with httpx.Client(trust_env=False, event_hooks={"request": [note]}) as hooked:
        stage = enter(hooked, details={"comment_disabled": True, "stitch_disabled": True})
        post = film(files, allow_duet=False, made_with_ai=True, cover_at=0.5, own_brand=True)
        assert isinstance(published(stage, post), Published)
        stage.handles = MemoryHandles()
        assert isinstance(published(stage, photos(files)), Published)
    assert sent[0]["post_info"] == {
        "title": WORDS,
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": True,
        "disable_duet": True,
        "disable_stitch": True,
        "video_cover_timestamp_ms": 500,
        "brand_content_toggle": False,
        "brand_organic_toggle": True,
        "is_aigc": True,
    }
    assert sent[1]["post_info"]["disable_comment"] is True
    assert sent[1]["post_info"]["auto_add_music"] is False


def test_an_audience_or_a_length_the_creator_does_not_have_ends_it(
    enter: Enter, files: Folder
) -> None:
    stage = enter(details={"privacy_level_options": ["SELF_ONLY"]})
    for post in (film(files), photos(files)):
        outcome = stage.publish(post)
        assert isinstance(outcome, Permanent)
        assert "choose one of SELF_ONLY" in outcome.reason
    stage = enter(details={"max_video_post_duration_sec": 0.5})
    assert isinstance(stage.publish(film(files)), Permanent)
    assert stage.sandbox.requests("tiktok").get("prepare", 0) == 0
    assert stage.sandbox.posts() == []


def test_photos_need_an_address_to_be_fetched_from(
    enter: Enter, files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = enter()

    def unset(_: MediaFile) -> str:
        raise InputError("Set MEDIA_CDN_URL.")

    monkeypatch.setattr(files, "public_url", unset)
    assert stage.adapter.validate(photos(files)) == ["Set MEDIA_CDN_URL."]
    stage.handles.put("creator", {"username": "ada", "closed": []})
    assert stage.commit(photos(files)) == Permanent("Set MEDIA_CDN_URL.")


FAULTS = ["reset_after", "error_after", "truncate", "reset_before", "error_before"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["film.mp4", "long.mp4"])
def test_a_video_whose_last_chunk_is_in_doubt_is_asked_about_and_sent_once(
    name: str, fault: str, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files, name)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("tiktok", "commit", fault)
    outcome = stage.commit(post)
    if isinstance(outcome, Ambiguous):
        outcome = stage.probe(post)
    else:
        assert fault == "truncate"  # nothing was cut: the answer has no body
    done = not fault.endswith("before")
    if done:
        assert isinstance(outcome, Accepted | Published)
    else:
        assert outcome == Absent()
        assert isinstance(stage.publish(post), Accepted)
    assert isinstance(settled(stage, post), Published)
    assert [p["media"][0]["sha256"] for p in stage.sandbox.posts()] == [post.media[0].sha256]
    assert stage.sandbox.requests("tiktok")["prepare"] == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_photos_whose_answer_was_lost_are_never_sent_again(
    fault: str, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), photos(files)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("tiktok", "commit", fault)
    since = stage.clock.time
    outcome = stage.commit(post)
    assert isinstance(outcome, Ambiguous), outcome
    while not isinstance(outcome := stage.probe(post, since=since), Ambiguous):
        assert isinstance(outcome, Retryable)
        stage.wait(outcome.after or 0)
    assert "TikTok app" in outcome.check
    assert stage.sandbox.requests("tiktok")["commit"] == 1


def test_photos_whose_answer_was_lost_are_found_where_they_are_listed(
    enter: Enter, files: Folder
) -> None:
    made = int(datetime.now(UTC).timestamp())
    video = {"id": "11", "create_time": made, "share_url": "https://t/11"}
    listed: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/v2/video/list/")
        return httpx.Response(200, json={"data": {"videos": listed}, "error": {"code": "ok"}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        stage, post = enter(fake), photos(files)
        listed.append(video | {"video_description": f"Three {WORDS}"})
        assert stage.probe(post) == Published("11", "https://t/11")
        listed.append(video | {"id": "12", "video_description": WORDS})
        assert isinstance(stage.probe(post), Ambiguous)
        listed[:] = [video | {"video_description": WORDS, "create_time": made - 900}]
        assert isinstance(stage.probe(post), Retryable)
        private = post.model_copy(update={"options": Options(privacy="SELF_ONLY")})
        assert isinstance(stage.probe(private), Ambiguous)


def test_a_chunk_that_breaks_off_is_sent_again_and_no_other(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files, "long.mp4")
    for fault in ("reset_before", "error_after", "reset_after"):
        stage.sandbox.fault("tiktok", "upload", fault)
    assert stage.prepare(post) == Ready()
    # The one that was not taken is sent twice, and those that were, once.
    assert stage.sandbox.requests("tiktok")["upload"] == cut(post.media[0].size).count - 1 + 1
    assert isinstance(stage.commit(post), Accepted)
    assert stage.sandbox.posts()[0]["media"][0]["sha256"] == post.media[0].sha256


def test_another_process_goes_on_where_the_first_died(enter: Enter, files: Folder) -> None:
    left = {"puts": 3}

    def dies(request: httpx.Request) -> None:
        if request.method == "PUT":
            left["puts"] -= 1
            if left["puts"] < 0:
                raise RuntimeError("kill -9")

    post = film(files, "long.mp4")
    with httpx.Client(trust_env=False, event_hooks={"request": [dies]}) as dying:
        stage = enter(dying)
        with pytest.raises(RuntimeError, match="kill"):
            stage.prepare(post)
    with httpx.Client(trust_env=False) as alive:
        before = stage.adapter.tools
        kit = tools(
            before.account,
            files,
            alive,
            clock=stage.clock,
            tokens=before.api._tokens,  # type: ignore[arg-type]
        )
        stage.adapter = TikTok(kit, Hosts().on_sandbox(stage.sandbox.url))
        assert isinstance(published(stage, post), Published)
    counts = stage.sandbox.requests("tiktok")
    assert (counts["prepare"], counts["upload"], counts["commit"]) == (1, 6, 1)


def test_an_upload_whose_address_expired_starts_over(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    stage.wait(4000.0)
    outcome = stage.commit(post)
    assert isinstance(outcome, Retryable)
    assert outcome.afresh
    assert isinstance(published(stage, post), Published)
    assert stage.sandbox.requests("tiktok")["prepare"] == 2
    assert len(stage.sandbox.posts()) == 1


def test_an_upload_that_may_have_arrived_is_not_announced_anew_before_tiktok_surely_knows(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("tiktok", "commit", "reset_before")
    assert isinstance(stage.commit(post), Ambiguous)
    assert stage.probe(post) == Absent()
    stage.wait(4000.0)
    outcome = stage.commit(post)
    assert isinstance(outcome, Retryable)
    assert not outcome.afresh
    waiting = answered(lambda: stage.adapter.prepare(post, stage.handles, 0))
    assert isinstance(waiting, Waiting)
    assert stage.prepare(post) == Ready()
    assert sum(stage.clock.waited) >= 7200
    assert isinstance(stage.commit(post), Accepted)


def test_what_tiktok_cannot_process(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    stage.sandbox.fault("tiktok", "any", "processing_failed")
    outcome = published(stage, post)
    assert isinstance(outcome, Retryable)
    assert outcome.afresh
    stage.handles.drop("")  # as the ledger does
    assert isinstance(published(stage, post), Published)
    stage = enter()
    stage.sandbox.fault("tiktok", "any", "stuck")
    assert isinstance(published(stage, post), Accepted)  # the ledger ends it after a day


@pytest.mark.parametrize(
    ("reason", "afresh"),
    [
        ("internal", True),
        ("video_pull_failed", True),
        ("photo_pull_failed", True),
        ("file_format_check_failed", False),
        ("duration_check_failed", False),
        ("frame_rate_check_failed", False),
        ("picture_size_check_failed", False),
        ("spam_risk", False),
        ("auth_removed", False),
        ("", False),
    ],
)
def test_each_reason_of_a_failure(reason: str, afresh: bool, enter: Enter, files: Folder) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        data = {"status": "FAILED", "fail_reason": reason}
        return httpx.Response(200, json={"data": data, "error": {"code": "ok"}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        stage = enter(fake)
        stage.handles.put(
            "publish",
            {
                "id": "v",
                "at": stage.clock.now().isoformat(),
                "url": "https://u",
                "chunk": 1,
                "count": 1,
            },
        )
        for ask in (stage.adapter.status, stage.adapter.prepare):
            outcome = answered(lambda ask=ask: ask(film(files), stage.handles, 0))  # type: ignore[misc]
            assert isinstance(outcome, Retryable if afresh else Permanent), outcome
            assert reason in outcome.reason
        outcome = stage.probe(film(files))
        assert getattr(outcome, "afresh", False) == afresh


ERRORS: list[tuple[int, str, type[Any]]] = [
    (401, "access_token_invalid", NeedsAuth),
    (401, "scope_not_authorized", NeedsAuth),
    (403, "scope_permission_missed", NeedsAuth),
    (429, "rate_limit_exceeded", Retryable),
    (403, "spam_risk_too_many_posts", Quota),
    (403, "spam_risk_too_many_pending_share", Quota),
    (403, "reached_active_user_cap", Quota),
    (403, "spam_risk_user_banned_from_posting", Permanent),
    (403, "spam_risk", Permanent),
    (403, "spam_risk_text", Permanent),
    (403, "unaudited_client_can_only_post_to_private_accounts", Permanent),
    (403, "url_ownership_unverified", Permanent),
    (403, "privacy_level_option_mismatch", Permanent),
    (400, "invalid_params", Permanent),
    (400, "invalid_file_upload", Permanent),
    (400, "app_version_check_failed", Permanent),
    (418, "something_new", Permanent),
    (500, "internal_error", Ambiguous),
    (200, "internal_error", Ambiguous),
    (200, "spam_risk_text", Permanent),
]


@pytest.mark.parametrize(("status", "code", "kind"), ERRORS)
def test_each_error_of_the_envelope_whatever_the_status(
    status: int, code: str, kind: type[Any], enter: Enter, files: Folder
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        error = {"code": code, "message": "No.", "log_id": "1"}
        return httpx.Response(status, json={"data": {}, "error": error})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        stage = enter(fake, tokens=FixedTokens("token-1", "token-2"))
        outcome = stage.commit(photos(files))
        assert isinstance(outcome, kind), outcome
        asked = answered(lambda: stage.adapter.prepare(film(files), stage.handles, 0))
        assert isinstance(asked, Retryable if kind is Ambiguous else kind)
        if isinstance(outcome, NeedsAuth):
            assert outcome.renewable == (code == "access_token_invalid")
        if isinstance(outcome, Quota):
            assert (outcome.until - stage.clock.now()).total_seconds() == 86400
        if kind is Retryable:
            assert isinstance(outcome, Retryable)
            assert (outcome.after, outcome.counted) == (60.0, False)


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"data":', '{"data":{},"error":{"code":"ok"}}'])
def test_a_commit_without_a_name_is_in_doubt(body: str, enter: Enter, files: Folder) -> None:
    fake = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=body)))
    with fake:
        stage = enter(fake)
        assert isinstance(stage.commit(photos(files)), Ambiguous)
        assert isinstance(stage.prepare(film(files)), Retryable)


@pytest.mark.parametrize("status", [101, 200, 204, 302, 408, 504])
def test_only_tiktok_s_own_word_says_that_the_video_is_there(
    status: int, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    page = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, html="<p>Log in</p>"))
    )
    stage.adapter.tools = replace(
        stage.adapter.tools, api=Api("TikTok", page, FixedTokens(), now=stage.clock.now)
    )
    assert isinstance(stage.commit(post), Ambiguous)


@pytest.mark.parametrize("status", [302, 408, 504])
def test_a_gateway_s_word_leaves_photos_in_doubt(status: int, enter: Enter, files: Folder) -> None:
    fake = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, html="<p>Sorry</p>"))
    )
    with fake:
        assert isinstance(enter(fake).commit(photos(files)), Ambiguous)


def test_a_last_chunk_refused_after_a_doubt_is_asked_about_first(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("tiktok", "commit", "reset_before")
    assert isinstance(stage.commit(post), Ambiguous)
    assert stage.probe(post) == Absent()
    assert stage.prepare(post) == Ready()
    refusing = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(400)))
    stage.adapter.tools = replace(
        stage.adapter.tools, api=Api("TikTok", refusing, FixedTokens(), now=stage.clock.now)
    )
    assert isinstance(stage.commit(post), Ambiguous)
    assert isinstance(stage.commit(post), Permanent)


@pytest.mark.parametrize("url", ["http://169.254.169.254/up", "httpx", "file:///etc/passwd"])
def test_an_address_that_is_none_gets_no_video(url: str, enter: Enter, files: Folder) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        data = {"publish_id": "p1", "upload_url": url, "privacy_level_options": [PUBLIC.privacy]}
        return httpx.Response(200, json={"data": data, "error": {"code": "ok"}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        stage = enter(fake)
        assert isinstance(stage.prepare(film(files)), Retryable)
        assert stage.handles.get("publish") is None


def test_a_token_that_is_refused_is_renewed_once(enter: Enter, files: Folder) -> None:
    stage = enter()
    tokens = stage.adapter.tools.api._tokens
    tokens.left.insert(0, "stale")  # type: ignore[attr-defined]
    assert isinstance(published(stage, film(files)), Published)
    assert isinstance(enter(tokens=FixedTokens("stale")).publish(film(files)), NeedsAuth)


def test_limits_and_quotas_leave_nothing_behind(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    stage.sandbox.fault("tiktok", "commit", "limited", after=90)
    assert stage.prepare(post) == Ready()
    outcome = stage.commit(post)
    assert isinstance(outcome, Retryable)
    assert (outcome.after, outcome.counted, outcome.afresh) == (90.0, False, False)
    assert isinstance(published(stage, post), Published)
    assert stage.sandbox.requests("tiktok")["prepare"] == 1
    stage = enter()
    stage.sandbox.config(daily_limit={"tiktok": 0})
    assert isinstance(stage.publish(post), Quota)


def test_tiktok_takes_no_deletions(enter: Enter) -> None:
    outcome = enter().adapter.delete("1")
    assert isinstance(outcome, Permanent)
    assert "in the TikTok app" in outcome.reason


def test_the_address_for_the_upload_stays_out_of_logs_and_errors(
    enter: Enter, files: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    stage, post = enter(), film(files)
    caplog.set_level("DEBUG")
    assert stage.prepare(post) == Ready()
    secret = stage.handles.get("publish")["url"].partition("upload_token=")[2]
    assert secret
    stage.sandbox.fault("tiktok", "commit", "reset_before")
    outcome = stage.commit(post)
    assert isinstance(outcome, Ambiguous)
    assert secret not in outcome.reason
    httpx_lines = [r.getMessage() for r in caplog.records if r.name == "httpx"]
    assert httpx_lines
    assert not any(secret in line for line in httpx_lines)


def test_a_file_that_is_gone_is_no_doubt(enter: Enter, files: Folder) -> None:
    class Gone(Folder):
        def path(self, file: MediaFile) -> Path:
            raise StorageError("The file is gone; restore it.")

    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    stage.adapter.tools = replace(stage.adapter.tools, media=Gone(files.root))
    assert stage.commit(post) == Retryable("The file is gone; restore it.")

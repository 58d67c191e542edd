"""LinkedIn posts, against the sandbox that plays LinkedIn by its contract."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import AccountKind, Service
from igny8_media.publishing.api import Api
from igny8_media.publishing.linkedin.adapter import LinkedIn
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import Link, MediaFile, Options, Outgoing, Poll
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Published,
    Quota,
    Ready,
    Refused,
    Retryable,
    Waiting,
)
from igny8_media.sandbox.server import Running
from igny8_media.social.littletext import escape
from tests.media_samples import write_pdf, write_picture, write_video
from tests.publishing.helpers import (
    START,
    Clock,
    FixedTokens,
    Folder,
    MemoryHandles,
    Stage,
    account,
    answered,
    tools,
)

KINDS: tuple[AccountKind, ...] = ("person", "organization")
WORDS = "Escape (this) & <that>, a_b* [c] {d} | ~ \\ @e #Tag 1#2 – ça va? 日本 🎉"
TEXT = Outgoing(service=Service.LINKEDIN, kind="text", text=WORDS)


@pytest.fixture
def sandbox(server: Running) -> Running:
    server.reset()
    server.config(processing_seconds=0.0, advance_seconds=0.0, daily_limit={}, rate_limit={})
    return server


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("media")
    for number in range(3):
        write_picture(root / f"{number}.png", seed=number)
    write_pdf(root / "report.pdf")
    write_video(root / "film.mp4", seconds=3.2, size=(240, 240))
    return Folder(root)


def file(files: Folder, name: str, alt: str = "") -> MediaFile:
    return measure(files.root / name, name, alt)


Enter = Callable[..., Stage]


@pytest.fixture
def enter(sandbox: Running, client: httpx.Client, files: Folder) -> Enter:
    def enter(kind: AccountKind = "person", scopes: Sequence[str] = (), **hosts: Any) -> Stage:
        sandbox.config(advance_seconds=0.0)
        given = sandbox.account("linkedin", kind=kind, scopes=list(scopes))
        who = account(
            Service.LINKEDIN, kind, given["platform_user_id"], scopes=tuple(given["scopes"])
        )
        clock = Clock(datetime.now(UTC))
        kit = tools(who, files, client, clock=clock, tokens=FixedTokens(given["access_token"]))
        places = Hosts().on_sandbox(sandbox.url).model_copy(update=hosts)
        return Stage(LinkedIn(kit, places), sandbox, clock)

    return enter


def every_kind(files: Folder) -> dict[str, Outgoing]:
    pictures = tuple(file(files, f"{n}.png", f"Noise {n}") for n in range(3))
    more: dict[str, dict[str, Any]] = {
        "text": {"options": Options(privacy="LOGGED_IN")},
        "image": {"media": pictures[:1]},
        "images": {"media": pictures},
        "document": {"media": (file(files, "report.pdf"),), "title": "Report"},
        "video": {
            "media": (file(files, "film.mp4"),),
            "title": "Film",
            "thumbnail": pictures[1],
        },
        "link": {
            "link": Link(url="https://example.org/a", title="A title", description="About it"),
            "thumbnail": pictures[0],
        },
        "poll": {"poll": Poll(question="Which?", options=("This", "That"), minutes=4320)},
    }
    return {
        kind: Outgoing(service=Service.LINKEDIN, kind=kind, text=WORDS, **fields)  # type: ignore[arg-type]
        for kind, fields in more.items()
    }


@pytest.mark.parametrize("who", KINDS)
def test_every_kind_is_published_as_it_was_given(
    who: AccountKind, enter: Enter, files: Folder
) -> None:
    for kind, post in every_kind(files).items():
        stage = enter(who)
        assert stage.adapter.validate(post) == []
        outcome = stage.publish(post)
        assert isinstance(outcome, Published), (kind, outcome)
        shown = stage.sandbox.posts("linkedin")[-1]
        assert (shown["id"], shown["kind"]) == (outcome.id, kind)
        assert shown["text"] == WORDS
        assert outcome.url == stage.adapter.permalink(outcome.id) == shown["url"]
        if kind == "video":
            assert shown["thumbnail"]["sha256"] == post.thumbnail.sha256  # type: ignore[union-attr]
        sent = post.media or ((post.thumbnail,) if post.thumbnail else ())
        assert [m["sha256"] for m in shown["media"]] == [f.sha256 for f in sent]
        if kind.startswith("image"):
            assert [m["alt_text"] for m in shown["media"]] == [f.alt_text for f in sent]
        if post.poll:
            assert shown["poll"]["duration"] == "THREE_DAYS"
        if post.link:
            assert shown["link"] == post.link.model_dump()


def test_organizations_ask_how_far_media_are_and_members_wait_a_while(
    enter: Enter, files: Folder
) -> None:
    post = every_kind(files)["images"]
    for who, asked in (("organization", 3), ("person", 0)):
        stage = enter(who)
        stage.sandbox.config(processing_seconds=15.0)
        before = stage.sandbox.requests("linkedin").get("status", 0)
        waited = answered(lambda: stage.adapter.prepare(post, stage.handles, 0))  # noqa: B023
        assert isinstance(waited, Waiting)
        assert stage.sandbox.requests("linkedin").get("status", 0) - before == asked
        assert isinstance(stage.publish(post), Published)
        assert 14 <= sum(stage.clock.waited) <= 30


def test_a_member_whose_grace_was_too_short_tries_again_at_no_cost(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter("person"), every_kind(files)["document"]
    stage.sandbox.config(processing_seconds=45.0)
    assert stage.prepare(post) == Ready()
    outcome = stage.commit(post)
    while isinstance(outcome, Retryable):
        assert not outcome.counted
        assert not outcome.afresh
        stage.wait(outcome.after or 0)
        outcome = stage.publish(post)
    assert isinstance(outcome, Published)
    assert stage.sandbox.requests("linkedin")["upload"] == 1


@pytest.mark.parametrize("who", KINDS)
def test_media_that_are_never_processed_are_sent_anew_in_the_end(
    who: AccountKind, enter: Enter, files: Folder
) -> None:
    stage, post = enter(who), every_kind(files)["image"]
    stage.sandbox.fault("linkedin", "any", "stuck")
    outcome = stage.publish(post)
    for _ in range(30):
        if not isinstance(outcome, Retryable) or outcome.afresh:
            break
        stage.wait(outcome.after or 0)
        outcome = stage.publish(post)
    assert isinstance(outcome, Retryable)
    assert outcome.afresh
    stage.handles.drop("")  # as the ledger does
    assert isinstance(stage.publish(post), Published)


@pytest.mark.parametrize("who", KINDS)
def test_media_that_cannot_be_processed_end_it(
    who: AccountKind, enter: Enter, files: Folder
) -> None:
    stage = enter(who)
    stage.sandbox.fault("linkedin", "any", "processing_failed")
    outcome = stage.publish(every_kind(files)["image"])
    assert isinstance(outcome, Permanent)
    assert "process" in outcome.reason
    assert stage.sandbox.posts() == []


def test_an_upload_goes_on_where_it_stopped_in_another_process(
    enter: Enter, files: Folder, tmp_path: Path
) -> None:
    big = tmp_path / "big.mp4"
    with big.open("wb") as out:
        out.write((files.root / "film.mp4").read_bytes())
        free = 9 << 20  # an MP4 box that players skip
        out.write(free.to_bytes(4, "big") + b"free" + bytes(free - 8))
    (files.root / "big.mp4").write_bytes(big.read_bytes())
    post = TEXT.model_copy(update={"kind": "video", "media": (file(files, "big.mp4"),)})
    stage = enter("person")
    parts = -(-post.media[0].size // (4 << 20))
    assert parts == 3
    url = stage.sandbox.url
    refuse_after = {"left": 1}

    def interrupted(request: httpx.Request) -> None:
        if request.method == "PUT":
            refuse_after["left"] -= 1
            if refuse_after["left"] < 0:
                raise httpx.ReadError("cut", request=request)

    with httpx.Client(trust_env=False, event_hooks={"request": [interrupted]}) as cut:
        kit = tools(
            stage.adapter.tools.account,
            files,
            cut,
            clock=stage.clock,
            tokens=stage.adapter.tools.api._tokens,  # type: ignore[arg-type]
        )
        first = Stage(LinkedIn(kit, Hosts().on_sandbox(url)), stage.sandbox, stage.clock)
        stopped = first.prepare(post)
    assert isinstance(stopped, Retryable)
    stage.handles = MemoryHandles(first.handles.written)
    outcome = stage.publish(post)
    assert isinstance(outcome, Published)
    assert stage.sandbox.posts()[0]["media"][0]["sha256"] == post.media[0].sha256
    counts = stage.sandbox.requests("linkedin")
    assert counts["upload"] == parts
    assert counts["prepare"] == 2  # announced once, finished once


@pytest.mark.parametrize("who", KINDS)
@pytest.mark.parametrize("fault", ["reset_after", "error_after", "truncate", "duplicate"])
def test_a_post_whose_answer_was_lost_is_found_again(
    who: AccountKind, fault: str, enter: Enter
) -> None:
    stage = enter(who)
    assert stage.prepare(TEXT) == Ready()
    stage.sandbox.fault("linkedin", "commit", fault)
    since = stage.clock.time
    outcome = stage.commit(TEXT)
    if isinstance(outcome, Published):  # nothing was cut: the body is empty
        assert fault == "truncate"
    else:
        assert isinstance(outcome, Ambiguous)
        outcome = stage.probe(TEXT, since=since)
    live = stage.sandbox.posts()
    assert isinstance(outcome, Published)
    assert [post["id"] for post in live] == [outcome.id]


words = st.text(st.sampled_from("ab é日🎉\\|{}@[]()<>#*_~\n") | st.characters(), max_size=40)
tags = st.sampled_from(("#Tag", "#two_words", "#1", "@[Ada](urn:li:person:x)", "{hashtag|\\#|a}"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(words | tags, min_size=1, max_size=6).map(" ".join))
def test_whatever_was_written_is_found_again(enter: Enter, text: str) -> None:
    stage, post = enter("organization"), TEXT.model_copy(update={"text": text})
    assume(stage.adapter.validate(post) == [])
    stage.sandbox.fault("linkedin", "commit", "reset_after")
    since = stage.clock.time
    assert isinstance(stage.publish(post), Ambiguous)
    assert isinstance(stage.probe(post, since=since), Published)
    seen = text.replace("@[Ada](urn:li:person:x)", "Ada").replace("{hashtag|\\#|a}", "#a")
    assert stage.sandbox.posts("linkedin")[-1]["text"] == seen


@pytest.mark.parametrize("fault", ["reset_before", "error_before"])
def test_a_post_that_did_not_arrive_is_told_absent_or_made_by_asking(
    fault: str, enter: Enter
) -> None:
    for who in KINDS:
        stage = enter(who)
        stage.prepare(TEXT)
        stage.sandbox.fault("linkedin", "commit", fault)
        since = stage.clock.time
        assert isinstance(stage.commit(TEXT), Ambiguous)
        found = stage.probe(TEXT, since=since)
        if who == "organization":
            assert found == Absent()
            found = stage.commit(TEXT)
        assert isinstance(found, Published)
        mine = stage.adapter.tools.account.platform_user_id
        assert [p["id"] for p in stage.sandbox.posts() if p["account"] == mine] == [found.id]


def test_an_organization_that_may_not_list_its_posts_is_asked_as_a_member_is(
    enter: Enter,
) -> None:
    stage = enter("organization", scopes=["w_organization_social"])
    stage.prepare(TEXT)
    stage.sandbox.fault("linkedin", "commit", "reset_after")
    since = stage.clock.time
    assert isinstance(stage.commit(TEXT), Ambiguous)
    found = stage.probe(TEXT, since=since)
    assert isinstance(found, Published)
    assert [post["id"] for post in stage.sandbox.posts()] == [found.id]


def test_the_list_of_posts_is_read_to_its_end_and_no_further_than_sense(enter: Enter) -> None:
    stage = enter("organization")
    since = stage.clock.time
    first = stage.publish(TEXT)
    body = stage.handles.get("body")
    for number in range(52):
        stage.handles = MemoryHandles()
        assert isinstance(
            stage.publish(TEXT.model_copy(update={"text": f"Other {number}"})), Published
        )
        stage.handles.put("body", body)
        if number == 25:
            found = stage.probe(TEXT, since=since)
            assert isinstance(found, Published)
            assert isinstance(first, Published)
            assert found.id == first.id
    assert isinstance(stage.probe(TEXT, since=since), Ambiguous)


@pytest.mark.parametrize("links", [None, "x", [None, {"rel": "prev"}]])
def test_a_short_page_that_names_a_next_one_is_not_the_last(links: Any, files: Folder) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["start"] == "0":
            onward = [{"rel": "next", "href": "https://evil.example/"}]
            return httpx.Response(200, json={"elements": [], "paging": {"links": onward}})
        ours = {
            "id": "urn:li:share:7",
            "commentary": escape(TEXT.text),
            "createdAt": int(START.timestamp() * 1000),
        }
        return httpx.Response(200, json={"elements": [ours], "paging": {"links": links}})

    adapter = mocked(answer, files, "organization")
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    found = adapter.probe(TEXT, handles, 0, START)
    assert isinstance(found, Published)
    assert found.id == "urn:li:share:7"


def test_a_member_is_asked_only_between_too_early_and_too_late(enter: Enter) -> None:
    stage = enter("person")
    stage.prepare(TEXT)
    since = stage.clock.time
    ask = lambda: answered(lambda: stage.adapter.probe(TEXT, stage.handles, 0, since))  # noqa: E731
    early = ask()
    assert isinstance(early, Retryable)
    assert early.after == stage.adapter.settle
    stage.clock.time = since + timedelta(minutes=10, seconds=1)
    late = ask()
    assert isinstance(late, Ambiguous)
    assert "Look at the newest posts of Ada" in late.check
    stage.clock.time = since - timedelta(hours=1)
    assert isinstance(ask(), Ambiguous)
    assert stage.sandbox.posts() == []


def test_what_is_resent_is_the_same_to_the_byte(enter: Enter) -> None:
    stage = enter("person")
    stage.prepare(TEXT)
    sent: list[bytes] = []
    stage.adapter.tools.api._client.event_hooks["request"].append(
        lambda request: sent.append(request.read()) if request.url.path.endswith("posts") else None
    )
    stage.sandbox.fault("linkedin", "commit", "reset_after")
    since = stage.clock.time
    stage.commit(TEXT)
    stage.handles = MemoryHandles(stage.handles.written)
    assert isinstance(stage.probe(TEXT, since=since), Published)
    stage.adapter.tools.api._client.event_hooks["request"].clear()
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_what_was_there_before_is_not_taken_for_ours(enter: Enter) -> None:
    stage = enter("organization")
    old = stage.publish(TEXT)
    assert isinstance(old, Published)
    stage.handles = MemoryHandles()
    stage.sandbox.state.posts[0].created_at -= 400
    stage.prepare(TEXT)
    since = stage.clock.time
    assert isinstance(stage.commit(TEXT), Ambiguous)
    assert stage.probe(TEXT, since=since) == Absent()
    again = stage.commit(TEXT)
    assert isinstance(again, Permanent)
    assert old.id in again.reason
    assert len(stage.sandbox.posts()) == 1


def test_the_answer_to_a_member_says_that_it_was_there_before(enter: Enter) -> None:
    stage = enter("person")
    old = stage.publish(TEXT)
    stage.handles = MemoryHandles()
    stage.prepare(TEXT)
    since = stage.clock.time
    assert isinstance(stage.commit(TEXT), Ambiguous)
    found = stage.probe(TEXT, since=since)
    assert isinstance(old, Published)
    assert isinstance(found, Published)
    assert found.id == old.id
    assert found.notes
    assert len(stage.sandbox.posts()) == 1


def test_posts_of_the_same_words_with_other_media_are_told_apart(
    enter: Enter, files: Folder
) -> None:
    stage, posts = enter("organization"), every_kind(files)
    assert isinstance(stage.publish(posts["image"]), Published)
    stage.handles = MemoryHandles()
    since = stage.clock.time
    stage.prepare(posts["images"])
    assert stage.probe(posts["images"], since=since) == Absent()
    stage.handles = MemoryHandles()
    stage.prepare(TEXT)
    assert stage.probe(TEXT, since=since) == Absent()


def test_refusals_have_their_meaning(enter: Enter) -> None:
    stage = enter("person")
    stage.prepare(TEXT)
    for fault, kind in (
        ("limited", Retryable),
        ("limited_bare", Quota),
        ("unauthorized", NeedsAuth),
    ):
        stage.sandbox.fault("linkedin", "commit", fault, after=60)
        assert isinstance(stage.commit(TEXT), kind), fault
    stage.sandbox.fault("linkedin", "commit", "limited_bare")
    quota = stage.commit(TEXT)
    midnight = stage.clock.time.date() + timedelta(days=1)
    assert isinstance(quota, Quota)
    assert quota.until == datetime(midnight.year, midnight.month, midnight.day, tzinfo=UTC)
    assert isinstance(stage.commit(TEXT), Published)
    assert len(stage.sandbox.posts()) == 1


def test_a_token_that_is_over_is_renewed_wherever_that_shows(enter: Enter, files: Folder) -> None:
    for role in ("prepare", "upload", "commit"):
        stage, post = enter(), every_kind(files)["image"]
        tokens = stage.adapter.tools.api._tokens
        tokens.left = [*tokens.left, *tokens.left]  # type: ignore[attr-defined]
        stage.sandbox.fault("linkedin", role, "unauthorized")
        assert isinstance(stage.publish(post), Published)
    assert len(stage.sandbox.posts()) == 3


def test_a_retired_version_halts_linkedin(enter: Enter) -> None:
    stage = enter("person", linkedin_version="202511")
    stage.prepare(TEXT)
    outcome = stage.commit(TEXT)
    assert isinstance(outcome, Halted)
    assert "LINKEDIN_VERSION" in outcome.reason


def test_nobody_listening_is_safe_to_try_again(enter: Enter) -> None:
    stage = enter("person", linkedin_api_url="http://127.0.0.1:9")
    stage.prepare(TEXT)
    assert isinstance(stage.commit(TEXT), Retryable)


def test_taking_down_twice_is_taking_down(enter: Enter) -> None:
    stage = enter("organization")
    made = stage.publish(TEXT)
    assert isinstance(made, Published)
    for _ in range(2):
        assert stage.adapter.delete(made.id) == Absent()
    assert stage.sandbox.posts() == []


# What the sandbox does not say.


def mocked(
    answer: Callable[[httpx.Request], httpx.Response], files: Folder, kind: AccountKind = "person"
) -> LinkedIn:
    return LinkedIn(tools(account(Service.LINKEDIN, kind), files, answer), Hosts())


def refusal(status: int, code: str, message: str = "No.") -> Callable[[httpx.Request], Any]:
    body = {"status": status, "code": code, "message": message}
    return lambda _request: httpx.Response(status, json=body)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "FIELD_LENGTH_TOO_LONG", Permanent),
        (400, "INVALID_URN_ID", Permanent),
        (400, "MEDIA_ASSET_PROCESSING_FAILED", Permanent),
        (400, "MEDIA_ASSET_WAITING_UPLOAD", Retryable),
        (401, "REVOKED_ACCESS_TOKEN", NeedsAuth),
        (403, "ACCESS_DENIED", Permanent),
        (404, "NOT_FOUND", Permanent),
        (409, "CONFLICT", Retryable),
        (422, "UNPROCESSABLE_ENTITY", Permanent),
        (426, "NONEXISTENT_VERSION", Halted),
        (400, "VERSION_MISSING", Halted),
        (429, "TOO_MANY_REQUESTS", Quota),
        (500, "INTERNAL_SERVER_ERROR", Ambiguous),
        (504, "GATEWAY_TIMEOUT", Ambiguous),
    ],
)
def test_each_error_has_its_class(status: int, code: str, outcome: type, files: Folder) -> None:
    handles = MemoryHandles()
    adapter = mocked(refusal(status, code), files)
    adapter.prepare(TEXT, handles, 0)
    assert isinstance(adapter.commit(TEXT, handles, 0), outcome)


def test_a_conflict_and_a_forbidden_picture_are_tried_once_more(files: Folder) -> None:
    adapter, handles = mocked(refusal(409, "CONFLICT"), files), MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    assert isinstance(adapter.commit(TEXT, handles, 0), Retryable)
    assert isinstance(adapter.commit(TEXT, handles, 0), Permanent)
    adapter, handles = mocked(refusal(403, "ACCESS_DENIED"), files), MemoryHandles()
    picture = TEXT.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    handles.put("body", json.dumps({"commentary": ""}))
    assert isinstance(adapter.commit(picture, handles, 0), Retryable)
    assert isinstance(adapter.commit(picture, handles, 0), Permanent)


@pytest.mark.parametrize("name", [None, "", "urn:li:share:", "urn:li:sha", "urn:li:image:1"])
def test_a_post_without_a_name_is_in_doubt(name: str | None, files: Folder) -> None:
    headers = {} if name is None else {"x-restli-id": name}
    adapter = mocked(lambda _: httpx.Response(201, headers=headers), files)
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    assert isinstance(adapter.commit(TEXT, handles, 0), Ambiguous)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/linkedin.com",
        "https://evil-linkedin.com/up",
        "http://www.linkedin.com/up",
        "https://api.linkedin.com:8443@evil.example/up",
        "https://me:you@www.linkedin.com/up",
        "https://[",
        "https://www.linkedin.com\n/up",
    ],
)
def test_the_token_goes_to_nobody_else(address: str, files: Folder) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        value = {"uploadUrl": address, "image": "urn:li:image:1"}
        return httpx.Response(200, json={"value": value})

    picture = TEXT.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    with pytest.raises(Refused) as refused:
        mocked(answer, files).prepare(picture, MemoryHandles(), 0)
    assert isinstance(refused.value.outcome, Permanent)
    assert [request.url.host for request in seen] == ["api.linkedin.com"]


def test_a_video_goes_to_no_address_inside(files: Folder) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        parts = [{"uploadUrl": "http://169.254.169.254/up", "firstByte": 0, "lastByte": 9}]
        value = {"video": "urn:li:video:1", "uploadInstructions": parts}
        return httpx.Response(200, json={"value": value})

    video = file(files, "0.png").model_copy(update={"kind": "video", "mime": "video/mp4"})
    asked = TEXT.model_copy(update={"kind": "video", "media": (video,)})
    with pytest.raises(Refused) as refused:
        mocked(answer, files).prepare(asked, MemoryHandles(), 0)
    assert isinstance(refused.value.outcome, Permanent)
    assert seen == ["api.linkedin.com"]


def test_an_upload_address_that_is_over_is_asked_for_anew(files: Folder) -> None:
    addresses = iter("ab")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            body = {"status": 400, "code": "EXPIRED_UPLOAD_URL", "message": "Expired"}
            old = request.extensions["target"].endswith(b"a")
            return httpx.Response(400, json=body) if old else httpx.Response(201)
        name = next(addresses)
        value = {
            "uploadUrl": f"https://www.linkedin.com/dms/{name}",
            "image": f"urn:li:image:{name}",
            "uploadUrlExpiresAt": 4_000_000_000_000,
        }
        return httpx.Response(200, json={"value": value})

    picture = TEXT.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    handles = MemoryHandles()
    assert isinstance(mocked(answer, files).prepare(picture, handles, 0), Waiting)
    assert handles.get("media:00")["urn"] == "urn:li:image:b"


class Videos:
    """LinkedIn's uploads of videos, with what it says to a cover."""

    def __init__(self, *covers: int) -> None:
        self.covers = list(covers)
        self.announced: list[bool] = []
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        target = request.extensions.get("target", b"").decode()
        if request.method == "PUT" and target == "/cover":
            self.sent.append(request)
            return httpx.Response(self.covers.pop(0))
        if request.method == "PUT":
            return httpx.Response(200, headers={"etag": "e"})
        if request.method == "GET":
            return httpx.Response(200, json={"status": "AVAILABLE"})
        if request.url.path == "/rest/posts":
            return httpx.Response(201, headers={"x-restli-id": "urn:li:ugcPost:1"})
        asked = json.loads(request.content)
        if "finalizeUploadRequest" in asked:
            return httpx.Response(200)
        covered = asked["initializeUploadRequest"]["uploadThumbnail"]
        self.announced.append(covered)
        size = asked["initializeUploadRequest"]["fileSizeBytes"]
        whole = {"uploadUrl": "https://x.example/v", "firstByte": 0, "lastByte": size - 1}
        value = {"video": "urn:li:video:1", "uploadInstructions": [whole]}
        if covered and self.covers:
            value["thumbnailUploadUrl"] = "https://x.example/cover"
        return httpx.Response(200, json={"value": value})


def test_the_cover_of_a_video_goes_before_it_and_without_the_token(files: Folder) -> None:
    linkedin, handles = Videos(503, 201), MemoryHandles()
    post, adapter = every_kind(files)["video"], mocked(linkedin, files)
    assert isinstance(answered(lambda: adapter.prepare(post, handles, 0)), Retryable)
    handles = MemoryHandles(handles.written)
    assert adapter.prepare(post, handles, 0) == Ready()
    assert adapter.prepare(post, handles, 0) == Ready()
    assert linkedin.announced == [True]
    assert len(linkedin.sent) == 2
    sent = linkedin.sent[-1]
    assert "authorization" not in sent.headers
    assert sent.headers["media-type-family"] == "STILLIMAGE"
    assert sent.content == (files.root / "1.png").read_bytes()
    found = adapter.commit(post, handles, 0)
    assert isinstance(found, Published)
    assert found.notes == ()


@pytest.mark.parametrize(("covers", "tries"), [([400], 1), ([404], 1), ([503] * 3, 3), ([], 1)])
def test_a_video_goes_out_without_a_cover_that_is_refused(
    covers: list[int], tries: int, files: Folder
) -> None:
    linkedin, handles = Videos(*covers), MemoryHandles()
    post, adapter = every_kind(files)["video"], mocked(linkedin, files)
    for _ in range(tries - 1):
        assert isinstance(answered(lambda: adapter.prepare(post, handles, 0)), Retryable)  # noqa: B023
        handles = MemoryHandles(handles.written)
    assert adapter.prepare(post, handles, 0) == Ready()
    assert len(linkedin.sent) == len(covers)
    assert linkedin.announced == [True, False]  # one that does not come is not waited for
    found = adapter.commit(post, handles, 0)
    assert isinstance(found, Published)
    assert "no cover of its own" in found.notes[0]


def test_a_video_goes_out_without_a_cover_that_is_gone(files: Folder) -> None:
    linkedin, handles = Videos(201), MemoryHandles()
    video = every_kind(files)["video"]
    assert video.thumbnail is not None
    gone = video.thumbnail.model_copy(update={"key": "gone.png"})
    post, adapter = video.model_copy(update={"thumbnail": gone}), mocked(linkedin, files)
    for _ in range(2):
        assert isinstance(answered(lambda: adapter.prepare(post, handles, 0)), Retryable)
    assert adapter.prepare(post, handles, 0) == Ready()
    found = adapter.commit(post, handles, 0)
    assert isinstance(found, Published)
    assert "no cover of its own" in found.notes[0]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"value": 3}', b'{"value": {"image": 5}}'])
def test_answers_that_make_no_sense_are_outcomes(body: bytes, files: Folder) -> None:
    picture = TEXT.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    adapter = mocked(lambda _: httpx.Response(200, content=body), files, "organization")
    outcome = answered(lambda: adapter.prepare(picture, MemoryHandles(), 0))
    assert isinstance(outcome, Retryable)
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    outcome = answered(lambda: adapter.probe(TEXT, handles, 0, adapter.tools.now()))
    assert isinstance(outcome, Retryable)


def test_a_long_wait_parks_the_account_until_then(files: Folder) -> None:
    adapter = mocked(lambda _: httpx.Response(429, headers={"retry-after": "3600"}), files)
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    outcome = adapter.commit(TEXT, handles, 0)
    assert isinstance(outcome, Quota)
    assert outcome.until == adapter.tools.now() + timedelta(hours=1)


def test_a_duplicate_after_a_clear_refusal_is_not_ours_yet(files: Folder) -> None:
    answers = iter(
        [refusal(429, "TOO_MANY_REQUESTS"), refusal(422, "DUPLICATE_POST", "urn:li:share:5")]
    )
    adapter = mocked(lambda request: next(answers)(request), files)
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    assert isinstance(adapter.commit(TEXT, handles, 0), Quota)
    assert isinstance(adapter.commit(TEXT, handles, 0), Ambiguous)


def test_a_nameless_duplicate_after_a_doubt_that_is_not_listed_is_for_a_person(
    enter: Enter,
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"elements": []})
        return next(answers)(request)

    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("lost")

    answers = iter(
        [lost, refusal(429, "TOO_MANY_REQUESTS"), *[refusal(422, "DUPLICATE_POST", "")] * 2]
    )
    stage = enter("organization")
    fake = httpx.Client(transport=httpx.MockTransport(answer))
    api = Api("LinkedIn", fake, FixedTokens(), now=stage.clock.now)
    stage.adapter.tools = replace(stage.adapter.tools, api=api)
    stage.prepare(TEXT)
    assert isinstance(stage.commit(TEXT), Ambiguous)
    assert stage.probe(TEXT) == Absent()
    assert isinstance(stage.commit(TEXT), Quota)
    assert isinstance(stage.commit(TEXT), Ambiguous)
    outcome = stage.probe(TEXT)
    assert isinstance(outcome, Ambiguous)
    assert outcome.check


@pytest.mark.parametrize("code", ["EXPIRED_UPLOAD_URL", "INVALID_URN_ID", "UNPROCESSABLE_ENTITY"])
def test_a_second_sending_that_is_refused_tells_nothing_of_the_first(
    code: str, files: Folder
) -> None:
    """A member is asked by sending again: were a refusal a verdict, the post could go out twice."""
    refusal = {"status": 400, "code": code, "message": "No."}
    adapter = mocked(lambda _: httpx.Response(400, json=refusal), files)
    handles = MemoryHandles()
    adapter.prepare(TEXT, handles, 0)
    since = adapter.tools.now() - timedelta(minutes=1)
    found = answered(lambda: adapter.probe(TEXT, handles, 0, since))
    assert isinstance(found, Ambiguous)

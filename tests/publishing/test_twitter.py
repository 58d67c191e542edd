"""X posts, against the sandbox that plays X, and each request against X's own specification."""

import html
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import MediaFile, Options, Outgoing, Poll
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    NeedsAuth,
    Permanent,
    Published,
    Quota,
    Ready,
    Retryable,
    Waiting,
)
from igny8_media.publishing.twitter.adapter import Twitter
from igny8_media.publishing.twitter.finding import is_same
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

SPEC = Path(__file__).parents[3] / "shared/specs/x/openapi.json"
WORDS = "Tea & <cake> – ça va? 日本 🎉\n\nSee https://example.org/a?b=1&c=2 and example.dev."
PAID = Options(links_cost_extra=True)
TEXT = Outgoing(service=Service.TWITTER, kind="text", text=WORDS, options=PAID)
THREAD = Outgoing(
    service=Service.TWITTER,
    kind="thread",
    text="One & first",
    parts=("One & first", "Two", "Three https://example.org"),
    options=PAID,
)


@pytest.fixture
def sandbox(server: Running) -> Running:
    server.reset()
    server.config(processing_seconds=0.0, advance_seconds=0.0, daily_limit={}, rate_limit={})
    return server


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("media")
    for number in range(4):
        write_picture(root / f"{number}.png", seed=number)
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue", "green")]
    frames[0].save(root / "turn.gif", save_all=True, append_images=frames[1:], duration=80)
    write_video(root / "film.mp4", seconds=2.0, size=(320, 320))
    return Folder(root)


def file(files: Folder, name: str, alt: str = "") -> MediaFile:
    return measure(files.root / name, name, alt)


Enter = Callable[..., Stage]


@pytest.fixture
def enter(sandbox: Running, client: httpx.Client, files: Folder) -> Enter:
    def enter(with_client: httpx.Client | None = None, **details: Any) -> Stage:
        sandbox.config(advance_seconds=0.0)
        given = sandbox.account("twitter", details=details, expires_in=10**6)
        who = account(
            Service.TWITTER, "person", given["platform_user_id"], scopes=tuple(given["scopes"])
        )
        clock = Clock(datetime.now(UTC))
        tokens = FixedTokens(given["access_token"])
        kit = tools(who, files, with_client or client, clock=clock, tokens=tokens)
        return Stage(Twitter(kit, Hosts().on_sandbox(sandbox.url)), sandbox, clock)

    return enter


def every_kind(files: Folder) -> dict[str, Outgoing]:
    pictures = tuple(file(files, f"{n}.png", f"Noise {n}") for n in range(4))
    more: dict[str, dict[str, Any]] = {
        "text": {"options": Options(links_cost_extra=True, reply_settings="following")},
        "picture": {"kind": "image", "media": pictures[:1]},
        "pictures": {"kind": "image", "media": pictures, "text": ""},
        "GIF": {"kind": "image", "media": (file(files, "turn.gif", "It turns"),)},
        "video": {"kind": "video", "media": (file(files, "film.mp4"),)},
        "poll": {"kind": "poll", "poll": Poll(options=("This", "That"), minutes=60)},
        "advertisement": {
            "options": Options(links_cost_extra=True, branded=True, made_with_ai=True)
        },
    }
    return {name: TEXT.model_copy(update=fields) for name, fields in more.items()}


def test_every_kind_is_published_as_it_was_given(enter: Enter, files: Folder) -> None:
    for name, post in every_kind(files).items():
        stage = enter()
        assert stage.adapter.validate(post) == []
        outcome = stage.publish(post)
        assert isinstance(outcome, Published), (name, outcome)
        shown = stage.sandbox.posts("twitter")[-1]
        assert shown["id"] == outcome.id
        assert outcome.url == stage.adapter.permalink(outcome.id) == shown["url"]
        assert shown["text"] == post.text
        assert [m["sha256"] for m in shown["media"]] == [f.sha256 for f in post.media]
        assert [m.get("alt_text", "") for m in shown["media"]] == [f.alt_text for f in post.media]
        if post.poll:
            assert shown["poll"] == {"options": ["This", "That"], "duration_minutes": 60}


def test_a_thread_is_a_chain_of_replies(enter: Enter, files: Folder) -> None:
    thread = THREAD.model_copy(update={"media": (file(files, "0.png"),)})
    stage = enter()
    ids: list[str] = []
    for part in range(stage.adapter.parts(thread)):
        outcome = stage.publish(thread, part)
        assert isinstance(outcome, Published)
        ids.append(outcome.id)
    shown = stage.sandbox.posts("twitter")
    assert [post["text"] for post in shown] == list(thread.parts)
    assert [post.get("reply_to") for post in shown] == [None, *ids[:-1]]
    assert [len(post["media"]) for post in shown] == [1, 0, 0]


def test_a_video_is_waited_for_as_long_as_x_asks(enter: Enter, files: Folder) -> None:
    stage, post = enter(), every_kind(files)["video"]
    stage.sandbox.config(processing_seconds=12.0)
    assert isinstance(stage.publish(post), Published)
    assert stage.clock.waited[0] == 5
    assert 12 <= sum(stage.clock.waited) <= 15
    assert stage.sandbox.requests("twitter")["status"] == len(stage.clock.waited) + 1


def test_what_is_never_processed_is_sent_anew_and_what_cannot_be_ends_it(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter(), every_kind(files)["video"]
    stage.sandbox.fault("twitter", "any", "stuck")
    outcome = stage.prepare(post)
    assert isinstance(outcome, Retryable)
    assert outcome.afresh
    assert isinstance(stage.publish(post), Published)
    stage = enter()
    stage.sandbox.fault("twitter", "any", "processing_failed")
    outcome = stage.publish(post)
    assert isinstance(outcome, Permanent)
    assert "film.mp4" in outcome.reason


def test_an_upload_goes_on_where_it_stopped_in_another_process(enter: Enter, files: Folder) -> None:
    big = files.root / "big.mp4"
    free = 3_000_000  # an MP4 box that players skip
    big.write_bytes(
        (files.root / "film.mp4").read_bytes() + free.to_bytes(4, "big") + b"free" + bytes(free - 8)
    )
    post = TEXT.model_copy(update={"kind": "video", "media": (file(files, "big.mp4"),)})
    segments = -(-post.media[0].size // 1_000_000)
    appended: list[httpx.Request] = []

    def interrupt(request: httpx.Request) -> None:
        if request.url.path.endswith("/append"):
            appended.append(request)
            if len(appended) == 3:
                raise httpx.ReadError("cut", request=request)

    with httpx.Client(trust_env=False, event_hooks={"request": [interrupt]}) as cut:
        stage = enter(cut)
        assert isinstance(stage.prepare(post), Retryable)
        stage.handles = MemoryHandles(stage.handles.written)
        assert isinstance(stage.publish(post), Published)
    assert len(appended) == segments + 1
    assert stage.sandbox.posts()[0]["media"][0]["sha256"] == post.media[0].sha256
    assert stage.sandbox.requests("twitter")["prepare"] == 2  # announced once, finished once


def test_media_that_x_forgot_are_sent_anew(enter: Enter, files: Folder) -> None:
    for number, name in enumerate(("picture", "video"), 1):
        stage, post = enter(), every_kind(files)[name]
        assert stage.prepare(post) == Ready()
        shelf = stage.sandbox.state.shelf("twitter", "media")
        for kept in shelf.values():
            kept["ends"] = 0.0
        outcome = stage.commit(post)
        assert isinstance(outcome, Retryable)
        assert outcome.afresh
        assert isinstance(stage.publish(post), Published)
        stage.handles = MemoryHandles()
        stage.prepare(post)
        stage.wait(86_400)
        assert stage.prepare(post) == Ready()
        assert len(shelf) == 4 * number


LOST = ("reset_after", "error_after", "truncate", "duplicate")


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("name", ["text", "pictures", "GIF", "video", "poll"])
def test_a_post_whose_answer_was_lost_is_found_again(
    name: str, fault: str, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), every_kind(files)[name]
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("twitter", "commit", fault)
    since = stage.clock.time
    assert isinstance(stage.commit(post), Ambiguous)
    found = stage.probe(post, since=since)
    assert isinstance(found, Published)
    assert [live["id"] for live in stage.sandbox.posts()] == [found.id]


words = st.text(st.sampled_from("ab é日🎉&<>\n./:#@$-_") | st.characters(), min_size=1, max_size=60)
links = st.sampled_from(("example.dev", "https://a.org/x?y=1&z=2", "http://b.co/", "HTTPS://C.io"))
texts = st.lists(words | links, min_size=1, max_size=6).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts)
def test_whatever_was_written_is_found_again(enter: Enter, text: str) -> None:
    stage, post = enter(), TEXT.model_copy(update={"text": text})
    assume(stage.adapter.validate(post) == [])
    stage.sandbox.fault("twitter", "commit", "reset_after")
    since = stage.clock.time
    outcome = stage.publish(post)
    if not isinstance(outcome, Ambiguous):
        stage.sandbox.clear_faults()
        assert isinstance(outcome, Permanent)  # the server counts otherwise than the library
        return
    assert isinstance(stage.probe(post, since=since), Published)


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_part_whose_answer_was_lost_is_found_again(part: int, fault: str, enter: Enter) -> None:
    stage = enter()
    for before in range(part):
        assert isinstance(stage.publish(THREAD, before), Published)
    stage.sandbox.fault("twitter", "commit", fault)
    since = stage.clock.time
    assert isinstance(stage.publish(THREAD, part), Ambiguous)
    found = stage.probe(THREAD, part, since=since)
    assert isinstance(found, Published)
    assert [live["id"] for live in stage.sandbox.posts()][-1] == found.id
    assert len(stage.sandbox.posts()) == part + 1


@pytest.mark.parametrize("fault", ["reset_before", "error_before"])
def test_a_post_that_did_not_arrive_is_absent(fault: str, enter: Enter) -> None:
    stage = enter()
    stage.sandbox.fault("twitter", "commit", fault)
    since = stage.clock.time
    assert isinstance(stage.publish(TEXT), Ambiguous)
    assert stage.probe(TEXT, since=since) == Absent()
    assert isinstance(stage.publish(TEXT), Published)
    assert len(stage.sandbox.posts()) == 1


def test_the_timeline_is_read_to_its_end(enter: Enter) -> None:
    stage = enter()
    stage.sandbox.config(rate_limit={"twitter": 1000})
    assert isinstance(stage.publish(TEXT), Published)
    for number in range(120):
        other = TEXT.model_copy(update={"text": f"Other {number}"})
        stage.handles = MemoryHandles()
        assert isinstance(stage.publish(other), Published)
    found = stage.probe(TEXT, since=stage.clock.time)
    assert isinstance(found, Published)
    assert found.id == stage.sandbox.posts()[0]["id"]


def test_the_same_words_elsewhere_are_not_taken_for_ours(enter: Enter, files: Folder) -> None:
    stage = enter()
    words = TEXT.model_copy(update={"text": "Two", "options": Options()})
    assert isinstance(stage.publish(words), Published)
    stage.handles = MemoryHandles()
    assert isinstance(stage.publish(THREAD, 0), Published)
    now = stage.clock.time
    assert stage.probe(THREAD, 1, since=now) == Absent()
    pictured = words.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    stage.handles = MemoryHandles()
    stage.prepare(pictured)
    assert stage.probe(pictured, since=now) == Absent()
    assert isinstance(stage.commit(pictured), Published)
    assert stage.probe(words, since=now) != Absent()


def test_what_was_said_before_is_refused_for_good_once_it_was_looked_up(enter: Enter) -> None:
    stage = enter()
    assert isinstance(stage.publish(TEXT), Published)
    stage.sandbox.state.posts[0].created_at -= 3600
    stage.handles = MemoryHandles()
    since = stage.clock.time
    assert isinstance(stage.publish(TEXT), Ambiguous)
    assert stage.probe(TEXT, since=since) == Absent()
    outcome = stage.publish(TEXT)
    assert isinstance(outcome, Permanent)
    assert "already" in outcome.reason
    assert len(stage.sandbox.posts()) == 1


def test_a_duplicate_that_the_timeline_hides_is_for_a_person(enter: Enter) -> None:
    stage = enter()
    stage.prepare(TEXT)
    stage.sandbox.fault("twitter", "commit", "reset_after")
    assert isinstance(stage.commit(TEXT), Ambiguous)
    # As if the probe had said Absent: replicas lag. A limit in between clears up nothing.
    stage.sandbox.fault("twitter", "commit", "limited")
    assert isinstance(stage.commit(TEXT), Retryable)
    assert isinstance(stage.commit(TEXT), Ambiguous)
    stage.sandbox.state.posts[0].created_at -= 86400  # still hidden
    outcome = stage.probe(TEXT)
    assert isinstance(outcome, Ambiguous)
    assert "Look at the newest posts" in outcome.check
    stage.sandbox.state.posts[0].created_at += 86400
    assert isinstance(stage.probe(TEXT), Published)
    assert len(stage.sandbox.posts()) == 1


def test_refusals_have_their_meaning(enter: Enter) -> None:
    stage = enter()
    stage.sandbox.fault("twitter", "commit", "limited", after=300)
    limited = stage.publish(TEXT)
    assert isinstance(limited, Retryable)
    assert not limited.counted
    assert limited.after == pytest.approx(300, abs=3)
    stage.sandbox.fault("twitter", "commit", "limited_bare")
    assert stage.publish(TEXT) == Retryable("X takes no more requests now.", counted=False)
    stage.sandbox.fault("twitter", "commit", "unauthorized")
    assert isinstance(stage.publish(TEXT), NeedsAuth)
    assert stage.adapter.tools.api.pause is None
    stage.sandbox.config(rate_limit={"twitter": 1})
    assert isinstance(stage.publish(TEXT), Published)
    assert stage.adapter.tools.api.pause is not None
    until = stage.adapter.tools.api.pause[0] - stage.clock.time
    assert timedelta() < until <= timedelta(minutes=15, seconds=2)


def test_a_token_that_is_over_is_renewed_wherever_that_shows(enter: Enter, files: Folder) -> None:
    for role in ("prepare", "upload", "commit"):
        stage, post = enter(), every_kind(files)["picture"]
        tokens = stage.adapter.tools.api._tokens
        tokens.left = [*tokens.left, *tokens.left]  # type: ignore[attr-defined]
        stage.sandbox.fault("twitter", role, "unauthorized")
        assert isinstance(stage.publish(post), Published)
    assert len(stage.sandbox.posts()) == 3


def test_a_thread_that_x_stops_is_told_as_partial(enter: Enter) -> None:
    stage = enter(self_replies=False)
    first = stage.publish(THREAD, 0)
    assert isinstance(first, Published)
    outcome = stage.publish(THREAD, 1)
    assert isinstance(outcome, Permanent)
    assert "not permitted" in outcome.reason
    assert "1 of 3 parts are out" in outcome.reason
    assert str(first.url) in outcome.reason


def test_a_parent_that_is_not_seen_yet_is_asked_for_three_times(enter: Enter) -> None:
    stage = enter()
    stage.handles.put("id:0", "12345")
    for _ in range(3):
        outcome = stage.publish(THREAD, 1)
        assert outcome == Retryable(
            "X does not show the part before to all its machines yet.", after=5.0, counted=False
        )
    outcome = stage.publish(THREAD, 1)
    assert isinstance(outcome, Permanent)
    assert "partial" in outcome.reason


def test_a_part_without_the_one_before_is_refused(enter: Enter) -> None:
    assert isinstance(enter().publish(THREAD, 1), Permanent)


def test_taking_down_twice_is_taking_down(enter: Enter) -> None:
    stage = enter()
    made = stage.publish(TEXT)
    assert isinstance(made, Published)
    for _ in range(2):
        assert stage.adapter.delete(made.id) == Absent()
    assert stage.sandbox.posts() == []


def test_a_clock_that_is_wrong_does_not_hide_a_post(enter: Enter) -> None:
    stage = enter()
    stage.prepare(TEXT)
    for wrong in (timedelta(hours=2), timedelta(hours=-2)):
        stage.clock.time = datetime.now(UTC) + wrong
        stage.sandbox.fault("twitter", "commit", "reset_after")
        since = stage.clock.time
        stage.commit(TEXT)
        stage.adapter.tools.api.skew = None
        found = answered(lambda: stage.adapter.probe(TEXT, stage.handles, 0, since))  # noqa: B023
        assert isinstance(found, Published)
    # Set right between the commit and the question.
    stage.clock.time = datetime.now(UTC)
    ahead = stage.clock.time + timedelta(hours=5)
    found = answered(lambda: stage.adapter.probe(TEXT, stage.handles, 0, ahead))
    assert isinstance(found, Published)


# Against X's specification.


@lru_cache(maxsize=1)
def spec() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
    return document


def operation(request: httpx.Request) -> dict[str, Any]:
    path = request.url.path.removeprefix("/twitter")
    for template, operations in spec()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", template), path):
            found: dict[str, Any] = operations[request.method.lower()]
            return found
    raise AssertionError(f"X has no {path}")


def check(request: httpx.Request) -> str:
    """Fails unless X's specification allows this request; what it was."""
    described = operation(request)
    known = {
        (spec()["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p)[
            "name"
        ]: p
        for p in described.get("parameters", [])
    }
    for name, values in parse_qs(request.url.query.decode()).items():
        if name == "tweet.fields":  # the name before posts were posts, which tweepy sends
            continue
        schema = known[name].get("schema", {})
        value: Any = values[0].split(",") if schema.get("type") == "array" else values[0]
        value = int(value) if schema.get("type") == "integer" else value
        validate(value, schema)
    wanted = described.get("requestBody", {}).get("content", {})
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind or wanted:
        validate(sent_in(request), wanted[kind]["schema"])
    return f"{request.method} {request.url.path}"


def sent_in(request: httpx.Request) -> Any:
    content = request.read()
    header = request.headers["content-type"]
    if header.startswith("application/json"):
        return json.loads(content)
    parsed = BytesParser().parsebytes(f"Content-Type: {header}\r\n\r\n".encode() + content)
    fields: dict[str, Any] = {}
    for part in parsed.get_payload():
        name = str(part.get_param("name", header="content-disposition"))  # type: ignore[union-attr]
        fields[name] = part.get_payload(decode=True).decode("latin-1")  # type: ignore[union-attr]
    if "segment_index" in fields:
        fields["segment_index"] = int(fields["segment_index"])
    return fields


def validate(value: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": spec()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


@pytest.mark.skipif(not SPEC.exists(), reason="X's specification is not beside the repository")
def test_every_request_is_one_that_x_specifies(enter: Enter, files: Folder) -> None:
    sent: list[str] = []
    hook = {"request": [lambda request: sent.append(check(request))]}
    with httpx.Client(trust_env=False, event_hooks=hook) as watched:
        for post in every_kind(files).values():
            stage = enter(watched)
            stage.sandbox.config(processing_seconds=3.0)
            made = stage.publish(post)
            stage.probe(post)
            assert isinstance(made, Published)
            stage.adapter.delete(made.id)
        stage = enter(watched)
        for part in range(3):
            stage.publish(THREAD, part)
    told = {re.sub(r"\d{5,}", "ID", line.replace("/twitter", "")) for line in sent}
    assert told == {
        "POST /2/tweets",
        "DELETE /2/tweets/ID",
        "GET /2/users/ID/tweets",
        "POST /2/media/upload",
        "GET /2/media/upload",
        "POST /2/media/upload/initialize",
        "POST /2/media/upload/ID/append",
        "POST /2/media/upload/ID/finalize",
        "POST /2/media/metadata",
    }


# What the sandbox does not say.


def mocked(answer: Callable[[httpx.Request], httpx.Response], files: Folder) -> Twitter:
    return Twitter(tools(account(Service.TWITTER, "person"), files, answer), Hosts())


PROBLEMS = "https://api.x.com/2/problems/"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, {"type": f"{PROBLEMS}invalid-request", "detail": "Bad."}, Permanent),
        (401, {"title": "Unauthorized"}, NeedsAuth),
        (402, {"title": "CreditsDepleted", "detail": "No credits."}, Quota),
        (403, {"type": f"{PROBLEMS}usage-capped", "title": "UsageCapExceeded"}, Quota),
        (403, {"type": f"{PROBLEMS}client-forbidden", "detail": "Enrol first."}, Permanent),
        (403, {"detail": "You are not permitted to perform this action."}, Permanent),
        (403, {"detail": "The credentials given are app-only; duplicate content"}, Ambiguous),
        (
            403,
            {
                "title": "Unsupported Authentication",
                "type": f"{PROBLEMS}unsupported-authentication",
            },
            NeedsAuth,
        ),
        (404, {"title": "Not Found Error"}, Permanent),
        (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, Retryable),
        (500, {}, Ambiguous),
        (503, {"title": "Service Unavailable"}, Ambiguous),
        (201, {}, Ambiguous),
        (201, {"data": {"id": ""}}, Ambiguous),
        (201, {"data": {"id": 5}}, Ambiguous),
        (200, {"errors": [{"detail": "Something"}]}, Ambiguous),
        (201, {"data": {"id": "77", "text": "x"}, "errors": [{"detail": "aside"}]}, Published),
    ],
)
def test_each_answer_has_its_class(
    status: int, body: dict[str, Any], outcome: type, files: Folder
) -> None:
    adapter = mocked(lambda _: httpx.Response(status, json=body), files)
    found = adapter.commit(TEXT, MemoryHandles(), 0)
    assert isinstance(found, outcome)
    if isinstance(found, Quota):  # of money: its person must hear of it
        assert found.person


def test_the_end_of_the_window_is_told_by_x_s_own_clock(files: Folder) -> None:
    headers = {
        "date": "Fri, 20 Nov 2026 10:00:00 GMT",  # two hours behind this machine's clock
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(int(datetime(2026, 11, 20, 10, 7, tzinfo=UTC).timestamp())),
    }
    adapter = mocked(lambda _: httpx.Response(429, headers=headers), files)
    outcome = adapter.commit(TEXT, MemoryHandles(), 0)
    assert isinstance(outcome, Retryable)
    assert outcome.after == 420


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": 5}', b'{"meta": {}, "data": {"a": 1}}'])
def test_answers_that_make_no_sense_are_outcomes(body: bytes, files: Folder) -> None:
    adapter = mocked(lambda _: httpx.Response(200, content=body), files)
    picture = TEXT.model_copy(update={"kind": "image", "media": (file(files, "0.png"),)})
    for post in (picture, TEXT.model_copy(update={"kind": "video", "media": picture.media})):
        outcome = answered(lambda: adapter.prepare(post, MemoryHandles(), 0))  # noqa: B023
        assert isinstance(outcome, Retryable | Waiting)
    now = adapter.tools.now()
    assert isinstance(answered(lambda: adapter.probe(TEXT, MemoryHandles(), 0, now)), Retryable)
    assert isinstance(answered(lambda: adapter.delete("5")), Retryable)


def shown(text: str, **fields: Any) -> dict[str, Any]:
    return {"id": "9", "text": text, **fields}


def test_a_text_is_known_however_x_shows_it() -> None:
    link = {"url": "https://t.co/abc", "expanded_url": "http://example.dev"}
    media = {"url": "https://t.co/pic", "expanded_url": "https://x.com/ada/status/9/photo/1"}
    cases = [
        ("Tea &amp; &lt;cake&gt;", "Tea & <cake>", {}, True),
        ("Tea and cake", "Tea & cake", {}, False),
        ("See https://t.co/abc.", "See example.dev.", {"entities": {"urls": [link]}}, True),
        (
            "See https://t.co/abc.",
            "See https://example.dev/.",
            {"entities": {"urls": [link]}},
            True,
        ),
        ("See https://t.co/abc.", "See other.dev.", {"entities": {"urls": [link]}}, False),
        ("See https://t.co/abc.", "See other.dev.", {}, True),
        ("See https://t.co/abc", "See nothing", {}, False),
        ("See https://t.co/abc", "See", {}, False),
        ("Look https://t.co/pic", "Look", {"entities": {"urls": [media]}}, False),
        ("  Trimmed \n\n text", " Trimmed\n\ntext ", {}, True),
        ("cafe\u0301", "café", {}, True),
    ]
    for listed, sent, fields, same in cases:
        assert is_same(shown(listed, **fields), sent, (), None) is same, (listed, sent)
    unexplained = shown("Look https://t.co/pic", attachments={"media_keys": ["3_11"]})
    assert is_same(unexplained, "Look", ("11",), None)
    assert not is_same(unexplained, "Look", ("12",), None)
    assert not is_same(unexplained, "Look out", ("11",), None)
    untold = shown("Look https://t.co/pic")
    assert is_same(untold, "Look", ("11",), None)
    assert is_same(shown("Look https://t.co/pic", entities={"urls": [media]}), "Look", ("1",), None)
    assert not is_same(shown("Look"), "Look", ("11",), None)


def test_a_reply_is_known_by_what_it_replies_to() -> None:
    for name in ("referenced_tweets", "referenced_posts"):
        reply = shown("Two", **{name: [{"type": "replied_to", "id": "8"}]})
        assert is_same(reply, "Two", (), "8")
        assert not is_same(reply, "Two", (), "7")
        assert not is_same(reply, "Two", (), None)
    assert not is_same(shown("Two", conversation_id="1"), "Two", (), None)
    assert is_same(shown("Two", conversation_id="1"), "Two", (), "8")
    assert not is_same(shown("Two", conversation_id="9"), "Two", (), "8")


@given(st.text(), st.text())
@example("", "/")
@example("a", "a /")
def test_other_words_are_other_posts(one: str, other: str) -> None:
    assume(not re.search(r"t\.co|https?://|\w\.\w.*/", one + " " + other))
    same = bool(other.strip()) and plain(one) == plain(other)
    assert is_same(shown(one), other, (), None) == same


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())


def test_who_may_reply_and_what_is_advertised_is_sent(files: Folder) -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(201, json={"data": {"id": "7", "text": ""}})

    chosen = Options(reply_settings="verified", branded=True, made_with_ai=True)
    thread = THREAD.model_copy(update={"options": chosen})
    handles = MemoryHandles()
    handles.put("id:0", "6")
    for part in (0, 1):
        mocked(answer, files).commit(thread, handles, part)
    assert sent == [
        {
            "text": "One & first",
            "reply_settings": "verified",
            "made_with_ai": True,
            "paid_partnership": True,
        },
        {"text": "Two", "reply": {"in_reply_to_tweet_id": "6"}, "paid_partnership": True},
    ]

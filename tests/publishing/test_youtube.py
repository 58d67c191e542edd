"""YouTube videos, against the sandbox that plays YouTube by its contract."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import CaptionTrack, MediaFile, Options, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Halted,
    NeedsAuth,
    Outcome,
    Permanent,
    Published,
    Quota,
    Ready,
    Retryable,
)
from igny8_media.publishing.youtube.adapter import YouTube
from igny8_media.publishing.youtube.client import CHUNK, resources
from igny8_media.publishing.youtube.upload import last_chunk, send_until
from igny8_media.sandbox.server import Running
from tests.media_samples import SRT, write_picture, write_video
from tests.publishing.helpers import (
    Clock,
    FixedTokens,
    Folder,
    MemoryHandles,
    Stage,
    account,
    answered,
    media,
    tools,
)

WORDS = "Grüezi & welcome 🎉\n\nMore at https://example.org"
SPECS = Path(__file__).parents[2].parent / "shared" / "specs" / "youtube"


@pytest.fixture
def sandbox(server: Running) -> Running:
    server.reset()
    server.config(processing_seconds=0.0, advance_seconds=0.0, daily_limit={}, rate_limit={})
    return server


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("media")
    write_picture(root / "thumbnail.jpg", (1280, 720))
    write_video(root / "film.mp4", size=(64, 36))
    write_video(root / "short.mp4", size=(36, 64), options={"movflags": "faststart"})
    (root / "en.srt").write_text(SRT, encoding="utf-8")
    (root / "de.srt").write_text(SRT.replace("Grüezi", "Hallo"), encoding="utf-8")
    begins, free = (root / "film.mp4").read_bytes(), 3 * CHUNK
    with (root / "long.mp4").open("wb") as out:
        out.write(begins + free.to_bytes(4, "big") + b"free")  # an MP4 box that players skip
        out.truncate(len(begins) + free)
    return Folder(root)


def file(files: Folder, name: str) -> MediaFile:
    return measure(files.root / name, name)


Enter = Callable[..., Stage]


@pytest.fixture
def enter(sandbox: Running, client: httpx.Client, files: Folder) -> Enter:
    def enter(hooked: httpx.Client | None = None, tokens: Any = None, **given: Any) -> Stage:
        sandbox.config(advance_seconds=0.0)
        made = sandbox.account("youtube", **given)
        who = account(
            Service.YOUTUBE, "channel", made["platform_user_id"], scopes=tuple(made["scopes"])
        )
        clock = Clock(datetime.now(UTC))
        owned = tokens or FixedTokens(made["access_token"])
        kit = tools(who, files, hooked or client, clock=clock, tokens=owned)
        return Stage(YouTube(kit, Hosts().on_sandbox(sandbox.url)), sandbox, clock)

    return enter


def again(stage: Stage, files: Folder, client: httpx.Client) -> None:
    """The same publication, in another process."""
    before = stage.adapter.tools
    tokens: Any = before.api._tokens
    kit = tools(before.account, files, client, clock=stage.clock, tokens=tokens)
    stage.adapter = YouTube(kit, Hosts().on_sandbox(stage.sandbox.url))
    stage.handles = MemoryHandles(stage.handles.written)


def film(files: Folder, name: str = "film.mp4", **fields: Any) -> Outgoing:
    options = Options(**fields.pop("options", {}))
    return Outgoing(
        service=Service.YOUTUBE,
        kind="video",
        title="Film",
        text=WORDS,
        media=(file(files, name),),
        options=options,
        **fields,
    )


def adorned(files: Folder, name: str = "film.mp4") -> Outgoing:
    return film(
        files,
        name,
        thumbnail=file(files, "thumbnail.jpg"),
        captions=(
            CaptionTrack(file=file(files, "en.srt"), language="en", name="English"),
            CaptionTrack(file=file(files, "de.srt"), language="de"),
        ),
    )


def settled(stage: Stage, post: Outgoing, times: int = 60) -> Outcome:
    """What becomes of it when one asks as often as it says."""
    outcome: Outcome = Accepted(0.0)
    for _ in range(times):
        if not isinstance(outcome, Accepted):
            return outcome
        stage.wait(outcome.after)
        outcome = answered(lambda: stage.adapter.status(post, stage.handles, 0))
    return outcome


def published(stage: Stage, post: Outgoing) -> Outcome:
    outcome = stage.publish(post)
    return settled(stage, post) if isinstance(outcome, Accepted) else outcome


def once(stage: Stage, post: Outgoing) -> dict[str, Any]:
    """The one video that is there, which is the one that was given."""
    (shown,) = stage.sandbox.posts("youtube")
    assert [m["sha256"] for m in shown["media"]] == [post.media[0].sha256]
    return shown


@pytest.mark.parametrize("name", ["film.mp4", "short.mp4", "long.mp4"])
def test_a_video_is_published_with_everything_beside_it(
    name: str, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), adorned(files, name)
    stage.sandbox.config(processing_seconds=20.0)
    assert stage.adapter.validate(post) == []
    outcome = published(stage, post)
    assert isinstance(outcome, Published), outcome
    assert outcome.notes == ()
    shown = once(stage, post)
    assert (shown["id"], shown["url"], shown["text"]) == (outcome.id, outcome.url, WORDS)
    assert shown["title"] == "Film"
    assert shown["thumbnail"]["sha256"] == file(files, "thumbnail.jpg").sha256
    tracks = {t["language"]: (t["name"], t["sha256"]) for t in shown["captions"]}
    assert tracks == {
        "en": ("English", file(files, "en.srt").sha256),
        "de": ("", file(files, "de.srt").sha256),
    }
    assert shown["short"] == (name == "short.mp4")
    assert stage.adapter.permalink(outcome.id) == f"https://www.youtube.com/watch?v={outcome.id}"
    # Asked again, nothing is done twice.
    assert answered(lambda: stage.adapter.status(post, stage.handles, 0)) == outcome
    counts = stage.sandbox.requests("youtube")
    chunks = -(-post.media[0].size // CHUNK)
    assert counts["commit"] == 1
    assert counts["upload"] == chunks - 1 + 2 * 3  # and a session and its bytes for each beside it


def test_the_first_request_says_everything_that_is_known(enter: Enter, files: Folder) -> None:
    sent: list[httpx.Request] = []
    with httpx.Client(trust_env=False, event_hooks={"request": [sent.append]}) as hooked:
        stage = enter(hooked)
        at = stage.clock.time + timedelta(days=1)
        post = film(
            files,
            language="de",
            options={
                "tags": ("a", "b c"),
                "category_id": "28",
                "publish_at": at,
                "notify_subscribers": False,
                "branded": True,
                "made_with_ai": True,
            },
        )
        outcome = published(stage, post)
    first = sent[0]
    assert (first.method, first.url.path) == ("POST", "/google/upload/youtube/v3/videos")
    asked = parse_qs(first.url.query.decode())
    assert asked["part"] == ["snippet,status,paidProductPlacementDetails"]
    assert asked["notifySubscribers"] == ["false"]
    assert first.headers["x-upload-content-length"] == str(post.media[0].size)
    assert first.headers["x-upload-content-type"] == "video/mp4"
    body = json.loads(first.read())
    assert body["snippet"]["tags"] == ["a", "b c"]
    assert body["status"]["privacyStatus"] == "private"
    assert isinstance(outcome, Published)
    assert outcome.notes == (f"It becomes public on {at:%Y-%m-%d at %H:%M UTC}.",)


def test_requests_go_to_the_host_of_the_settings() -> None:
    for base in ("https://youtube.googleapis.com", "http://127.0.0.1:9/google"):
        videos = resources(base).videos()
        assert videos.list(part="status", id="x").uri.startswith(f"{base}/youtube/v3/videos?")
        assert resources(base).videos().delete(id="x").uri == f"{base}/youtube/v3/videos?id=x"


FAULTS = ["reset_after", "error_after", "truncate", "reset_before", "error_before"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["film.mp4", "long.mp4"])
def test_a_last_chunk_in_doubt_is_asked_about_and_nothing_is_there_twice(
    name: str, fault: str, enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files, name)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("youtube", "commit", fault)
    outcome = stage.commit(post)
    assert isinstance(outcome, Ambiguous), outcome
    outcome = stage.probe(post)
    if fault.endswith("before"):
        assert outcome == Absent()
        assert isinstance(stage.publish(post), Accepted)
    else:
        assert isinstance(outcome, Accepted)
    assert isinstance(settled(stage, post), Published)
    once(stage, post)
    assert stage.sandbox.requests("youtube")["prepare"] == 1


def test_a_commit_may_follow_the_probe_at_once_or_even_be_repeated(
    enter: Enter, files: Folder
) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    stage.sandbox.fault("youtube", "commit", "reset_before")
    assert isinstance(stage.commit(post), Ambiguous)
    assert stage.probe(post) == Absent()
    made = stage.commit(post)
    assert isinstance(made, Accepted)
    assert stage.commit(post) == stage.probe(post) == made
    stage.handles.drop("video")  # as if the process had died before it was put down
    assert stage.prepare(post) == Ready()
    assert stage.commit(post) == made
    once(stage, post)


def test_a_chunk_that_breaks_off_goes_on_from_what_arrived(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files, "long.mp4")
    for fault in ("reset_before", "error_after", "reset_after"):
        stage.sandbox.fault("youtube", "upload", fault)
    assert stage.prepare(post) == Ready()
    chunks = last_chunk(post.media[0].size) // CHUNK
    assert stage.sandbox.requests("youtube")["upload"] == chunks + 1
    assert isinstance(stage.commit(post), Accepted)
    once(stage, post)


def test_another_process_goes_on_where_the_first_died(
    enter: Enter, files: Folder, client: httpx.Client
) -> None:
    left = {"puts": 2}

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
        assert stage.handles.get("session")["uri"]
        again(stage, files, client)
    assert isinstance(published(stage, post), Published)
    once(stage, post)
    counts = stage.sandbox.requests("youtube")
    assert (counts["prepare"], counts["upload"], counts["commit"]) == (1, 3, 1)


def test_a_session_that_is_gone_is_begun_anew(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    session = stage.handles.get("session")
    stage.handles.put("session", session | {"uri": session["uri"] + "x"})
    outcome = stage.commit(post)
    assert isinstance(outcome, Retryable)
    assert outcome.afresh
    assert stage.publish(post) == Accepted(3.0, once(stage, post)["id"])
    assert stage.sandbox.requests("youtube")["prepare"] == 2


def test_a_session_that_is_gone_before_its_doubt_was_settled(enter: Enter, files: Folder) -> None:
    """While sessions live, one that is unknown got nothing; later, nobody can tell."""
    for days, kind in ((1, Absent), (6.5, Ambiguous)):
        stage, post = enter(), film(files)
        assert stage.prepare(post) == Ready()
        session = stage.handles.get("session")
        stage.handles.put("session", session | {"uri": session["uri"] + "x"})
        stage.clock.wait(days * 86400)
        outcome = stage.probe(post)
        assert isinstance(outcome, kind)
        if isinstance(outcome, Ambiguous):
            assert "YouTube Studio" in outcome.check
            assert "'Film'" in outcome.check


def test_a_video_that_cannot_be_processed_or_never_is(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    stage.sandbox.fault("youtube", "any", "processing_failed")
    outcome = published(stage, post)
    assert isinstance(outcome, Permanent)
    assert "(conversion)" in outcome.reason
    stage = enter()
    stage.sandbox.fault("youtube", "any", "stuck")
    assert isinstance(stage.publish(post), Accepted)
    assert isinstance(settled(stage, post, 20), Accepted)  # the ledger ends it after a day
    assert 600 < sum(stage.clock.waited) < 3600


@pytest.mark.parametrize("early", [True, False])
def test_a_video_that_was_deleted(early: bool, enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    made = stage.publish(post)
    assert isinstance(made, Accepted)
    assert stage.adapter.delete(str(made.id)) == Absent()
    assert stage.adapter.delete(str(made.id)) == Absent()
    stage.wait(60.0 if early else 601.0)
    outcome = answered(lambda: stage.adapter.status(post, stage.handles, 0))
    assert isinstance(outcome, Accepted if early else Permanent)


def test_what_fails_beside_a_video_is_a_note_and_no_failure(enter: Enter, files: Folder) -> None:
    (files.root / "broken.srt").write_text("no captions at all", encoding="utf-8")
    broken = file(files, "en.srt").model_copy(update={"key": "broken.srt", "size": 18})
    missing = file(files, "de.srt").model_copy(update={"key": "missing.srt"})
    post = adorned(files).model_copy(
        update={
            "captions": (
                CaptionTrack(file=broken, language="en"),
                CaptionTrack(file=missing, language="de"),
            )
        }
    )
    stage = enter(details={"phone_verified": False})
    outcome = published(stage, post)
    assert isinstance(outcome, Published)
    thumbnail, english, german = outcome.notes
    assert "youtube.com/verify" in thumbnail
    assert "(unknownFormat)" in english
    assert "captions (de)" in german
    assert "missing.srt" in german


def test_what_may_pass_is_tried_a_few_times(enter: Enter, files: Folder) -> None:
    stage = enter()
    post = film(files, thumbnail=file(files, "thumbnail.jpg"))
    assert isinstance(stage.publish(post), Accepted)
    stage.sandbox.fault("youtube", "upload", "error_before", times=2)
    outcome = settled(stage, post)
    assert isinstance(outcome, Published)
    assert outcome.notes == ()
    stage, stage.handles = enter(), MemoryHandles()
    assert isinstance(stage.publish(post), Accepted)
    stage.sandbox.fault("youtube", "upload", "error_before", times=50)
    outcome = settled(stage, post)
    stage.sandbox.clear_faults()
    assert isinstance(outcome, Published)
    assert "did not take the thumbnail" in outcome.notes[0]


def test_captions_whose_answer_was_lost_are_written_over(enter: Enter, files: Folder) -> None:
    stage = enter()
    post = film(files, captions=adorned(files).captions[:1])
    made = stage.publish(post)
    assert isinstance(made, Accepted)
    api = resources(f"{stage.sandbox.url}/google")
    other = api.captions().insert(
        part="snippet",
        body={"snippet": {"videoId": made.id, "language": "en", "name": "English"}},
        media_body=str(files.root / "de.srt"),
        media_mime_type="text/plain",
    )
    token = stage.adapter.tools.api._tokens.current()
    headers = {**other.headers, "Authorization": f"Bearer {token}"}
    httpx.post(other.uri, content=other.body, headers=headers, trust_env=False).raise_for_status()
    assert isinstance(settled(stage, post), Published)
    (track,) = stage.sandbox.posts("youtube")[0]["captions"]
    assert track["sha256"] == file(files, "en.srt").sha256


def test_a_video_less_visible_than_it_was_meant_to_be_says_so(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files, options={"privacy": "private"})
    assert isinstance(stage.publish(post), Accepted)
    meant = film(files, options={"privacy": "public"})
    outcome = settled(stage, meant)
    assert isinstance(outcome, Published)
    assert outcome.notes == (
        "YouTube made it private and not public; change it in YouTube Studio.",
    )


ERRORS: list[tuple[int, str, type[Any]]] = [
    (403, "quotaExceeded", Quota),
    (403, "dailyLimitExceeded", Quota),
    (429, "quotaExceeded", Quota),
    (400, "uploadLimitExceeded", Quota),
    (403, "rateLimitExceeded", Retryable),
    (403, "userRateLimitExceeded", Retryable),
    (429, "", Retryable),
    (401, "authError", NeedsAuth),
    (401, "youtubeSignupRequired", NeedsAuth),
    (403, "insufficientPermissions", NeedsAuth),
    (403, "accessNotConfigured", Halted),
    (403, "forbidden", Permanent),
    (400, "invalidTitle", Permanent),
    (400, "invalidDescription", Permanent),
    (400, "invalidTags", Permanent),
    (400, "invalidCategoryId", Permanent),
    (400, "invalidPublishAt", Permanent),
    (400, "invalidVideoMetadata", Permanent),
    (400, "mediaBodyRequired", Permanent),
    (400, "invalidFilename", Permanent),
    (400, "defaultLanguageNotSet", Permanent),
    (500, "backendError", Ambiguous),
    (503, "", Ambiguous),
]


def faked(stage: Stage, status: int, body: Any) -> None:
    """From now on everything is answered this way."""
    reply = {"content": body} if isinstance(body, bytes) else {"json": body}
    stage.adapter.tools.api._client = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, **reply))
    )


@pytest.mark.parametrize(("status", "reason", "kind"), ERRORS)
def test_each_error(status: int, reason: str, kind: type[Any], enter: Enter, files: Folder) -> None:
    stage, post = enter(tokens=FixedTokens("token-1", "token-2")), film(files)
    stage.handles.put("session", {"uri": "https://u", "at": stage.clock.now().isoformat()})
    stage.handles.put("next", 0)
    errors = [{"reason": reason, "message": "No.", "domain": "x"}] if reason else []
    faked(stage, status, {"error": {"code": status, "message": "No.", "errors": errors}})
    outcome = stage.commit(post)
    assert isinstance(outcome, kind), outcome
    asked = answered(lambda: stage.adapter.prepare(post, MemoryHandles(), 0))
    assert isinstance(asked, Retryable if kind is Ambiguous else kind)
    if isinstance(outcome, NeedsAuth):
        assert outcome.renewable == (reason == "authError")
    if isinstance(outcome, Quota):
        wait = outcome.until - stage.clock.now()
        assert timedelta(0) < wait <= timedelta(hours=25)
    if isinstance(outcome, Permanent):
        assert reason in outcome.reason
    if kind is Retryable:
        assert isinstance(outcome, Retryable)
        assert (outcome.after, outcome.counted) == (60.0, False)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"id": 7}', b'{"id":', b"<html>"])
def test_a_video_without_a_name_is_in_doubt(body: bytes, enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    stage.handles.put("session", {"uri": "https://u", "at": stage.clock.now().isoformat()})
    stage.handles.put("next", 0)
    faked(stage, 200, body)
    assert isinstance(stage.commit(post), Ambiguous)
    assert isinstance(stage.probe(post), Retryable)
    assert isinstance(answered(lambda: stage.adapter.prepare(post, stage.handles, 0)), Retryable)
    stage.handles.put("video", {"id": "x", "at": stage.clock.now().isoformat()})
    outcome = answered(lambda: stage.adapter.status(post, stage.handles, 0))
    assert isinstance(outcome, Retryable)


@pytest.mark.parametrize("name", ["apidata_error_permission_resp", "error_response"])
def test_recorded_errors_are_understood(name: str, enter: Enter, files: Folder) -> None:
    recorded = SPECS / "testdata" / f"{name}.json"
    if not recorded.exists():
        pytest.skip("the recordings are not beside this repository")
    body = json.loads(recorded.read_text())
    stage = enter()
    faked(stage, body["error"]["code"], body)
    outcome = stage.publish(film(files))
    assert isinstance(outcome, Permanent | Halted)
    assert body["error"]["errors"][0]["reason"] in outcome.reason


def test_a_recorded_upload_is_understood(enter: Enter, files: Folder) -> None:
    recorded = SPECS / "testdata" / "apidata_videos_insert_response.json"
    if not recorded.exists():
        pytest.skip("the recordings are not beside this repository")
    stage, post = enter(), film(files)
    stage.handles.put("session", {"uri": "https://u", "at": stage.clock.now().isoformat()})
    stage.handles.put("next", 0)
    faked(stage, 200, json.loads(recorded.read_text()))
    assert stage.commit(post) == Accepted(3.0, "D-lhorsDlUQ")


def test_a_token_that_is_refused_in_the_middle_is_renewed_once(enter: Enter, files: Folder) -> None:
    stage, post = enter(), film(files)
    tokens: Any = stage.adapter.tools.api._tokens
    assert stage.prepare(post) == Ready()
    tokens.left.insert(0, "stale")
    assert isinstance(stage.commit(post), Accepted)
    tokens.left.insert(0, "stale")
    assert isinstance(settled(stage, post), Published)
    assert isinstance(enter(tokens=FixedTokens("stale")).publish(post), NeedsAuth)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/upload?upload_id=1",
        "http://www.googleapis.com/upload?upload_id=1",
        "https://googleapis.com.evil.example/upload?upload_id=1",
        "https://me:you@www.googleapis.com/upload?upload_id=1",
        "//evil.example/upload",
    ],
)
def test_the_token_goes_to_nobody_else(address: str, enter: Enter, files: Folder) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(200, headers={"Location": address})

    with httpx.Client(transport=httpx.MockTransport(answer)) as fake:
        assert isinstance(enter(fake).prepare(film(files)), Permanent)
    assert seen == ["127.0.0.1"]


def test_the_address_of_the_session_stays_out_of_logs_and_errors(
    enter: Enter, files: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    stage, post = enter(), film(files)
    assert stage.prepare(post) == Ready()
    secret = stage.handles.get("session")["uri"].partition("upload_id=")[2]
    assert secret
    stage.sandbox.fault("youtube", "commit", "reset_before")
    outcome = stage.commit(post)
    assert isinstance(outcome, Ambiguous)
    assert secret not in outcome.reason
    lines = [r.getMessage() for r in caplog.records if r.name == "httpx"]
    assert lines
    assert not any(secret in line for line in lines)


def test_an_upload_needs_no_more_memory_for_a_larger_file(tmp_path: Path) -> None:
    size = 40 * CHUNK
    with (tmp_path / "large.mp4").open("wb") as out:
        out.truncate(size)  # 320 MB that take no room
    have = {"bytes": 0}

    def take(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        for piece in request.stream:
            have["bytes"] += len(piece)
        return httpx.Response(308, headers={"Range": f"bytes=0-{have['bytes'] - 1}"})

    class Wire(httpx.BaseTransport):  # httpx's own mock reads each request whole
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return take(request)

    large = media("large.mp4", "video/mp4", size=size)
    folder = Folder(tmp_path)
    with httpx.Client(transport=Wire()) as client:
        kit = tools(account(Service.YOUTUBE, "channel"), folder, client)
        tracemalloc.start()
        try:
            done = send_until(kit, "https://u", folder.path(large), 0, last_chunk(size), size)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert done.first == have["bytes"] == size - CHUNK
    assert peak < 6_000_000

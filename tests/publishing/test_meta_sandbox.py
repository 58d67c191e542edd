"""Facebook and Instagram against the sandbox, which plays them by their contracts, with faults."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from pydantic import SecretStr

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.facebook.adapter import Facebook
from igny8_media.publishing.instagram.adapter import Instagram
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import Link, MediaFile, Options, Outgoing
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
from igny8_media.sandbox.server import Running
from tests.media_samples import write_picture
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

WORDS = "Grüezi & welcome 🎉\n\nMore at https://example.org <now>"
LONG = 9_000_000
ADAPTERS = {"facebook": (Facebook, "page"), "instagram": (Instagram, "business")}
POSTS = [
    ("facebook", kind) for kind in ("text", "link", "image", "images", "reel", "video", "story")
] + [("instagram", kind) for kind in ("image", "images", "reel", "story")]
# What each kind asks for before and after its commit.
STEPS = [
    *(("facebook", kind, "upload") for kind in ("image", "images", "story")),
    *(
        ("facebook", kind, role)
        for kind in ("reel", "video")
        for role in ("prepare", "upload", "status")
    ),
    *(
        ("instagram", kind, role)
        for kind in ("image", "images", "story")
        for role in ("prepare", "status")
    ),
    *(("instagram", "reel", role) for role in ("prepare", "upload", "status")),
]
SETTLED = [(service, kind) for service, kind in POSTS if (service, kind) != ("facebook", "story")]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """Pictures and videos, hosted on this machine."""
    root = tmp_path_factory.mktemp("media")
    for number in range(2):
        write_picture(root / f"{number}.jpg", (320, 320), seed=number)
    write_picture(root / "cover.jpg", (90, 160))
    _film(root / "reel.mp4")
    begins = (root / "reel.mp4").read_bytes()
    with (root / "long.mp4").open("wb") as out:
        out.write(begins + LONG.to_bytes(4, "big") + b"free")  # an MP4 box that players skip
        out.truncate(len(begins) + LONG)
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
        yield Folder(root, f"http://127.0.0.1:{web.server_port}")
        web.shutdown()


def _film(path: Path) -> None:
    """Three upright seconds, small because nothing moves, with the index first and as they are."""
    whole = {"movflags": "faststart+negative_cts_offsets", "use_editlist": "0"}
    with av.open(str(path), "w", options=whole) as film:
        stream = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 540, 960, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((960, 540, 3), 80, np.uint8), format="rgb24")
        for number in range(75):
            frame.pts = number
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


@pytest.fixture
def sandbox(server: Running) -> Running:
    server.reset()
    server.config(
        processing_seconds=0.0,
        advance_seconds=0.0,
        daily_limit={},
        rate_limit={},
        dedupes=True,
        requires_proof=False,
    )
    return server


Enter = Callable[[str], Stage]


@pytest.fixture
def enter(sandbox: Running, client: httpx.Client, files: Folder) -> Enter:
    def enter(service: str) -> Stage:
        made = sandbox.account(service)
        adapter, kind = ADAPTERS[service]
        who = account(
            Service(service),
            kind,
            made["platform_user_id"],
            scopes=tuple(made["scopes"]),  # type: ignore[arg-type]
        )
        clock = Clock(datetime.now(UTC))
        kit = tools(who, files, client, clock=clock, tokens=FixedTokens(made["access_token"]))
        return Stage(adapter(kit, Hosts().on_sandbox(sandbox.url)), sandbox, clock)

    return enter


def again(stage: Stage, files: Folder, client: httpx.Client) -> None:
    """The same publication, in another process."""
    before = stage.adapter.tools
    tokens: Any = before.api._tokens
    kit = tools(before.account, files, client, clock=stage.clock, tokens=tokens)
    stage.adapter = type(stage.adapter)(kit, Hosts().on_sandbox(stage.sandbox.url))  # type: ignore[call-arg]


def post(files: Folder, service: str, kind: str) -> Outgoing:
    names = {
        "image": ["0.jpg"],
        "images": ["0.jpg", "1.jpg"],
        "story": ["0.jpg"],
        "reel": ["reel.mp4"],
        "video": ["long.mp4"],
    }
    return Outgoing(
        service=Service(service),
        kind=kind,  # type: ignore[arg-type]
        text=WORDS,
        title="A film" if kind in ("reel", "video") else "",
        link=Link(url="https://example.org/a?b=1&c=2") if kind == "link" else None,
        media=tuple(file(files, name) for name in names.get(kind, [])),
        thumbnail=file(files, "cover.jpg") if kind in ("reel", "video") else None,
        options=Options(made_with_ai=True),
    )


def file(files: Folder, name: str) -> MediaFile:
    return measure(files.root / name, name, alt_text="Something")


@pytest.mark.parametrize(("service", "kind"), POSTS)
def test_an_application_may_require_the_proof_of_its_secret(
    enter: Enter, sandbox: Running, files: Folder, service: str, kind: str
) -> None:
    sandbox.config(requires_proof=True)
    stage, asked = enter(service), post(files, service, kind)
    assert isinstance(settled(stage, asked, stage.publish(asked)), Published)


@pytest.mark.parametrize("secret", ["", "another app's"])
def test_without_the_right_secret_the_platform_rests_and_says_what_to_set(
    enter: Enter, sandbox: Running, files: Folder, secret: str
) -> None:
    sandbox.config(requires_proof=True)
    stage = enter("facebook")
    hosts = (
        Hosts().on_sandbox(sandbox.url).model_copy(update={"meta_app_secret": SecretStr(secret)})
    )
    stage.adapter = Facebook(stage.adapter.tools, hosts)
    outcome = stage.publish(post(files, "facebook", "text"))
    assert isinstance(outcome, Halted)
    assert "set META_APP_SECRET" in outcome.reason
    assert sandbox.posts() == []


def settled(stage: Stage, asked: Outgoing, outcome: Outcome) -> Outcome:
    """What becomes of a commit when it is asked for as the publisher does."""
    since = stage.clock.time
    for _ in range(20):
        if isinstance(outcome, Accepted):
            stage.wait(outcome.after)
            outcome = answered(lambda: stage.adapter.status(asked, stage.handles, 0))
        elif isinstance(outcome, Ambiguous):
            outcome = stage.probe(asked, since=since)
        elif isinstance(outcome, Absent):
            outcome = stage.publish(asked)
        elif isinstance(outcome, Retryable):
            if outcome.afresh:
                stage.handles = MemoryHandles()
            stage.wait(outcome.after or 5.0)
            outcome = stage.publish(asked)
        else:
            return outcome
    raise AssertionError(f"no end: {outcome}")


def out(stage: Stage) -> list[dict[str, Any]]:
    return stage.sandbox.posts(stage.adapter.service.value)


@pytest.mark.parametrize(("service", "kind"), POSTS)
def test_every_kind_is_published_once(service: str, kind: str, enter: Enter, files: Folder) -> None:
    stage = enter(service)
    stage.sandbox.config(processing_seconds=20.0)
    asked = post(files, service, kind)
    assert stage.adapter.validate(asked) == []
    assert stage.prepare(asked) == Ready()
    assert out(stage) == []
    found = settled(stage, asked, stage.commit(asked))
    assert isinstance(found, Published)
    (shown,) = out(stage)
    assert shown["kind"] in (kind, "image", "images", "carousel")
    assert shown["text"] == ("" if kind == "story" else WORDS)
    assert len(shown["media"]) == len(asked.media)
    assert [one["sha256"] for one in shown["media"]] == [one.sha256 for one in asked.media]
    cover = shown.get("thumbnail", {}).get("sha256")
    assert cover == (asked.thumbnail.sha256 if asked.thumbnail else None)
    assert (stage.adapter.permalink(found.id) or "").startswith("https://www.")


@pytest.mark.parametrize(("service", "kind"), SETTLED)
@pytest.mark.parametrize(
    "fault",
    ["reset_before", "reset_after", "error_before", "error_after", "truncate"],
)
def test_a_commit_in_doubt_is_settled_without_a_second_post(
    fault: str, service: str, kind: str, enter: Enter, files: Folder, client: httpx.Client
) -> None:
    stage = enter(service)
    # Nothing may cover up a second post.
    stage.sandbox.config(dedupes=False)
    asked = post(files, service, kind)
    assert stage.prepare(asked) == Ready()
    stage.sandbox.fault(service, "commit", fault)
    first = stage.commit(asked)
    assert isinstance(first, Ambiguous), first
    again(stage, files, client)
    assert isinstance(settled(stage, asked, first), Published)
    assert len(out(stage)) == 1


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "truncate"])
def test_a_story_of_a_page_in_doubt_is_for_a_person(
    fault: str, enter: Enter, files: Folder
) -> None:
    stage = enter("facebook")
    asked = post(files, "facebook", "story")
    stage.prepare(asked)
    stage.sandbox.fault("facebook", "commit", fault)
    assert isinstance(stage.commit(asked), Ambiguous)
    found = stage.probe(asked)
    assert isinstance(found, Ambiguous)
    assert found.check


@pytest.mark.parametrize(("service", "kind", "role"), STEPS)
@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "error_after", "truncate"])
def test_what_breaks_off_before_or_after_the_commit_goes_on(
    fault: str, service: str, kind: str, role: str, enter: Enter, files: Folder
) -> None:
    stage = enter(service)
    stage.sandbox.fault(service, role, fault, times=2)
    asked = post(files, service, kind)
    found = settled(stage, asked, stage.publish(asked))
    assert isinstance(found, Published), found
    assert len(out(stage)) == 1
    # A reel that arrived is not sent again, so that the second fault may be left.
    assert all(left["times"] < 2 for left in stage.sandbox.get("faults"))


def test_the_chunks_of_a_long_video_are_not_sent_twice(enter: Enter, files: Folder) -> None:
    stage = enter("facebook")
    asked = post(files, "facebook", "video")
    stage.sandbox.fault("facebook", "upload", "reset_after")
    assert isinstance(stage.prepare(asked), Retryable)
    assert stage.prepare(asked) == Ready()
    chunks = -(-asked.media[0].size // (4 << 20))
    counts = stage.sandbox.requests("facebook")
    assert counts["upload"] == chunks + 1  # the lost one is refused, and that says how it goes on
    assert counts["prepare"] == 1


@pytest.mark.parametrize(("service", "kind"), [("facebook", "text"), ("instagram", "image")])
def test_refusals_of_a_commit(service: str, kind: str, enter: Enter, files: Folder) -> None:
    stage = enter(service)
    asked = post(files, service, kind)
    stage.prepare(asked)
    stage.sandbox.fault(service, "commit", "limited", after=600.0)
    limited = stage.commit(asked)
    assert isinstance(limited, Quota)
    assert 590 < (limited.until - stage.clock.time).total_seconds() < 700
    stage.sandbox.fault(service, "commit", "limited_bare")
    assert isinstance(stage.commit(asked), Quota)
    stage.sandbox.fault(service, "commit", "unauthorized")
    assert isinstance(stage.commit(asked), NeedsAuth)
    assert out(stage) == []
    assert isinstance(stage.commit(asked), Published)
    assert len(out(stage)) == 1


def test_a_refused_duplicate_is_the_post_in_doubt(enter: Enter, files: Folder) -> None:
    """The probe came too early and saw nothing; the photos were posted all the same."""
    stage = enter("facebook")
    asked = post(files, "facebook", "image")
    stage.prepare(asked)
    stage.sandbox.fault("facebook", "commit", "reset_after")
    assert isinstance(stage.commit(asked), Ambiguous)
    assert isinstance(stage.commit(asked), Published)
    assert len(out(stage)) == 1


def test_the_limit_of_an_account_is_read_before_the_commit(enter: Enter, files: Folder) -> None:
    stage = enter("instagram")
    stage.sandbox.config(daily_limit={"instagram": 1})
    asked = post(files, "instagram", "image")
    assert isinstance(stage.publish(asked), Published)
    stage.handles = MemoryHandles()
    assert isinstance(stage.prepare(asked), Quota)
    assert stage.sandbox.requests("instagram")["commit"] == 1


def test_containers_expire_and_are_made_anew(enter: Enter, files: Folder) -> None:
    stage = enter("instagram")
    asked = post(files, "instagram", "images")
    assert stage.prepare(asked) == Ready()
    kept = stage.handles.get("container")
    stage.wait(25 * 3600.0)
    stage.handles.put("container", {**kept, "at": stage.clock.time.isoformat()})
    found = stage.prepare(asked)  # it seems young, and the platform says what it is
    assert isinstance(found, Retryable)
    assert isinstance(stage.publish(asked), Published)


@pytest.mark.parametrize(("service", "kind"), [("facebook", "reel"), ("instagram", "reel")])
def test_a_video_that_cannot_be_processed(
    service: str, kind: str, enter: Enter, files: Folder
) -> None:
    stage = enter(service)
    asked = post(files, service, kind)
    stage.sandbox.fault(service, "any", "processing_failed", times=9)
    if service == "facebook":
        assert isinstance(settled(stage, asked, stage.publish(asked)), Permanent)
    else:
        assert isinstance(stage.prepare(asked), Retryable | Permanent)
    assert not [one for one in out(stage) if one["state"] == "published"]


def test_processing_that_is_stuck_ends(enter: Enter, files: Folder) -> None:
    stage = enter("instagram")
    asked = post(files, "instagram", "reel")
    stage.sandbox.fault("instagram", "any", "stuck")
    assert isinstance(stage.prepare(asked), Retryable)
    assert isinstance(stage.publish(asked), Published)
    assert len(out(stage)) == 1


@pytest.mark.parametrize(("service", "kind"), [("facebook", "text"), ("facebook", "reel")])
def test_what_is_out_can_be_taken_down(
    service: str, kind: str, enter: Enter, files: Folder
) -> None:
    stage = enter(service)
    asked = post(files, service, kind)
    found = settled(stage, asked, stage.publish(asked))
    assert isinstance(found, Published)
    assert stage.adapter.delete(found.id) == Absent()
    assert out(stage) == []
    assert stage.adapter.delete(found.id) == Absent()

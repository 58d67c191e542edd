"""Videos on TikTok and YouTube: whatever breaks in whatever order, one is there in the end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.contract import Adapter
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Ready,
    Retryable,
    Waiting,
)
from igny8_media.publishing.tiktok.adapter import TikTok
from igny8_media.publishing.youtube.adapter import YouTube
from igny8_media.sandbox.server import Running, running
from tests.media_samples import write_video
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

BREAKS = ["reset_before", "reset_after", "error_before", "error_after", "truncate", "limited"]
FAULTS = st.tuples(
    st.sampled_from(["prepare", "upload", "commit", "status"]), st.sampled_from(BREAKS)
)
REQUESTS_TO_LIVE = st.integers(0, 12)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root: Path = tmp_path_factory.mktemp("media")
    begins = write_video(root / "film.mp4", size=(360, 640)).read_bytes()
    for service, free in ((Service.TIKTOK, 64_000_000), (Service.YOUTUBE, 17_000_000)):
        with (root / f"{service}.mp4").open("wb") as out:  # of several chunks there
            out.write(begins + free.to_bytes(4, "big") + b"free")  # a box that players skip
            out.truncate(len(begins) + free)
    return Folder(root)


class Walk:
    """One publication as the ledger leads it: it knows what was written down, and nothing else."""

    def __init__(self, service: Service, server: Running, files: Folder, requests: int) -> None:
        server.reset()
        server.config(processing_seconds=0.0, advance_seconds=0.0)
        made = server.account(service.value)
        tiktok = service is Service.TIKTOK
        who = account(
            service,
            "creator" if tiktok else "channel",
            made["platform_user_id"],
            scopes=tuple(made["scopes"]),
            details=made["details"],
        )
        self.post = Outgoing(
            service=service,
            kind="video",
            title="Film",
            text="Words.",
            media=(measure(files.root / f"{service}.mp4", f"{service}.mp4"),),
            options=Options(privacy="PUBLIC_TO_EVERYONE" if tiktok else "public"),
        )
        self.left = requests
        self.clock = Clock(datetime.now(UTC))
        self.client = httpx.Client(trust_env=False, event_hooks={"request": [self.count]})
        kit = tools(
            who, files, self.client, clock=self.clock, tokens=FixedTokens(made["access_token"])
        )
        hosts = Hosts().on_sandbox(server.url)
        adapter: Adapter = TikTok(kit, hosts) if tiktok else YouTube(kit, hosts)
        self.stage = Stage(adapter, server, self.clock)
        self.phase, self.since = "new", self.clock.time

    def count(self, _: httpx.Request) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    def step(self) -> Outcome:
        stage, post = self.stage, self.post
        adapter, handles = stage.adapter, stage.handles
        if self.phase == "accepted":
            return answered(lambda: adapter.status(post, handles, 0))
        if self.phase == "committing":
            stage.wait(adapter.settle)
            outcome = answered(lambda: adapter.probe(post, handles, 0, self.since))
            return Retryable(outcome.reason) if isinstance(outcome, Permanent) else outcome
        outcome = answered(lambda: adapter.prepare(post, handles, 0))
        if not isinstance(outcome, Ready):
            return outcome
        self.phase, self.since = "committing", self.clock.time
        outcome = answered(lambda: adapter.commit(post, handles, 0))
        if not isinstance(outcome, Ambiguous | Accepted):
            self.phase = "new"
        return outcome

    def lead(self) -> Outcome:
        for _ in range(60):
            try:
                outcome = self.step()
            except Killed:
                self.stage.handles = MemoryHandles(self.stage.handles.written)
                continue
            if isinstance(outcome, Published | Permanent):
                return outcome
            if isinstance(outcome, Accepted):
                self.phase = "accepted"
            elif isinstance(outcome, Absent):
                self.phase = "new"
            elif isinstance(outcome, Retryable) and outcome.afresh:
                self.stage.handles.drop("")
                self.phase = "new"
            if isinstance(outcome, Accepted | Retryable | Waiting):
                self.stage.wait(outcome.after or 1.0)
        raise AssertionError(f"no end: {self.phase}, {outcome}")


@pytest.mark.parametrize("service", [Service.TIKTOK, Service.YOUTUBE])
@settings(max_examples=10, deadline=None)
@given(faults=st.lists(FAULTS, max_size=4), dies_at=REQUESTS_TO_LIVE)
def test_one_video_is_there_in_the_end(
    service: Service, faults: list[Any], dies_at: int, server: Running, files: Folder
) -> None:
    walk = Walk(service, server, files, dies_at)
    try:
        server.clear_faults()
        for role, kind in faults:
            server.fault(service.value, role, kind, after=5)
        outcome = walk.lead()
    finally:
        walk.client.close()
    assert isinstance(outcome, Published), outcome
    (shown,) = server.posts(service.value)
    assert [m["sha256"] for m in shown["media"]] == [walk.post.media[0].sha256]

"""The page in a real browser, and Dagster picking up a dropped file by its own daemon."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.system

_ARTICLE = Path(__file__).parents[2] / "examples" / "articles" / "write-less.md"
_QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars"
)


@pytest.fixture
def browser() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("needs the Debian package chromium")
    return found


def _screenshot(browser: str, url: str, out: Path, *, patience_ms: int = 5000) -> Image.Image:
    command = [browser, *_QUIET.split(), f"--user-data-dir={out.parent / 'profile'}"]
    command += ["--window-size=1300,2000", f"--virtual-time-budget={patience_ms}"]
    subprocess.run(
        [*command, f"--screenshot={out}", url], check=True, capture_output=True, timeout=120
    )
    return Image.open(out).convert("RGB")


def test_the_report_is_a_page_full_of_pictures(browser: str, tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "igny8_media",
            "run",
            str(_ARTICLE),
            "--videos",
            "none",
            "--out",
            str(tmp_path / "out"),
        ],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        timeout=250,
    )
    page = (tmp_path / "out" / "report.html").as_uri()
    pixels = np.asarray(_screenshot(browser, page, tmp_path / "page.png"))
    dark = (pixels.max(axis=2) < 90).mean()
    assert 0.05 < dark < 0.9, "cards are dark, the page around them is light"
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 5_000


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[Path]:
    """`igny8-media dev` on an empty folder; gives that folder."""
    with (tmp_path / "dev.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "igny8_media", "dev", "--port", str(port)],
            cwd=tmp_path,
            env=os.environ | {"IGNY8_VIDEOS": "none", "IGNY8_HOME": str(tmp_path / "var")},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield tmp_path
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_the_daemon_makes_posts_of_a_dropped_file_unasked(server: Path, port: int) -> None:
    deadline = time.monotonic() + 240
    while not (server / "content").is_dir() and time.monotonic() < deadline:
        time.sleep(1)
    shutil.copy(_ARTICLE, server / "content")
    last = server / "var/media/content/write-less/social/twitter/images/current.json"
    while not last.exists() and time.monotonic() < deadline:
        time.sleep(2)
    assert last.exists(), (server / "dev.log").read_text()[-3000:]
    answer = httpx.post(
        f"http://127.0.0.1:{port}/graphql",
        json={
            "query": '{assetOrError(assetKey:{path:["social","twitter","images"]})'
            "{... on Asset {assetMaterializations(limit:1)"
            "{partition metadataEntries{label ... on MarkdownMetadataEntry{mdStr}}}}}}"
        },
        timeout=60,
    )
    (event,) = answer.json()["data"]["assetOrError"]["assetMaterializations"]
    assert event["partition"] == "write-less"
    previews = [e["mdStr"] for e in event["metadataEntries"] if e["label"] == "preview"]
    assert previews[0].startswith("![")
    assert "data:image/jpeg;base64," in previews[0]
    assert len(previews[0]) < 30_000

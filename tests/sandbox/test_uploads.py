"""Uploads of any size in the same memory, and uploads that outlive the server."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx

from igny8_media.sandbox.server import Running, running
from igny8_media.sandbox.youtube.rules import BLOCK
from tests.sandbox.conftest import mp4
from tests.sandbox.graph import Graph
from tests.sandbox.test_tiktok import TikTok
from tests.sandbox.test_youtube import YouTube

MIB = 1 << 20


def memory() -> int:
    """Bytes that this process, and with it the sandbox in it, holds now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def test_memory_does_not_grow_with_the_upload(sandbox: Running, client: httpx.Client) -> None:
    page, begin, piece, count = Graph(sandbox, client, "facebook"), mp4(), bytes(MIB), 256
    size, held = len(begin) + count * MIB, [memory()]

    def body() -> Iterator[bytes]:
        yield begin
        for _ in range(count):
            yield piece
            held.append(memory())

    started = page.post(f"{page.id}/video_reels", upload_phase="start").json()
    headers = {
        "Authorization": f"OAuth {page.token}",
        "offset": "0",
        "file_size": str(size),
        "Content-Length": str(size),
    }
    sent = client.post(started["upload_url"], content=body(), headers=headers)
    assert sent.json()["success"] is True
    assert page.far("video-upload", started["video_id"]) == size
    assert max(held) - held[0] < 32 * MIB


def test_an_upload_goes_on_after_a_restart(tmp_path: Path, client: httpx.Client) -> None:
    video = mp4(size=3 * BLOCK)
    size = len(video)
    with running(tmp_path) as first:
        youtube = YouTube(first, client)
        address = youtube.begin(size).headers["location"]
        youtube.put(address, video[:BLOCK], f"bytes 0-{BLOCK - 1}/{size}")
    with running(tmp_path) as second:
        address = address.replace(first.url, second.url)
        asked = youtube.put(address, b"", f"bytes */{size}")
        assert asked.headers["range"] == f"bytes=0-{BLOCK - 1}"
        done = youtube.put(address, video[BLOCK:], f"bytes {BLOCK}-{size - 1}/{size}")
        assert done.status_code == 200
        (post,) = second.posts("youtube")
        assert post["media"][0]["sha256"] == hashlib.sha256(video).hexdigest()
        assert (tmp_path / "media" / post["media"][0]["blob"]).read_bytes() == video


def test_a_refused_upload_is_read_to_its_end(sandbox: Running, client: httpx.Client) -> None:
    """Otherwise the connection is reset while the client still sends, and the answer is lost."""
    tiktok, size = TikTok(sandbox, client), 60 * MIB
    data = tiktok.init(size, size, 1).json()["data"]
    body = bytes(size)
    for _ in range(3):
        sandbox.fault("tiktok", "commit", "limited")
        assert tiktok.put(data["upload_url"], body, 0, size).status_code == 429
        assert tiktok.put(data["upload_url"] + "x", body, 0, size).status_code == 404

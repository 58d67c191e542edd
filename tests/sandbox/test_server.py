"""The server itself: faults on the wire, the world on disk, the page."""

import asyncio
import hashlib
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.errors import InputError, OutsideError
from igny8_media.sandbox.blobs import Blobs, sniff
from igny8_media.sandbox.server import Running, listen, running
from igny8_media.sandbox.state import World
from tests.sandbox.conftest import jpeg


class Poster:
    """Posts texts to X."""

    def __init__(self, sandbox: Running, client: httpx.Client) -> None:
        self.account = sandbox.account("twitter")
        self.headers = {"Authorization": f"Bearer {self.account['access_token']}"}
        self._url, self._client = f"{sandbox.url}/twitter/2/tweets", client

    def post(self, text: str, **fields: Any) -> httpx.Response:
        return self._client.post(self._url, json={"text": text, **fields}, headers=self.headers)


@pytest.fixture
def poster(sandbox: Running, client: httpx.Client) -> Poster:
    return Poster(sandbox, client)


def test_starts_and_stops() -> None:
    with running() as sandbox:
        assert sandbox.posts() == []
        url = sandbox.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OutsideError, match="choose another one with --port"):
            listen(other.getsockname()[1])


@pytest.mark.parametrize(
    ("kind", "broken", "posted"),
    [
        ("reset_before", httpx.TransportError, 0),
        ("reset_after", httpx.ReadError, 1),
        ("truncate", httpx.RemoteProtocolError, 1),
    ],
)
def test_a_connection_breaks_off(
    sandbox: Running, poster: Poster, kind: str, broken: type[Exception], posted: int
) -> None:
    sandbox.fault("twitter", "commit", kind)
    with pytest.raises(broken):
        poster.post("Hello")
    assert len(sandbox.posts()) == posted
    assert poster.post("Hello again").status_code == 201  # a fault befalls one request


@pytest.mark.parametrize(
    ("kind", "status", "posted"),
    [
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("limited", 429, 0),
        ("limited_bare", 429, 0),
        ("unauthorized", 401, 0),
        ("duplicate", 403, 1),
    ],
)
def test_a_platform_answers_otherwise(
    sandbox: Running, poster: Poster, kind: str, status: int, posted: int
) -> None:
    sandbox.fault("twitter", "commit", kind, after=30)
    reply = poster.post("Hello")
    assert reply.status_code == status
    assert len(sandbox.posts()) == posted
    left = float(reply.headers.get("x-rate-limit-reset", 0)) - time.time()
    assert (15 < left < 31) == (kind == "limited")


def test_a_reply_comes_too_late_with_and_before_its_effect(
    sandbox: Running, poster: Poster, client: httpx.Client
) -> None:
    client = httpx.Client(timeout=0.6, trust_env=False)
    with client:
        impatient = Poster(sandbox, client)
        for number, kind in enumerate(("slow", "late"), 1):
            sandbox.fault("twitter", "commit", kind, after=2.5)
            with pytest.raises(httpx.ReadTimeout):
                impatient.post(kind)
            if kind == "late":
                assert len(sandbox.posts()) == 1, "it has its effect only later"
            ends = time.monotonic() + 60
            while len(sandbox.posts()) < number and time.monotonic() < ends:
                time.sleep(0.02)
            assert [post["text"] for post in sandbox.posts()] == ["slow", "late"][:number]


def test_a_fault_befalls_only_what_it_names(sandbox: Running, poster: Poster) -> None:
    sandbox.fault("linkedin", "commit", "error_before")
    sandbox.fault("twitter", "probe", "error_before")
    sandbox.fault("twitter", "any", "error_before", times=2)
    assert [poster.post(f"Try {n}").status_code for n in range(3)] == [500, 500, 201]
    assert len(sandbox.get("faults")) == 2
    sandbox.clear_faults()
    assert sandbox.get("faults") == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "explode"}, "no fault 'explode'"),
        ({"kind": "slow", "service": "myspace"}, "no service 'myspace'"),
        ({"kind": "slow", "role": "boss"}, "no role 'boss'"),
        ({"kind": "slow", "times": "x"}, "`times` is a whole number"),
        ({"kind": "slow", "often": 1}, "no field 'often'"),
    ],
)
def test_a_wrong_fault_is_refused(sandbox: Running, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        sandbox.post("faults", **wrong)


def test_wrong_accounts_and_settings_are_refused(sandbox: Running) -> None:
    for service, fields, told in (
        ("myspace", {}, "`service` is one of"),
        ("twitter", {"kind": "page"}, "accounts of person"),
        ("twitter", {"nme": "x"}, "no field 'nme'"),
    ):
        with pytest.raises(ValueError, match=told):
            sandbox.account(service, **fields)
    with pytest.raises(ValueError, match="no field 'speed'"):
        sandbox.config(speed=1)
    with pytest.raises(ValueError, match="another type than float"):
        sandbox.config(latency_ms="fast")


def test_tokens_end_when_their_time_is_over_and_when_they_are_revoked(
    sandbox: Running, poster: Poster
) -> None:
    assert poster.post("One").status_code == 201
    sandbox.config(advance_seconds=7201.0)
    assert poster.post("Two").status_code == 401
    sandbox.config(advance_seconds=0.0)
    sandbox.revoke("twitter", "access")
    assert poster.post("Three").status_code == 401


def test_requests_are_counted_by_role(sandbox: Running, poster: Poster) -> None:
    poster.post("One")
    poster.post("One")
    assert sandbox.requests("twitter") == {"commit": 2}


def test_latency_is_kept(sandbox: Running, poster: Poster) -> None:
    sandbox.config(latency_ms=120.0)
    begun = time.monotonic()
    poster.post("One")
    assert time.monotonic() - begun >= 0.12


def test_the_world_survives_a_restart(tmp_path: Path, client: httpx.Client) -> None:
    picture = jpeg(40, 30)
    with running(tmp_path) as sandbox:
        poster = Poster(sandbox, client)
        upload = client.post(
            f"{sandbox.url}/twitter/2/media/upload",
            files={"media": ("a.jpg", picture, "image/jpeg")},
            data={"media_category": "tweet_image"},
            headers=poster.headers,
        )
        first = poster.post("One", media={"media_ids": [upload.json()["data"]["id"]]})
        before = sandbox.posts()
    assert before[0]["media"][0]["sha256"] == hashlib.sha256(picture).hexdigest()
    with running(tmp_path) as sandbox:
        assert sandbox.posts() == before
        second = client.post(
            f"{sandbox.url}/twitter/2/tweets",
            json={"text": "Two", "reply": {"in_reply_to_tweet_id": first.json()["data"]["id"]}},
            headers=poster.headers,
        )
        assert second.status_code == 201
        kept = client.get(f"{sandbox.url}/_sandbox/media/{before[0]['media'][0]['blob']}")
        assert (kept.content, kept.headers["content-type"]) == (picture, "image/jpeg")


@pytest.mark.parametrize("content", ["", "[]", '{"people": [{"nobody": 1}]}'])
def test_a_state_that_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(InputError, match="delete the file"):
        World(tmp_path)


def test_the_page_shows_text_as_text(
    sandbox: Running, poster: Poster, client: httpx.Client
) -> None:
    poster.post("<script>alert(1)</script> & https://example.org/a_b #tag")
    page = client.get(sandbox.url)
    assert "<script>alert" not in page.text
    assert (
        '&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href="https://example.org/a_b"' in page.text
    )
    assert "<b>#tag</b>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert poster.account["name"] in client.get(f"{sandbox.url}/_sandbox/feed").text
    assert poster.account["name"] not in client.get(f"{sandbox.url}/?service=tiktok").text


def test_the_page_puts_a_thread_into_one_card(
    sandbox: Running, poster: Poster, client: httpx.Client
) -> None:
    id = poster.post("First").json()["data"]["id"]
    for text in ("Second", "Third"):
        reply = poster.post(text, reply={"in_reply_to_tweet_id": id})
        id = reply.json()["data"]["id"]
    feed = client.get(f"{sandbox.url}/_sandbox/feed").text
    assert feed.count("<article") == 1
    assert feed.index("First") < feed.index("Second") < feed.index("Third")


@pytest.mark.parametrize("name", ["..%2Fstate.json", "%2e%2e%2fstate.json", "state.json", "x" * 90])
def test_media_are_no_way_into_the_folder(tmp_path: Path, client: httpx.Client, name: str) -> None:
    with running(tmp_path) as sandbox:
        sandbox.account("twitter")
        assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0
        assert client.get(f"{sandbox.url}/_sandbox/media/{name}").status_code == 404


@given(
    data=st.binary(min_size=1, max_size=400),
    size=st.integers(1, 90),
    again=st.sets(st.integers(0, 9)),
)
def test_parts_make_the_whole_without_a_folder(data: bytes, size: int, again: set[int]) -> None:
    blob = Blobs(None).open("x")
    for index, first in enumerate(range(0, len(data), size)):
        for _ in range(2 if index in again else 1):
            blob.write(data[first : first + size], first)
    assert (blob.size, blob.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert blob.head == data


@given(data=st.binary(min_size=1, max_size=400), size=st.integers(1, 90), seed=st.randoms())
def test_parts_make_the_whole_in_any_order_with_a_folder(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, size: int, seed: Any
) -> None:
    folder = tmp_path_factory.getbasetemp() / "blobs"
    blobs = Blobs(folder)
    blobs.clear()
    places = list(range(0, len(data), size))
    seed.shuffle(places)
    blob = blobs.open("x")
    for first in places:
        blob.write(data[first : first + size], first)
    assert blob.sha256 == hashlib.sha256(data).hexdigest()
    assert Blobs(folder).open("x").sha256 == blob.sha256  # after a restart too


def test_a_hole_without_a_folder_has_no_hash() -> None:
    blob = Blobs(None).open("x")
    blob.write(b"end", 10)
    blob.write(b"beginning!", 0)
    assert (blob.size, blob.sha256) == (13, None)


def test_an_upload_of_any_size_takes_the_same_memory() -> None:
    async def pieces(count: int) -> Any:
        for _ in range(count):
            yield b"\0" * (1 << 20)

    blob = Blobs(None).open("x")
    assert asyncio.run(blob.receive(pieces(64))) == 64 << 20
    assert len(blob.head) <= 1 << 18


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (jpeg(4, 4), "image/jpeg"),
        (jpeg(4, 4, "PNG"), "image/png"),
        (jpeg(4, 4, "WEBP"), "image/webp"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"%PDF-1.7", "application/pdf"),
        (b"", "application/octet-stream"),
    ],
)
def test_types_are_told_by_their_bytes(head: bytes, mime: str) -> None:
    assert sniff(head) == mime


def test_windows_begin_anew() -> None:
    world = World()
    assert [world.use("k", 2, 900)[0] for _ in range(3)] == [True, True, False]
    world.config.advance_seconds = 900.0
    assert world.use("k", 2, 900)[:2] == (True, 1)

"""TikTok's side of the contract: what is announced, chunks, the inbox, tokens that rotate."""

import contextlib
import hashlib
import itertools
import math
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.sandbox.server import Running
from igny8_media.sandbox.tiktok.rules import (
    MB,
    PRIVACY,
    TikTokError,
    chunk_bounds,
    chunk_plan,
    photo_info,
    photo_source,
    video_info,
    video_source,
)
from tests.sandbox.conftest import Site, anything, jpeg, mp4

INFO = {"title": "Bread rises", "privacy_level": "SELF_ONLY"}


class TikTok:
    """One creator's client, as plain as it can be."""

    def __init__(self, sandbox: Running, client: httpx.Client, **account: object) -> None:
        self.account = sandbox.account("tiktok", **account)
        self.url, self._client = sandbox.url + "/tiktok/v2", client
        self.headers = {"Authorization": f"Bearer {self.account['access_token']}"}

    def post(self, path: str, **body: object) -> httpx.Response:
        return self._client.post(f"{self.url}/{path}", json=body, headers=self.headers)

    def init(self, size: int, chunk: int, count: int, **info: object) -> httpx.Response:
        source = {
            "source": "FILE_UPLOAD",
            "video_size": size,
            "chunk_size": chunk,
            "total_chunk_count": count,
        }
        return self.post("post/publish/video/init/", post_info={**INFO, **info}, source_info=source)

    def put(self, url: str, data: bytes, first: int, size: int, **headers: str) -> httpx.Response:
        return self._client.put(
            url,
            content=data,
            headers={
                "Content-Type": "video/mp4",
                "Content-Range": f"bytes {first}-{first + len(data) - 1}/{size}",
                **headers,
            },
        )

    def status(self, publish_id: str) -> dict[str, object]:
        answer = self.post("post/publish/status/fetch/", publish_id=publish_id).json()
        assert answer["error"]["code"] == "ok"
        found: dict[str, object] = answer["data"]
        return found


@pytest.fixture
def tiktok(sandbox: Running, client: httpx.Client) -> TikTok:
    return TikTok(sandbox, client)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (3 * MB, 3 * MB, 1),
        (50 * MB, 50 * MB, 1),
        (70 * MB, 10 * MB, 7),
        (99 * MB, 10 * MB, 9),
        (50_000_123, 10 * MB, 5),
        (4 * (1 << 30), 64 * (1 << 20), 64),
    ],
)
def test_chunk_plans_of_the_guide(size: int, chunk: int, count: int) -> None:
    chunk_plan(size, chunk, count)


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (0, 0, 1),
        (3 * MB, 5 * MB, 1),
        (3 * MB, MB, 3),
        (70 * MB, 70 * MB, 1),
        (70 * MB, 4 * MB, 17),
        (70 * MB, 10 * MB, 8),
        (200 * MB, 70 * MB, 2),
        (4 * (1 << 30) + 1, 64 * (1 << 20), 64),
        (10 * MB, 5 * MB, 0),
    ],
)
def test_chunk_plans_that_are_refused(size: int, chunk: int, count: int) -> None:
    with pytest.raises(TikTokError) as refused:
        chunk_plan(size, chunk, count)
    assert refused.value.code == "invalid_params"


@given(size=st.integers(5 * MB, 4 * (1 << 30)), chunk=st.integers(5 * MB, 64 * (1 << 20)))
def test_chunks_cover_every_byte_once(size: int, chunk: int) -> None:
    count = size // chunk
    if count < 2 or count > 1000:
        return
    chunk_plan(size, chunk, count)
    bounds = [chunk_bounds(size, chunk, count, index) for index in range(count)]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == size - 1
    assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(bounds))
    assert math.floor(size / chunk) == count


@given(body=anything)
def test_whatever_a_body_is_it_is_answered(body: Any) -> None:
    for check in (
        lambda: video_info(body, PRIVACY),
        lambda: photo_info(body, PRIVACY, direct=True),
        lambda: video_source(body),
        lambda: photo_source(body),
    ):
        with contextlib.suppress(TikTokError):
            check()


def test_creator_info(tiktok: TikTok) -> None:
    answer = tiktok.post("post/publish/creator_info/query/").json()
    assert answer["error"]["code"] == "ok"
    assert answer["data"]["privacy_level_options"]
    assert answer["data"]["max_video_post_duration_sec"] == 600
    assert answer["data"]["creator_username"]


def test_a_video_in_chunks(tiktok: TikTok, sandbox: Running) -> None:
    video = mp4(size=11_000_000)
    data = tiktok.init(len(video), 5 * MB, 2, privacy_level="PUBLIC_TO_EVERYONE").json()["data"]
    assert len(data["publish_id"]) <= 64
    assert tiktok.status(data["publish_id"]) == {"status": "PROCESSING_UPLOAD", "uploaded_bytes": 0}
    url = data["upload_url"]
    first = tiktok.put(url, video[: 5 * MB], 0, len(video))
    assert (first.status_code, first.headers["content-range"]) == (
        206,
        f"bytes 0-4999999/{len(video)}",
    )
    assert tiktok.status(data["publish_id"])["uploaded_bytes"] == 5 * MB
    assert sandbox.posts("tiktok") == []
    # The same again, and one too small, change nothing.
    assert tiktok.put(url, video[: 5 * MB], 0, len(video)).status_code == 416
    assert tiktok.put(url, video[5 * MB : 6 * MB], 5 * MB, len(video)).status_code == 400
    assert tiktok.put(url, video[5 * MB :], 5 * MB, len(video)).status_code == 201

    done = tiktok.status(data["publish_id"])
    assert done["status"] == "PUBLISH_COMPLETE"
    (id,) = done["publicaly_available_post_id"]  # type: ignore[misc]
    assert isinstance(id, int)
    assert id > 2**53
    (post,) = sandbox.posts("tiktok")
    assert post["id"] == str(id)
    assert post["text"] == "Bread rises"
    assert post["media"][0]["size"] == len(video)
    assert post["media"][0]["sha256"] == hashlib.sha256(video).hexdigest()
    assert sandbox.requests("tiktok")["commit"] == 1
    assert sandbox.requests("tiktok")["upload"] == 3

    listed = tiktok.post("video/list/?fields=id,title,create_time,share_url", max_count=20).json()
    assert [video["id"] for video in listed["data"]["videos"]] == [str(id)]
    asked = tiktok.post("video/query/?fields=id", filters={"video_ids": [str(id), "1"]}).json()
    assert asked["data"]["videos"] == [{"id": str(id)}]


def test_private_posts_have_no_public_id(tiktok: TikTok, sandbox: Running) -> None:
    video = mp4()
    data = tiktok.init(len(video), len(video), 1).json()["data"]
    assert tiktok.put(data["upload_url"], video, 0, len(video)).status_code == 201
    assert tiktok.status(data["publish_id"]) == {
        "status": "PUBLISH_COMPLETE",
        "uploaded_bytes": len(video),
    }
    assert sandbox.posts("tiktok")[0]["state"] == "private"
    listed = tiktok.post("video/list/?fields=id", max_count=20).json()
    assert listed["data"]["videos"] == []


def test_processing_takes_its_time(tiktok: TikTok, sandbox: Running) -> None:
    sandbox.config(processing_seconds=60.0)
    video = mp4()
    data = tiktok.init(len(video), len(video), 1, privacy_level="PUBLIC_TO_EVERYONE").json()["data"]
    tiktok.put(data["upload_url"], video, 0, len(video))
    assert tiktok.status(data["publish_id"])["status"] == "PROCESSING_UPLOAD"
    sandbox.config(advance_seconds=61.0)
    # Published, but moderation takes as long again.
    assert tiktok.status(data["publish_id"]) == {
        "status": "PUBLISH_COMPLETE",
        "uploaded_bytes": len(video),
    }
    sandbox.config(advance_seconds=121.0)
    assert "publicaly_available_post_id" in tiktok.status(data["publish_id"])


@pytest.mark.parametrize(
    ("video", "reason"),
    [
        (b"no video at all" * 100, "file_format_check_failed"),
        (mp4(seconds=601), "duration_check_failed"),
        (mp4(width=300, height=640), "picture_size_check_failed"),
    ],
)
def test_videos_that_fail(tiktok: TikTok, sandbox: Running, video: bytes, reason: str) -> None:
    data = tiktok.init(len(video), len(video), 1).json()["data"]
    assert tiktok.put(data["upload_url"], video, 0, len(video)).status_code == 201
    failed = tiktok.status(data["publish_id"])
    assert (failed["status"], failed["fail_reason"]) == ("FAILED", reason)
    assert sandbox.posts("tiktok") == []


def test_faults_of_processing(tiktok: TikTok, sandbox: Running) -> None:
    video = mp4()
    found = []
    for kind in ("processing_failed", "stuck"):
        sandbox.fault("tiktok", "any", kind)
        data = tiktok.init(len(video), len(video), 1).json()["data"]
        tiktok.put(data["upload_url"], video, 0, len(video))
        found.append(tiktok.status(data["publish_id"]).get("status"))
    assert found == ["FAILED", "PROCESSING_UPLOAD"]


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"title": "x" * 2200}, (200, "ok")),
        ({"title": "x" * 2201}, (400, "invalid_params")),
        ({"title": "😀" * 1101}, (400, "invalid_params")),
        ({"privacy_level": None}, (400, "invalid_params")),
        ({"privacy_level": "public"}, (400, "invalid_params")),
        ({"privacy_level": "FOLLOWER_OF_CREATOR"}, (403, "privacy_level_option_mismatch")),
        ({"disable_duet": "yes"}, (400, "invalid_params")),
        ({"video_cover_timestamp_ms": -1}, (400, "invalid_params")),
    ],
)
def test_post_info(tiktok: TikTok, info: dict[str, object], expected: tuple[int, str]) -> None:
    assert code(tiktok.init(3 * MB, 3 * MB, 1, **info)) == expected


def test_unaudited_clients(sandbox: Running, client: httpx.Client) -> None:
    tiktok = TikTok(sandbox, client, details={"unaudited": True})
    assert code(tiktok.init(MB, MB, 1, privacy_level="PUBLIC_TO_EVERYONE")) == (
        403,
        "unaudited_client_can_only_post_to_private_accounts",
    )
    assert code(tiktok.init(MB, MB, 1)) == (200, "ok")


def test_drafts_go_to_the_inbox_five_a_day(
    tiktok: TikTok, sandbox: Running, client: httpx.Client
) -> None:
    video = mp4()
    sandbox.config(rate_limit={"tiktok": 100})
    source = {
        "source": "FILE_UPLOAD",
        "video_size": len(video),
        "chunk_size": len(video),
        "total_chunk_count": 1,
    }
    for _ in range(5):
        answer = tiktok.post("post/publish/inbox/video/init/", source_info=source)
        assert code(answer) == (200, "ok")
    data = answer.json()["data"]
    tiktok.put(data["upload_url"], video, 0, len(video))
    assert tiktok.status(data["publish_id"])["status"] == "SEND_TO_USER_INBOX"
    assert sandbox.posts("tiktok")[0]["state"] == "inbox"
    assert code(tiktok.post("post/publish/inbox/video/init/", source_info=source)) == (
        403,
        "spam_risk_too_many_pending_share",
    )


def test_limits_of_the_minute_and_the_day(tiktok: TikTok, sandbox: Running) -> None:
    sandbox.config(daily_limit={"tiktok": 2})
    found = [code(tiktok.init(MB, MB, 1)) for _ in range(7)]
    assert found[:3] == [(200, "ok"), (200, "ok"), (403, "spam_risk_too_many_posts")]
    assert found[6] == (429, "rate_limit_exceeded")
    sandbox.config(advance_seconds=86400.0)
    # The access token lives for a day, too.
    assert code(tiktok.init(MB, MB, 1)) == (401, "access_token_invalid")


def test_photos_are_pulled(tiktok: TikTok, sandbox: Running, site: Site) -> None:
    urls = [
        site.add("1.jpg", "image/jpeg", jpeg()),
        site.add("2.webp", "image/webp", jpeg(1080, 1920, "WEBP")),
    ]

    def post(images: list[str], **info: object) -> httpx.Response:
        return tiktok.post(
            "post/publish/content/init/",
            media_type="PHOTO",
            post_mode="DIRECT_POST",
            post_info={"privacy_level": "PUBLIC_TO_EVERYONE", "title": "Two", **info},
            source_info={"source": "PULL_FROM_URL", "photo_images": images},
        )

    done = post(urls, description="Both of them").json()["data"]
    assert tiktok.status(done["publish_id"])["status"] == "PUBLISH_COMPLETE"
    (made,) = sandbox.posts("tiktok")
    assert (made["kind"], made["text"], made["title"]) == ("image", "Both of them", "Two")
    assert [file["mime"] for file in made["media"]] == ["image/jpeg", "image/webp"]
    assert sandbox.requests("tiktok")["commit"] == 1

    png = site.add("3.png", "image/png", jpeg(format="PNG"))
    large = site.add("4.jpg", "image/jpeg", jpeg(1200, 1200))
    for wrong, reason in (
        (f"{site.url}/none.jpg", "photo_pull_failed"),
        (png, "file_format_check_failed"),
        (large, "picture_size_check_failed"),
    ):
        failed = post([urls[0], wrong]).json()["data"]
        assert tiktok.status(failed["publish_id"])["fail_reason"] == reason
    assert len(sandbox.posts("tiktok")) == 1
    assert code(post(urls * 18)) == (400, "invalid_params")
    assert code(post(urls, title="x" * 91)) == (400, "invalid_params")


def test_only_verified_addresses_are_pulled(sandbox: Running, client: httpx.Client) -> None:
    tiktok = TikTok(sandbox, client, details={"verified_urls": ["https://cdn.example.org/"]})
    answer = tiktok.post(
        "post/publish/video/init/",
        post_info=INFO,
        source_info={"source": "PULL_FROM_URL", "video_url": "https://other.example.org/a.mp4"},
    )
    assert code(answer) == (403, "url_ownership_unverified")


def test_who_may_ask(tiktok: TikTok, sandbox: Running, client: httpx.Client) -> None:
    video = mp4()
    data = tiktok.init(len(video), len(video), 1).json()["data"]
    other = TikTok(sandbox, client, scopes=["user.info.basic", "video.upload"])
    answer = other.post("post/publish/status/fetch/", publish_id=data["publish_id"])
    assert code(answer) == (403, "token_not_authorized_for_specified_publish_id")
    assert code(other.init(MB, MB, 1)) == (401, "scope_not_authorized")
    assert code(tiktok.post("post/publish/status/fetch/", publish_id="v_1")) == (
        400,
        "invalid_publish_id",
    )
    sandbox.config(advance_seconds=3601.0)
    assert tiktok.put(data["upload_url"], video, 0, len(video)).status_code == 403
    wrong = data["upload_url"] + "x"
    assert tiktok.put(wrong, video, 0, len(video)).status_code == 404
    form = client.post(
        f"{tiktok.url}/post/publish/status/fetch/", data={"a": "b"}, headers=tiktok.headers
    )
    assert code(form) == (400, "invalid_params")


def test_consent_and_rotation(sandbox: Running, client: httpx.Client) -> None:
    verifier = "a" * 43
    query = {
        "client_key": "sandbox",
        "response_type": "code",
        "scope": "user.info.basic,video.publish",
        "redirect_uri": "http://127.0.0.1:8976/callback",
        "state": "s1",
        "code_challenge": hashlib.sha256(verifier.encode()).hexdigest(),
        "code_challenge_method": "S256",
        "auto": "1",
    }
    consent = client.get(f"{sandbox.url}/tiktok/v2/auth/authorize/", params=query)
    back = parse_qs(urlsplit(consent.headers["location"]).query)
    assert back["state"] == ["s1"]
    form = {
        "client_key": "sandbox",
        "client_secret": "sandbox-secret",
        "code": back["code"][0],
        "grant_type": "authorization_code",
        "redirect_uri": query["redirect_uri"],
        "code_verifier": verifier,
    }
    token_url = f"{sandbox.url}/tiktok/v2/oauth/token/"
    tokens = client.post(token_url, data=form).json()
    assert tokens["scope"] == "user.info.basic,video.publish"
    assert tokens["expires_in"] == 86400
    assert re.fullmatch(r"-000[0-9a-f]{32}", tokens["open_id"])
    assert client.post(token_url, data=form).json()["error"] == "invalid_grant"

    renew = {**form, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = client.post(token_url, data=renew).json()
    assert again["refresh_token"] != tokens["refresh_token"]
    assert again["open_id"] == tokens["open_id"]
    assert client.post(token_url, data=renew).json()["error"] == "invalid_grant"
    renew["client_secret"] = "wrong"
    assert client.post(token_url, data=renew).json()["error"] == "invalid_client"
    bearer = {"Authorization": f"Bearer {again['access_token']}"}
    info = client.get(
        f"{sandbox.url}/tiktok/v2/user/info/?fields=open_id,display_name", headers=bearer
    )
    assert info.json()["data"]["user"]["open_id"] == tokens["open_id"]

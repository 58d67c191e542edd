"""YouTube's side of the contract: sessions and ranges, what a video's body may say, what follows
once it exists. Replies are held against Google's own discovery document."""

import base64
import contextlib
import hashlib
import importlib.resources
import json
import socket
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.http import MediaFileUpload, build_http
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.sandbox.server import Running
from igny8_media.sandbox.youtube.rules import (
    BLOCK,
    GoogleError,
    caption_body,
    content_range,
    is_captions,
    tags_too_long,
    video_body,
)
from tests.sandbox.conftest import anything, jpeg, mp4

SNIPPET = {"title": "Bread", "description": "It rises.", "categoryId": "22"}
STATUS = {"privacyStatus": "private", "selfDeclaredMadeForKids": False}
PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


@lru_cache
def discovery() -> dict[str, Any]:
    folder = importlib.resources.files("googleapiclient") / "discovery_cache" / "documents"
    found: dict[str, Any] = json.loads((folder / "youtube.v3.json").read_text("utf-8"))
    return found


def assert_fits(value: Any, schema: dict[str, Any], where: str = "") -> None:
    """Hold a reply against a schema of the discovery document."""
    if "$ref" in schema:
        schema = discovery()["schemas"][schema["$ref"]]
    kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
    match schema.get("type"):
        case "object":
            assert isinstance(value, dict), where
            for key, inner in value.items():
                known = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
                assert known is not None, f"{where}.{key} is not in the document"
                assert_fits(inner, known, f"{where}.{key}")
        case "array":
            assert isinstance(value, list), where
            for inner in value:
                assert_fits(inner, schema["items"], f"{where}[]")
        case kind:
            assert isinstance(value, kinds[str(kind)]), f"{where} is {value!r}"
            assert value in schema.get("enum", [value]), f"{where} is {value!r}"


class YouTube:
    def __init__(self, sandbox: Running, client: httpx.Client, **account: object) -> None:
        self.account = sandbox.account("youtube", **account)
        self.api = sandbox.url + "/google/youtube/v3"
        self.upload = sandbox.url + "/google/upload/youtube/v3"
        self.headers = {"Authorization": f"Bearer {self.account['access_token']}"}
        self._client = client

    def call(self, method: str, url: str, **given: Any) -> httpx.Response:
        given["headers"] = {**self.headers, **given.get("headers", {})}
        return self._client.request(method, url, **given)

    def begin(self, size: int, **body: Any) -> httpx.Response:
        return self.call(
            "POST",
            f"{self.upload}/videos",
            params={"uploadType": "resumable", "part": "snippet,status"},
            json={"snippet": SNIPPET, "status": STATUS} | body,
            headers={"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": "video/mp4"},
        )

    def put(self, url: str, data: bytes, said: str) -> httpx.Response:
        return self._client.put(url, content=data, headers={"Content-Range": said})

    def publish(self, video: bytes, **body: Any) -> dict[str, Any]:
        url = self.begin(len(video), **body).headers["location"]
        made: dict[str, Any] = self.put(url, video, f"bytes 0-{len(video) - 1}/{len(video)}").json()
        return made

    def look(self, id: str) -> dict[str, Any]:
        answer = self.call(
            "GET",
            f"{self.api}/videos",
            params={"part": "snippet,status,processingDetails,contentDetails", "id": id},
        ).json()
        assert_fits(answer, {"$ref": "VideoListResponse"})
        found: dict[str, Any] = answer["items"][0]
        return found


@pytest.fixture
def youtube(sandbox: Running, client: httpx.Client) -> YouTube:
    return YouTube(sandbox, client)


def reason(response: httpx.Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert error["code"] == response.status_code
    return response.status_code, error["errors"][0]["reason"]


@given(first=st.integers(0, 10**12), length=st.integers(1, 10**9), rest=st.integers(0, 10**9))
def test_ranges_are_read(first: int, length: int, rest: int) -> None:
    last, size = first + length - 1, first + length + rest
    assert content_range(f"bytes {first}-{last}/{size}") == (first, last, size)
    assert content_range(f"bytes {first}-{last}/*") == (first, last, None)
    assert content_range(f"bytes */{size}") == (None, None, size)


@pytest.mark.parametrize("said", ["", "bytes", "0-1/2", "bytes 2-1/5", "bytes 0-5/5", "bytes */x"])
def test_ranges_that_are_none(said: str) -> None:
    with pytest.raises(GoogleError):
        content_range(said)


@given(body=anything | st.fixed_dictionaries({"snippet": anything, "status": anything}))
def test_whatever_a_body_is_it_is_answered(body: Any) -> None:
    for check in (
        lambda: video_body(body, ("snippet", "status"), datetime.now(UTC)),
        lambda: caption_body(body),
    ):
        with contextlib.suppress(GoogleError):
            check()


def test_tags_are_counted_with_their_commas_and_quotes() -> None:
    assert not tags_too_long(["x" * 500])
    assert tags_too_long(["x" * 501])
    assert not tags_too_long(["x" * 249, "y" * 250])
    assert tags_too_long(["x" * 250, "y" * 250])
    assert not tags_too_long(["x" * 249 + " " + "y" * 248])
    assert tags_too_long(["x" * 249 + " " + "y" * 249])
    assert tags_too_long(["<b>"])


def test_captions_are_told_from_other_files() -> None:
    assert is_captions(b"1\r\n00:00:00,000 --> 00:00:01,000\r\nHi\r\n")
    assert is_captions(b"\xef\xbb\xbfWEBVTT\n\n00:00.000 --> 00:01.000\nHi\n")
    assert not is_captions(b"Only words.")


def test_an_upload_in_chunks(youtube: YouTube, sandbox: Running) -> None:
    video = mp4(width=1920, height=1080, size=3 * BLOCK + 1000)
    size = len(video)
    begun = youtube.begin(size)
    assert begun.status_code == 200
    url = begun.headers["location"]
    # Nothing yet: no Range at all.
    asked = youtube.put(url, b"", f"bytes */{size}")
    assert (asked.status_code, "range" in asked.headers) == (308, False)
    first = youtube.put(url, video[:BLOCK], f"bytes 0-{BLOCK - 1}/{size}")
    assert (first.status_code, first.headers["range"]) == (308, f"bytes=0-{BLOCK - 1}")
    # What is no multiple of 256 KiB is kept only up to one.
    crooked = youtube.put(
        url, video[BLOCK : 2 * BLOCK + 7], f"bytes {BLOCK}-{2 * BLOCK + 6}/{size}"
    )
    assert crooked.headers["range"] == f"bytes=0-{2 * BLOCK - 1}"
    # Too small, with a hole, of another size.
    small = youtube.put(
        url, video[2 * BLOCK : 2 * BLOCK + 9], f"bytes {2 * BLOCK}-{2 * BLOCK + 8}/{size}"
    )
    assert small.status_code == 400
    hole = youtube.put(url, video[3 * BLOCK :], f"bytes {3 * BLOCK}-{size - 1}/{size}")
    assert hole.status_code == 400
    assert youtube.put(url, b"", f"bytes */{size + 1}").status_code == 400
    assert sandbox.posts("youtube") == []
    # Again from the beginning of the second block: what is there already is skipped.
    last = youtube.put(url, video[BLOCK:], f"bytes {BLOCK}-{size - 1}/{size}")
    assert last.status_code == 200
    assert_fits(last.json(), {"$ref": "Video"})
    again = youtube.put(url, b"", f"bytes */{size}")
    assert (again.status_code, again.json()["id"]) == (200, last.json()["id"])
    (post,) = sandbox.posts("youtube")
    assert post["media"][0]["sha256"] == hashlib.sha256(video).hexdigest()
    assert (post["title"], post["state"], post["short"]) == ("Bread", "private", False)
    assert sandbox.requests("youtube") == {
        "prepare": 1,
        "probe": 3,
        "upload": 3,
        "commit": 2,
    }


def test_a_body_that_breaks_off_is_kept_up_to_a_block(youtube: YouTube) -> None:
    video = mp4(size=2 * BLOCK)
    url = urlsplit(youtube.begin(len(video)).headers["location"])
    head = (
        f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Content-Range: bytes 0-{len(video) - 1}/{len(video)}\r\n"
        f"Content-Length: {len(video)}\r\n\r\n"
    )
    with socket.create_connection((url.hostname, url.port)) as line:
        line.sendall(head.encode() + video[: BLOCK + 5000])
    for _ in range(100):
        asked = youtube.put(url.geturl(), b"", f"bytes */{len(video)}")
        if "range" in asked.headers:
            break
    assert asked.headers["range"] == f"bytes=0-{BLOCK - 1}"
    done = youtube.put(url.geturl(), video[BLOCK:], f"bytes {BLOCK}-{len(video) - 1}/{len(video)}")
    assert done.status_code == 200


def test_sessions_die(youtube: YouTube, sandbox: Running) -> None:
    url = youtube.begin(1000).headers["location"]
    assert youtube.put(url + "x", b"", "bytes */1000").status_code == 404
    sandbox.config(advance_seconds=7 * 86400.0)
    assert youtube.put(url, b"", "bytes */1000").status_code == 404


def test_googles_own_client(youtube: YouTube, sandbox: Running, tmp_path: Any) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(mp4(size=600_000))
    document = discovery() | {"rootUrl": f"{sandbox.url}/google/"}

    class Http:
        def __init__(self) -> None:
            self.inner = build_http()

        def request(self, uri: str, method: str = "GET", **given: Any) -> Any:
            given["headers"] = {**(given.get("headers") or {}), **youtube.headers}
            return self.inner.request(uri, method, **given)

        def close(self) -> None:
            self.inner.close()

    http = Http()
    service = build_from_document(document, http=http)
    media = MediaFileUpload(str(path), "video/mp4", chunksize=BLOCK, resumable=True)
    request = service.videos().insert(
        part="snippet,status", body={"snippet": SNIPPET, "status": STATUS}, media_body=media
    )
    response = None
    while response is None:
        _, response = request.next_chunk()
    id = response["id"]
    found = service.videos().list(part="status", id=id).execute()
    assert found["items"][0]["status"]["uploadStatus"] == "processed"
    subtitles = tmp_path / "a.srt"
    subtitles.write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nHi\n")
    track = (
        service.captions()
        .insert(
            part="snippet",
            body={"snippet": {"videoId": id, "language": "en", "name": ""}},
            media_body=MediaFileUpload(str(subtitles), "application/octet-stream"),
        )
        .execute()
    )
    assert track["snippet"]["status"] == "serving"
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg(1280, 720))
    service.thumbnails().set(
        videoId=id, media_body=MediaFileUpload(str(picture), "image/jpeg")
    ).execute()
    service.close()
    media.stream().close()
    (post,) = sandbox.posts("youtube")
    assert post["captions"][0]["sha256"] == hashlib.sha256(subtitles.read_bytes()).hexdigest()
    assert post["thumbnail"]["mime"] == "image/jpeg"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"snippet": {**SNIPPET, "title": "x" * 100}}, "ok"),
        ({"snippet": {**SNIPPET, "title": "x" * 101}}, "invalidTitle"),
        ({"snippet": {**SNIPPET, "title": " "}}, "invalidTitle"),
        ({"snippet": {**SNIPPET, "title": "a < b"}}, "invalidTitle"),
        ({"snippet": {**SNIPPET, "description": "é" * 2500}}, "ok"),
        ({"snippet": {**SNIPPET, "description": "é" * 2501}}, "invalidDescription"),
        ({"snippet": {**SNIPPET, "description": "a > b"}}, "invalidDescription"),
        ({"snippet": {**SNIPPET, "tags": ["x" * 501]}}, "invalidTags"),
        ({"snippet": {**SNIPPET, "categoryId": "99"}}, "invalidCategoryId"),
        ({"snippet": {**SNIPPET, "defaultLanguage": "??"}}, "invalidVideoMetadata"),
        ({"status": {"privacyStatus": "hidden"}}, "invalidVideoMetadata"),
        ({"status": {"privacyStatus": "private", "publishAt": PAST}}, "invalidPublishAt"),
        ({"status": {"privacyStatus": "public", "publishAt": FUTURE}}, "invalidPublishAt"),
        ({"status": {"privacyStatus": "private", "publishAt": FUTURE}}, "ok"),
        ({"recordingDetails": {}}, "unexpectedPart"),
        ({"snippet": {}}, "invalidTitle"),
        ({"video": {}}, "badRequest"),
    ],
)
def test_bodies(youtube: YouTube, body: dict[str, Any], expected: str) -> None:
    answer = youtube.begin(1000, **body)
    if expected == "ok":
        assert answer.status_code == 200
    else:
        assert reason(answer) == (400, expected)


def test_a_privacy_that_is_not_said_is_public(youtube: YouTube, sandbox: Running) -> None:
    made = youtube.publish(mp4(), status={})
    assert made["status"]["privacyStatus"] == "public"
    assert sandbox.posts("youtube")[0]["state"] == "published"


def test_processing(youtube: YouTube, sandbox: Running) -> None:
    sandbox.config(processing_seconds=60.0)
    id = youtube.publish(mp4())["id"]
    found = youtube.look(id)
    assert found["status"]["uploadStatus"] == "uploaded"
    assert found["processingDetails"]["processingStatus"] == "processing"

    # A Short's thumbnail has to wait.
    def set_thumbnail(content: bytes, video: str = id) -> httpx.Response:
        return youtube.call(
            "POST",
            f"{youtube.upload}/thumbnails/set",
            params={"videoId": video, "uploadType": "media"},
            content=content,
            headers={"Content-Type": "image/jpeg"},
        )

    assert reason(set_thumbnail(jpeg(720, 1280))) == (403, "forbidden")
    sandbox.config(advance_seconds=61.0)
    found = youtube.look(id)
    assert found["status"]["uploadStatus"] == "processed"
    assert found["processingDetails"]["processingStatus"] == "succeeded"
    done = set_thumbnail(jpeg(720, 1280))
    assert done.status_code == 200
    assert_fits(done.json(), {"$ref": "ThumbnailSetResponse"})
    assert youtube.look(id)["contentDetails"]["hasCustomThumbnail"]
    assert reason(set_thumbnail(b"no picture")) == (400, "invalidImage")
    assert reason(set_thumbnail(b"")) == (400, "mediaBodyRequired")
    assert reason(set_thumbnail(jpeg(), "none")) == (404, "videoNotFound")


def test_processing_that_fails_or_never_ends(youtube: YouTube, sandbox: Running) -> None:
    sandbox.fault("youtube", "any", "processing_failed")
    failed = youtube.look(youtube.publish(mp4())["id"])
    assert (failed["status"]["uploadStatus"], failed["status"]["failureReason"]) == (
        "failed",
        "conversion",
    )
    sandbox.fault("youtube", "any", "stuck")
    stuck = youtube.look(youtube.publish(mp4())["id"])
    assert stuck["status"]["uploadStatus"] == "uploaded"
    broken = youtube.look(youtube.publish(b"no video" * 1000)["id"])
    assert broken["status"]["failureReason"] == "invalidFile"
    assert [post["state"] for post in sandbox.posts("youtube")] == ["processing"]


def test_a_publish_time(youtube: YouTube, sandbox: Running) -> None:
    when = "2099-01-01T00:00:00Z"
    id = youtube.publish(mp4(), status={**STATUS, "publishAt": when})["id"]
    assert youtube.look(id)["status"]["publishAt"] == when
    assert youtube.look(id)["status"]["privacyStatus"] == "private"
    sandbox.config(advance_seconds=80 * 366 * 86400.0)
    youtube.headers = YouTube(sandbox, youtube._client).headers
    assert youtube.look(id)["status"]["privacyStatus"] == "public"


def related(metadata: dict[str, Any], content: bytes) -> dict[str, Any]:
    body = (
        b"--edge\r\nContent-Type: application/json\r\n\r\n"
        + json.dumps(metadata).encode()
        + b"\r\n--edge\r\nContent-Type: application/octet-stream\r\n\r\n"
        + content
        + b"\r\n--edge--\r\n"
    )
    return {"content": body, "headers": {"Content-Type": "multipart/related; boundary=edge"}}


def test_captions(youtube: YouTube, sandbox: Running) -> None:
    id = youtube.publish(mp4())["id"]
    srt = b"1\n00:00:00,000 --> 00:00:01,000\nHi\n"
    snippet = {"videoId": id, "language": "en", "name": "English", "isDraft": False}

    def send(method: str, metadata: dict[str, Any], content: bytes = srt) -> httpx.Response:
        return youtube.call(
            method,
            f"{youtube.upload}/captions",
            params={"part": "snippet", "uploadType": "multipart"},
            **related(metadata, content),
        )

    made = send("POST", {"snippet": snippet})
    assert_fits(made.json(), {"$ref": "Caption"})
    assert made.json()["snippet"]["status"] == "serving"
    assert reason(send("POST", {"snippet": snippet})) == (409, "captionExists")
    assert reason(send("POST", {"snippet": {**snippet, "language": ""}})) == (
        400,
        "invalidMetadata",
    )
    assert reason(send("POST", {"snippet": {**snippet, "videoId": "x"}})) == (404, "videoNotFound")
    again = send("PUT", {"id": made.json()["id"]}, b"words")
    assert again.json()["snippet"]["failureReason"] == "unknownFormat"
    assert reason(send("PUT", {"id": "none"})) == (404, "captionNotFound")
    listed = youtube.call(
        "GET", f"{youtube.api}/captions", params={"part": "snippet", "videoId": id}
    ).json()
    assert_fits(listed, {"$ref": "CaptionListResponse"})
    assert [item["id"] for item in listed["items"]] == [made.json()["id"]]
    assert sandbox.posts("youtube")[0]["captions"][0]["size"] == 5

    # And resumable: metadata first, then the bytes.
    begun = youtube.call(
        "POST",
        f"{youtube.upload}/captions",
        params={"part": "snippet", "uploadType": "resumable"},
        json={"snippet": {**snippet, "language": "de"}},
    )
    done = youtube.put(begun.headers["location"], srt, f"bytes 0-{len(srt) - 1}/{len(srt)}")
    assert done.json()["snippet"]["language"] == "de"


def test_what_a_channel_may(youtube: YouTube, sandbox: Running, client: httpx.Client) -> None:
    mine = youtube.publish(mp4())["id"]
    other = YouTube(sandbox, client, scopes=["https://www.googleapis.com/auth/youtube.force-ssl"])
    assert (
        other.call("GET", f"{other.api}/videos", params={"part": "status", "id": mine}).json()[
            "items"
        ]
        == []
    )
    remove = {"params": {"id": mine}}
    assert reason(other.call("DELETE", f"{other.api}/videos", **remove)) == (403, "forbidden")
    only = YouTube(sandbox, client, scopes=["https://www.googleapis.com/auth/youtube.readonly"])
    assert reason(only.begin(1000)) == (403, "insufficientPermissions")
    bare = {"headers": {"Authorization": "Bearer wrong"}}
    assert reason(youtube.call("DELETE", f"{other.api}/videos", **remove, **bare)) == (
        401,
        "authError",
    )
    assert youtube.call("DELETE", f"{other.api}/videos", **remove).status_code == 204
    assert reason(youtube.call("DELETE", f"{other.api}/videos", **remove)) == (
        404,
        "videoNotFound",
    )
    assert sandbox.posts("youtube") == []
    channel = youtube.call(
        "GET", f"{youtube.api}/channels", params={"part": "snippet,status", "mine": "true"}
    ).json()
    assert_fits(channel, {"$ref": "ChannelListResponse"})
    assert channel["items"][0]["id"] == youtube.account["platform_user_id"]


def test_updating(youtube: YouTube, sandbox: Running) -> None:
    id = youtube.publish(mp4())["id"]
    changed = youtube.call(
        "PUT",
        f"{youtube.api}/videos",
        params={"part": "status"},
        json={"id": id, "status": {"privacyStatus": "public"}},
    )
    assert_fits(changed.json(), {"$ref": "Video"})
    assert youtube.look(id)["status"]["privacyStatus"] == "public"
    assert youtube.look(id)["snippet"]["title"] == "Bread"
    assert sandbox.posts("youtube")[0]["state"] == "published"


def test_the_quota_has_two_buckets_and_a_day_in_california(
    youtube: YouTube, sandbox: Running
) -> None:
    sandbox.config(daily_limit={"youtube": 1})
    assert youtube.begin(1000).status_code == 200
    assert reason(youtube.begin(1000)) == (403, "quotaExceeded")
    params = {"part": "snippet", "mine": "true"}
    assert youtube.call("GET", f"{youtube.api}/channels", params=params).status_code == 200
    sandbox.config(rate_limit={"youtube": 1})
    answer = youtube.call("GET", f"{youtube.api}/channels", params=params)
    assert reason(answer) == (403, "quotaExceeded")
    sandbox.config(advance_seconds=86400.0)
    youtube.headers = YouTube(sandbox, youtube._client).headers
    assert youtube.begin(1000).status_code == 200


def test_consent(sandbox: Running, client: httpx.Client) -> None:
    # The verifier and challenge of RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    query = {
        "client_id": "sandbox",
        "response_type": "code",
        "scope": "https://www.googleapis.com/auth/youtube.upload",
        "redirect_uri": "http://127.0.0.1:8976/callback",
        "state": "s1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "auto": "1",
    }

    def tokens(**given: str) -> httpx.Response:
        form = {"client_id": "sandbox", "client_secret": "sandbox-secret", **given}
        return client.post(f"{sandbox.url}/google/token", data=form)

    def code(**changed: str) -> str:
        page = client.get(f"{sandbox.url}/google/o/oauth2/v2/auth", params=query | changed)
        return parse_qs(urlsplit(page.headers["location"]).query)["code"][0]

    given = {
        "grant_type": "authorization_code",
        "redirect_uri": query["redirect_uri"],
        "code_verifier": verifier,
    }
    first = tokens(code=code(), **given).json()
    assert first["expires_in"] in (3598, 3599)
    assert first["scope"] == query["scope"]
    assert "refresh_token" not in tokens(code=code(access_type="online"), **given).json()
    wrong = tokens(code=code(), **{**given, "code_verifier": "x" * 43})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    renewed = tokens(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert renewed["access_token"] != first["access_token"]
    assert "refresh_token" not in renewed
    sandbox.revoke("youtube")
    dead = tokens(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")

"""X's contract, judged from outside; replies against X's own specification."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jsonschema
import pytest
import yaml

from igny8_media.sandbox.server import Running
from igny8_media.sandbox.twitter.text import weight
from tests.sandbox.conftest import jpeg, mp4

SPECS = Path(__file__).parents[3] / "shared" / "specs" / "x"


@lru_cache(maxsize=1)
def _spec() -> dict[str, Any]:
    """The specification with its references as JSON Schema has them."""
    found = SPECS / "openapi.json"
    if not found.is_file():
        pytest.skip("X's specification is not on this machine.")
    text = found.read_text(encoding="utf-8").replace("#/components/schemas/", "#/$defs/")
    spec: dict[str, Any] = json.loads(text)
    return spec


@lru_cache(maxsize=32)
def _validator(method: str, path: str, status: str, mime: str) -> Any:
    spec = _spec()
    responses = spec["paths"][path][method.lower()]["responses"]
    content = responses.get(status, responses["default"])["content"]
    schema = content[mime]["schema"]
    return jsonschema.Draft202012Validator({**schema, "$defs": spec["components"]["schemas"]})


class User:
    """One account that speaks the contract; every reply is held against the specification."""

    def __init__(self, sandbox: Running, client: httpx.Client, **account: Any) -> None:
        self.account = sandbox.account("twitter", **account)
        self.id = self.account["platform_user_id"]
        self.headers = {"Authorization": f"Bearer {self.account['access_token']}"}
        self._base, self._client = f"{sandbox.url}/twitter", client

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        reply = self._client.request(
            method,
            f"{self._base}{path}",
            headers={**self.headers, **more.pop("headers", {})},
            **more,
        )
        if SPECS.is_dir():
            known = [
                p for p in _spec()["paths"] if re.fullmatch(re.sub(r"\{\w+\}", r"\\w+", p), path)
            ]
            template = min(known, key=lambda p: p.count("{"))
            mime = reply.headers["content-type"].partition(";")[0]
            # The specification's list of problems does not have "about:blank", which X answers.
            if not (mime == "application/problem+json" and reply.json()["type"] == "about:blank"):
                _validator(method, template, str(reply.status_code), mime).validate(reply.json())
        return reply

    def post(self, text: str | None = "Hello", **more: Any) -> httpx.Response:
        body = {**({} if text is None else {"text": text}), **more}
        return self.call("POST", "/2/tweets", json=body)

    def picture(self, data: bytes | None = None, category: str = "tweet_image") -> str:
        files = {"media": ("a", data or jpeg(), "image/jpeg")}
        sent = {"media_category": category}
        reply = self.call("POST", "/2/media/upload", files=files, data=sent)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["data"]["id"])

    def append(self, id: str, index: int, data: bytes) -> httpx.Response:
        files = {"media": ("segment", data, "application/octet-stream")}
        sent = {"segment_index": str(index)}
        return self.call("POST", f"/2/media/upload/{id}/append", files=files, data=sent)

    def video(self, data: bytes, size: int = 1_000_000) -> tuple[str, httpx.Response]:
        asked = {
            "media_type": "video/mp4",
            "total_bytes": len(data),
            "media_category": "tweet_video",
        }
        begun = self.call("POST", "/2/media/upload/initialize", json=asked)
        id = begun.json()["data"]["id"]
        for index, first in enumerate(range(0, len(data), size)):
            assert self.append(id, index, data[first : first + size]).status_code == 200
        return id, self.call("POST", f"/2/media/upload/{id}/finalize")


@pytest.fixture
def user(sandbox: Running, client: httpx.Client) -> User:
    return User(sandbox, client)


def test_a_post_is_created(sandbox: Running, user: User) -> None:
    reply = user.post("  Hello  ")
    assert reply.status_code == 201
    assert reply.json()["data"]["text"] == "Hello"
    (post,) = sandbox.posts("twitter")
    assert (post["id"], post["text"]) == (reply.json()["data"]["id"], "Hello")
    assert post["url"] == f"https://x.com/i/web/status/{post['id']}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": " "}, 400),
        ({"text": "x", "quote": 1}, 400),
        ({"text": 5}, 400),
        ({"text": "x", "reply_settings": "everyone"}, 400),
        ({"text": "x", "reply_settings": "following"}, 201),
        ({"text": "x", "quote_tweet_id": "1"}, 403),
        ({"text": "x", "made_with_ai": True}, 201),
        ({"text": "x", "made_with_ai": "yes"}, 400),
        ({"text": "x" * 280}, 201),
        ({"text": "x" * 281}, 403),
        ({"text": "日" * 140}, 201),
        ({"text": "日" * 141}, 403),
        ({"text": "x" * 256 + " https://example.org/" + "y" * 200}, 201),
        ({"text": "x" * 257 + " example.org"}, 403),
        ({"text": "$AAPL and $MSFT"}, 403),
        ({"text": "$AAPL for $5 or $10"}, 201),
        ({"text": "x", "poll": {"options": ["a", "b"], "duration_minutes": 5}}, 201),
        ({"text": "x", "poll": {"options": ["a", "b"], "duration_minutes": 4}}, 400),
        ({"text": "x", "poll": {"options": ["a", "b"], "duration_minutes": 10081}}, 400),
        ({"text": "x", "poll": {"options": ["a"], "duration_minutes": 60}}, 400),
        ({"text": "x", "poll": {"options": ["a", "b" * 26], "duration_minutes": 60}}, 400),
        ({"text": "x", "media": {"media_ids": []}}, 400),
        ({"text": "x", "media": {"media_ids": ["12345"]}}, 400),
        ({"text": "x", "media": {"media_ids": [12345]}}, 400),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": 12}}, 400),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": "12"}}, 403),
    ],
)
def test_posts_are_judged(sandbox: Running, user: User, body: dict[str, Any], status: int) -> None:
    assert user.call("POST", "/2/tweets", json=body).status_code == status
    assert len(sandbox.posts()) == (status == 201)


def test_the_same_text_again_is_refused(sandbox: Running, user: User) -> None:
    user.post("Once")
    again = user.post("Once ")
    assert (again.status_code, "duplicate content" in again.json()["detail"]) == (403, True)
    assert len(sandbox.posts()) == 1
    sandbox.config(dedupes=False)
    assert user.post("Once").status_code == 201


def test_a_thread(sandbox: Running, user: User) -> None:
    first = user.post("One").json()["data"]["id"]
    second = user.post("Two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]
    third = user.post("Three", reply={"in_reply_to_tweet_id": second}).json()["data"]["id"]
    assert [post.get("reply_to") for post in sandbox.posts()] == [None, first, second]
    fields = {"tweet.fields": "conversation_id,referenced_tweets"}
    found = user.call("GET", f"/2/tweets/{third}", params=fields).json()["data"]
    assert found["conversation_id"] == first
    assert found["referenced_tweets"] == [{"type": "replied_to", "id": second}]


def test_replies_to_others_and_without_summons_are_refused(
    sandbox: Running, client: httpx.Client, user: User
) -> None:
    theirs = User(sandbox, client).post("Mine").json()["data"]["id"]
    assert user.post("Hi", reply={"in_reply_to_tweet_id": theirs}).status_code == 403
    bound = User(sandbox, client, details={"self_replies": False})
    first = bound.post("One").json()["data"]["id"]
    reply = bound.post("Two", reply={"in_reply_to_tweet_id": first})
    assert (reply.status_code, "not permitted" in reply.json()["detail"]) == (403, True)


def test_a_premium_account_writes_more(sandbox: Running, client: httpx.Client) -> None:
    assert User(sandbox, client, details={"premium": True}).post("x" * 4000).status_code == 201


def test_the_timeline_shows_texts_as_x_does(sandbox: Running, user: User) -> None:
    picture = user.picture()
    text = "A & B: https://example.org/a?b=c and example.dev"
    user.post(text, media={"media_ids": [picture]})
    fields = "created_at,entities,attachments"
    page = user.call("GET", f"/2/users/{user.id}/tweets", params={"tweet.fields": fields}).json()
    (found,) = page["data"]
    assert re.fullmatch(
        r"A &amp; B: https://t\.co/\w{10} and https://t\.co/\w{10} https://t\.co/\w{10}",
        found["text"],
    )
    urls = found["entities"]["urls"]
    assert [url["expanded_url"] for url in urls[:2]] == [
        "https://example.org/a?b=c",
        "http://example.dev",
    ]
    assert [found["text"][url["start"] : url["end"]] for url in urls] == [
        url["url"] for url in urls
    ]
    assert found["attachments"]["media_keys"] == [f"3_{picture}"]
    assert found["created_at"].endswith(".000Z")


def test_the_timeline_is_cut_and_paged(sandbox: Running, user: User) -> None:
    ids = [user.post(f"Post {n}").json()["data"]["id"] for n in range(7)]
    address = f"/2/users/{user.id}/tweets"
    page = user.call("GET", address, params={"max_results": 5}).json()
    assert [post["id"] for post in page["data"]] == ids[:1:-1]
    assert page["meta"] | {"next_token": ""} == {
        "result_count": 5,
        "newest_id": ids[6],
        "oldest_id": ids[2],
        "next_token": "",
    }
    more = {"max_results": 5, "pagination_token": page["meta"]["next_token"]}
    rest = user.call("GET", address, params=more).json()
    assert [post["id"] for post in rest["data"]] == [ids[1], ids[0]]
    assert "next_token" not in rest["meta"]
    newer = user.call("GET", address, params={"since_id": ids[5]}).json()
    assert [post["id"] for post in newer["data"]] == [ids[6]]
    empty = user.call("GET", address, params={"start_time": "2999-01-01T00:00:00Z"}).json()
    assert empty == {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    "params",
    [
        {"max_results": "4"},
        {"max_results": "101"},
        {"start_time": "yesterday"},
        {"exclude": "polls"},
        {"tweet.fields": "everything"},
        {"pagination_token": "x"},
    ],
)
def test_wrong_questions_are_refused(user: User, params: dict[str, str]) -> None:
    assert user.call("GET", f"/2/users/{user.id}/tweets", params=params).status_code == 400


def test_what_is_gone_is_named_beside_the_rest(user: User) -> None:
    id = user.post().json()["data"]["id"]
    answer = user.call("GET", "/2/tweets", params={"ids": f"{id},99"}).json()
    assert [post["id"] for post in answer["data"]] == [id]
    assert answer["errors"][0]["resource_id"] == "99"
    assert user.call("GET", "/2/tweets/99").status_code == 404


def test_deleting(sandbox: Running, client: httpx.Client, user: User) -> None:
    id = user.post().json()["data"]["id"]
    assert User(sandbox, client).call("DELETE", f"/2/tweets/{id}").status_code == 403
    assert user.call("DELETE", f"/2/tweets/{id}").json() == {"data": {"deleted": True}}
    assert sandbox.posts() == []
    assert user.call("DELETE", f"/2/tweets/{id}").status_code == 404


def test_pictures_with_alternative_text(sandbox: Running, user: User) -> None:
    data = [jpeg(10 + n, 10) for n in range(5)]
    ids = [user.picture(one) for one in data]
    alt = {"id": ids[0], "metadata": {"alt_text": {"text": "x" * 1000}}}
    assert user.call("POST", "/2/media/metadata", json=alt).status_code == 200
    alt["metadata"] = {"alt_text": {"text": "x" * 1001}}
    assert user.call("POST", "/2/media/metadata", json=alt).status_code == 400
    assert user.post(media={"media_ids": ids}).status_code == 400
    assert user.post(media={"media_ids": [ids[0], ids[0]]}).status_code == 400
    assert user.post(None, media={"media_ids": ids[:4]}).status_code == 201
    media = sandbox.posts()[0]["media"]
    assert [item["sha256"] for item in media] == [
        hashlib.sha256(one).hexdigest() for one in data[:4]
    ]
    assert [item.get("alt_text") for item in media] == ["x" * 1000, None, None, None]


def test_a_picture_is_judged(user: User) -> None:
    for data, category in (
        (b"text", "tweet_image"),
        (jpeg(), "tweet_gif"),
        (bytes(9), "tweet_video"),
    ):
        files = {"media": ("a", data, "image/jpeg")}
        sent = {"media_category": category}
        assert user.call("POST", "/2/media/upload", files=files, data=sent).status_code == 400


def test_a_video_in_segments(sandbox: Running, user: User) -> None:
    data = mp4(size=2_500_000)
    id, finished = user.video(data)
    assert finished.json()["data"]["processing_info"]["state"] == "succeeded"
    assert user.post(media={"media_ids": [id, user.picture()]}).status_code == 400
    assert user.post(media={"media_ids": [id]}).status_code == 201
    assert sandbox.posts()[0]["media"][0]["sha256"] == hashlib.sha256(data).hexdigest()


def test_segments_are_judged(user: User) -> None:
    asked = {"media_type": "video/mp4", "total_bytes": 30, "media_category": "tweet_video"}
    id = user.call("POST", "/2/media/upload/initialize", json=asked).json()["data"]["id"]
    assert user.append(id, 1, bytes(10)).status_code == 400
    assert user.append(id, 0, bytes(10)).status_code == 200
    assert user.append(id, 0, bytes(10)).status_code == 200  # the same again
    assert user.append(id, 0, bytes(11)).status_code == 400
    assert user.append(id, 1, bytes(21)).status_code == 400
    assert user.call("POST", f"/2/media/upload/{id}/finalize").status_code == 400
    encoded = {"media": base64.b64encode(bytes(20)).decode(), "segment_index": 1}
    assert user.call("POST", f"/2/media/upload/{id}/append", json=encoded).status_code == 200
    assert user.call("POST", f"/2/media/upload/{id}/finalize").status_code == 200
    assert user.append("99", 0, bytes(10)).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"total_bytes": 512_000_001},
        {"total_bytes": 0},
        {"media_type": "image/png"},
        {"media_category": "tweet_film"},
        {"name": "x"},
    ],
)
def test_an_announcement_is_judged(user: User, change: dict[str, Any]) -> None:
    asked = {"media_type": "video/mp4", "total_bytes": 30, "media_category": "tweet_video"}
    reply = user.call("POST", "/2/media/upload/initialize", json={**asked, **change})
    assert reply.status_code == 400


def test_a_video_is_processed(sandbox: Running, user: User) -> None:
    def state() -> dict[str, Any]:
        params = {"command": "STATUS", "media_id": id}
        info: dict[str, Any] = user.call("GET", "/2/media/upload", params=params).json()["data"]
        return dict(info["processing_info"])

    sandbox.config(processing_seconds=30.0)
    id, finished = user.video(mp4(size=1000))
    assert finished.json()["data"]["processing_info"]["check_after_secs"] == 5
    assert state()["state"] == "in_progress"
    assert user.post(media={"media_ids": [id]}).status_code == 400
    sandbox.config(advance_seconds=31.0)
    assert state()["state"] == "succeeded"
    sandbox.config(processing_seconds=0.0)
    sandbox.fault("twitter", "any", "processing_failed")
    id, _ = user.video(mp4(size=1000))
    assert state()["state"] == "failed"
    id, _ = user.video(mp4(seconds=141.0, size=1000))
    assert state()["state"] == "failed"


def test_media_expire(sandbox: Running, user: User) -> None:
    id = user.picture()
    # The token lives shorter than the media: another one for the same account.
    sandbox.state.tokens[user.account["access_token"]].expires_at = None
    sandbox.config(advance_seconds=86_401.0)
    assert user.post(media={"media_ids": [id]}).status_code == 400


def test_limits_are_told_with_every_reply(sandbox: Running, user: User) -> None:
    sandbox.config(rate_limit={"twitter": 2})
    replies = [user.post(f"Try {n}") for n in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 429]
    told = [reply.headers["x-rate-limit-remaining"] for reply in replies]
    assert told == ["1", "0", "0"]
    assert int(replies[2].headers["x-rate-limit-reset"]) % 900 == 0


def test_scopes_are_needed(sandbox: Running, client: httpx.Client) -> None:
    reader = User(sandbox, client, scopes=["tweet.read", "users.read"])
    assert reader.post().status_code == 403
    assert reader.call("GET", "/2/users/me").json()["data"]["id"] == reader.id


@pytest.fixture
def ask(sandbox: Running, client: httpx.Client) -> Callable[..., httpx.Response]:
    """The token endpoint, with the secret in the header."""

    def post(**form: str) -> httpx.Response:
        return client.post(
            f"{sandbox.url}/twitter/2/oauth2/token", data=form, auth=("sandbox", "sandbox-secret")
        )

    return post


def _code(sandbox: Running, client: httpx.Client, challenge: str, **more: str) -> dict[str, str]:
    params = {
        "response_type": "code",
        "client_id": "sandbox",
        "redirect_uri": "http://127.0.0.1:9/cb",
        "state": "s",
        "scope": "tweet.read tweet.write users.read media.write offline.access",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "auto": "1",
        **more,
    }
    reply = client.get(f"{sandbox.url}/twitter/i/oauth2/authorize", params=params)
    answer = parse_qs(urlsplit(reply.headers["location"]).query)
    return {name: values[0] for name, values in answer.items()}


def test_consent_with_pkce_and_tokens_that_rotate(
    sandbox: Running, client: httpx.Client, ask: Callable[..., httpx.Response]
) -> None:
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def exchange(verifier: str) -> httpx.Response:
        return ask(
            grant_type="authorization_code",
            code=_code(sandbox, client, challenge)["code"],
            redirect_uri="http://127.0.0.1:9/cb",
            code_verifier=verifier,
        )

    assert exchange("x" * 64).status_code == 400
    first = exchange(verifier).json()
    assert first["expires_in"] == 7200
    second = ask(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    dead = ask(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_request")
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert client.get(f"{sandbox.url}/twitter/2/users/me", headers=headers).status_code == 200


def test_pkce_is_required_and_codes_live_for_thirty_seconds(
    sandbox: Running, client: httpx.Client, ask: Callable[..., httpx.Response]
) -> None:
    assert _code(sandbox, client, "")["error"] == "invalid_request"
    assert _code(sandbox, client, "x", code_challenge_method="plain")["error"] == "invalid_request"
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    code = _code(sandbox, client, challenge)["code"]
    sandbox.config(advance_seconds=31.0)
    reply = ask(
        grant_type="authorization_code",
        code=code,
        redirect_uri="http://127.0.0.1:9/cb",
        code_verifier=verifier,
    )
    assert "expired" in reply.json()["error_description"]


def test_a_secret_in_the_body_is_not_taken(sandbox: Running, client: httpx.Client) -> None:
    account = sandbox.account("twitter")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": account["refresh_token"],
        "client_id": "sandbox",
        "client_secret": "sandbox-secret",
    }
    assert client.post(f"{sandbox.url}/twitter/2/oauth2/token", data=form).status_code == 401


def test_lengths_follow_the_official_vectors() -> None:
    vectors = SPECS / "twitter-text" / "conformance_validate.yml"
    if not vectors.is_file():
        pytest.skip("The official twitter-text vectors are not on this machine.")
    tests = yaml.safe_load(vectors.read_text(encoding="utf-8"))["tests"]
    suites = ("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")
    cases = [case for suite in suites for case in tests[suite]]
    assert len(cases) >= 20
    for case in cases:
        assert weight(case["text"]) == case["expected"]["weightedLength"], case["description"]

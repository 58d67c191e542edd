"""LinkedIn's contract, judged from outside."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.sandbox.linkedin.text import listed, shown
from igny8_media.sandbox.server import Running
from tests.sandbox.conftest import jpeg, mp4

HEADERS = {"LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}


class Member:
    """One account that speaks the contract."""

    def __init__(self, sandbox: Running, client: httpx.Client, kind: str = "person") -> None:
        self.account = sandbox.account("linkedin", kind=kind)
        self.urn = f"urn:li:{kind}:{self.account['platform_user_id']}"
        self.base, self._client = f"{sandbox.url}/linkedin", client
        self.headers = {**HEADERS, "Authorization": f"Bearer {self.account['access_token']}"}

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value}
        return self._client.request(method, f"{self.base}{path}", headers=headers, **more)

    def body(self, text: str = "Hello", **more: Any) -> dict[str, Any]:
        return {
            "author": self.urn,
            "commentary": text,
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "lifecycleState": "PUBLISHED",
            **more,
        }

    def post(self, text: str = "Hello", **more: Any) -> httpx.Response:
        return self.call("POST", "/rest/posts", json=self.body(text, **more))

    def announce(self, kind: str, **more: Any) -> httpx.Response:
        asked = {"initializeUploadRequest": {"owner": self.urn, **more}}
        return self.call("POST", f"/rest/{kind}?action=initializeUpload", json=asked)

    def put(self, url: str, data: bytes, **headers: str) -> httpx.Response:
        sent = {"Authorization": self.headers["Authorization"], **headers}
        return self._client.put(url, content=data, headers=sent)

    def picture(self, data: bytes | None = None) -> str:
        value = self.announce("images").json()["value"]
        assert self.put(value["uploadUrl"], data or jpeg()).status_code == 201
        return str(value["image"])

    def video(self, data: bytes) -> tuple[dict[str, Any], list[str]]:
        value = self.announce("videos", fileSizeBytes=len(data)).json()["value"]
        etags = []
        for part in value["uploadInstructions"]:
            piece = data[part["firstByte"] : part["lastByte"] + 1]
            reply = self.put(
                part["uploadUrl"], piece, **{"Content-Type": "application/octet-stream"}
            )
            etags.append(reply.headers["etag"])
        return value, etags

    def finish(self, value: dict[str, Any], etags: list[str]) -> httpx.Response:
        asked = {
            "video": value["video"],
            "uploadToken": value["uploadToken"],
            "uploadedPartIds": etags,
        }
        address = "/rest/videos?action=finalizeUpload"
        return self.call("POST", address, json={"finalizeUploadRequest": asked})


@pytest.fixture
def member(sandbox: Running, client: httpx.Client) -> Member:
    return Member(sandbox, client)


@pytest.fixture
def page(sandbox: Running, client: httpx.Client) -> Member:
    return Member(sandbox, client, "organization")


def test_a_post_is_created_with_its_urn_in_a_header(sandbox: Running, member: Member) -> None:
    reply = member.post("Hello #world")
    assert (reply.status_code, reply.content) == (201, b"")
    (post,) = sandbox.posts("linkedin")
    assert reply.headers["x-restli-id"] == post["id"]
    assert post["id"].startswith("urn:li:share:")
    assert (post["text"], post["account"], post["state"]) == (
        "Hello #world",
        member.account["platform_user_id"],
        "published",
    )


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": ""}, 401, "EMPTY_ACCESS_TOKEN"),
        ({"Authorization": "Bearer other"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"LinkedIn-Version": ""}, 400, "VERSION_MISSING"),
        ({"LinkedIn-Version": "202511"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn-Version": "2026-09"}, 426, "NONEXISTENT_VERSION"),
        ({"X-Restli-Protocol-Version": ""}, 400, "INVALID_VALUE_FOR_FIELD"),
    ],
)
def test_headers_are_required(
    member: Member, headers: dict[str, str], status: int, code: str
) -> None:
    reply = member.call("POST", "/rest/posts", json=member.body(), headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.json()["status"] == status


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"commentary": "x" * 3001}, 400, "FIELD_LENGTH_TOO_LONG"),
        ({"commentary": " "}, 400, "MISSING_FIELD"),
        ({"visibility": "FRIENDS"}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"lifecycleState": "DRAFT"}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"scheduledAt": 1}, 422, "UNPROCESSABLE_ENTITY"),
        ({"author": "urn:li:company:1"}, 400, "INVALID_URN_TYPE"),
        ({"author": "me"}, 400, "INVALID_URN_ID"),
        ({"author": "urn:li:organization:5"}, 403, "ACCESS_DENIED"),
        ({"distribution": {}}, 400, "MISSING_FIELD"),
        ({"content": {"carousel": {}}}, 422, "UNPROCESSABLE_ENTITY"),
        ({"content": {"media": {"id": "urn:li:image:1"}}}, 400, "INVALID_URN_ID"),
        ({"content": {"media": {"id": "urn:li:share:1"}}}, 400, "INVALID_URN_TYPE"),
        ({"content": {"article": {"source": "nowhere", "title": "x"}}}, 400, "INVALID_URL"),
        ({"content": {"article": {"source": "https://e.org"}}}, 400, "MISSING_FIELD"),
        ({"content": {"multiImage": {"images": [{"id": "x"}]}}}, 400, "INVALID_VALUE_FOR_FIELD"),
    ],
)
def test_a_wrong_post_is_refused(
    sandbox: Running, member: Member, change: dict[str, Any], status: int, code: str
) -> None:
    reply = member.post(**{"text": change.pop("commentary", "Hello"), **change})
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert sandbox.posts() == []


@pytest.mark.parametrize("missing", ["author", "commentary", "visibility", "distribution"])
def test_a_missing_field_is_named(member: Member, missing: str) -> None:
    body = member.body()
    del body[missing]
    reply = member.call("POST", "/rest/posts", json=body)
    assert (reply.status_code, reply.json()["code"]) == (400, "MISSING_FIELD")
    assert missing in reply.json()["message"]


def test_3000_characters_are_taken(member: Member) -> None:
    assert member.post("x" * 3000).status_code == 201


def test_the_same_body_again_names_the_live_post(sandbox: Running, member: Member) -> None:
    urn = member.post("Once").headers["x-restli-id"]
    again = member.post("Once")
    assert again.status_code == 422
    assert again.json()["message"] == f"Content is a duplicate of {urn}"
    assert len(sandbox.posts()) == 1
    assert member.call("DELETE", f"/rest/posts/{quote(urn, safe='')}").status_code == 204
    assert member.post("Once").status_code == 201


def test_duplicates_can_be_let_through(sandbox: Running, member: Member) -> None:
    sandbox.config(dedupes=False)
    assert [member.post("Twice").status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(
    ("poll", "status"),
    [
        ({"question": "Q?", "options": ["a", "b"], "duration": "ONE_DAY"}, 201),
        ({"question": "Q" * 141, "options": ["a", "b"], "duration": "ONE_DAY"}, 400),
        ({"question": "Q?", "options": ["a"], "duration": "ONE_DAY"}, 400),
        ({"question": "Q?", "options": list("abcde"), "duration": "ONE_DAY"}, 400),
        ({"question": "Q?", "options": ["a", "b" * 31], "duration": "ONE_DAY"}, 400),
        ({"question": "Q?", "options": ["a", "b"], "duration": "ONE_HOUR"}, 400),
    ],
)
def test_polls(member: Member, poll: dict[str, Any], status: int) -> None:
    content = {
        "question": poll["question"],
        "options": [{"text": option} for option in poll["options"]],
        "settings": {"duration": poll["duration"]},
    }
    assert member.post("Vote", content={"poll": content}).status_code == status


def test_pictures(sandbox: Running, member: Member) -> None:
    one, two = jpeg(300, 200), jpeg(200, 300, "PNG")
    images = [
        {"id": member.picture(one), "altText": "Wide"},
        {"id": member.picture(two)},
    ]
    assert member.post(content={"multiImage": {"images": images}}).status_code == 201
    media = sandbox.posts()[0]["media"]
    assert [item["sha256"] for item in media] == [
        hashlib.sha256(data).hexdigest() for data in (one, two)
    ]
    assert [item["mime"] for item in media] == ["image/jpeg", "image/png"]
    assert media[0]["alt_text"] == "Wide"


def test_media_must_be_ready_and_sound(sandbox: Running, member: Member) -> None:
    def attach(urn: str) -> str:
        return str(member.post(urn[-3:], content={"media": {"id": urn}}).json()["code"])

    announced = member.announce("images").json()["value"]["image"]
    assert attach(announced) == "MEDIA_ASSET_WAITING_UPLOAD"
    assert attach(member.picture(b"no picture")) == "MEDIA_ASSET_PROCESSING_FAILED"
    sandbox.fault("linkedin", "any", "stuck")
    stuck = member.picture()
    sandbox.config(advance_seconds=86_000.0)
    assert attach(stuck) == "MEDIA_ASSET_WAITING_UPLOAD"
    sandbox.fault("linkedin", "any", "processing_failed")
    assert attach(member.picture()) == "MEDIA_ASSET_PROCESSING_FAILED"


def test_processing_takes_its_time(sandbox: Running, page: Member) -> None:
    sandbox.config(processing_seconds=30.0)
    urn = page.picture()
    address = f"/rest/images/{quote(urn, safe='')}"
    assert page.call("GET", address).json()["status"] == "PROCESSING"
    sandbox.config(advance_seconds=31.0)
    assert page.call("GET", address).json()["status"] == "AVAILABLE"
    assert page.post(content={"media": {"id": urn}}).status_code == 201


def test_an_upload_address_expires(sandbox: Running, member: Member) -> None:
    value = member.announce("images").json()["value"]
    sandbox.config(advance_seconds=86_401.0)
    assert member.put(value["uploadUrl"], jpeg()).json()["code"] == "EXPIRED_UPLOAD_URL"


def test_media_of_others_are_refused(sandbox: Running, member: Member, page: Member) -> None:
    urn = page.picture()
    reply = member.post(content={"media": {"id": urn}})
    assert (reply.status_code, reply.json()["code"]) == (403, "ACCESS_DENIED")


def test_a_member_cannot_look_at_pictures(member: Member) -> None:
    reply = member.call("GET", f"/rest/images/{quote(member.picture(), safe='')}")
    assert (reply.status_code, reply.json()["code"]) == (403, "ACCESS_DENIED")


def test_a_video_comes_in_parts(sandbox: Running, member: Member) -> None:
    data = mp4(size=9 << 20)
    value, etags = member.video(data)
    assert [part["lastByte"] + 1 for part in value["uploadInstructions"]] == [
        4 << 20,
        8 << 20,
        9 << 20,
    ]
    wrong = member.finish(value, etags[::-1])
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_VALUE_FOR_FIELD")
    early = member.post(content={"media": {"id": value["video"]}})
    assert early.json()["code"] == "MEDIA_ASSET_WAITING_UPLOAD"
    assert member.finish(value, etags).status_code == 200
    reply = member.call("GET", f"/rest/videos/{quote(value['video'], safe='')}")
    assert reply.json()["status"] == "AVAILABLE"
    posted = member.post(content={"media": {"id": value["video"], "title": "A film"}})
    assert posted.headers["x-restli-id"].startswith("urn:li:ugcPost:")
    assert sandbox.posts()[0]["media"][0]["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_cover_that_was_announced_is_uploaded_and_shown(sandbox: Running, member: Member) -> None:
    data, picture = mp4(size=80_000), jpeg()
    value = member.announce("videos", fileSizeBytes=len(data), uploadThumbnail=True).json()["value"]
    octets = {"Content-Type": "application/octet-stream"}
    url, cover = value["uploadInstructions"][0]["uploadUrl"], value["thumbnailUploadUrl"]
    etags = [member.put(url, data, **octets).headers["etag"]]
    assert member.put(cover, b"no picture", **octets).status_code == 400
    assert member.finish(value, etags).status_code == 400
    assert member.put(cover, picture, **octets).status_code == 201
    assert member.finish(value, etags).status_code == 200
    member.post(content={"media": {"id": value["video"]}})
    assert sandbox.posts()[0]["thumbnail"]["sha256"] == hashlib.sha256(picture).hexdigest()
    plain = member.announce("videos", fileSizeBytes=80_000).json()["value"]
    assert "thumbnailUploadUrl" not in plain


def test_a_part_must_be_whole(member: Member) -> None:
    value = member.announce("videos", fileSizeBytes=5 << 20).json()["value"]
    url = value["uploadInstructions"][1]["uploadUrl"]
    octets = {"Content-Type": "application/octet-stream"}
    assert member.put(url, bytes(100), **octets).status_code == 400
    assert member.put(url, bytes(1 << 20), **{"Content-Type": "video/mp4"}).status_code == 415
    assert member.put(url, bytes(1 << 20), **octets).status_code == 200


@pytest.mark.parametrize("size", [74_999, 500_000_001])
def test_videos_have_limits(member: Member, size: int) -> None:
    assert member.announce("videos", fileSizeBytes=size).status_code == 400


def test_a_video_too_short_fails(sandbox: Running, member: Member) -> None:
    value, etags = member.video(mp4(seconds=2.0, size=80_000))
    member.finish(value, etags)
    status = member.call("GET", f"/rest/videos/{quote(value['video'], safe='')}").json()
    assert status["status"] == "PROCESSING_FAILED"
    assert status["processingFailureReason"]


def test_a_document_needs_a_title(sandbox: Running, page: Member) -> None:
    value = page.announce("documents").json()["value"]
    page.put(value["uploadUrl"], b"%PDF-1.7 ...")
    assert page.post(content={"media": {"id": value["document"]}}).status_code == 400
    named = page.post(content={"media": {"id": value["document"], "title": "Slides"}})
    assert named.status_code == 201
    assert sandbox.posts()[0]["kind"] == "document"


def test_an_organization_lists_its_posts(page: Member) -> None:
    for text in ("First", "Second #tag"):
        page.post(text)
    query = f"?author={quote(page.urn, safe='')}&q=author&count=10&sortBy=LAST_MODIFIED"
    finder = {"X-RestLi-Method": "FINDER"}
    found = page.call("GET", f"/rest/posts{query}", headers=finder).json()["elements"]
    assert [post["commentary"] for post in found] == ["Second {hashtag|\\#|tag}", "First"]
    assert page.call("GET", f"/rest/posts{query}").status_code == 400
    plain = query.replace("%3A", ":")
    assert page.call("GET", f"/rest/posts{plain}", headers=finder).status_code == 400


def test_a_member_cannot_list_posts(member: Member) -> None:
    query = f"?author={quote(member.urn, safe='')}&q=author"
    reply = member.call("GET", f"/rest/posts{query}", headers={"X-RestLi-Method": "FINDER"})
    assert (reply.status_code, reply.json()["code"]) == (403, "ACCESS_DENIED")


def test_deleting_twice_is_the_same_and_urns_are_encoded(sandbox: Running, member: Member) -> None:
    urn = member.post().headers["x-restli-id"]
    assert member.call("DELETE", f"/rest/posts/{urn}").status_code == 400
    for _ in range(2):
        assert member.call("DELETE", f"/rest/posts/{quote(urn, safe='')}").status_code == 204
    assert sandbox.posts() == []


def test_requests_a_day_are_limited(sandbox: Running, member: Member) -> None:
    sandbox.config(rate_limit={"linkedin": 2})
    assert [member.post(f"Try {n}").status_code for n in range(3)] == [201, 201, 429]
    sandbox.config(advance_seconds=86_400.0)
    assert member.post("Tomorrow").status_code == 201


@pytest.mark.parametrize(
    ("commentary", "seen"),
    [
        ("plain", "plain"),
        (r"50\% \(half\)", "50"),
        (r"a \(b\) \[c\] \#d \_e\_ \\ \~", "a (b) [c] #d _e_ \\ ~"),
        ("cut (here)", "cut "),
        ("snake_case", "snake"),
        ("#tag and {hashtag|\\#|word}!", "#tag and #word!"),
        ("by @[Ada L.](urn:li:person:abc) too", "by Ada L. too"),
        ("mail me@example.org", "mail me"),
        ("C# is cut", "C"),
    ],
)
def test_little_text(commentary: str, seen: str) -> None:
    assert shown(commentary) == seen


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_everything_escaped_is_shown_as_it_was(text: str) -> None:
    escaped = "".join(f"\\{c}" if c in "\\|{}@[]()<>#*_~" else c for c in text)
    assert shown(escaped) == text
    assert listed(escaped) == escaped


class Consent:
    """An application that asks a person."""

    def __init__(self, sandbox: Running, client: httpx.Client) -> None:
        self.base, self._client = f"{sandbox.url}/linkedin/oauth/v2", client
        self.redirect = "http://127.0.0.1:9/callback"

    def ask(self, **more: str) -> httpx.Response:
        params = {
            "response_type": "code",
            "client_id": "sandbox",
            "redirect_uri": self.redirect,
            "state": "s p",
            "scope": "openid profile w_member_social",
            **more,
        }
        return self._client.get(f"{self.base}/authorization", params=params)

    def code(self) -> str:
        place = urlsplit(self.ask(auto="1").headers["location"])
        assert place.netloc == "127.0.0.1:9"
        answer = parse_qs(place.query)
        assert answer["state"] == ["s p"]
        return answer["code"][0]

    def token(self, **fields: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": "sandbox",
            "client_secret": "sandbox-secret",
            "redirect_uri": self.redirect,
            **fields,
        }
        return self._client.post(f"{self.base}/accessToken", data=form)


@pytest.fixture
def consent(sandbox: Running, client: httpx.Client) -> Consent:
    return Consent(sandbox, client)


def test_consent_gives_tokens(sandbox: Running, client: httpx.Client, consent: Consent) -> None:
    granted = consent.token(code=consent.code()).json()
    assert granted["expires_in"] == 5_184_000
    assert granted["scope"].split(",") == ["openid", "profile", "w_member_social"]
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    who = client.get(f"{sandbox.url}/linkedin/v2/userinfo", headers=headers).json()
    assert who["sub"] == sandbox.get("accounts")[0]["id"]
    renewed = consent.token(
        grant_type="refresh_token", refresh_token=granted["refresh_token"]
    ).json()
    assert renewed["access_token"] != granted["access_token"]
    assert renewed["refresh_token"] == granted["refresh_token"]


def test_a_person_presses_the_button(client: httpx.Client, consent: Consent) -> None:
    page = consent.ask()
    assert (page.status_code, "Allow" in page.text) == (200, True)
    denied = client.post(page.url, data={"answer": "deny"})
    assert "error=access_denied" in denied.headers["location"]
    allowed = client.post(page.url, data={"answer": "allow", "grant": ["openid"]})
    code = parse_qs(urlsplit(allowed.headers["location"]).query)["code"][0]
    assert consent.token(code=code).json()["scope"] == "openid"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"redirect_uri": "http://127.0.0.1:9/callback/"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "made-up"}, "invalid_grant"),
    ],
)
def test_wrong_exchanges_are_refused(consent: Consent, fields: dict[str, str], error: str) -> None:
    reply = consent.token(**{"code": consent.code(), **fields})
    assert (reply.status_code in (400, 401), reply.json()["error"]) == (True, error)


def test_a_code_serves_once_and_for_half_an_hour(sandbox: Running, consent: Consent) -> None:
    code = consent.code()
    assert consent.token(code=code).status_code == 200
    assert consent.token(code=code).json()["error"] == "invalid_grant"
    late = consent.code()
    sandbox.config(advance_seconds=1801.0)
    assert consent.token(code=late).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"client_id": "other"}, "There is no application"),
        ({"redirect_uri": "callback"}, "is no web address"),
    ],
)
def test_a_wrong_application_is_not_sent_back(
    consent: Consent, fields: dict[str, str], told: str
) -> None:
    reply = consent.ask(**fields)
    assert (reply.status_code, told in reply.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"scope": "everything"}, "invalid_scope"),
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_wrong_question_is_sent_back(
    consent: Consent, fields: dict[str, str], error: str
) -> None:
    assert f"error={error}" in consent.ask(auto="1", **fields).headers["location"]


def test_basic_authentication_is_not_taken(client: httpx.Client, consent: Consent) -> None:
    basic = base64.b64encode(b"sandbox:sandbox-secret").decode()
    reply = client.post(
        f"{consent.base}/accessToken",
        data={
            "grant_type": "authorization_code",
            "code": consent.code(),
            "redirect_uri": consent.redirect,
        },
        headers={"Authorization": f"Basic {basic}"},
    )
    assert reply.status_code == 401


def test_a_member_chooses_among_organizations(sandbox: Running, client: httpx.Client) -> None:
    both = Member(sandbox, client)
    scopes = [*both.account["scopes"], "rw_organization_admin", "w_organization_social"]
    account = sandbox.account("linkedin", scopes=scopes)
    both.headers["Authorization"] = f"Bearer {account['access_token']}"
    query = "?q=roleAssignee&state=APPROVED"
    (role,) = both.call("GET", f"/rest/organizationAcls{query}").json()["elements"]
    assert role["role"] == "ADMINISTRATOR"
    id = role["organization"].rpartition(":")[2]
    assert both.call("GET", f"/rest/organizations/{id}").json()["localizedName"]
    both.urn = role["organization"]
    assert both.post().status_code == 201
    assert sandbox.posts()[0]["account"] == id

"""Facebook's side of the contract: posts, photos kept for later, reels in phases, long videos in
chunks, tokens of people and of Pages."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from igny8_media.sandbox.meta.graph import field_names
from igny8_media.sandbox.server import Running
from tests.sandbox.conftest import Site, jpeg, mp4
from tests.sandbox.graph import Graph, code


@pytest.fixture
def page(sandbox: Running, client: httpx.Client) -> Graph:
    return Graph(sandbox, client, "facebook")


def photo(page: Graph, content: bytes = b"", **data: Any) -> httpx.Response:
    source = {"source": ("a.jpg", content or jpeg(), "image/jpeg")}
    return page.post(f"{page.id}/photos", files=source, **data)


def test_field_names() -> None:
    text = "id,reactions.summary(true).limit(0),a{b,c{d}}, permalink_url"
    assert field_names(text) == ["id", "reactions", "a", "permalink_url"]


def test_a_text_and_how_it_is_found_again(page: Graph, sandbox: Running) -> None:
    before = int(time.time()) - 1
    made = page.post(f"{page.id}/feed", message="Bread rises.\n\nTwice.", published="true")
    id = made.json()["id"]
    assert id.startswith(f"{page.id}_")
    assert "x-app-usage" in made.headers
    fields = "id,message,created_time,permalink_url"
    found = page.get(f"{page.id}/published_posts", fields=fields, since=before, limit=25).json()
    assert [post["id"] for post in found["data"]] == [id]
    assert found["data"][0]["message"] == "Bread rises.\n\nTwice."
    assert found["data"][0]["created_time"].endswith("+0000")
    later = page.get(f"{page.id}/published_posts", since=before + 3600).json()
    assert later == {"data": []}
    link = page.get(id, fields="permalink_url").json()
    assert link["permalink_url"] == sandbox.posts("facebook")[0]["url"]
    assert sandbox.requests("facebook") == {"commit": 1, "probe": 2, "other": 1}
    assert page.call("DELETE", id).json() == {"success": True}
    assert code(page.call("DELETE", id)) == (100, 33)
    assert sandbox.posts("facebook") == []


def test_pages_of_a_list(page: Graph) -> None:
    ids = [page.post(f"{page.id}/feed", message=f"{n}").json()["id"] for n in range(3)]
    first = page.get(f"{page.id}/published_posts", limit=2).json()
    assert [post["id"] for post in first["data"]] == [ids[2], ids[1]]
    assert "access_token" not in first["paging"]["next"]
    after = first["paging"]["cursors"]["after"]
    second = page.get(f"{page.id}/published_posts", limit=2, after=after).json()
    assert [post["id"] for post in second["data"]] == [ids[0]]
    assert "next" not in second["paging"]


def test_a_link_stands_on_the_sandboxs_page(
    page: Graph, sandbox: Running, client: httpx.Client
) -> None:
    link = "https://example.org/bread?a=1&b=2"
    page.post(f"{page.id}/feed", message="Read on", link=link)
    (post,) = sandbox.posts("facebook")
    assert (post["kind"], post["link"]["url"]) == ("link", link)
    assert 'href="https://example.org/bread?a=1&amp;b=2"' in client.get(sandbox.url + "/").text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, (100, None)),
        ({"message": " "}, (100, None)),
        ({"message": "x" * 63_207}, (100, None)),
        ({"link": "no address"}, (100, 2061006)),
        ({"link": "https://www.facebook.com/somebody"}, (100, 1609008)),
        ({"message": "x", "published": "maybe"}, (100, None)),
        ({"attached_media": "nonsense"}, (100, None)),
        ({"attached_media": '[{"media_fbid":"1"}]'}, (100, None)),
        ({"message": "x", "scheduled_publish_time": "2030-01-01"}, (100, None)),
    ],
)
def test_posts_that_are_refused(
    page: Graph, sandbox: Running, data: dict[str, str], expected: tuple[int, int | None]
) -> None:
    assert code(page.post(f"{page.id}/feed", **data)) == expected
    assert sandbox.posts("facebook") == []


def test_several_photos(page: Graph, sandbox: Running) -> None:
    contents = [jpeg(800, 600), jpeg(600, 800)]
    ids = [
        photo(page, content, published="false", alt_text_custom="Bread").json()["id"]
        for content in contents
    ]
    assert sandbox.posts("facebook") == []
    assert page.get(ids[0]).json()["id"] == ids[0]
    attached = json.dumps([{"media_fbid": id} for id in ids])
    made = page.post(f"{page.id}/feed", message="Two", attached_media=attached)
    (post,) = sandbox.posts("facebook")
    assert post["id"] == made.json()["id"]
    assert [(m["sha256"], m["alt_text"]) for m in post["media"]] == [
        (hashlib.sha256(content).hexdigest(), "Bread") for content in contents
    ]
    again = page.post(f"{page.id}/feed", message="Two", attached_media=attached)
    assert code(again) == (506, 1366051)
    assert sandbox.requests("facebook")["upload"] == 2


def test_one_photo(page: Graph, sandbox: Running, site: Site) -> None:
    made = photo(page, caption="One").json()
    assert made["post_id"].startswith(f"{page.id}_")
    url = site.add("one.png", "image/png", jpeg(format="PNG"))
    assert "post_id" in page.post(f"{page.id}/photos", url=url, message="By address").json()
    assert [post["text"] for post in sandbox.posts("facebook")] == ["One", "By address"]
    assert code(photo(page, b"no picture")) == (100, 1366046)
    assert code(photo(page, jpeg() + bytes(10_000_000))) == (100, 1366046)
    assert code(page.post(f"{page.id}/photos", url=f"{site.url}/none")) == (324, 2069019)


def test_a_photo_story(page: Graph, sandbox: Running) -> None:
    id = photo(page, published="false").json()["id"]
    told = page.post(f"{page.id}/photo_stories", photo_id=id).json()
    assert told["success"] is True
    assert told["post_id"]
    assert sandbox.posts("facebook")[0]["kind"] == "story"
    assert page.get(f"{page.id}/published_posts").json()["data"] == []
    assert code(page.post(f"{page.id}/photo_stories", photo_id=id)) == (100, None)


def finish(page: Graph, video: str, **data: str) -> httpx.Response:
    given = {"upload_phase": "finish", "video_id": video, "video_state": "PUBLISHED", **data}
    return page.post(f"{page.id}/video_reels", **given)


def status(page: Graph, video: str) -> dict[str, Any]:
    found: dict[str, Any] = page.get(video, fields="status,published,permalink_url").json()
    return found


def test_a_reel(page: Graph, sandbox: Running) -> None:
    sandbox.config(processing_seconds=30.0)
    content = mp4(size=300_000)
    begun = page.post(f"{page.id}/video_reels", upload_phase="start").json()
    video, size = begun["video_id"], len(content)
    assert begun["upload_url"] == f"{page.rupload}/video-upload/v26.0/{video}"
    assert code(finish(page, video)) == (6000, 1363130)
    half = page.send("video-upload", video, content[:100_000], 0, size)
    assert half.json()["success"] is False
    assert page.far("video-upload", video) == 100_000
    wrong = page.send("video-upload", video, content, 0, size)
    assert wrong.json()["debug_info"]["type"] == "OffsetInvalidError"
    rest = page.send("video-upload", video, content[100_000:], 100_000, size)
    assert rest.json()["success"] is True
    assert status(page, video)["status"]["video_status"] == "upload_complete"

    assert finish(page, video, description="Bread").json() == {"success": True}
    found = status(page, video)["status"]
    assert found["processing_phase"] == {"status": "in_progress"}
    assert page.get(f"{page.id}/published_posts").json()["data"] == []
    assert sandbox.posts("facebook")[0]["state"] == "processing"
    sandbox.config(advance_seconds=31.0)
    found = status(page, video)
    assert found["status"]["publishing_phase"]["status"] == "complete"
    assert (found["published"], found["permalink_url"]) == (True, f"/reel/{video}/")
    # Finishing twice publishes once.
    assert finish(page, video, description="Bread").json() == {"success": True}
    (post,) = sandbox.posts("facebook")
    assert (post["id"], post["kind"], post["text"]) == (video, "reel", "Bread")
    assert post["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    listed = page.get(f"{page.id}/published_posts").json()["data"]
    assert [item["id"] for item in listed] == [post["post_id"]]
    assert page.call("DELETE", video).json() == {"success": True}
    assert code(page.get(video)) == (100, 33)


def test_the_cover_of_a_reel(page: Graph, sandbox: Running) -> None:
    content, picture = mp4(), jpeg(720, 1280)
    video = page.post(f"{page.id}/video_reels", upload_phase="start").json()["video_id"]
    page.send("video-upload", video, content, 0, len(content))
    finish(page, video)
    edge = f"{video}/thumbnails"

    def sent(data: bytes, **more: str) -> httpx.Response:
        return page.post(edge, files={"source": ("c.jpg", data, "image/jpeg")}, **more)

    assert code(page.post(edge, is_preferred="true"))[0] == 100
    assert code(sent(b"no picture", is_preferred="true"))[0] == 100
    assert code(sent(jpeg() + bytes(10_000_000), is_preferred="true"))[0] == 100
    assert sent(jpeg()).json() == {"success": True}
    assert "thumbnail" not in sandbox.posts("facebook")[0]
    assert sent(picture, is_preferred="true").json() == {"success": True}
    shown = sandbox.posts("facebook")[0]["thumbnail"]
    assert shown["sha256"] == hashlib.sha256(picture).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        mp4(seconds=2),
        mp4(seconds=92),
        mp4(width=1080, height=1080),
        mp4(width=360, height=640),
        b"x",
    ],
)
def test_reels_that_fail(page: Graph, sandbox: Running, content: bytes) -> None:
    video = page.post(f"{page.id}/video_reels", upload_phase="start").json()["video_id"]
    page.send("video-upload", video, content, 0, len(content))
    assert finish(page, video).json() == {"success": True}
    found = status(page, video)["status"]
    assert found["video_status"] == "error"
    assert found["processing_phase"]["errors"][0]["message"]
    assert sandbox.posts("facebook") == []


def test_faults_of_processing(page: Graph, sandbox: Running) -> None:
    content, seen = mp4(), []
    for kind in ("processing_failed", "stuck"):
        sandbox.fault("facebook", "any", kind)
        video = page.post(f"{page.id}/video_reels", upload_phase="start").json()["video_id"]
        page.send("video-upload", video, content, 0, len(content))
        finish(page, video)
        seen.append(status(page, video)["status"]["video_status"])
    assert seen == ["error", "processing"]


def test_a_reel_by_its_address(page: Graph, client: httpx.Client, site: Site) -> None:
    content = mp4(size=100_000)
    begun = page.post(f"{page.id}/video_reels", upload_phase="start").json()
    headers = {
        "Authorization": f"OAuth {page.token}",
        "file_url": site.add("reel.mp4", "video/mp4", content),
    }
    sent = client.post(begun["upload_url"], headers=headers)
    assert sent.json()["success"] is True
    assert page.far("video-upload", begun["video_id"]) == len(content)
    bare = client.post(begun["upload_url"], headers={"Authorization": "OAuth wrong"})
    assert bare.status_code == 401


def test_a_video_story(page: Graph, sandbox: Running) -> None:
    content = mp4(seconds=10)
    video = page.post(f"{page.id}/video_stories", upload_phase="start").json()["video_id"]
    page.send("video-upload", video, content, 0, len(content))
    told = page.post(
        f"{page.id}/video_stories",
        upload_phase="finish",
        video_id=video,
        video_state="PUBLISHED",
    ).json()
    assert (told["success"], bool(told["post_id"])) == (True, True)
    assert sandbox.posts("facebook")[0]["kind"] == "story"


def test_a_long_video_in_chunks(page: Graph, sandbox: Running) -> None:
    content = mp4(1200, 1920, 1080, size=9_000_000)
    edge, size, thumb = f"{page.id}/videos", len(content), jpeg()
    begun = page.post(edge, upload_phase="start", file_size=str(size)).json()
    session = begun["upload_session_id"]

    def transfer(first: int, end: int) -> httpx.Response:
        return page.post(
            edge,
            files={"video_file_chunk": ("v", content[first:end], "application/octet-stream")},
            upload_phase="transfer",
            upload_session_id=session,
            start_offset=str(first),
        )

    first, end = int(begun["start_offset"]), int(begun["end_offset"])
    while first < end:
        answer = transfer(first, end).json()
        again = transfer(first, end)
        if again.json()["error"]["error_data"]["start_offset"] != str(first):
            assert code(again) == (6001, 1363037)
        first, end = int(answer["start_offset"]), int(answer["end_offset"])
    assert (first, end) == (size, size)
    assert sandbox.posts("facebook") == []
    done = page.post(
        edge,
        files={"thumb": ("t.jpg", thumb, "image/jpeg")},
        upload_phase="finish",
        upload_session_id=session,
        description="A long one",
        title="Bread",
    )
    assert done.json() == {"success": True}
    (post,) = sandbox.posts("facebook")
    assert (post["id"], post["kind"], post["title"]) == (begun["video_id"], "video", "Bread")
    assert post["thumbnail"]["sha256"] == hashlib.sha256(thumb).hexdigest()
    assert post["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert status(page, begun["video_id"])["permalink_url"] == (
        f"/{page.id}/videos/{begun['video_id']}/"
    )
    counts = sandbox.requests("facebook")
    assert (counts["prepare"], counts["upload"], counts["commit"]) == (1, 6, 1)


def test_a_long_video_whole(page: Graph, sandbox: Running, site: Site) -> None:
    url = site.add("long.mp4", "video/mp4", mp4(200, 1920, 1080))
    id = page.post(f"{page.id}/videos", file_url=url, description="Whole").json()["id"]
    assert sandbox.posts("facebook")[0]["id"] == id
    wrong = page.post(f"{page.id}/videos", file_url="http://192.0.2.1/a.mp4")
    assert code(wrong) == (389, 2069018)


def test_scheduled_posts(page: Graph, sandbox: Running) -> None:
    when = int(time.time()) + 3600
    made = page.post(
        f"{page.id}/feed", message="Later", published="false", scheduled_publish_time=str(when)
    )
    assert made.status_code == 200
    assert page.get(f"{page.id}/published_posts").json()["data"] == []
    ids = [photo(page, published="false").json()["id"] for _ in range(2)]
    many = page.post(
        f"{page.id}/feed",
        published="false",
        scheduled_publish_time=str(when),
        attached_media=json.dumps([{"media_fbid": id} for id in ids]),
    )
    assert code(many) == (1, None)
    sandbox.config(advance_seconds=3700.0)
    assert len(page.get(f"{page.id}/published_posts").json()["data"]) == 1


def test_what_a_token_may(page: Graph, sandbox: Running, client: httpx.Client) -> None:
    id = page.post(f"{page.id}/feed", message="Mine").json()["id"]
    other = Graph(sandbox, client, "facebook", scopes=["pages_read_engagement"])
    assert code(other.get(id)) == (100, 33)
    assert code(other.post(f"{page.id}/feed", message="x")) == (100, 33)
    assert code(other.post(f"{other.id}/feed", message="x")) == (200, None)
    assert code(page.get(f"{page.id}/nothing")) == (2500, None)
    assert code(page.get(id, fields="id,nonsense")) == (100, None)
    assert code(client.get(f"{page.url}/{id}")) == (104, None)
    assert client.get(f"{page.url}/{id}", params={"access_token": page.token}).status_code == 200
    old = client.get(page.url.replace("v26.0", "v3.1") + f"/{id}")
    assert code(old) == (2500, None)
    other.token = "wrong"
    assert code(other.get(id)) == (190, None)
    short = Graph(sandbox, client, "facebook", expires_in=-1)
    assert code(short.get("me")) == (190, 463)
    sandbox.revoke("facebook")
    assert code(page.get(id)) == (190, 458)


def test_limits(page: Graph, sandbox: Running) -> None:
    sandbox.config(rate_limit={"facebook": 4})
    used = [json.loads(page.get(page.id).headers["x-app-usage"])["call_count"] for _ in range(4)]
    assert used == [25, 50, 75, 100]
    refused = page.get(page.id)
    assert code(refused) == (32, None)
    cases = json.loads(refused.headers["x-business-use-case-usage"])
    (case,) = cases[page.id]
    assert 1 <= case["estimated_time_to_regain_access"] <= 60
    sandbox.config(rate_limit={}, daily_limit={"facebook": 1})
    assert page.post(f"{page.id}/feed", message="1").status_code == 200
    assert code(page.post(f"{page.id}/feed", message="2")) == (1390008, 1390008)


def test_faults_in_metas_form(page: Graph, sandbox: Running) -> None:
    def one(kind: str, **more: Any) -> httpx.Response:
        sandbox.fault("facebook", "commit", kind, **more)
        return page.post(f"{page.id}/feed", message=kind)

    limited = one("limited", after=600)
    assert code(limited) == (32, None)
    cases = json.loads(limited.headers["x-business-use-case-usage"])
    assert next(iter(cases.values()))[0]["estimated_time_to_regain_access"] == 10
    assert "x-business-use-case-usage" not in one("limited_bare").headers
    assert code(one("unauthorized")) == (190, 463)
    broken = one("error_after")
    assert (broken.status_code, broken.json()["error"]["is_transient"]) == (500, True)
    assert [post["text"] for post in sandbox.posts("facebook")] == ["error_after"]


def test_consent_and_tokens(sandbox: Running, client: httpx.Client) -> None:
    page = sandbox.account("facebook", name="The Bakery")
    account = sandbox.account("instagram", name="The Bakery")
    url = f"{sandbox.url}/graph/v26.0"
    query = {
        "client_id": "sandbox",
        "redirect_uri": "http://127.0.0.1:8976/callback",
        "state": "s1",
        "response_type": "code",
        "scope": "pages_show_list,pages_manage_posts,pages_read_engagement,instagram_basic",
        "auto": "1",
    }
    back = client.get(f"{url}/dialog/oauth", params=query).headers["location"]
    found = parse_qs(urlsplit(back).query)
    assert found["state"] == ["s1"]
    app = {"client_id": "sandbox", "client_secret": "sandbox-secret"}
    given = {**app, "redirect_uri": query["redirect_uri"], "code": found["code"][0]}
    wrong = client.get(f"{url}/oauth/access_token", params={**given, "client_secret": "no"})
    assert code(wrong) == (1, None)
    short = client.get(f"{url}/oauth/access_token", params=given).json()
    assert short["expires_in"] == 5400
    assert code(client.get(f"{url}/oauth/access_token", params=given)) == (100, 36009)
    exchange = {
        **app,
        "grant_type": "fb_exchange_token",
        "fb_exchange_token": short["access_token"],
    }
    long = client.get(f"{url}/oauth/access_token", params=exchange).json()
    assert long["expires_in"] == 5184000

    bearer = {"Authorization": f"Bearer {long['access_token']}"}
    fields = "id,name,access_token,tasks,instagram_business_account{id,username,name}"
    pages = client.get(f"{url}/me/accounts", params={"fields": fields}, headers=bearer).json()
    (listed,) = pages["data"]
    assert (listed["id"], listed["name"]) == (page["platform_user_id"], "The Bakery")
    assert "CREATE_CONTENT" in listed["tasks"]
    linked = listed["instagram_business_account"]
    assert (linked["id"], linked["username"]) == (account["platform_user_id"], "thebakery")
    posted = client.post(
        f"{url}/{listed['id']}/feed",
        data={"message": "Hi", "access_token": listed["access_token"]},
    )
    assert posted.status_code == 200

    def debug(token: str) -> dict[str, Any]:
        params = {"input_token": token, "access_token": "sandbox|sandbox-secret"}
        told: dict[str, Any] = client.get(f"{url}/debug_token", params=params).json()["data"]
        return told

    of_page = debug(listed["access_token"])
    assert (of_page["type"], of_page["expires_at"], of_page["is_valid"]) == ("PAGE", 0, True)
    assert debug(long["access_token"])["expires_at"] > time.time() + 5_000_000
    assert debug("wrong")["is_valid"] is False


def test_parameters_are_metas_own() -> None:
    """Every parameter that the sandbox reads is one that Meta's own SDK knows."""
    spec = Path(__file__).parents[3] / "shared/specs/meta/graph-v26.0-params.json"
    if not spec.is_file():
        pytest.skip("the vendor's specs are not beside the repository")
    api = json.loads(spec.read_text("utf-8"))["api"]
    read = {
        ("Page", "create_feed"): "message link attached_media published scheduled_publish_time",
        ("Page", "create_photo"): "published alt_text_custom message caption url",
        ("Page", "create_video"): "upload_phase upload_session_id start_offset video_file_chunk "
        "file_size file_url description title published thumb",
        ("Page", "create_video_reel"): "upload_phase video_id video_state description title "
        "scheduled_publish_time",
        ("Page", "create_photo_story"): "photo_id",
        ("IGUser", "create_media"): "media_type image_url video_url caption alt_text children "
        "is_carousel_item upload_type share_to_feed cover_url thumb_offset collaborators "
        "is_ai_generated",
        ("IGUser", "create_media_publish"): "creation_id",
    }
    for (node, method), names in read.items():
        assert set(names.split()) <= set(api[node][method]["params"])

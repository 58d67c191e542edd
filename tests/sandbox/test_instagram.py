"""Instagram's side of the contract: containers and what becomes of them, pictures fetched from
their address, one publication per container, the quota."""

import hashlib
from typing import Any

import httpx
import pytest

from igny8_media.sandbox.server import Running
from tests.sandbox.conftest import Site, jpeg, mp4
from tests.sandbox.graph import Graph, code

DAY = 86400.0


class Instagram(Graph):
    def make(self, **data: Any) -> httpx.Response:
        return self.post(f"{self.id}/media", **data)

    def made(self, **data: Any) -> str:
        id: str = self.make(**data).json()["id"]
        return id

    def state(self, id: str) -> str:
        told: str = self.get(id, fields="status_code,status").json()["status_code"]
        return told

    def publish(self, id: str) -> httpx.Response:
        return self.post(f"{self.id}/media_publish", creation_id=id)


@pytest.fixture
def instagram(sandbox: Running, client: httpx.Client) -> Instagram:
    return Instagram(sandbox, client, "instagram")


@pytest.fixture
def picture(site: Site) -> str:
    return site.add("square.jpg", "image/jpeg", jpeg())


def test_a_picture(instagram: Instagram, sandbox: Running, picture: str) -> None:
    id = instagram.made(image_url=picture, caption="Bread #dough", alt_text="A loaf")
    assert sandbox.posts("instagram") == []
    assert instagram.get(id).json() == {"id": id}
    told = instagram.get(id, fields="id,status_code,status").json()
    assert (told["status_code"], told["status"].split(":")[0]) == ("FINISHED", "Finished")
    media = instagram.publish(id).json()["id"]
    assert instagram.state(id) == "PUBLISHED"
    # A container serves once.
    assert code(instagram.publish(id)) == (9007, 2207027)
    (post,) = sandbox.posts("instagram")
    assert (post["id"], post["text"], post["container"]) == (media, "Bread #dough", id)
    assert post["media"][0]["sha256"] == hashlib.sha256(jpeg()).hexdigest()
    assert post["media"][0]["alt_text"] == "A loaf"
    fields = "id,caption,timestamp,permalink,media_product_type"
    listed = instagram.get(f"{instagram.id}/media", fields=fields).json()["data"]
    assert listed == [instagram.get(media, fields=fields).json()]
    assert listed[0]["permalink"] == post["url"]
    assert listed[0]["media_product_type"] == "FEED"
    counts = sandbox.requests("instagram")
    assert (counts["prepare"], counts["commit"], counts["status"], counts["probe"]) == (1, 2, 3, 1)
    assert instagram.call("DELETE", media).json()["success"] is True
    assert code(instagram.get(media)) == (100, 33)


def test_pictures_that_are_refused(instagram: Instagram, site: Site) -> None:
    def refused(name: str, mime: str, content: bytes) -> tuple[int, int | None]:
        return code(instagram.make(image_url=site.add(name, mime, content)))

    assert refused("a.png", "image/png", jpeg(format="PNG")) == (36001, 2207005)
    assert refused("b.jpg", "image/jpeg", jpeg(1000, 1260)) == (36003, 2207009)
    assert refused("c.jpg", "image/jpeg", jpeg(1930, 1000)) == (36003, 2207009)
    assert refused("d.jpg", "image/jpeg", jpeg() + bytes(8_000_000)) == (36000, 2207004)
    assert refused("e.jpg", "text/html", jpeg()) == (9004, 2207052)
    assert refused("f.jpg", "image/jpeg", b"no picture") == (9004, 2207052)
    for url in (
        f"{site.url}/none.jpg",
        "http://example.org/plain.jpg",
        "https://user:word@example.org/a.jpg",
        "https://example.org/bröd.jpg",
        "file:///etc/passwd",
    ):
        assert code(instagram.make(image_url=url)) == (9004, 2207052)
    for good in (jpeg(1000, 1250), jpeg(1910, 1000)):
        assert instagram.make(image_url=site.add("g.jpg", "image/jpeg", good)).status_code == 200


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"caption": "x" * 2201}, (36004, 2207010)),
        ({"caption": "#a " * 31}, (36004, 2207010)),
        ({"caption": "@a " * 21}, (100, 2207040)),
        ({"alt_text": "x" * 1001}, (100, None)),
        ({"collaborators": '["a","b","c","d"]'}, (100, None)),
        ({"media_type": "VIDEO", "video_url": "https://example.org/a.mp4"}, (100, 2207067)),
        ({"media_type": "FILM"}, (100, 2207023)),
        ({"media_type": "STORIES", "is_carousel_item": "true"}, (100, 2207023)),
        ({"upload_type": "resumable"}, (100, None)),
        ({"thumb_offset": "1000"}, (1, 2207057)),
        ({"image_url": ""}, (100, None)),
    ],
)
def test_containers_that_are_refused(
    instagram: Instagram, picture: str, data: dict[str, str], expected: tuple[int, int | None]
) -> None:
    assert code(instagram.make(**({"image_url": picture} | data))) == expected


def test_captions_at_their_edge(instagram: Instagram, picture: str) -> None:
    caption = "#a " * 30 + "@b " * 20
    caption += "x" * (2200 - len(caption))
    assert instagram.make(image_url=picture, caption=caption).status_code == 200


def test_a_carousel(instagram: Instagram, sandbox: Running, picture: str, site: Site) -> None:
    sandbox.config(processing_seconds=30.0)
    film = site.add("item.mp4", "video/mp4", mp4(seconds=20))
    items = [
        instagram.made(image_url=picture, is_carousel_item="true"),
        instagram.made(video_url=film, media_type="VIDEO", is_carousel_item="true"),
    ]
    assert code(instagram.publish(items[0])) == (100, None)
    parent = {"media_type": "CAROUSEL", "children": ",".join(items), "caption": "Both"}
    assert code(instagram.make(**parent)) == (9007, 2207027)
    sandbox.config(advance_seconds=31.0)
    assert code(instagram.make(**parent | {"children": items[0]})) == (100, 2207028)
    assert code(instagram.make(**parent | {"children": ",".join(items * 6)})) == (100, 2207028)
    assert code(instagram.make(**parent | {"children": f"{items[0]},1"})) == (100, None)
    id = instagram.made(**parent)
    assert instagram.state(id) == "IN_PROGRESS"
    assert code(instagram.publish(id)) == (9007, 2207027)
    sandbox.config(advance_seconds=62.0)
    assert instagram.publish(id).status_code == 200
    (post,) = sandbox.posts("instagram")
    assert (post["kind"], [m["kind"] for m in post["media"]]) == ("images", ["image", "video"])


def test_a_reel_in_bytes(instagram: Instagram, sandbox: Running) -> None:
    content = mp4(size=200_000)
    made = instagram.make(
        media_type="REELS", upload_type="resumable", caption="Bread", share_to_feed="false"
    ).json()
    id, size = made["id"], len(content)
    assert made["uri"].endswith(f"/rupload/ig-api-upload/v26.0/{id}")
    assert instagram.state(id) == "IN_PROGRESS"
    half = instagram.send("ig-api-upload", id, content[:50_000], 0, size)
    assert half.json()["success"] is False
    assert instagram.far("ig-api-upload", id) == 50_000
    other = instagram.send("ig-api-upload", id, content[50_000:], 50_000, size + 1)
    assert other.json()["debug_info"]["retriable"] is False
    done = instagram.send("ig-api-upload", id, content[50_000:], 50_000, size)
    assert done.json()["success"] is True
    assert instagram.state(id) == "FINISHED"
    assert instagram.publish(id).status_code == 200
    (post,) = sandbox.posts("instagram")
    assert (post["kind"], post["share_to_feed"]) == ("reel", False)
    assert post["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_cover_of_a_reel(instagram: Instagram, sandbox: Running, site: Site) -> None:
    film = site.add("film.mp4", "video/mp4", mp4())
    picture = jpeg(1080, 1920)
    good = site.add("cover.jpg", "image/jpeg", picture)
    bad = site.add("cover.png", "image/png", jpeg(format="PNG"))
    reel = {"media_type": "REELS", "video_url": film}
    assert code(instagram.make(**reel, cover_url=bad)) == (36001, 2207005)
    assert code(instagram.make(**reel, cover_url=f"{site.url}/none.jpg")) == (9004, 2207052)
    for cover in ({"cover_url": good, "thumb_offset": "1500"}, {"thumb_offset": "1500"}):
        assert instagram.publish(instagram.made(**reel, **cover)).status_code == 200
    own, moment = sandbox.posts("instagram")
    assert own["thumbnail"]["sha256"] == hashlib.sha256(picture).hexdigest()
    assert "cover_at" not in own
    assert moment["cover_at"] == 1.5


@pytest.mark.parametrize(
    ("content", "kind", "subcode"),
    [
        (mp4(seconds=2), "REELS", "2207026"),
        (mp4(seconds=902), "REELS", "2207026"),
        (mp4(seconds=62), "STORIES", "2207026"),
        (mp4(width=2000), "REELS", "2207026"),
        (mp4(width=1900, height=180), "REELS", "2207026"),
        (mp4(width=90, height=1000), "STORIES", "2207026"),
        (mp4(tail=True), "REELS", "2207026"),
        (b"no video", "REELS", "2207026"),
        (b"", "REELS", "2207076"),
    ],
)
def test_videos_that_fail(
    instagram: Instagram, site: Site, content: bytes, kind: str, subcode: str
) -> None:
    url = site.add("film.mp4", "video/mp4", content) if content else f"{site.url}/gone.mp4"
    id = instagram.made(media_type=kind, video_url=url)
    told = instagram.get(id, fields="status_code,status").json()
    assert told["status_code"] == "ERROR"
    assert subcode in told["status"]
    assert code(instagram.publish(id)) == (-1, int(subcode))


def test_faults_of_processing(instagram: Instagram, sandbox: Running, picture: str) -> None:
    seen = []
    for kind in ("processing_failed", "stuck"):
        sandbox.fault("instagram", "any", kind)
        seen.append(instagram.state(instagram.made(image_url=picture)))
    assert seen == ["ERROR", "IN_PROGRESS"]


def test_stories(instagram: Instagram, sandbox: Running, site: Site) -> None:
    tall = site.add("tall.jpg", "image/jpeg", jpeg(1080, 1920))
    film = site.add("story.mp4", "video/mp4", mp4(seconds=15))
    for given in ({"image_url": tall}, {"video_url": film}):
        id = instagram.made(media_type="STORIES", **given)
        assert instagram.publish(id).status_code == 200
    assert instagram.get(f"{instagram.id}/media").json()["data"] == []
    assert len(instagram.get(f"{instagram.id}/stories").json()["data"]) == 2
    sandbox.config(advance_seconds=DAY)
    assert instagram.get(f"{instagram.id}/stories").json()["data"] == []


def test_containers_expire(instagram: Instagram, sandbox: Running, picture: str) -> None:
    id = instagram.made(image_url=picture)
    sandbox.config(advance_seconds=DAY)
    assert instagram.state(id) == "EXPIRED"
    assert code(instagram.publish(id)) == (-2, 2207020)
    assert code(instagram.publish("1")) == (24, 2207006)


def test_the_quota(instagram: Instagram, sandbox: Running, picture: str) -> None:
    edge = f"{instagram.id}/content_publishing_limit"
    found = instagram.get(edge, fields="config,quota_usage").json()["data"][0]
    assert found == {"quota_usage": 0, "config": {"quota_total": 100, "quota_duration": 86400}}
    sandbox.config(daily_limit={"instagram": 1})
    ids = [instagram.made(image_url=picture) for _ in range(2)]
    assert instagram.publish(ids[0]).status_code == 200
    assert instagram.get(edge).json() == {"data": [{"quota_usage": 1}]}
    full = instagram.publish(ids[1])
    assert (full.status_code, code(full)) == (403, (9, 2207042))
    assert instagram.state(ids[1]) == "FINISHED"
    sandbox.config(advance_seconds=DAY - 60)
    assert instagram.publish(ids[1]).status_code == 403


def test_limits_of_calls(instagram: Instagram, sandbox: Running) -> None:
    sandbox.config(rate_limit={"instagram": 1})
    assert instagram.get(instagram.id).status_code == 200
    refused = instagram.get(instagram.id)
    assert code(refused) == (80002, None)
    assert '"type": "instagram"' in refused.headers["x-business-use-case-usage"]


def test_what_a_token_may(
    instagram: Instagram, sandbox: Running, client: httpx.Client, picture: str
) -> None:
    id = instagram.made(image_url=picture)
    other = Instagram(sandbox, client, "instagram", scopes=["instagram_basic"])
    assert code(other.get(id, fields="status_code")) == (100, 33)
    refused = other.make(image_url=picture)
    assert (refused.status_code, code(refused)) == (403, (10, None))
    stranger = Graph(sandbox, client, "facebook")
    assert code(stranger.get(instagram.id)) == (100, 33)
    # A Page's token speaks for the account that belongs to it.
    page = Graph(
        sandbox,
        client,
        "facebook",
        details={"instagram": instagram.id},
        scopes=["instagram_basic", "instagram_content_publish"],
    )
    assert page.get(id, fields="status_code").json()["status_code"] == "FINISHED"

"""Instagram: containers, the one commit that publishes them, and what they tell afterwards."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.accounts.model import Service
from igny8_media.errors import Igny8Error, InputError, StorageError
from igny8_media.publishing.instagram.adapter import Instagram
from igny8_media.publishing.model import MediaFile, Options, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Outcome,
    Permanent,
    Published,
    Quota,
    Ready,
    Retryable,
    Waiting,
)
from tests.publishing.helpers import START, Clock, Folder, MemoryHandles, account, answered, tools
from tests.publishing.meta_replies import IG, SPECS, Meta, Sent, error, hosts, meta, needs_specs

__all__ = ["meta"]  # the fixture
MEDIA, PUBLISH, LIMIT = (
    f"POST {IG}/media",
    f"POST {IG}/media_publish",
    f"GET {IG}/content_publishing_limit",
)
LIST, STORIES = f"GET {IG}/media", f"GET {IG}/stories"
UPLOAD = "https://rupload.facebook.com/ig-api-upload/v26.0"
FREE = {"data": [{"quota_usage": 3, "config": {"quota_total": 50, "quota_duration": 86400}}]}
DONE, BUSY = {"status_code": "FINISHED"}, {"status_code": "IN_PROGRESS"}


class Desk:
    """An account's adapter over scripted answers, with its handles and its clock."""

    def __init__(self, meta: Meta, root: Path) -> None:
        self.meta, self.folder, self.clock = meta, Folder(root), Clock()
        self.handles = MemoryHandles()
        meta.on(LIMIT, FREE)
        self.again()

    def again(self) -> None:
        """Another process takes over: only the handles and the files are left."""
        owner = account(Service.INSTAGRAM, "business", IG)
        self.adapter = Instagram(tools(owner, self.folder, self.meta, clock=self.clock), hosts())

    def photo(self, name: str = "a.jpg", **more: Any) -> MediaFile:
        return self.folder.add(
            name, b"jpeg", "image/jpeg", **({"width": 1080, "height": 1350} | more)
        )

    def video(self, **more: Any) -> MediaFile:
        usual: dict[str, Any] = {
            "width": 1080,
            "height": 1920,
            "duration": 20.0,
            "fps": 30.0,
            "codec": "h264",
            "audio_codec": "aac",
        }
        return self.folder.add("v.mp4", b"0123456789", "video/mp4", **(usual | more))

    def prepare(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.prepare(post, self.handles, 0))

    def commit(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.commit(post, self.handles, 0))

    def probe(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.probe(post, self.handles, 0, START))

    def unhosted(self, error: type[Igny8Error] = InputError) -> None:
        def nowhere(_: MediaFile) -> str:
            raise error("Instagram fetches pictures from the web; set MEDIA_CDN_URL.")

        self.folder.public_url = nowhere  # type: ignore[method-assign]


@pytest.fixture
def desk(meta: Meta, tmp_path: Path) -> Desk:
    return Desk(meta, tmp_path)


def post(kind: str, *media: MediaFile, text: str = "Look & see #this", **more: Any) -> Outgoing:
    return Outgoing(service=Service.INSTAGRAM, kind=kind, text=text, media=media, **more)  # type: ignore[arg-type]


def listed(*items: tuple[str, str, float]) -> dict[str, Any]:
    """What the account has published, as (id, caption, seconds after START)."""
    return {
        "data": [
            {
                "id": name,
                "caption": caption,
                "timestamp": (START + timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%S+0000"),
                "permalink": f"https://www.instagram.com/p/{name}/",
            }
            for name, caption, after in items
        ]
    }


# Preparing


def test_an_image_is_a_container_that_is_published(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE).on(PUBLISH, {"id": "17920238422030506"})
    asked = post("image", desk.photo(alt_text="A cat"), options=Options(made_with_ai=True))
    assert desk.adapter.validate(asked) == []
    assert desk.prepare(asked) == Ready()
    assert meta.asked(MEDIA)[0].form == {
        "image_url": "https://cdn.example.org/a.jpg",
        "alt_text": "A cat",
        "caption": "Look & see #this",
        "is_ai_generated": "true",
    }
    meta.on(PUBLISH, {"id": "m1"})
    desk.handles.put("container", {**desk.handles.get("container"), "id": "17889455560051444"})
    assert desk.commit(asked) == Published("m1")
    assert meta.sent[-1].form == {"creation_id": "17889455560051444"}
    assert meta.order()[-2:] == [LIMIT, PUBLISH]


def test_a_container_is_made_once(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", BUSY, BUSY, BUSY, BUSY, DONE)
    asked = post("image", desk.photo())
    assert isinstance(desk.prepare(asked), Waiting)
    desk.again()
    desk.clock.time += timedelta(seconds=60)
    assert desk.prepare(asked) == Waiting(10.0, "Instagram works on the media.")
    assert desk.prepare(asked) == Ready()
    assert len(meta.asked(MEDIA)) == 1
    assert sum(desk.clock.waited) <= 4.0


def test_processing_that_does_not_end_ends(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}).on("GET 31", BUSY).on("GET 32", DONE)
    asked = post("image", desk.photo())
    desk.prepare(asked)
    desk.clock.time += timedelta(minutes=15)
    found = desk.prepare(asked)
    assert isinstance(found, Retryable)
    assert found.counted
    assert desk.prepare(asked) == Ready()


def test_an_expired_container_is_made_anew(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}, {"id": "33"})
    meta.on("GET 31", DONE, {"status_code": "EXPIRED"})
    meta.on("GET 32", DONE).on("GET 33", DONE)
    asked = post("image", desk.photo())
    assert desk.prepare(asked) == Ready()
    assert isinstance(desk.prepare(asked), Retryable)
    assert desk.prepare(asked) == Ready()
    assert desk.handles.get("container")["id"] == "32"
    desk.clock.time += timedelta(hours=21)  # not trusted any longer, without asking
    assert desk.prepare(asked) == Ready()
    assert desk.handles.get("container")["id"] == "33"


def test_a_container_that_is_not_there_is_made_anew(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}).on("GET 32", DONE)
    meta.on("GET 31", (400, error(100, 33)))
    asked = post("image", desk.photo())
    assert isinstance(desk.prepare(asked), Retryable)
    assert desk.prepare(asked) == Ready()


@pytest.mark.parametrize(
    ("status", "outcomes"),
    [
        ("Error: Media upload has failed with error code 2207026", [Permanent]),
        ("Error: 2207052", [Retryable, Retryable, Permanent]),
        ("Error: 2207082", [Retryable, Retryable, Permanent]),
        ("Error: 2207053", [Retryable, Retryable, Retryable, Retryable]),
    ],
)
def test_a_container_that_failed(desk: Desk, meta: Meta, status: str, outcomes: list[type]) -> None:
    meta.on(MEDIA, *({"id": f"3{n}"} for n in range(len(outcomes))))
    for n in range(len(outcomes)):
        meta.on(f"GET 3{n}", {"status_code": "ERROR", "status": status})
    asked = post("image", desk.photo())
    assert [type(desk.prepare(asked)) for _ in outcomes] == outcomes
    assert len(meta.asked(MEDIA)) == len(outcomes)


def test_media_that_cannot_be_fetched_is_tried_three_times(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, (400, error(9004, 2207052, "The media could not be fetched from this URI.")))
    asked = post("image", desk.photo())
    found = [desk.prepare(asked) for _ in range(3)]
    assert [type(one) for one in found] == [Retryable, Retryable, Permanent]
    assert isinstance(found[2], Permanent)
    assert "MEDIA_CDN_URL" in found[2].reason


def test_a_container_that_is_busy_is_asked_again_and_then_made_anew(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}).on("GET 32", DONE)
    meta.on("GET 31", (400, error(24, 2207008)))
    asked = post("image", desk.photo())
    found = desk.prepare(asked)
    assert isinstance(found, Retryable)
    assert (found.after, found.afresh) == (60.0, False)
    assert desk.handles.get("container")["id"] == "31"
    desk.clock.time += timedelta(minutes=6)
    desk.prepare(asked)
    assert desk.prepare(asked) == Ready()
    assert desk.handles.get("container")["id"] == "32"


def test_a_carousel_waits_for_its_items(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}, {"id": "33"}, {"id": "whole"})
    meta.on("GET 31", DONE).on("GET 32", BUSY, BUSY, BUSY, DONE).on("GET 33", DONE)
    meta.on("GET whole", BUSY, DONE).on(PUBLISH, {"id": "m1"})
    asked = post("images", desk.photo("a.jpg", alt_text="A"), desk.video(), desk.photo("b.jpg"))
    assert desk.adapter.validate(asked) == []
    assert isinstance(desk.prepare(asked), Waiting)
    assert len(meta.asked(MEDIA)) == 3
    desk.again()
    desk.clock.time += timedelta(seconds=5)
    assert desk.prepare(asked) == Ready()
    first, second, third, whole = (sent.form for sent in meta.asked(MEDIA))
    assert first == {
        "is_carousel_item": "true",
        "image_url": "https://cdn.example.org/a.jpg",
        "alt_text": "A",
    }
    assert second == {
        "is_carousel_item": "true",
        "media_type": "VIDEO",
        "video_url": "https://cdn.example.org/v.mp4",
    }
    assert third["image_url"] == "https://cdn.example.org/b.jpg"
    assert whole == {
        "media_type": "CAROUSEL",
        "children": "31,32,33",
        "caption": "Look & see #this",
    }


def test_the_items_of_a_carousel_that_are_there_are_kept(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, httpx.ReadError("x"), {"id": "32"}, {"id": "whole"})
    for name in ("31", "32", "whole"):
        meta.on(f"GET {name}", DONE)
    asked = post("images", desk.photo("a.jpg"), desk.photo("b.jpg"))
    assert isinstance(desk.prepare(asked), Retryable)
    desk.again()
    assert desk.prepare(asked) == Ready()
    assert [s.form.get("image_url", "")[-5:] for s in meta.asked(MEDIA)] == [
        "a.jpg",
        "b.jpg",
        "b.jpg",
        "",
    ]


def test_a_reel_is_sent_as_bytes_and_needs_no_host(desk: Desk, meta: Meta) -> None:
    desk.unhosted()
    meta.on(MEDIA, {"id": "31", "uri": "https://evil.example/"}).on("GET 31", DONE)
    meta.on(f"POST {UPLOAD}/31", {"success": True}).on(PUBLISH, {"id": "m1"})
    asked = post("reel", desk.video(), options=Options(share_to_feed=False, cover_at=1.5))
    assert desk.adapter.validate(asked) == []
    assert desk.prepare(asked) == Ready()
    assert desk.prepare(asked) == Ready()  # nothing is sent twice
    made, sent = meta.asked(MEDIA)[0], meta.asked(f"POST {UPLOAD}/31")
    assert made.form == {
        "media_type": "REELS",
        "upload_type": "resumable",
        "share_to_feed": "false",
        "caption": "Look & see #this",
        "thumb_offset": "1500",
    }
    assert len(sent) == 1
    assert (sent[0].headers["offset"], sent[0].headers["file_size"]) == ("0", "10")
    assert sent[0].body == b"0123456789"
    assert desk.commit(asked) == Published("m1")


def test_an_interrupted_reel_goes_on_where_it_broke_off(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE)
    meta.on(f"POST {UPLOAD}/31", httpx.WriteError("x"), {"success": True})
    meta.on(f"GET {UPLOAD}/31", {"offset": 7})
    asked = post("reel", desk.video())
    assert isinstance(desk.prepare(asked), Retryable)
    desk.again()
    assert desk.prepare(asked) == Ready()
    assert meta.asked(f"POST {UPLOAD}/31")[1].body == b"789"
    assert len(meta.asked(MEDIA)) == 1


def test_a_reel_whose_upload_is_lost_is_begun_anew(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}).on("GET 32", DONE)
    meta.on(f"POST {UPLOAD}/31", (400, {"debug_info": {"retriable": False, "message": "gone"}}))
    meta.on(f"POST {UPLOAD}/32", {"success": True})
    asked = post("reel", desk.video())
    assert isinstance(desk.prepare(asked), Retryable)
    assert desk.prepare(asked) == Ready()


def test_a_cover_needs_a_host_and_a_reel_does_without(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE).on(f"POST {UPLOAD}/31", {"success": True})
    meta.on(PUBLISH, {"id": "m1"})
    asked = post("reel", desk.video(), thumbnail=desk.photo("cover.jpg"))
    desk.prepare(asked)
    assert meta.asked(MEDIA)[0].form["cover_url"] == "https://cdn.example.org/cover.jpg"
    assert desk.commit(asked) == Published("m1")
    desk.handles = MemoryHandles()
    desk.unhosted()
    assert desk.prepare(asked) == Ready()
    assert "cover_url" not in meta.asked(MEDIA)[1].form
    published = desk.commit(asked)
    assert isinstance(published, Published)
    assert "MEDIA_CDN_URL" in published.notes[0]


COVER_REFUSED = "The image format is not supported."


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        ((400, error(36001, 2207005, COVER_REFUSED)), 1),
        ((400, error(36000, 2207004, COVER_REFUSED)), 1),
        ((400, error(9004, 2207052, COVER_REFUSED)), 3),
    ],
)
def test_a_reel_goes_out_without_a_cover_that_is_refused(
    desk: Desk, meta: Meta, answer: Any, tries: int
) -> None:
    def judged(sent: Sent) -> Any:
        return answer if "cover_url" in sent.form else {"id": "31"}

    meta.on(MEDIA, judged).on("GET 31", DONE).on(f"POST {UPLOAD}/31", {"success": True})
    meta.on(PUBLISH, {"id": "m1"})
    asked = post(
        "reel",
        desk.video(),
        thumbnail=desk.photo("cover.jpg", height=1920),
        options=Options(cover_at=1.5),
    )
    for _ in range(tries - 1):
        assert isinstance(desk.prepare(asked), Retryable)
        desk.again()
    assert desk.prepare(asked) == Ready()
    assert meta.asked(MEDIA)[-1].form["thumb_offset"] == "1500"
    published = desk.commit(asked)
    assert isinstance(published, Published)
    assert COVER_REFUSED in published.notes[0]
    assert len(meta.asked(PUBLISH)) == 1
    assert desk.prepare(asked) == Ready()
    assert len(meta.asked(MEDIA)) == tries + 1


def test_a_reel_goes_out_without_a_cover_that_is_gone(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE).on(f"POST {UPLOAD}/31", {"success": True})
    desk.unhosted(StorageError)
    asked = post("reel", desk.video(), thumbnail=desk.photo("cover.jpg", height=1920))
    assert desk.prepare(asked) == Ready()
    assert ["cover_url" in sent.form for sent in meta.asked(MEDIA)] == [False]


def test_a_cover_that_fails_only_while_it_is_worked_on_is_left_out(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}, {"id": "32"}).on("GET 32", DONE)
    meta.on("GET 31", {"status_code": "ERROR", "status": "Error: 2207005"})
    for name in ("31", "32"):
        meta.on(f"POST {UPLOAD}/{name}", {"success": True})
    asked = post("reel", desk.video(), thumbnail=desk.photo("cover.jpg", height=1920))
    assert desk.prepare(asked) == Ready()
    assert ["cover_url" in sent.form for sent in meta.asked(MEDIA)] == [True, False]
    assert [len(meta.asked(f"POST {UPLOAD}/{name}")) for name in ("31", "32")] == [1, 1]


def test_what_is_wrong_with_the_reel_itself_is_not_its_covers_fault(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on(f"POST {UPLOAD}/31", {"success": True})
    meta.on("GET 31", {"status_code": "ERROR", "status": "Error: 2207026"})
    asked = post("reel", desk.video(), thumbnail=desk.photo("cover.jpg", height=1920))
    assert isinstance(desk.prepare(asked), Permanent)
    assert len(meta.asked(MEDIA)) == 1


def test_stories_are_fetched_and_have_no_caption(desk: Desk, meta: Meta) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE)
    photo = desk.photo(height=1920, alt_text="A")
    for file, name in ((photo, "image_url"), (desk.video(), "video_url")):
        desk.handles = MemoryHandles()
        asked = post("story", file)
        assert desk.adapter.validate(asked) == []
        assert desk.prepare(asked) == Ready()
        form = meta.asked(MEDIA)[-1].form
        assert form == {"media_type": "STORIES", name: f"https://cdn.example.org/{file.key}"}


def test_without_a_host_pictures_are_refused_with_the_setting(desk: Desk, meta: Meta) -> None:
    desk.unhosted()
    asked = post("images", desk.photo("a.jpg"), desk.photo("b.jpg"))
    said = "Instagram fetches pictures from the web; set MEDIA_CDN_URL."
    assert desk.adapter.validate(asked) == [said]
    assert desk.prepare(asked) == Permanent(said)
    assert meta.sent == []


# The limit


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"data": [{"quota_usage": 49, "config": {"quota_total": 50}}]}, Ready),
        ({"data": [{"quota_usage": 50, "config": {"quota_total": 50}}]}, Quota),
        ({"data": [{"quota_usage": 99, "config": {"quota_total": 100}}]}, Ready),
        ({"data": [{"quota_usage": 3}]}, Ready),
        ({"data": []}, Ready),
        ((500, b""), Retryable),
    ],
)
def test_the_limit_is_read_and_never_assumed(
    desk: Desk, meta: Meta, answer: Any, kind: type
) -> None:
    meta.on(MEDIA, {"id": "31"}).on("GET 31", DONE).on(LIMIT, answer)
    found = desk.prepare(post("image", desk.photo()))
    assert type(found) is kind
    if isinstance(found, Quota):
        assert found.until == START + timedelta(hours=1)
        assert "50" in found.reason
    assert meta.asked(LIMIT)[0].params["fields"] == "config,quota_usage"


# The commit and after it


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("no"), Retryable),
        (httpx.ReadError("reset"), Ambiguous),
        ((500, error(-1, 2207001)), Ambiguous),
        ((400, error(2, is_transient=True)), Ambiguous),
        ((400, error(24, 2207006)), Ambiguous),
        ((200, b'{"id": "179'), Ambiguous),
        ((200, {}), Ambiguous),
        ((400, error(9007, 2207027)), Retryable),
        ((400, error(9, 2207042)), Quota),
        ((400, error(4, 2207051)), Permanent),
        ((400, error(36003, 2207009)), Permanent),
        ((429, b""), Retryable),
    ],
)
def test_what_comes_of_a_commit(desk: Desk, meta: Meta, answer: Any, kind: type) -> None:
    meta.on(MEDIA, {"id": "17"}).on("GET 17", DONE).on(PUBLISH, answer)
    asked = post("image", desk.photo())
    desk.prepare(asked)
    assert type(desk.commit(asked)) is kind
    assert len(meta.asked(PUBLISH)) == 1


def in_doubt(
    desk: Desk, meta: Meta, kind: str = "image", text: str = "Look & see #this"
) -> Outgoing:
    """A post whose commit broke off."""
    meta.on(MEDIA, {"id": "17"}).on("GET 17", DONE).on(PUBLISH, httpx.ReadError("lost"))
    asked = post(kind, desk.photo(), text=text)
    assert desk.prepare(asked) == Ready()
    assert isinstance(desk.commit(asked), Ambiguous)
    return asked


def test_a_published_container_names_its_post(desk: Desk, meta: Meta) -> None:
    asked = in_doubt(desk, meta)
    meta.on("GET 17", {"status_code": "PUBLISHED"})
    meta.on(
        LIST,
        listed(
            ("m3", "Other", 9), ("m2", "Look &amp; see #this", 2), ("m1", "Look & see #this", -9999)
        ),
    )
    assert desk.probe(asked) == Published("m2", "https://www.instagram.com/p/m2/")
    # Nothing prepares or commits it again, even if somebody asks.
    assert desk.prepare(asked) == Published("m2", "https://www.instagram.com/p/m2/")
    assert len(meta.asked(PUBLISH)) == 1


def test_a_commit_that_took_effect_late_is_found_by_the_next_probe(desk: Desk, meta: Meta) -> None:
    asked = in_doubt(desk, meta)
    meta.on("GET 17", {"status_code": "PUBLISHED"}).on(LIST, listed(("m2", "Look & see #this", 5)))
    late = START + timedelta(minutes=30)
    found = answered(lambda: desk.adapter.probe(asked, desk.handles, 0, late))
    assert found == Published("m2", "https://www.instagram.com/p/m2/")


@pytest.mark.parametrize("code", ["FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"])
def test_a_container_that_is_not_published_says_so(desk: Desk, meta: Meta, code: str) -> None:
    asked = in_doubt(desk, meta)
    meta.on("GET 17", {"status_code": code})
    assert desk.probe(asked) == Absent()


def test_a_container_that_does_not_answer_is_asked_again(desk: Desk, meta: Meta) -> None:
    asked = in_doubt(desk, meta)
    for answer in ({}, {"status_code": "NEW"}, (500, b""), (200, b"{"), httpx.ReadError("x")):
        meta.on("GET 17", answer)
        assert isinstance(desk.probe(asked), Retryable)


def test_a_post_that_is_not_listed_yet_is_looked_for_and_then_taken_as_it_is(
    desk: Desk, meta: Meta
) -> None:
    asked = in_doubt(desk, meta)
    meta.on("GET 17", {"status_code": "PUBLISHED"}).on(LIST, {"data": []})
    found = [desk.probe(asked) for _ in range(5)]
    assert all(isinstance(one, Retryable) and not one.counted for one in found[:4])
    assert isinstance(found[4], Published)
    assert found[4].id == "17"
    assert "ID" in found[4].notes[0]


def test_a_container_that_is_gone_leaves_the_list_to_tell(desk: Desk, meta: Meta) -> None:
    asked = in_doubt(desk, meta)
    meta.on("GET 17", (400, error(100, 33)))
    meta.on(LIST, listed(("m2", "Look & see #this", 2)), {"data": []})
    assert desk.probe(asked) == Published("m2", "https://www.instagram.com/p/m2/")
    early = desk.probe(asked)
    assert isinstance(early, Retryable)  # the list may be slower than the container
    assert not early.counted
    desk.clock.time += timedelta(minutes=5)
    assert desk.probe(asked) == Absent()
    wordless = post("image", desk.photo(), text="")
    meta.on(LIST, listed(("m2", "", 2)))
    assert isinstance(desk.probe(wordless), Ambiguous)


def test_a_refusal_after_a_doubt_is_asked_about_first(desk: Desk, meta: Meta) -> None:
    """The container may be used up by the commit whose answer was lost."""
    asked = in_doubt(desk, meta)
    meta.on(PUBLISH, (400, error(100, message="The media was published already")))
    assert isinstance(desk.commit(asked), Ambiguous)
    meta.on("GET 17", {"status_code": "PUBLISHED"}).on(LIST, listed(("m2", "Look & see #this", 2)))
    assert isinstance(desk.probe(asked), Published)
    assert isinstance(desk.commit(asked), Permanent)


def test_a_story_is_found_among_the_stories(desk: Desk, meta: Meta) -> None:
    asked = in_doubt(desk, meta, "story")
    meta.on("GET 17", {"status_code": "PUBLISHED"})
    one = {"data": [{"id": "s1", "timestamp": START.isoformat(), "permalink": "https://x/s1"}]}
    meta.on(STORIES, one)
    assert desk.probe(asked) == Published("s1", "https://x/s1")
    meta.on(STORIES, (400, error(100)))
    found = [desk.probe(asked) for _ in range(5)]
    assert isinstance(found[4], Published)
    meta.on("GET 17", (400, error(100, 33)))
    assert isinstance(desk.probe(asked), Ambiguous)


def test_the_address_is_asked_for(desk: Desk, meta: Meta) -> None:
    meta.on("GET m1", {"permalink": "https://www.instagram.com/p/x/"}, {}, (500, b""))
    assert desk.adapter.permalink("m1") == "https://www.instagram.com/p/x/"
    assert desk.adapter.permalink("m1") is None
    assert desk.adapter.permalink("m1") is None


@needs_specs()
def test_the_samples_of_publishing_are_read(desk: Desk, meta: Meta) -> None:
    def sample(name: str) -> Any:
        return json.loads(
            (SPECS / "testdata" / f"instagram_apidata_publish_{name}.json").read_text()
        )

    made = sample("create_photo")
    meta.on(MEDIA, made).on(f"GET {made['id']}", sample("container_info"))
    meta.on(LIMIT, sample("publish_limit_resp")).on(PUBLISH, sample("publish_container"))
    asked = post("image", desk.photo())
    assert desk.prepare(asked) == Ready()
    assert desk.commit(asked) == Published("17920238422030506")

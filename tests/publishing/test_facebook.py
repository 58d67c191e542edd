"""A Facebook Page: what is sent, what is made of the answers, and what is found again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.accounts.model import Service
from igny8_media.publishing.facebook.adapter import Facebook
from igny8_media.publishing.facebook.video import Slice
from igny8_media.publishing.model import Link, MediaFile, Options, Outgoing
from igny8_media.publishing.outcomes import (
    Absent,
    Accepted,
    Ambiguous,
    NeedsAuth,
    Outcome,
    Permanent,
    Published,
    Ready,
    Retryable,
)
from tests.publishing.helpers import (
    START,
    Clock,
    FixedTokens,
    Folder,
    MemoryHandles,
    account,
    answered,
    tools,
)
from tests.publishing.meta_replies import PAGE, Meta, error, hosts, meta

__all__ = ["meta"]  # the fixture
FEED, PHOTOS, POSTS = f"POST {PAGE}/feed", f"POST {PAGE}/photos", f"GET {PAGE}/published_posts"
REELS, VIDEOS, UPLOAD = f"POST {PAGE}/video_reels", f"POST {PAGE}/videos", "video-upload/v26.0"
RUPLOAD = "https://rupload.facebook.com"


class Page:
    """A Page's adapter over scripted answers, with its handles and its clock."""

    def __init__(self, meta: Meta, root: Path) -> None:
        self.meta, self.folder, self.clock = meta, Folder(root), Clock()
        self.handles = MemoryHandles()
        self.again()

    def again(self) -> None:
        """Another process takes over: only the handles and the files are left."""
        page = account(
            Service.FACEBOOK, "page", PAGE, scopes=("pages_manage_posts", "pages_read_engagement")
        )
        self.adapter = Facebook(
            tools(page, self.folder, self.meta, clock=self.clock, tokens=FixedTokens()), hosts()
        )

    def photo(self, name: str = "a.jpg", content: bytes = b"jpeg", **more: Any) -> MediaFile:
        return self.folder.add(name, content, "image/jpeg", width=1080, height=1350, **more)

    def video(self, content: bytes = b"0123456789", **more: Any) -> MediaFile:
        usual: dict[str, Any] = {"width": 1080, "height": 1920, "duration": 20.0, "fps": 30.0}
        return self.folder.add("v.mp4", content, "video/mp4", **(usual | more))

    def prepare(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.prepare(post, self.handles, 0))

    def commit(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.commit(post, self.handles, 0))

    def probe(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.probe(post, self.handles, 0, self.clock.now()))

    def status(self, post: Outgoing) -> Outcome:
        return answered(lambda: self.adapter.status(post, self.handles, 0))


@pytest.fixture
def page(meta: Meta, tmp_path: Path) -> Page:
    return Page(meta, tmp_path)


def post(kind: str, *media: MediaFile, text: str = "Hello & welcome", **more: Any) -> Outgoing:
    return Outgoing(service=Service.FACEBOOK, kind=kind, text=text, media=media, **more)  # type: ignore[arg-type]


def listed(*posts: tuple[str, str, float]) -> dict[str, Any]:
    """Posts of the Page, as (id, message, seconds after START)."""
    return {
        "data": [
            {
                "id": name,
                "message": message,
                "created_time": (START + timedelta(seconds=after)).strftime(
                    "%Y-%m-%dT%H:%M:%S+0000"
                ),
                "permalink_url": f"https://www.facebook.com/{name}",
            }
            for name, message, after in posts
        ]
    }


# The feed


def test_a_text_goes_out_in_one_request(page: Page, meta: Meta) -> None:
    meta.on(FEED, {"id": f"{PAGE}_1"})
    asked = post("text")
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert meta.sent == []
    assert page.commit(asked) == Published(f"{PAGE}_1")
    assert [sent.form for sent in meta.sent] == [
        {"message": "Hello & welcome", "published": "true"}
    ]


def test_a_link_goes_with_its_text_or_without(page: Page, meta: Meta) -> None:
    meta.on(FEED, {"id": f"{PAGE}_1"})
    link = Link(url="https://example.org/a?b=1&c=ü")
    assert page.commit(post("link", link=link)) == Published(f"{PAGE}_1")
    assert page.commit(post("link", link=link, text=" ")) == Published(f"{PAGE}_1")
    first, second = meta.sent
    assert first.form == {"message": "Hello & welcome", "link": link.url, "published": "true"}
    assert second.form == {"link": link.url, "published": "true"}


def test_a_single_photo_is_uploaded_unpublished_and_attached(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, {"id": "77"}).on(FEED, {"id": f"{PAGE}_1"})
    asked = post("image", page.photo(content=b"\xff\xd8jpeg", alt_text="A cat"))
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert page.commit(asked) == Published(f"{PAGE}_1")
    upload, feed = meta.sent
    assert upload.form == {"published": "false", "alt_text_custom": "A cat"}
    assert upload.files == {"source": b"\xff\xd8jpeg"}
    assert json.loads(feed.form["attached_media"]) == [{"media_fbid": "77"}]
    assert len(feed.body) < 1000


def test_photos_that_are_there_are_not_uploaded_again(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, {"id": "1"}, {"id": 2}, httpx.ReadError("gone"), {"id": "3"})
    meta.on(FEED, {"id": f"{PAGE}_9"})
    asked = post("images", *(page.photo(f"{n}.jpg", b"%d" % n) for n in range(3)))
    assert isinstance(page.prepare(asked), Retryable)
    page.again()
    assert page.prepare(asked) == Ready()
    assert [sent.files["source"] for sent in meta.asked(PHOTOS)] == [b"0", b"1", b"2", b"2"]
    assert page.commit(asked) == Published(f"{PAGE}_9")
    attached = json.loads(meta.asked(FEED)[0].form["attached_media"])
    assert attached == [{"media_fbid": "1"}, {"media_fbid": "2"}, {"media_fbid": "3"}]


def test_photos_that_lay_there_for_a_day_are_uploaded_anew(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, {"id": "1"}, {"id": "2"}).on(FEED, {"id": f"{PAGE}_9"})
    asked = post("image", page.photo())
    page.prepare(asked)
    page.clock.time += timedelta(hours=21)
    assert page.prepare(asked) == Ready()
    page.commit(asked)
    assert json.loads(meta.asked(FEED)[0].form["attached_media"]) == [{"media_fbid": "2"}]


def test_a_refused_token_is_renewed_and_the_photo_sent_whole_again(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, (400, error(190, 463)), {"id": "1"})
    assert page.prepare(post("image", page.photo(content=b"x" * 100_000))) == Ready()
    first, second = meta.asked(PHOTOS)
    assert first.files == second.files == {"source": b"x" * 100_000}
    assert second.headers["authorization"] == "Bearer token-2"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("no"), Retryable),
        (httpx.ReadError("reset"), Ambiguous),
        (httpx.RemoteProtocolError("cut short"), Ambiguous),
        ((500, error(2)), Ambiguous),
        ((500, b""), Ambiguous),
        ((200, b'{"id": "10'), Ambiguous),
        ((200, {"success": True}), Ambiguous),
        ((200, {"id": None}), Ambiguous),
        ((200, [1]), Ambiguous),
        ((302, b""), Ambiguous),
        ((429, b""), Retryable),
        ((400, error(100)), Permanent),
        ((400, error(506)), Permanent),
    ],
)
def test_what_comes_of_a_commit(page: Page, meta: Meta, answer: Any, kind: type) -> None:
    meta.on(FEED, answer)
    assert type(page.commit(post("text"))) is kind
    assert len(meta.sent) == 1


# Finding posts again


def test_a_post_is_found_by_its_text_and_time(page: Page, meta: Meta) -> None:
    theirs = listed((f"{PAGE}_3", "Other", 9), (f"{PAGE}_2", "Hello &amp; welcome ", 2))
    meta.on(POSTS, theirs)
    assert page.probe(post("text")) == Published(f"{PAGE}_2", f"https://www.facebook.com/{PAGE}_2")
    asked = meta.sent[0].params
    assert asked["fields"] == "id,message,created_time,permalink_url"
    assert int(asked["since"]) == int(START.timestamp()) - 720


def test_a_post_that_is_not_there_is_absent(page: Page, meta: Meta) -> None:
    old = listed((f"{PAGE}_3", "Hello & welcome, all", 9), (f"{PAGE}_2", "Hello & welcome", -3600))
    meta.on(POSTS, old)
    assert page.probe(post("text")) == Absent()
    meta.on(POSTS, {"data": []})
    assert page.probe(post("text")) == Absent()


def test_the_page_is_read_as_far_back_as_the_commit(page: Page, meta: Meta) -> None:
    first = listed(*((f"{PAGE}_{n}", f"Other {n}", 500 - n) for n in range(50)))
    first["paging"] = {
        "cursors": {"after": "ABC"},
        "next": "https://graph.facebook.com/v26.0/1/published_posts?access_token=x&after=ABC",
    }
    meta.on(POSTS, first, listed((f"{PAGE}_99", "Hello & welcome", 1)))
    assert page.probe(post("text")) == Published(
        f"{PAGE}_99", f"https://www.facebook.com/{PAGE}_99"
    )
    assert meta.sent[1].params["after"] == "ABC"
    assert "access_token" not in meta.sent[1].params


def test_a_clock_that_is_wrong_does_not_hide_the_post(page: Page, meta: Meta) -> None:
    """Ours is an hour ahead: the post's time is an hour before the commit's."""
    theirs = (START - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    meta.on(FEED, (500, b"", {"date": theirs})).on(
        POSTS, (200, listed((f"{PAGE}_2", "Hello & welcome", -3599)), {"date": theirs})
    )
    asked = post("text")
    assert isinstance(page.commit(asked), Ambiguous)
    assert isinstance(page.probe(asked), Published)
    page.again()  # which has not seen yet how wrong the clock is
    assert isinstance(page.probe(asked), Published)


def test_a_platform_s_clock_that_is_wrong_does_not_hide_the_post(page: Page, meta: Meta) -> None:
    theirs = (START + timedelta(days=900)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    found = listed((f"{PAGE}_2", "Hello & welcome", 1))
    meta.on(FEED, (500, b"", {"date": theirs})).on(POSTS, (200, found, {"date": theirs}))
    asked = post("text")
    page.commit(asked)
    assert isinstance(page.probe(asked), Published)


@pytest.mark.parametrize("ahead", [timedelta(minutes=9), timedelta(hours=5)])
def test_a_clock_that_was_set_since_does_not_send_it_again(
    page: Page, meta: Meta, ahead: timedelta
) -> None:
    """It was ahead when the post was sent, and is right when the post is looked for."""
    meta.on(FEED, httpx.ReadTimeout("no")).on(POSTS, listed((f"{PAGE}_2", "Hello & welcome", 1)))
    asked = post("text")
    page.clock.time = START + ahead
    page.commit(asked)
    page.clock.time = START + timedelta(minutes=2)
    found = answered(lambda: page.adapter.probe(asked, page.handles, 0, START + ahead))
    assert not isinstance(found, Absent)


def test_the_same_words_of_some_minutes_before_are_not_taken_for_ours(
    page: Page, meta: Meta
) -> None:
    meta.on(POSTS, listed((f"{PAGE}_2", "Hello & welcome", -300)))
    assert isinstance(page.probe(post("text")), Ambiguous)


def test_a_commit_that_took_effect_late_is_found_by_the_next_probe(page: Page, meta: Meta) -> None:
    """Nothing was there after the first; the second broke off too, and now the first shows."""
    meta.on(FEED, httpx.ReadTimeout("no")).on(POSTS, listed((f"{PAGE}_2", "Hello & welcome", 5)))
    asked = post("text")
    page.commit(asked)
    page.clock.time += timedelta(minutes=30)
    page.commit(asked)
    assert isinstance(page.probe(asked), Published)


def test_two_posts_of_the_same_text_are_not_told_apart(page: Page, meta: Meta) -> None:
    meta.on(POSTS, listed((f"{PAGE}_3", "Hello & welcome", 9), (f"{PAGE}_2", "Hello & welcome", 1)))
    found = page.probe(post("text"))
    assert isinstance(found, Ambiguous)
    assert "Ada" in found.check


def test_without_a_text_only_absence_can_be_told(page: Page, meta: Meta) -> None:
    photo = page.photo()
    wordless = {"id": "5", "created_time": START.strftime("%Y-%m-%dT%H:%M:%S+0000")}
    meta.on(POSTS, {"data": [wordless]}, listed((f"{PAGE}_2", "Words", 1)))
    assert isinstance(page.probe(post("image", photo, text="")), Ambiguous)
    assert page.probe(post("image", photo, text="")) == Absent()


def test_a_probe_that_gets_no_answer_is_asked_again(page: Page, meta: Meta) -> None:
    for answer in (httpx.ReadError("x"), (500, b""), (200, b"{"), (200, {"data": [{"id": "1"}]})):
        meta.on(POSTS, answer)
        assert isinstance(page.probe(post("text")), Retryable)


def test_a_duplicate_after_a_doubt_is_the_post_that_was_in_doubt(page: Page, meta: Meta) -> None:
    meta.on(FEED, httpx.ReadTimeout("no"), (400, error(506)))
    meta.on(POSTS, {"data": []}, listed((f"{PAGE}_2", "Hello & welcome", 1)))
    asked = post("text")
    assert isinstance(page.commit(asked), Ambiguous)
    page.clock.time += timedelta(seconds=30)
    assert page.probe(asked) == Absent()
    page.again()
    assert page.commit(asked) == Published(f"{PAGE}_2", f"https://www.facebook.com/{PAGE}_2")


def test_a_duplicate_that_cannot_be_found_stays_in_doubt(page: Page, meta: Meta) -> None:
    meta.on(FEED, httpx.ReadTimeout("no"), (400, error(506))).on(POSTS, {"data": []})
    page.commit(post("text"))
    assert page.probe(post("text")) == Absent()
    assert isinstance(page.commit(post("text")), Ambiguous)
    found = page.probe(post("text"))
    assert isinstance(found, Ambiguous)
    assert found.check


def test_a_photo_without_words_is_found_whichever_way_that_is_said(page: Page, meta: Meta) -> None:
    wordless = listed((f"{PAGE}_2", "", 1))
    wordless["data"][0]["message"] = None
    meta.on(POSTS, wordless)
    assert not isinstance(page.probe(post("image", page.photo(), text="")), Absent)


def test_a_video_refused_after_a_doubt_is_asked_about_first(page: Page, meta: Meta) -> None:
    meta.on(f"POST {PAGE}/video_reels", {"video_id": "55"}, httpx.ReadTimeout("no"))
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    asked = post("reel", page.video())
    page.prepare(asked)
    assert isinstance(page.commit(asked), Ambiguous)
    meta.on(f"POST {PAGE}/video_reels", (400, error(6000, message="already published")))
    assert isinstance(page.commit(asked), Ambiguous)
    assert isinstance(page.commit(asked), Permanent)


# Reels


def test_a_reel_is_started_sent_and_finished(page: Page, meta: Meta) -> None:
    meta.on(REELS, {"video_id": "55", "upload_url": "https://evil.example/55"}, {"success": True})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    meta.on("GET 55", {"status": {"video_status": "processing"}})
    asked = post("reel", page.video(), title="A reel", options=Options(made_with_ai=True))
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert page.prepare(asked) == Ready()  # nothing is sent twice
    assert page.commit(asked) == Accepted(id="55")
    start, upload, finish = meta.sent
    assert start.form == {"upload_phase": "start"}
    assert upload.headers["authorization"] == "OAuth token-1"
    assert (upload.headers["offset"], upload.headers["file_size"]) == ("0", "10")
    assert upload.body == b"0123456789"
    assert finish.form == {
        "upload_phase": "finish",
        "video_id": "55",
        "video_state": "PUBLISHED",
        "description": "Hello & welcome",
        "title": "A reel",
        "is_ai_generated": "true",
    }
    assert page.status(asked) == Accepted(id="55")


def test_an_interrupted_upload_goes_on_where_it_broke_off(page: Page, meta: Meta) -> None:
    meta.on(REELS, {"video_id": "55"})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", httpx.WriteError("broken"), {"success": True})
    meta.on(f"GET {RUPLOAD}/{UPLOAD}/55", {"offset": 4})
    asked = post("reel", page.video())
    assert isinstance(page.prepare(asked), Retryable)
    page.again()
    assert page.prepare(asked) == Ready()
    assert len(meta.asked(REELS)) == 1
    last = meta.sent[-1]
    assert (last.headers["offset"], last.headers["file_size"], last.body) == ("4", "10", b"456789")
    assert last.headers["content-length"] == "6"


def test_an_upload_whose_answer_was_lost_is_not_sent_again(page: Page, meta: Meta) -> None:
    meta.on(REELS, {"video_id": "55"})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", httpx.ReadError("broken"))
    meta.on(f"GET {RUPLOAD}/{UPLOAD}/55", {"offset": "10"})
    asked = post("reel", page.video())
    page.prepare(asked)
    assert page.prepare(asked) == Ready()
    assert len(meta.asked(f"POST {RUPLOAD}/{UPLOAD}/55")) == 1


@pytest.mark.parametrize(
    ("answer", "afresh"),
    [
        ((400, {"debug_info": {"retriable": False, "type": "X", "message": "no session"}}), True),
        ((400, {"debug_info": {"retriable": True, "message": "later"}}), False),
        ((503, b""), False),
        ((200, {"success": False}), False),
        ((200, b"{"), False),
    ],
)
def test_what_the_upload_server_refuses(page: Page, meta: Meta, answer: Any, afresh: bool) -> None:
    meta.on(REELS, {"video_id": "55"}).on(f"POST {RUPLOAD}/{UPLOAD}/55", answer)
    found = page.prepare(post("reel", page.video()))
    assert isinstance(found, Retryable)
    assert found.afresh is afresh


def state(word: str, publishing: str = "not_started", **more: Any) -> dict[str, Any]:
    phases = {"uploading_phase": {"status": "complete"}, "publishing_phase": {"status": publishing}}
    return {
        "id": "55",
        "status": {"video_status": word, **phases, **more},
        "permalink_url": "/reel/55/",
    }


OUT = Published("55", "https://www.facebook.com/reel/55/")


@pytest.mark.parametrize(
    ("answer", "probed", "status"),
    [
        (state("ready", "complete"), OUT, OUT),
        ({**state("ready"), "published": True}, OUT, OUT),
        (state("processing"), Accepted(id="55"), Accepted(id="55")),
        (state("ready", "in_progress"), Accepted(id="55"), Accepted(id="55")),
        ({**state("upload_complete"), "published": False}, Absent(), Accepted(id="55")),
        ({**state("ready"), "published": False}, Absent(), Accepted(id="55")),
    ],
)
def test_a_reel_knows_itself_whether_it_is_out(
    page: Page, meta: Meta, answer: Any, probed: Outcome, status: Outcome
) -> None:
    meta.on(REELS, {"video_id": "55"}, httpx.ReadError("lost"), {"success": True})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True}).on("GET 55", answer)
    asked = post("reel", page.video())
    page.prepare(asked)
    assert isinstance(page.commit(asked), Ambiguous)
    assert page.probe(asked) == probed
    assert page.status(asked) == probed  # accepted by a probe: nobody said that it was finished
    assert page.commit(asked) == Accepted(id="55")
    assert page.status(asked) == status


@pytest.mark.parametrize(
    "answer",
    [
        state("error"),
        state(
            "processing", processing_phase={"status": "error", "errors": [{"message": "bad codec"}]}
        ),
    ],
)
def test_a_video_that_cannot_be_processed_says_why(page: Page, meta: Meta, answer: Any) -> None:
    meta.on(REELS, {"video_id": "55"}).on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    meta.on("GET 55", answer)
    asked = post("reel", page.video())
    page.prepare(asked)
    for found in (page.probe(asked), page.status(asked)):
        assert isinstance(found, Permanent)
        assert "H.264" in found.reason
        assert ("bad codec" in found.reason) == ("bad codec" in json.dumps(answer))


def test_a_video_without_a_readable_state_is_asked_for_again(page: Page, meta: Meta) -> None:
    meta.on(REELS, {"video_id": "55"}).on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    asked = post("reel", page.video())
    page.prepare(asked)
    for answer in ({}, {"status": "x"}, (200, b"{"), (500, b"")):
        meta.on("GET 55", answer)
        assert isinstance(page.probe(asked), Retryable)
    meta.on("GET 55", (400, error(100, 33)))
    assert isinstance(page.probe(asked), Ambiguous)
    assert isinstance(page.status(asked), Permanent)


COVER = "POST 55/thumbnails"


def covered(page: Page, meta: Meta, *answers: Any) -> Outgoing:
    """A reel that is out, whose cover is answered so."""
    meta.on(REELS, {"video_id": "55"}, {"success": True})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    meta.on("GET 55", state("ready", "complete")).on(COVER, *answers)
    asked = post("reel", page.video(), thumbnail=page.photo("t.jpg", b"cover"))
    page.prepare(asked)
    page.commit(asked)
    return asked


def test_the_cover_of_a_reel_is_set_when_it_is_out(page: Page, meta: Meta) -> None:
    asked = covered(page, meta, {"success": True})
    assert meta.asked(COVER) == []
    assert page.status(asked) == OUT
    (sent,) = meta.asked(COVER)
    assert (sent.form, sent.files) == ({"is_preferred": "true"}, {"source": b"cover"})
    page.again()
    assert page.status(asked) == OUT  # asked again, it is not sent again
    assert page.probe(asked) == OUT
    assert len(meta.asked(COVER)) == 1


def test_a_cover_that_may_yet_be_taken_is_tried_again_and_the_reel_is_not(
    page: Page, meta: Meta
) -> None:
    asked = covered(page, meta, httpx.ReadError("lost"), (503, b""), {"success": True})
    assert page.status(asked) == Accepted(30.0, "55")
    page.again()
    assert page.probe(asked) == Accepted(30.0, "55")  # found out by a probe, it is tried as well
    assert page.status(asked) == OUT
    assert len(meta.asked(COVER)) == 3
    assert len(meta.asked(REELS)) == 2  # begun and published once


@pytest.mark.parametrize(
    ("answer", "asked_for"),
    [
        ((400, error(100, message="Invalid parameter")), 1),
        ((403, error(200, message="Invalid parameter")), 1),
        ((500, error(2, message="Invalid parameter")), 3),
    ],
)
def test_a_cover_that_is_not_taken_becomes_a_note(
    page: Page, meta: Meta, answer: Any, asked_for: int
) -> None:
    asked = covered(page, meta, answer)
    for _ in range(asked_for - 1):
        assert page.status(asked) == Accepted(30.0, "55")
    for _ in range(2):
        found = page.status(asked)
        assert isinstance(found, Published)
        assert (found.id, found.url) == (OUT.id, OUT.url)
        assert found.notes[0].startswith("Facebook did not take the cover: ")
        assert "Invalid parameter" in found.notes[0]
    assert len(meta.asked(COVER)) == asked_for


def test_a_cover_waits_while_the_account_must_be_connected_again(page: Page, meta: Meta) -> None:
    asked = covered(page, meta, (401, error(190)), (401, error(190)), {"success": True})
    assert isinstance(page.status(asked), NeedsAuth)
    page.again()
    assert page.status(asked) == OUT
    assert {sent.files["source"] for sent in meta.asked(COVER)} == {b"cover"}


# Long videos


def start(end: int) -> dict[str, str]:
    return {
        "video_id": "66",
        "upload_session_id": "s1",
        "start_offset": "0",
        "end_offset": f"{end}",
    }


def window(first: int, end: int) -> dict[str, str]:
    return {"start_offset": f"{first}", "end_offset": f"{end}"}


def test_a_long_video_goes_in_the_chunks_that_are_asked_for(page: Page, meta: Meta) -> None:
    meta.on(VIDEOS, start(4), window(4, 9), window(9, 10), window(10, 10), {"success": True})
    asked = post("video", page.video(), title="Long")
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert page.commit(asked) == Accepted(id="66")
    assert meta.sent[0].form == {"upload_phase": "start", "file_size": "10"}
    sent = [(s.form["start_offset"], s.files["video_file_chunk"]) for s in meta.sent[1:4]]
    assert sent == [("0", b"0123"), ("4", b"45678"), ("9", b"9")]
    assert meta.sent[4].form == {
        "upload_phase": "finish",
        "upload_session_id": "s1",
        "published": "true",
        "description": "Hello & welcome",
        "title": "Long",
    }


def test_a_long_video_takes_its_picture_along(page: Page, meta: Meta) -> None:
    meta.on(VIDEOS, start(10), window(10, 10), {"id": "66"})
    asked = post("video", page.video(), thumbnail=page.photo("t.jpg", b"thumb"))
    page.prepare(asked)
    assert page.commit(asked) == Accepted(id="66")
    assert meta.sent[-1].files == {"thumb": b"thumb"}
    assert meta.sent[-1].form["upload_phase"] == "finish"


def test_a_long_video_goes_on_with_the_chunk_that_was_lost(page: Page, meta: Meta) -> None:
    meta.on(VIDEOS, start(4), window(4, 10), httpx.ReadError("lost"), window(10, 10))
    asked = post("video", page.video())
    assert isinstance(page.prepare(asked), Retryable)
    page.again()
    assert page.prepare(asked) == Ready()
    assert [s.form.get("start_offset") for s in meta.sent] == [None, "0", "4", "4"]


@pytest.mark.parametrize("wanted", [window(4, 10), json.dumps(window(4, 10))])
def test_a_chunk_whose_answer_was_lost_is_not_sent_again(
    page: Page, meta: Meta, wanted: Any
) -> None:
    refused = (400, error(6001, 1363037, is_transient=True, error_data=wanted))
    meta.on(VIDEOS, start(4), httpx.ReadError("lost"), refused, window(10, 10))
    asked = post("video", page.video())
    page.prepare(asked)
    page.again()
    assert page.prepare(asked) == Ready()
    assert [s.form.get("start_offset") for s in meta.sent] == [None, "0", "0", "4"]


def test_a_session_of_yesterday_that_is_refused_is_begun_anew(page: Page, meta: Meta) -> None:
    meta.on(VIDEOS, start(4), httpx.ReadError("lost"), (400, error(6000)))
    asked = post("video", page.video())
    page.prepare(asked)
    found = page.prepare(asked)
    assert isinstance(found, Retryable)
    assert found.afresh
    meta.on(VIDEOS, start(10), (400, error(352)))
    assert isinstance(page.prepare(asked), Permanent)  # a new session: it is the file


def test_offsets_that_lead_nowhere_end(page: Page, meta: Meta) -> None:
    asked = post("video", page.video())
    for answers in (
        [start(4), window(0, 4)],
        [start(4), {"start_offset": "x"}],
        [{"video_id": "66"}],
    ):
        page.handles = MemoryHandles()
        meta.on(VIDEOS, *answers)
        assert isinstance(page.prepare(asked), Retryable)


def test_a_chunk_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with path.open("rb") as file:
        chunk = Slice(file, 10_000_000, 30_000_000)
        request = httpx.Request(
            "POST", "https://x", data={"a": "b"}, files={"c": ("c", chunk, "video/mp4")}
        )
        assert isinstance(request.stream, httpx.SyncByteStream)
        for _ in range(2):  # a refused token sends it twice
            sizes = [len(piece) for piece in request.stream]
            assert sum(sizes) == int(request.headers["content-length"])
            assert 30_000_000 < sum(sizes) < 30_001_000
            assert max(sizes) <= 1 << 20


# Stories


def test_a_photo_story_uses_an_unpublished_photo(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, {"id": "77"})
    meta.on(f"POST {PAGE}/photo_stories", {"success": True, "post_id": "88"})
    asked = post("story", page.photo())
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert page.commit(asked) == Published("88")
    assert meta.sent[-1].form == {"photo_id": "77"}


def test_a_video_story_is_sent_like_a_reel(page: Page, meta: Meta) -> None:
    meta.on(f"POST {PAGE}/video_stories", {"video_id": "55"}, {"success": True, "post_id": "88"})
    meta.on(f"POST {RUPLOAD}/{UPLOAD}/55", {"success": True})
    asked = post("story", page.video())
    assert page.adapter.validate(asked) == []
    assert page.prepare(asked) == Ready()
    assert page.commit(asked) == Published("88")


def test_a_story_in_doubt_is_for_a_person(page: Page, meta: Meta) -> None:
    meta.on(PHOTOS, {"id": "77"}).on(f"POST {PAGE}/photo_stories", (200, {"success": True}))
    asked = post("story", page.photo())
    page.prepare(asked)
    assert isinstance(page.commit(asked), Ambiguous)
    found = page.probe(asked)
    assert isinstance(found, Ambiguous)
    assert "stories of the Page Ada" in found.check


# Addresses


def test_the_address_is_asked_for(page: Page, meta: Meta) -> None:
    meta.on("GET 1_2", {"permalink_url": "https://www.facebook.com/x"}, (500, b""), {})
    assert page.adapter.permalink("1_2") == "https://www.facebook.com/x"
    assert page.adapter.permalink("1_2") is None
    assert page.adapter.permalink("1_2") is None
    meta.on("GET 55", {"permalink_url": "/reel/55/"})
    assert page.adapter.permalink("55") == "https://www.facebook.com/reel/55/"


def test_a_file_that_is_gone_is_said(page: Page, meta: Meta) -> None:
    from igny8_media.errors import StorageError

    def gone(_: MediaFile) -> Path:
        raise StorageError("a.jpg is not in the media store; add it again.")

    asked = post("image", page.photo())
    page.folder.path = gone  # type: ignore[method-assign]
    assert page.prepare(asked) == Retryable("a.jpg is not in the media store; add it again.")
    assert meta.sent == []

"""Every limit of Facebook at its edge and one beyond."""

from typing import Any

import pytest

from igny8_media.accounts.model import Service
from igny8_media.publishing.facebook.limits import problems
from igny8_media.publishing.model import Link, Outgoing, Poll
from tests.publishing.helpers import account, media
from tests.publishing.meta_replies import PAGE

OURS = account(
    Service.FACEBOOK, "page", PAGE, scopes=("pages_manage_posts", "pages_read_engagement")
)
TALL = {"width": 1080, "height": 1920}


def post(kind: str, *files: Any, text: str = "Words", **more: Any) -> Outgoing:
    return Outgoing(service=Service.FACEBOOK, kind=kind, text=text, media=files, **more)  # type: ignore[arg-type]


def photo(**more: Any) -> Any:
    return media("a.jpg", more.pop("mime", "image/jpeg"), **more)


def video(**more: Any) -> Any:
    return media("v.mp4", "video/mp4", **(TALL | more))


def link(url: str) -> Outgoing:
    return post("link", link=Link(url=url))


FINE = [
    post("text", text="x" * 63_206),
    link("https://example.org"),
    link("https://notfacebook.com/a"),
    post("image", photo(size=10_000_000)),
    post("image", photo(), text=""),
    post("image", photo(mime="image/png")),
    post("images", photo(), photo()),
    post("images", *[photo()] * 10),
    post("reel", video(duration=3.0)),
    post("reel", video(duration=90.0, fps=23.976)),
    post("reel", video(width=540, height=960, fps=60.0)),
    post("reel", video(codec="av1", width=1082)),
    post("reel", video(), thumbnail=photo(**TALL, size=10_000_000)),
    post("reel", video(), thumbnail=photo(**TALL, mime="image/png")),
    post("story", video(duration=60.0)),
    post("story", photo()),
    post("video", video(width=1920, height=1080, duration=14_400.0, size=10_000_000_000)),
    post("video", video(), thumbnail=photo()),
]
WRONG = [
    (post("text", text="x" * 63_207), "1 over"),
    (post("text", text="\n "), "empty"),
    (post("text", text="a\x00b"), "control characters"),
    (post("text", photo()), "no files"),
    (link("ftp://example.org"), "https://"),
    (link("https://www.facebook.com/x"), "another page"),
    (link("https://[bad"), "web address"),
    (post("link"), "https://"),
    (post("image"), "1 file and has 0"),
    (post("image", video()), "not image but video"),
    (post("image", photo(size=10_000_001)), "10 MB"),
    (post("image", photo(mime="image/webp")), "convert"),
    (post("images", photo()), "2 to 10"),
    (post("images", *[photo()] * 11), "2 to 10"),
    (post("reel", video(duration=2.99)), "3 to 90"),
    (post("reel", video(duration=90.1)), "3 to 90"),
    (post("reel", video(width=1080, height=1080)), "9:16"),
    (post("reel", video(width=538, height=958)), "540x960"),
    (post("reel", video(fps=22.9)), "frames"),
    (post("reel", video(fps=61.0)), "frames"),
    (post("reel", video(codec="mpeg4")), "mpeg4"),
    (post("reel", video(), thumbnail=photo(**TALL, mime="image/gif")), "JPEG and PNG"),
    (post("reel", video(), thumbnail=photo(**TALL, size=10_000_001)), "10 MB"),
    (post("reel", video(), thumbnail=photo(width=1280, height=720)), "9:16 covers"),
    (post("reel", photo()), "not video but image"),
    (post("story", video(duration=60.1)), "3 to 60"),
    (post("story", photo(size=10_000_001)), "10 MB"),
    (post("video", video(duration=14_401.0)), "14400"),
    (post("video", video(size=10_000_000_001)), "10 GB"),
    (post("video", video(width=2560, height=1080)), "16:9"),
    (post("video", video(), thumbnail=photo(size=10_000_001)), "10 MB"),
    (post("poll", poll=Poll(options=("a", "b"))), "no poll"),
    (post("thread", parts=("a", "b")), "no thread"),
]


@pytest.mark.parametrize("fine", FINE)
def test_what_facebook_takes(fine: Outgoing) -> None:
    assert problems(fine, OURS) == []


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_facebook_refuses(wrong: Outgoing, said: str) -> None:
    found = problems(wrong, OURS)
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].endswith(".")


def test_everything_is_said_at_once() -> None:
    bad = post("reel", video(duration=91, fps=99.0, codec="vp6", width=500), text="x" * 70_000)
    assert len(problems(bad, OURS)) == 6


def test_whose_account_it_is() -> None:
    linked = account(Service.LINKEDIN, "person")
    assert "LinkedIn" in problems(post("text"), linked)[0]
    person = account(Service.FACEBOOK, "person", scopes=OURS.scopes)
    assert "page account" in problems(post("text"), person)[0]
    reader = OURS.model_copy(update={"scopes": ("pages_read_engagement",)})
    assert "pages_manage_posts" in problems(post("text"), reader)[0]
    by_hand = OURS.model_copy(update={"scopes": ()})
    assert problems(post("text"), by_hand) == []
    analyst = OURS.model_copy(update={"details": {"page_tasks": ["ANALYZE"]}})
    assert "create content" in problems(post("text"), analyst)[0]
    writer = OURS.model_copy(update={"details": {"page_tasks": ["ANALYZE", "CREATE_CONTENT"]}})
    assert problems(post("text"), writer) == []

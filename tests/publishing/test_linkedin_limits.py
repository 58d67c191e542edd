"""What LinkedIn would refuse is known before it is sent, at every limit's edge."""

from typing import Any

import pytest

from igny8_media.accounts.model import Service
from igny8_media.publishing.linkedin.limits import problems
from igny8_media.publishing.model import Link, Options, Outgoing, Poll
from tests.publishing.helpers import account, media

PERSON = account(Service.LINKEDIN, "person", scopes=("openid", "w_member_social"))
PNG = media("a.png", "image/png")
PDF = media("a.pdf", "application/pdf", pages=3)
MP4 = media("a.mp4", "video/mp4")
LINK = Link(url="https://example.org/a", title="A title")
POLL = Poll(question="Which?", options=("This", "That"), minutes=4320)


def post(kind: str = "text", **fields: Any) -> Outgoing:
    usual: dict[str, Any] = {"text": "Words."}
    usual |= {
        "image": {"media": (PNG,)},
        "images": {"media": (PNG, PNG)},
        "document": {"media": (PDF,), "title": "Report"},
        "video": {"media": (MP4,)},
        "link": {"link": LINK},
        "poll": {"poll": POLL},
    }.get(kind, {})
    return Outgoing(service=Service.LINKEDIN, kind=kind, **(usual | fields))  # type: ignore[arg-type]


FINE = {
    "text": post(),
    "longest text": post(text="a" * 3000),
    "longest escaped text": post(text="(" * 1500),
    "picture without words": post("image", text=""),
    "largest picture": post("image", media=(media("a.png", "image/png", width=6012, height=6013),)),
    "longest GIF": post("image", media=(media("a.gif", "image/gif", frames=250),)),
    "longest alternative text": post(
        "image", media=(media("a.jpg", "image/jpeg", alt_text="x" * 4086),)
    ),
    "twenty pictures": post("images", media=(PNG,) * 20),
    "largest document": post(
        "document", media=(media("a.pdf", "application/pdf", size=100_000_000, pages=300),)
    ),
    "longest video": post(
        "video", media=(media("a.mp4", "video/mp4", duration=1800.0, size=500_000_000),)
    ),
    "shortest video": post(
        "video", media=(media("a.mp4", "video/mp4", duration=3.0, size=75_000),)
    ),
    "video with cover": post("video", thumbnail=media("a.jpg", "image/jpeg")),
    "link with picture": post("link", thumbnail=PNG),
    "largest poll": post(
        "poll", poll=Poll(question="q" * 140, options=("o" * 30,) * 4, minutes=20160)
    ),
    "members only": post(options=Options(privacy="LOGGED_IN")),
}

WRONG = {
    "empty text": (post(text=" \n"), "empty"),
    "text too long": (post(text="a" * 3001), "1 over the limit of 3000"),
    "escaped text too long": (post(text="(" * 1501), "2 over the limit"),
    "control characters": (post(text="a\x00b"), "control characters"),
    "thread": (post("thread", parts=("a", "b")), "no thread"),
    "story": (post("story", media=(PNG,)), "no story"),
    "files with a text": (post(media=(PNG,)), "no files"),
    "two for one": (post("image", media=(PNG, PNG)), "1 file and has 2"),
    "one for several": (post("images", media=(PNG,)), "2 to 20 of them and has 1"),
    "twenty-one": (post("images", media=(PNG,) * 21), "has 21"),
    "WebP": (post("image", media=(media("a.webp", "image/webp"),)), "JPEG, PNG and GIF"),
    "picture too large": (
        post("image", media=(media("a.png", "image/png", width=36_152_320, height=1),)),
        "fewer than",
    ),
    "GIF too long": (post("image", media=(media("a.gif", "image/gif", frames=251),)), "251 frames"),
    "alternative text too long": (
        post("image", media=(media("a.png", "image/png", alt_text="x" * 4087),)),
        "4087",
    ),
    "document of another kind": (
        post("document", media=(media("a.zip", "application/zip"),)),
        "PDF, DOC",
    ),
    "document too large": (
        post("document", media=(media("a.pdf", "application/pdf", size=100_000_001),)),
        "100 MB",
    ),
    "too many pages": (
        post("document", media=(media("a.pdf", "application/pdf", pages=301),)),
        "301 pages",
    ),
    "document without title": (post("document", title=" "), "title"),
    "QuickTime": (post("video", media=(media("a.mov", "video/quicktime"),)), "MP4"),
    "video too short": (
        post("video", media=(media("a.mp4", "video/mp4", duration=2.9),)),
        "2.9 seconds",
    ),
    "video too long": (
        post("video", media=(media("a.mp4", "video/mp4", duration=1800.1),)),
        "30 minutes",
    ),
    "video too small": (post("video", media=(media("a.mp4", "video/mp4", size=74_999),)), "75 KB"),
    "video too large": (
        post("video", media=(media("a.mp4", "video/mp4", size=500_000_001),)),
        "500 MB",
    ),
    "cover of another kind": (
        post("video", thumbnail=media("a.gif", "image/gif")),
        "LinkedIn takes JPEG and PNG",
    ),
    "cover too large": (
        post("video", thumbnail=media("a.png", "image/png", width=36_152_320, height=1)),
        "fewer than",
    ),
    "no link": (post("link", link=None), "web address"),
    "no web address": (post("link", link=Link(url="ftp://a.org", title="x")), "web address"),
    "link without title": (post("link", link=Link(url="https://a.org")), "give the link a title"),
    "link's picture of another kind": (
        post("link", thumbnail=media("a.webp", "image/webp")),
        "JPEG, PNG and GIF",
    ),
    "no poll": (post("poll", poll=None), "2 to 4 answers"),
    "one answer": (post("poll", poll=Poll(question="q", options=("a",))), "2 to 4 answers"),
    "five answers": (post("poll", poll=Poll(question="q", options=tuple("abcde"))), "2 to 4"),
    "no question": (post("poll", poll=Poll(options=("a", "b"))), "question"),
    "question too long": (post("poll", poll=Poll(question="q" * 141, options=("a", "b"))), "140"),
    "answer too long": (post("poll", poll=Poll(question="q", options=("a", "o" * 31))), "30"),
    "empty answer": (post("poll", poll=Poll(question="q", options=("a", " "))), "1 to 30"),
    "poll of two days": (
        post("poll", poll=Poll(question="q", options=("a", "b"), minutes=2880)),
        "1, 3, 7 or 14 days",
    ),
    "another platform's audience": (post(options=Options(privacy="unlisted")), "audience"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_within_every_limit_is_fine(name: str) -> None:
    assert problems(FINE[name], PERSON) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_beyond_a_limit_is_one_sentence(name: str) -> None:
    wrong, word = WRONG[name]
    found = problems(wrong, PERSON)
    assert len(found) == 1, found
    assert word in found[0]
    assert found[0].endswith(".")


def test_everything_wrong_is_said_at_once() -> None:
    bad = media("a.webp", "image/webp", width=10_000, height=10_000, alt_text="x" * 5000)
    found = problems(post("images", text="a" * 3001, media=(bad,)), PERSON)
    assert len(found) == 5


def test_the_account_must_fit() -> None:
    x = account(Service.TWITTER, "person")
    assert "choose a LinkedIn account" in problems(post(), x)[0]
    for kind, missing in (("person", "w_member_social"), ("organization", "w_organization_social")):
        narrow = account(Service.LINKEDIN, kind, scopes=("openid",))  # type: ignore[arg-type]
        assert missing in problems(post(), narrow)[0]
        unknown = account(Service.LINKEDIN, kind)  # type: ignore[arg-type]
        assert problems(post(), unknown) == []
    assert "choose another account" in problems(post(), account(Service.LINKEDIN, "page"))[0]

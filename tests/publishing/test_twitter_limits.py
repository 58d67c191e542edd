"""What X would refuse, or charge more for, is known before it is sent, at every limit's edge."""

from typing import Any

import pytest

from igny8_media.accounts.model import Service
from igny8_media.publishing.model import Link, Options, Outgoing, Poll
from igny8_media.publishing.twitter.limits import problems
from tests.publishing.helpers import account, media

SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
ADA = account(Service.TWITTER, "person", scopes=SCOPES)
PNG = media("a.png", "image/png")
GIF = media("a.gif", "image/gif", frames=20, width=100, height=100)
MP4 = media("a.mp4", "video/mp4")
PAID = Options(links_cost_extra=True)


def post(kind: str = "text", **fields: Any) -> Outgoing:
    usual: dict[str, Any] = {"text": "Words."}
    usual |= {
        "image": {"media": (PNG,)},
        "video": {"media": (MP4,)},
        "poll": {"poll": Poll(options=("This", "That"))},
        "thread": {"text": "One", "parts": ("One", "Two")},
    }.get(kind, {})
    return Outgoing(service=Service.TWITTER, kind=kind, **(usual | fields))  # type: ignore[arg-type]


def video(**measured: Any) -> Outgoing:
    return post("video", media=(media("a.mp4", "video/mp4", **measured),))


def gif(**measured: Any) -> Outgoing:
    measured = {"frames": 20, "width": 100, "height": 100, **measured}
    return post("image", media=(media("a.gif", "image/gif", **measured),))


FINE = {
    "text": post(),
    "longest text": post(text="a" * 280),
    "longest text of wide characters": post(text="日" * 140),
    "dearer link": post(text="https://example.org/" + "x" * 300, options=PAID),
    "link that is in the text": post(
        text="See https://example.org", link=Link(url="https://example.org"), options=PAID
    ),
    "one cashtag": post(text="$TSLA and $TSLA for $20 and $5.50"),
    "four pictures without words": post("image", text="", media=(PNG,) * 4),
    "largest picture": post(
        "image", media=(media("a.jpg", "image/jpeg", size=5_000_000, alt_text="x" * 1000),)
    ),
    "largest GIF": gif(frames=350, width=1280, height=1080, size=15_000_000),
    "GIFs that stand still": post("image", media=(media("a.gif", "image/gif", frames=1),) * 2),
    "longest video": video(duration=140.0, size=512_000_000, fps=60.0),
    "shortest video": video(duration=0.5, width=32, height=32),
    "upright video": video(width=1080, height=1920),
    "wide video": video(width=900, height=300),
    "thread with a video": post("thread", media=(MP4,)),
    "largest poll": post("poll", poll=Poll(options=("o" * 25,) * 4, minutes=10080)),
    "shortest poll": post("poll", poll=Poll(options=("a", "b"), minutes=5)),
}

WRONG = {
    "empty": (post(text=" "), "empty"),
    "too long": (post(text="a" * 281), "1 over the limit of 280"),
    "too long in wide characters": (post(text="日" * 141), "282 long"),
    "characters nobody sees": (post(text="a\x01b"), "refuses"),
    "half a character": (post(text="a\ud800b"), "refuses"),
    "direction marks": (post(text="a\ufeffb"), "refuses"),
    "link": (post(text="See https://example.org now"), "links_cost_extra"),
    "bare domain": (post(text="See example.dev"), "example.dev"),
    "link in a later part": (
        post("thread", parts=("One", "at example.org")),
        "Part 2 of the thread has a link",
    ),
    "link outside the text": (post(link=Link(url="https://example.org")), "in the text"),
    "two cashtags": (post(text="$TSLA $AAPL"), "one cashtag"),
    "link post": (post("link"), "into a text post"),
    "story": (post("story"), "no story"),
    "document": (post("document"), "no document"),
    "thread of one": (post("thread", parts=("One",)), "two parts"),
    "another first part": (post("thread", text="Zero"), "first part"),
    "empty part": (post("thread", parts=("One", "")), "Part 2 of the thread is empty"),
    "long part": (post("thread", parts=("One", "a" * 281)), "Part 2 of the thread is 281"),
    "the same twice": (post("thread", parts=("One", "Two", " Two")), "Parts 2 and 3"),
    "parts of no thread": (post(parts=("One", "Two")), "has no parts"),
    "file of a text": (post(media=(PNG,)), "no files"),
    "file of a poll": (post("poll", media=(PNG,)), "no files"),
    "no picture": (post("image", media=()), "1 to 4 pictures"),
    "five pictures": (post("image", media=(PNG,) * 5), "has 5"),
    "five in a thread": (post("thread", media=(PNG,) * 5), "takes 4 pictures and has 5"),
    "GIF beside a picture": (post("image", media=(GIF, PNG)), "one animated GIF"),
    "video beside a picture": (post("thread", media=(MP4, PNG)), "one video"),
    "two videos": (post("video", media=(MP4, MP4)), "one video"),
    "video as picture": (post("image", media=(MP4,)), "JPEG, PNG, WebP"),
    "picture as video": (post("video", media=(PNG,)), "no video"),
    "SVG": (post("image", media=(media("a.svg", "image/svg+xml"),)), "JPEG, PNG, WebP"),
    "picture too large": (
        post("image", media=(media("a.png", "image/png", size=5_000_001),)),
        "5 MB",
    ),
    "alternative text too long": (
        post("image", media=(media("a.png", "image/png", alt_text="x" * 1001),)),
        "1001",
    ),
    "GIF too large": (gif(size=15_000_001), "15 MB"),
    "GIF too wide": (gif(width=1281), "1281x100"),
    "GIF too high": (gif(height=1081), "100x1081"),
    "GIF too long": (gif(frames=351), "351 frames"),
    "AVI": (post("video", media=(media("a.avi", "video/x-msvideo"),)), "MP4, QuickTime"),
    "video too large": (video(size=512_000_001), "512 MB"),
    "video too short": (video(duration=0.4), "0.4 seconds"),
    "video too long": (video(duration=140.1), "140.1 seconds"),
    "video too wide": (video(width=1921, height=1080), "1921x1080"),
    "video too small": (video(width=31, height=31), "31x31"),
    "video too narrow": (video(width=300, height=901), "1:3"),
    "video too fast": (video(fps=60.5), "60.5 frames"),
    "HEVC": (video(codec="hevc"), "H.264"),
    "Opus": (video(audio_codec="opus"), "AAC"),
    "no poll": (post("poll", poll=None), "2 to 4 answers"),
    "one answer": (post("poll", poll=Poll(options=("a",))), "2 to 4 answers"),
    "five answers": (post("poll", poll=Poll(options=tuple("abcde"))), "2 to 4 answers"),
    "answer too long": (post("poll", poll=Poll(options=("a", "o" * 26))), "26 characters"),
    "empty answer": (post("poll", poll=Poll(options=("a", " "))), "1 to 25"),
    "poll too short": (post("poll", poll=Poll(options=("a", "b"), minutes=4)), "5 to 10080"),
    "poll too long": (post("poll", poll=Poll(options=("a", "b"), minutes=10081)), "5 to 10080"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_within_every_limit_is_fine(name: str) -> None:
    assert problems(FINE[name], ADA) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_beyond_a_limit_is_one_sentence(name: str) -> None:
    wrong, word = WRONG[name]
    found = problems(wrong, ADA)
    assert len(found) == 1, found
    assert word in found[0]
    assert found[0].endswith(".")


def test_everything_wrong_is_said_at_once() -> None:
    bad = media("a.png", "image/png", size=6_000_000, alt_text="x" * 2000)
    text = "$A $B example.org " + "a" * 300
    found = problems(post("image", text=text, media=(bad,) * 5), ADA)
    assert len(found) == 3 + 1 + 10


def test_the_account_must_fit() -> None:
    other = account(Service.LINKEDIN, "person")
    assert "choose an X account" in problems(post(), other)[0]
    assert problems(post(), account(Service.TWITTER, "person")) == []
    few = account(Service.TWITTER, "person", scopes=SCOPES[:3])
    assert problems(post(), few) == []
    assert "media.write" in problems(post("image"), few)[0]
    assert "X account" in problems(post(), account(Service.TWITTER, "page"))[0]

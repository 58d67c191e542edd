"""What TikTok would refuse is known before it is sent, at every limit's edge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.accounts.model import Service
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.tiktok.chunks import Chunks, cut
from igny8_media.publishing.tiktok.limits import problems
from tests.publishing.helpers import account, media

MB = 1_000_000
ADA = account(Service.TIKTOK, "creator", scopes=("video.publish", "video.upload"))
PUBLIC = Options(privacy="PUBLIC_TO_EVERYONE")
JPEG = media("a.jpg", "image/jpeg", width=1080, height=1350)


def video(mime: str = "video/mp4", **measured: Any) -> dict[str, Any]:
    return {"media": (media("a.mp4", mime, **({"width": 1080, "height": 1920} | measured)),)}


def post(kind: str = "video", **fields: Any) -> Outgoing:
    usual = {"text": "Words.", "options": PUBLIC} | (
        video() if kind == "video" else {"media": (JPEG,)}
    )
    return Outgoing(service=Service.TIKTOK, kind=kind, **(usual | fields))  # type: ignore[arg-type]


def photo(**measured: Any) -> dict[str, Any]:
    return {
        "media": (media("a.jpg", "image/jpeg", **({"width": 1080, "height": 1350} | measured)),)
    }


FINE = {
    "video": post(),
    "longest text": post(text="🎉" * 1100),
    "smallest video": post(**video(width=360, height=360)),
    "largest video": post(**video(width=4096, height=4096, size=4_000_000_000)),
    "longest video": post(**video(duration=600.0)),
    "film's rate": post(**video(fps=23.976)),
    "fastest": post(**video(fps=60.0)),
    "QuickTime": post(**video("video/quicktime", codec="hevc")),
    "WebM": post(**video("video/webm", codec="vp9")),
    "draft asks for no audience": post(options=Options(draft=True)),
    "cover at the end": post(options=PUBLIC.model_copy(update={"cover_at": 20.0})),
    "branded": post(options=PUBLIC.model_copy(update={"branded": True})),
    "no words": post(text=""),
    "photos": post("image", media=(JPEG,) * 35, title="t" * 90, text="x" * 4000),
    "tall photo": post("image", **photo(width=1080, height=1920, size=20 * MB)),
    "wide photo": post("image", **photo(width=1920, height=1080)),
}

WRONG: dict[str, tuple[Outgoing, str]] = {
    "text one over": (post(text="🎉" * 1100 + "x"), "1 over the limit of 2200"),
    "title one over": (post("image", title="t" * 91), "The title is 91 long"),
    "description one over": (post("image", text="x" * 4001), "4001 long"),
    "control characters": (post(text="a\x00b"), "control characters"),
    "no audience": (post(options=Options()), "choose who sees a post"),
    "unknown audience": (post(options=Options(privacy="public")), "no audience public"),
    "branded and private": (
        post(options=Options(privacy="SELF_ONLY", branded=True)),
        "branded content private",
    ),
    "poll": (post("poll", media=()), "takes no poll"),
    "two videos": (post(media=video()["media"] * 2), "exactly one video"),
    "no video": (post(media=()), "exactly one video"),
    "a picture as video": (post(media=(JPEG,)), "exactly one video"),
    "no photos": (post("image", media=()), "1 to 35 pictures, not 0"),
    "36 photos": (post("image", media=(JPEG,) * 36), "not 36"),
    "AVI": (post(**video("video/x-msvideo")), "takes MP4"),
    "AV1": (post(**video(codec="av1")), "encoded as av1"),
    "empty": (post(**video(size=0)), "1 byte to 4 GB"),
    "too many bytes": (post(**video(size=4_000_000_001)), "1 byte to 4 GB"),
    "too long": (post(**video(duration=600.1)), "600.1 seconds"),
    "too slow": (post(**video(fps=22.9)), "22.9 frames"),
    "too fast": (post(**video(fps=60.1)), "60.1 frames"),
    "too small": (post(**video(width=359)), "359x1920"),
    "too large": (post(**video(height=4097)), "1080x4097"),
    "cover outside": (
        post(options=PUBLIC.model_copy(update={"cover_at": 20.1})),
        "outside the video",
    ),
    "PNG": (
        post("image", media=(media("a.png", "image/png", width=9, height=9),)),
        "JPEG and WebP",
    ),
    "heavy photo": (post("image", **photo(size=20 * MB + 1)), "20 MB"),
    "broad photo": (post("image", **photo(width=1081)), "1081x1350"),
    "long photo": (post("image", **photo(height=1921)), "1080x1921"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_fits_is_not_complained_about(name: str) -> None:
    assert problems(FINE[name], ADA) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_named(name: str) -> None:
    given, said = WRONG[name]
    found = problems(given, ADA)
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].endswith(".")


def test_everything_wrong_is_said_at_once() -> None:
    given = post(text="x" * 2201, options=Options(), **video(fps=10.0, duration=700.0))
    assert len(problems(given, ADA)) == 4


def test_the_account_must_fit_and_have_granted_it() -> None:
    page = account(Service.FACEBOOK, "page")
    assert "choose a TikTok account" in problems(post(), page)[0]
    assert "choose another account" in problems(post(), account(Service.TIKTOK, "page"))[0]
    uploads = account(Service.TIKTOK, "creator", scopes=("video.upload",))
    assert "video.publish" in problems(post(), uploads)[0]
    assert problems(post(options=Options(draft=True)), uploads) == []
    assert problems(post(), account(Service.TIKTOK, "creator")) == []


@pytest.mark.parametrize(
    ("total", "chunks", "last"),
    [
        (3 * MB, Chunks(3 * MB, 3 * MB, 1), 3 * MB),
        (50 * MB, Chunks(50 * MB, 50 * MB, 1), 50 * MB),
        (64 * MB, Chunks(64 * MB, 64 * MB, 1), 64 * MB),
        (70 * MB, Chunks(70 * MB, 10 * MB, 7), 10 * MB),
        (99 * MB, Chunks(99 * MB, 10 * MB, 9), 19 * MB),
    ],
)
def test_videos_are_cut_as_the_guide_does(total: int, chunks: Chunks, last: int) -> None:
    assert cut(total) == chunks
    assert chunks.bounds(chunks.count - 1) == (total - last, last)


@given(st.integers(1, 4_000_000_000))
def test_every_video_is_cut_within_the_rules(total: int) -> None:
    chunks = cut(total)
    assert chunks.count == total // chunks.size
    assert 1 <= chunks.count <= 1000
    for mb in (1_000_000, 1 << 20):
        if total < 5 * mb or chunks.count == 1:
            assert (chunks.size, chunks.count) == (total, 1)
            assert total <= 64 * mb
        else:
            assert 5 * mb <= chunks.size <= 64 * mb
            assert chunks.bounds(chunks.count - 1)[1] <= 128 * mb
    first, ends = 0, []
    for index in range(chunks.count):
        begins, length = chunks.bounds(index)
        assert begins == first
        assert chunks.holding(begins) == chunks.holding(begins + length - 1) == index
        first += length
        ends.append(first)
    assert first == total

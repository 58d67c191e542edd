"""Every limit of Instagram at its edge and one beyond."""

from typing import Any

import pytest

from igny8_media.accounts.model import Service
from igny8_media.publishing.instagram.limits import hosted, problems
from igny8_media.publishing.model import Options, Outgoing
from tests.publishing.helpers import account, media
from tests.publishing.meta_replies import IG

OURS = account(
    Service.INSTAGRAM, "business", IG, scopes=("instagram_basic", "instagram_content_publish")
)


def post(kind: str, *files: Any, text: str = "Words", **more: Any) -> Outgoing:
    return Outgoing(service=Service.INSTAGRAM, kind=kind, text=text, media=files, **more)  # type: ignore[arg-type]


def photo(**more: Any) -> Any:
    return media("a.jpg", more.pop("mime", "image/jpeg"), **more)


def video(**more: Any) -> Any:
    return media("v.mp4", more.pop("mime", "video/mp4"), **({"width": 1080, "height": 1920} | more))


def cover(**more: Any) -> Any:
    return photo(**({"width": 1080, "height": 1920} | more))


FINE = [
    post("image", photo(), text="x" * 2200),
    post("image", photo(), text=" ".join(f"#t{n}" for n in range(30))),
    post("image", photo(), text=" ".join(f"@a.b{n}" for n in range(20)) + " mail@example.org"),
    post("image", photo(size=8_000_000, alt_text="x" * 1000)),
    post("image", photo(width=1080, height=1350)),
    post("image", photo(width=1200, height=628)),
    post("image", photo(width=320, height=320)),
    post("image", photo(width=1440, height=1440)),
    post("images", photo(), video()),
    post("images", *[photo()] * 10),
    post("reel", video(duration=3.0, fps=23.976)),
    post("reel", video(duration=900.0, size=300_000_000, fps=60.0)),
    post("reel", video(codec="hevc", audio_codec="", mime="video/quicktime")),
    post("reel", video(width=1920, height=1080)),
    post("reel", video(width=1920, height=192)),
    post("reel", video(width=19, height=1900)),
    post("story", video(width=100, height=1000)),
    post("reel", video(sample_rate=48_000, channels=2)),
    post("reel", video(size=62_500_000, duration=20.0)),
    post("reel", video(), options=Options(cover_at=20.0)),
    post("reel", video(), thumbnail=cover(size=8_000_000)),
    post("reel", video(), thumbnail=cover(width=720, height=1280)),
    post("story", photo(width=1080, height=1920)),
    post("story", video(duration=60.0, size=100_000_000)),
]
WRONG = [
    (post("image", photo(), text="x" * 2201), "1 over"),
    (post("image", photo(), text="a\x07"), "control characters"),
    (post("image", photo(), text=" ".join(f"#t{n}" for n in range(31))), "31 hashtags"),
    (post("image", photo(), text=" ".join(f"@a{n}" for n in range(21))), "21 accounts"),
    (post("image", photo(mime="image/png")), "JPEG"),
    (post("image", photo(size=8_000_001)), "8 MB"),
    (post("image", photo(alt_text="x" * 1001)), "1001 characters"),
    (post("image", photo(width=1080, height=1400)), "4:5"),
    (post("image", photo(width=1400, height=700)), "1.91:1"),
    (post("image", photo(width=319, height=319)), "320"),
    (post("image", photo(width=1441, height=1441)), "1440"),
    (post("image", photo(), photo()), "1 file and has 2"),
    (post("image", video()), "not image but video"),
    (post("images", photo()), "2 to 10"),
    (post("images", *[photo()] * 11), "2 to 10"),
    (post("reel", video(duration=2.9)), "3 to 900"),
    (post("reel", video(duration=900.1, size=10_000_000)), "3 to 900"),
    (post("reel", video(duration=900.0, size=300_000_001)), "300 MB"),
    (post("reel", video(codec="vp9")), "vp9"),
    (post("reel", video(audio_codec="mp3")), "mp3"),
    (post("reel", video(fps=22.9)), "frames"),
    (post("reel", video(fps=60.5)), "frames"),
    (post("reel", video(width=1921, height=1080)), "1920"),
    (post("reel", video(size=63_000_000, duration=20.0)), "25"),
    (post("reel", video(mime="video/webm")), "MP4"),
    (post("reel", video(width=1910, height=180)), "0.01:1 and 10:1"),
    (post("reel", video(width=18, height=1820)), "0.01:1 and 10:1"),
    (post("story", video(width=90, height=920)), "0.1:1 and 10:1"),
    (post("images", photo(), video(width=1910, height=180)), "0.01:1 and 10:1"),
    (post("images", photo(), video(duration=60.1)), "3 to 60"),
    (post("reel", video(sample_rate=96_000, channels=2)), "96000"),
    (post("reel", video(sample_rate=48_000, channels=6)), "6 channels"),
    (post("reel", video(faststart=False)), "faststart"),
    (post("reel", video(), thumbnail=cover(mime="image/png")), "JPEG covers"),
    (post("reel", video(), thumbnail=cover(size=8_000_001)), "8 MB"),
    (post("reel", video(), thumbnail=cover(width=1920, height=1080)), "9:16 covers"),
    (post("reel", video(), thumbnail=cover(height=1800)), "9:16 covers"),
    (post("reel", video(), options=Options(cover_at=20.1)), "cover"),
    (post("story", video(duration=60.1)), "3 to 60"),
    (post("story", video(duration=60.0, size=100_000_001)), "100 MB"),
    (post("story", photo(mime="image/gif")), "JPEG"),
    (post("text"), "no text"),
    (post("link"), "no link"),
    (post("video", video()), "no video"),
]


@pytest.mark.parametrize("fine", FINE)
def test_what_instagram_takes(fine: Outgoing) -> None:
    assert problems(fine, OURS) == []


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_instagram_refuses(wrong: Outgoing, said: str) -> None:
    found = problems(wrong, OURS)
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].endswith(".")


def test_whose_account_it_is() -> None:
    fine = post("image", photo())
    assert "Facebook" in problems(fine, account(Service.FACEBOOK, "page"))[0]
    assert "business" in problems(fine, OURS.model_copy(update={"kind": "person"}))[0]
    assert "instagram_basic" in problems(fine, OURS.model_copy(update={"scopes": ("x",)}))[0]
    other = OURS.model_copy(update={"details": {"login": "instagram"}})
    assert "through Facebook" in problems(fine, other)[0]
    assert problems(fine, OURS.model_copy(update={"details": {"login": "facebook"}})) == []


def test_what_must_be_hosted() -> None:
    assert hosted(post("reel", video())) == ()
    assert len(hosted(post("images", photo(), video()))) == 2

"""Signs that nobody sees are told of wherever they stand, by every platform's adapter."""

from collections.abc import Callable

import pytest

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.facebook import limits as facebook
from igny8_media.publishing.instagram import limits as instagram
from igny8_media.publishing.linkedin import limits as linkedin
from igny8_media.publishing.model import Link, Options, Outgoing, Poll
from igny8_media.publishing.tiktok import limits as tiktok
from igny8_media.publishing.twitter import limits as twitter
from igny8_media.publishing.youtube import limits as youtube
from tests.publishing.helpers import START, account, media

Check = Callable[[Outgoing, Account], list[str]]
CHECKS: dict[Service, tuple[str, Check]] = {
    Service.LINKEDIN: ("person", linkedin.problems),
    Service.TWITTER: ("person", twitter.problems),
    Service.FACEBOOK: ("page", facebook.problems),
    Service.INSTAGRAM: ("business", instagram.problems),
    Service.TIKTOK: ("creator", tiktok.problems),
    Service.YOUTUBE: ("channel", lambda post, who: youtube.problems(post, who, START)),
}
SIGNS = ["\x00", "\x1b[2J", "\x9b", "\ud83d", "\uffff"]


def with_sign(service: Service, sign: str) -> Outgoing:
    words = f"a{sign}b"
    kind = {Service.YOUTUBE: "video", Service.TIKTOK: "video", Service.INSTAGRAM: "image"}
    file = media("v.mp4", "video/mp4") if service in kind else media("a.jpg", "image/jpeg")
    return Outgoing(
        service=service,
        kind=kind.get(service, "text"),  # type: ignore[arg-type]
        text=words,
        title=words,
        media=(file.model_copy(update={"alt_text": words}),),
        link=Link(url="https://example.org", title=words, description=words),
        poll=Poll(question=words, options=(words, "c")),
        options=Options(tags=(words,)),
    )


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("service", CHECKS)
def test_every_field_is_looked_at(service: Service, sign: str) -> None:
    kind, check = CHECKS[service]
    found = check(with_sign(service, sign), account(service, kind))  # type: ignore[arg-type]
    told = " ".join(one for one in found if "characters" in one)
    for field in ("title", "alternative text", "link's title", "poll's question", "tags"):
        assert field in told


@pytest.mark.parametrize("service", CHECKS)
@pytest.mark.parametrize("sign", ["\u200d", "\u200b", "\u202e", "\ufe0f", "\n", "\U000e0067"])
def test_signs_that_languages_and_emoji_need_are_left_alone(service: Service, sign: str) -> None:
    kind, check = CHECKS[service]
    found = check(with_sign(service, sign), account(service, kind))  # type: ignore[arg-type]
    assert not any("control characters" in one for one in found)

"""What each platform allows and what reads as native there; figures are facts of late 2026."""

from dataclasses import dataclass
from typing import Literal

from igny8_media.social.model import Platform, PostType


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """One platform's voice, limits and manners.

    `target` is the length we write for and `limit` the one the platform enforces, both in
    `measure`: "characters" (code points), "weighted" (X's rules), "utf16" (UTF-16 code units) or
    "little_text" (code points after LinkedIn's escaping). `hook` is how many characters show
    before "more". `hashtags` is (fewest, most) that we set, `hashtag_limit` what the platform
    takes. `link` says where a link goes, or that it is not clickable ("bio").
    """

    platform: Platform
    voice: str
    measure: Literal["characters", "weighted", "utf16", "little_text"]
    target: int
    limit: int
    hook: int
    hashtags: tuple[int, int]
    hashtag_limit: int
    hashtag_place: Literal["end", "last_part"]
    emoji: Literal["none", "few", "some"]
    link: Literal["end", "last_part", "bio"]
    call_to_action: str
    post_types: tuple[PostType, ...]
    thread: tuple[int, int] | None = None
    slides: tuple[int, int] | None = None
    alt_text_limit: int = 1000


# A carousel: title, points, closing. Instagram takes 2 to 10 items (Instagram Platform docs,
# Graph API v26.0); fewer than five is not worth a swipe.
_SLIDES = (5, 10)

_RULES = (
    # 3,000 characters; escaping is counted to be safe (Posts API and little text format,
    # learn.microsoft.com, 2026-10). Altogether 4,086 characters of alternative text.
    PlatformRules(
        platform=Platform.LINKEDIN,
        voice="professional, first the insight, then the reasons",
        measure="little_text",
        target=1300,
        limit=3000,
        hook=210,
        hashtags=(3, 5),
        hashtag_limit=30,
        hashtag_place="end",
        emoji="none",
        link="end",
        call_to_action="a question to peers, then the article",
        post_types=("text", "image", "document"),
        slides=_SLIDES,
        alt_text_limit=4086,
    ),
    # 280 weighted, a link counts 23 (twitter-text configuration v3; X API docs, 2026-11). A post
    # with a link costs more than one without, so a thread carries its link once, at the end.
    PlatformRules(
        platform=Platform.TWITTER,
        voice="brief, one thought a post",
        measure="weighted",
        target=270,
        limit=280,
        hook=280,
        hashtags=(1, 2),
        hashtag_limit=10,
        hashtag_place="last_part",
        emoji="few",
        link="last_part",
        call_to_action="the article",
        post_types=("text", "image", "thread"),
        thread=(4, 8),
    ),
    # The hard limit is 63,206 characters; about 500 show before "See more" costs readers.
    PlatformRules(
        platform=Platform.FACEBOOK,
        voice="conversational, as to people one knows",
        measure="characters",
        target=500,
        limit=63206,
        hook=125,
        hashtags=(0, 2),
        hashtag_limit=30,
        hashtag_place="end",
        emoji="few",
        link="end",
        call_to_action="a question to readers, then the article",
        post_types=("text", "image", "link"),
    ),
    # 2,200 characters, 30 hashtags, alternative text 1,000 (Instagram Platform docs, Graph API
    # v26.0); the app itself moved to five hashtags in 2025-12. Links in captions are dead text.
    PlatformRules(
        platform=Platform.INSTAGRAM,
        voice="picture first, warm, short lines",
        measure="characters",
        target=900,
        limit=2200,
        hook=125,
        hashtags=(3, 5),
        hashtag_limit=30,
        hashtag_place="end",
        emoji="some",
        link="bio",
        call_to_action="save it, and the link in the bio",
        post_types=("image", "carousel"),
        slides=_SLIDES,
    ),
    # 2,200 UTF-16 code units (Content Posting API, developers.tiktok.com, 2026-10).
    PlatformRules(
        platform=Platform.TIKTOK,
        voice="hook first, spoken, very short",
        measure="utf16",
        target=300,
        limit=2200,
        hook=100,
        hashtags=(3, 5),
        hashtag_limit=30,
        hashtag_place="end",
        emoji="some",
        link="bio",
        call_to_action="the link in the bio",
        post_types=("image",),
    ),
)

RULES: dict[Platform, PlatformRules] = {rules.platform: rules for rules in _RULES}

"""Where a slot is for: what `social_post.platform` calls it."""

from collections.abc import Sequence
from typing import Final

from igny8_media.errors import InputError
from igny8_media.social.model import Platform
from igny8_media.video.model import VideoTarget

PLACES: Final = tuple(dict.fromkeys([*map(str, Platform), *map(str, VideoTarget)]))
"""The platforms of posts and the targets of videos. TikTok's posts and videos are one place, as
they are one feed; Instagram's posts and Reels are two, and so are YouTube's videos and Shorts.
Two places of one account share its gaps all the same."""

_LABELS: Final = {
    "linkedin": "LinkedIn",
    "twitter": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "youtube_shorts": "YouTube Shorts",
    "instagram_reels": "Instagram Reels",
}


def label(place: str) -> str:
    """The name people know it by."""
    return _LABELS[place]


def read_place(text: str) -> str:
    """Raises InputError for one that there is not."""
    plain = text.strip().casefold()
    plain = "twitter" if plain == "x" else plain
    if plain not in PLACES:
        raise InputError(f"There is no platform '{text}'; it is one of {', '.join(PLACES)}.")
    return plain


def read_places(texts: Sequence[str]) -> tuple[str, ...]:
    """All of them where none is named."""
    return tuple(dict.fromkeys(map(read_place, texts))) or PLACES

"""What each place for videos accepts as title, description and tags; figures of late 2026."""

from dataclasses import dataclass

from igny8_media.video.model import VideoTarget


@dataclass(frozen=True, slots=True)
class TargetRules:
    """Limits of one target's metadata.

    `title` is in characters and 0 where there is no title of its own; `description` is in
    `description_unit`: "bytes" of UTF-8, "characters", or "utf16" code units. `tags` is the total
    of YouTube's tag field, 0 where there is none; `hashtags` is how many we put into the text and
    `hashtag_limit` what the target takes. `chapters` says whether time stamps become chapters.
    """

    target: VideoTarget
    title: int
    description: int
    description_unit: str
    tags: int
    hashtags: int
    hashtag_limit: int
    chapters: bool
    clickable_links: bool


# YouTube chapters: first stamp 0:00, at least three, ascending, each at least ten seconds, or none
# of them counts (YouTube Help, "Video chapters", 2026-11).
CHAPTER_SECONDS = 10.0
LEAST_CHAPTERS = 3

_TARGETS = (
    # Title 100 characters and description 5,000 bytes, neither with < or >; tags 500 characters
    # in all, a tag with spaces counting two more for its quotes (YouTube Data API v3,
    # revision 20261104). Over 60 hashtags YouTube ignores all of them.
    TargetRules(VideoTarget.YOUTUBE, 100, 5000, "bytes", 500, 3, 60, True, True),
    # Shorts have no chapters, and links in their descriptions are not clickable since 2023-08.
    TargetRules(VideoTarget.YOUTUBE_SHORTS, 100, 5000, "bytes", 500, 3, 60, False, False),
    # A reel has a caption only: 2,200 characters, 30 hashtags (Instagram Platform docs, v26.0).
    TargetRules(VideoTarget.INSTAGRAM_REELS, 0, 2200, "characters", 0, 5, 30, False, False),
    # TikTok's `title` is the caption: 2,200 UTF-16 code units (Content Posting API, 2026-10).
    TargetRules(VideoTarget.TIKTOK, 0, 2200, "utf16", 0, 5, 30, False, False),
)

TARGET_RULES: dict[VideoTarget, TargetRules] = {rules.target: rules for rules in _TARGETS}

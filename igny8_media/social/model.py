"""What a post is, whoever wrote it."""

from enum import StrEnum
from typing import Literal

from igny8_media.frozen import Frozen


class Platform(StrEnum):
    LINKEDIN = "linkedin"
    TWITTER = "twitter"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"

    @property
    def label(self) -> str:
        """The name people know it by."""
        names = {"linkedin": "LinkedIn", "twitter": "X", "tiktok": "TikTok"}
        return names.get(self.value, self.value.capitalize())


PostType = Literal["text", "image", "link", "thread", "carousel", "document"]


class Slide(Frozen):
    """One carousel slide: a short heading and at most a few lines."""

    kind: Literal["title", "point", "closing"]
    heading: str
    body: str = ""


class SocialPost(Frozen):
    """A post as it will be published.

    `post_text` is the whole text to the letter, call to action, link and hashtags included where
    the platform's style puts them there; the other fields name its parts. A thread's parts are in
    `thread` and `post_text` is the first of them. `headline` is the short line for the picture.
    `writer` is who wrote it ("extractive", or provider and model); `notes` says in sentences what
    a reviewer should know (a language without stop words, a fallback).
    """

    platform: Platform
    post_type: PostType
    post_text: str
    hashtags: tuple[str, ...] = ()
    call_to_action: str = ""
    link_url: str | None = None
    thread: tuple[str, ...] = ()
    slides: tuple[Slide, ...] = ()
    alt_text: str = ""
    headline: str
    language: str
    writer: str
    notes: tuple[str, ...] = ()

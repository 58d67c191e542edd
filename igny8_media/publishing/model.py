"""What goes out: one post for one account, with everything its platform may be told."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from igny8_media.accounts.model import Service
from igny8_media.frozen import Frozen

PostKind = Literal[
    "text", "link", "image", "images", "document", "video", "reel", "story", "poll", "thread"
]
"""The kinds each service takes:

* LinkedIn: text, link, image, images (2-20), document, video, poll
* X: text (a link may stand in it), image (1-4 pictures), video, poll, thread
* Facebook: text, link, image, images, video, reel, story
* Instagram: image, images (2-10), reel, story
* TikTok: video, image (1-35 pictures); each also as a draft to the inbox
* YouTube: video (a vertical one of at most three minutes is a Short)
"""


class MediaFile(Frozen):
    """A file in the media store, and what was measured of it; seconds, pixels and bytes.

    `duration`, `fps` and `codec` are those of a video, whose index comes first where `faststart` is
    true, `sample_rate` (a second) and `channels` those of its sound; `frames` those of an animated
    GIF; `pages` those of a document.
    """

    key: str
    name: str
    kind: Literal["image", "video", "document", "captions"]
    mime: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0
    duration: float = 0.0
    fps: float = 0.0
    codec: str = ""
    audio_codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    faststart: bool = True
    frames: int = 0
    pages: int = 0
    alt_text: str = ""


class Link(Frozen):
    """`title` and `description` are those of the card where the platform does not fetch them."""

    url: str
    title: str = ""
    description: str = ""


class Poll(Frozen):
    """`minutes` is how long people may vote."""

    question: str = ""
    options: tuple[str, ...]
    minutes: int = 1440


class CaptionTrack(Frozen):
    """`language` is a BCP 47 tag; the file is SRT or VTT."""

    file: MediaFile
    language: str
    name: str = ""


class Options(Frozen):
    """What a person chooses beyond words and media; each platform reads its own.

    `privacy` is the platform's own word: YouTube public, unlisted or private; TikTok one of what
    the creator may choose (PUBLIC_TO_EVERYONE, MUTUAL_FOLLOW_FRIENDS, FOLLOWER_OF_CREATOR,
    SELF_ONLY), and never chosen for them; LinkedIn PUBLIC, CONNECTIONS or LOGGED_IN.
    """

    privacy: str | None = None
    draft: bool = False
    """TikTok: to the creator's inbox instead of out."""
    allow_comments: bool = True
    allow_duet: bool = True
    allow_stitch: bool = True
    made_with_ai: bool = False
    made_for_kids: bool = False
    branded: bool = False
    """Advertises somebody else."""
    own_brand: bool = False
    cover_at: float | None = Field(None, allow_inf_nan=False)
    """Second of the video to show as its cover."""
    share_to_feed: bool = True
    reply_settings: Literal["following", "mentionedUsers", "subscribers", "verified"] | None = None
    links_cost_extra: bool = False
    """X: the higher price of a post with a link is accepted."""
    category_id: str = "22"
    tags: tuple[str, ...] = ()
    notify_subscribers: bool = True
    publish_at: datetime | None = None
    """YouTube: uploaded as private now, public then."""


class Outgoing(Frozen):
    """A post as it is sent. `text` is the whole caption, description or commentary, written as
    people read it: escaping is the adapter's work. `parts` are a thread's posts, the first of
    them equal to `text`. `title` is a video's or a document's.
    """

    service: Service
    kind: PostKind
    text: str = ""
    parts: tuple[str, ...] = ()
    title: str = ""
    link: Link | None = None
    media: tuple[MediaFile, ...] = ()
    thumbnail: MediaFile | None = None
    captions: tuple[CaptionTrack, ...] = ()
    poll: Poll | None = None
    language: str = ""
    options: Options = Field(default_factory=Options)

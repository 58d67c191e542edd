"""What Instagram refuses, as functions without state (contract 5.1 and 5.2)."""

import re
from typing import Final

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.meta.graph import Asked, GraphError, parameter
from igny8_media.sandbox.pictures import picture_of
from igny8_media.sandbox.videos import facts_of

IMAGE_BYTES: Final = 8_000_000
_VIDEO_BYTES: Final = {"REELS": 300_000_000, "STORIES": 100_000_000, "VIDEO": 300_000_000}
_SECONDS: Final = {"REELS": (3.0, 900.0), "STORIES": (3.0, 60.0), "VIDEO": (3.0, 60.0)}
_RATIO: Final = (0.8, 1.91)
_VIDEO_RATIO: Final = {"REELS": (0.01, 10.0), "STORIES": (0.1, 10.0), "VIDEO": (0.01, 10.0)}
_SLACK: Final = 0.005
_CAPTION: Final = 2200
_HASHTAGS: Final = 30
_MENTIONS: Final = 20
_ALT: Final = 1000
_COLLABORATORS: Final = 3
CHILDREN: Final = (2, 10)

NOT_READY: Final = 2207027
FORMAT: Final = 2207026
DOWNLOAD: Final = 2207076


def kind_of(ask: Asked) -> str:
    """IMAGE, VIDEO (of a carousel), REELS, STORIES or CAROUSEL, or GraphError."""
    given, child = ask.get("media_type"), ask.flag("is_carousel_item", False)
    if given == "VIDEO" and not child:
        raise parameter(
            "The VIDEO value for media_type is no longer supported. Use the REELS media type to "
            "publish a video to your Instagram feed.",
            subcode=2207067,
        )
    if given not in ("", "IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL") or (
        child and given in ("REELS", "STORIES", "CAROUSEL")
    ):
        raise parameter(f"Unknown media type: {given}", subcode=2207023)
    return given or "IMAGE"


def check_words(ask: Asked) -> None:
    """Caption, alternative text and whom it names; GraphError for what is too much."""
    caption = ask.get("caption")
    if len(caption) > _CAPTION or len(re.findall(r"(?<![\w&])#\w", caption)) > _HASHTAGS:
        raise GraphError(
            36004,
            "The submitted caption is too long or has too many hashtags.",
            subcode=2207010,
            title="Caption Is Too Long",
        )
    if len(re.findall(r"(?<!\w)@\w", caption)) > _MENTIONS:
        raise GraphError(
            100, f"Cannot use more than {_MENTIONS} tags per caption.", subcode=2207040
        )
    if len(ask.get("alt_text")) > _ALT:
        raise parameter("The alt_text is too long.")
    if len(ask.listed("collaborators")) > _COLLABORATORS:
        raise parameter("There are too many collaborators.")


def check_picture(mime: str, data: bytes) -> None:
    """Raises GraphError unless Instagram takes the picture that it fetched."""
    picture = picture_of(data)
    if picture is None or not mime.startswith("image/"):
        raise unreachable("Only photo or video can be accepted as media type.")
    if picture.mime != "image/jpeg" or mime not in ("image/jpeg", "image/jpg"):
        raise GraphError(
            36001,
            "The image format is not supported. Supported formats are: JPEG.",
            subcode=2207005,
            title="Unsupported Image Format",
        )
    lowest, highest = _RATIO
    if not lowest - _SLACK <= picture.ratio <= highest + _SLACK:
        raise GraphError(
            36003,
            "The submitted image has an aspect ratio that is not supported.",
            subcode=2207009,
            title="Unsupported Aspect Ratio",
        )


def check_story_picture(mime: str, data: bytes) -> None:
    """A story's picture may have any ratio."""
    picture = picture_of(data)
    if picture is None or not mime.startswith("image/"):
        raise unreachable("Only photo or video can be accepted as media type.")
    if picture.mime != "image/jpeg":
        raise GraphError(36001, "The image format is not supported.", subcode=2207005)


def unreachable(told: str) -> GraphError:
    return GraphError(
        9004,
        "Only photo or video can be accepted as media type.",
        subcode=2207052,
        title=f"Media could not be fetched: {told}",
    )


def video_trouble(blob: Blob, kind: str) -> int:
    """The subcode with which Instagram would fail this video, or 0."""
    facts = facts_of(blob.head)
    shortest, longest = _SECONDS[kind]
    narrowest, widest = _VIDEO_RATIO[kind]
    wrong = (
        blob.mime not in ("video/mp4", "video/quicktime")
        or blob.size > _VIDEO_BYTES[kind]
        or facts.index_first is False
        or (facts.seconds is not None and not shortest <= facts.seconds <= longest + 0.5)
        or (facts.width is not None and facts.width > 1920)
        or (facts.ratio is not None and not narrowest <= facts.ratio <= widest)
    )
    return FORMAT if wrong else 0

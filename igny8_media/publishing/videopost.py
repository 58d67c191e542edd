"""A finished video as a draft for one place: its words, which people may edit, and its files."""

from igny8_media.frozen import Frozen
from igny8_media.publishing.model import CaptionTrack, MediaFile
from igny8_media.video.model import VideoTarget


class VideoPost(Frozen):
    """`title` is empty where the target has only a caption, which is `description`.

    `thumbnail` is shown before it plays, or the frame at second `cover_at` where none is taken.
    `tags` are YouTube's own field; hashtags stand in the description. `made_with_ai` is for
    what viewers would take for real and is not.
    """

    target: VideoTarget
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    video: MediaFile
    thumbnail: MediaFile | None = None
    cover_at: float | None = None
    captions: tuple[CaptionTrack, ...] = ()
    made_with_ai: bool = False

"""What a video is: its forms and targets, its script, and the timing of its words."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from igny8_media.ai.speech import Timing, Word
from igny8_media.frozen import Frozen


class VideoForm(StrEnum):
    """`short` is 9:16 and serves Shorts, Reels and TikTok with one render; `long` is 16:9."""

    SHORT = "short"
    LONG = "long"


class VideoTarget(StrEnum):
    YOUTUBE = "youtube"
    YOUTUBE_SHORTS = "youtube_shorts"
    INSTAGRAM_REELS = "instagram_reels"
    TIKTOK = "tiktok"


TARGETS: dict[VideoForm, tuple[VideoTarget, ...]] = {
    VideoForm.SHORT: (
        VideoTarget.YOUTUBE_SHORTS,
        VideoTarget.INSTAGRAM_REELS,
        VideoTarget.TIKTOK,
    ),
    VideoForm.LONG: (VideoTarget.YOUTUBE,),
}

VisualCue = Literal[
    "animated_text",
    "title_card",
    "code_snippet",
    "statistic",
    "quote",
    "list",
    "image",
    "stock_video",
    "ai_scene",
]


class CodeBlock(Frozen):
    text: str
    language: str | None = None


class Section(Frozen):
    """One idea: what is said, and what is seen while it is said.

    `narration` is what viewers read in the captions; `image` is the key in the media store, or the
    path, of a picture, or of a clip where the cue is `stock_video`; `duration_estimate` is seconds.
    """

    section_id: str
    type: Literal["hook", "intro", "point", "outro"]
    narration: str
    visual_cue: VisualCue
    text_overlay: str = ""
    items: tuple[str, ...] = ()
    code_block: CodeBlock | None = None
    image: str | None = None
    duration_estimate: float = Field(gt=0)


class ChapterMarker(Frozen):
    """`time` is seconds from the start."""

    time: float = Field(ge=0)
    title: str


class VideoScript(Frozen):
    """A script; estimates are seconds and give way to measured speech once there is a voice."""

    title: str
    description: str
    tags: tuple[str, ...]
    sections: tuple[Section, ...]
    total_duration_estimate: float
    chapter_markers: tuple[ChapterMarker, ...] = ()
    language: str
    writer: str
    notes: tuple[str, ...] = ()


class SpokenSection(Frozen):
    """When a section is on; `start` and `end` tile the whole narration, pauses included.

    `words` are in seconds from the start of the narration.
    """

    section_id: str
    start: float
    end: float
    words: tuple[Word, ...]


class Narration(Frozen):
    """A narration that was really spoken, mixed to one 48 kHz WAV file beside this record.

    `engine` and `voice` are who really spoke, `provider` and `model` who was asked for it, and
    `characters` how much they said; `timing` is the least certain way in which
    word times were found; `loudness` is integrated LUFS, `true_peak` dBTP, `duration` seconds.
    """

    audio: str
    duration: float
    sections: tuple[SpokenSection, ...]
    engine: str
    voice: str
    language: str
    timing: Timing
    loudness: float
    true_peak: float
    provider: str = ""
    model: str = ""
    characters: int = 0
    notes: tuple[str, ...] = ()

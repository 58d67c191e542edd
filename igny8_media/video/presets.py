"""How a video is encoded, and the presets for the places it goes to. Light to import."""

from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from igny8_media.frozen import Frozen
from igny8_media.video.model import VideoForm

SAMPLE_RATE: Final = 48_000
"""Hz of every sound track: what all four platforms ask for at most (Reels: AAC up to 48 kHz)."""

DRAFT_SIDE: Final = 540
"""Pixels on the shorter side of a draft."""


class Quality(StrEnum):
    """`draft` is for a quick look at 540p, `fast` for tests, `standard` for publishing, `high` for
    archives."""

    DRAFT = "draft"
    FAST = "fast"
    STANDARD = "standard"
    HIGH = "high"


class Encoder(StrEnum):
    """`hardware` takes the first of nvenc, qsv and videotoolbox that works here."""

    X264 = "x264"
    X265 = "x265"
    NVENC = "nvenc"
    QSV = "qsv"
    VIDEOTOOLBOX = "videotoolbox"
    HARDWARE = "hardware"


class Composition(Frozen):
    """Everything that makes one render differ from another; pixels, frames a second, bytes.

    Presets whose compositions are equal share one file.
    """

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    fps: int = 30
    max_bitrate: int = 24_000_000
    """Bits a second: Instagram takes at most 25 Mbit/s (Content Publishing API, 2026-10)."""
    audio_bitrate: int = 192_000
    also: tuple[int, ...] = ()
    """Shorter sides of smaller files made from the same painted frames, such as 720."""

    @model_validator(mode="after")
    def _even(self) -> "Composition":
        if self.width % 2 or self.height % 2:
            raise ValueError("width and height must be even: 4:2:0 video halves its chroma")
        return self

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """(width, height) of every file that is made, the composition's own first."""
        return (self.size, *(self.scaled(side).size for side in self.also))

    def scaled(self, shorter: int) -> "Composition":
        """The same composition with that many pixels on the shorter side; sides are kept even."""
        factor = shorter / min(self.size)
        width, height = (max(2, round(side * factor / 2) * 2) for side in self.size)
        return self.model_copy(update={"width": width, "height": height, "also": ()})

    def at(self, quality: Quality) -> "Composition":
        """The composition to plan and render for a quality: drafts are smaller."""
        return self.scaled(DRAFT_SIDE) if quality is Quality.DRAFT else self


class Preset(Frozen):
    """One place a video goes to; durations in seconds, `max_bytes` of the finished file.

    `safe_area` is (left, top, right, bottom) in fractions of the frame that the player's own
    buttons and captions leave free.
    """

    name: str
    composition: Composition
    min_duration: float
    max_duration: float
    max_bytes: int
    safe_area: tuple[float, float, float, float]


_VERTICAL: Final = Composition(width=1080, height=1920)
_HORIZONTAL: Final = Composition(width=1920, height=1080)
_VERTICAL_SAFE: Final = (0.06, 0.15, 0.89, 0.75)

PRESETS: Final[dict[str, Preset]] = {
    preset.name: preset
    for preset in (
        Preset(
            name="youtube_long",
            composition=_HORIZONTAL,
            min_duration=180,
            max_duration=900,
            max_bytes=256_000_000_000,  # YouTube Data API, videos.insert, 2026-11
            safe_area=(0.05, 0.05, 0.95, 0.92),
        ),
        Preset(
            name="youtube_short",
            composition=_VERTICAL,
            min_duration=30,
            max_duration=60,
            max_bytes=256_000_000_000,
            safe_area=_VERTICAL_SAFE,
        ),
        Preset(
            name="instagram_reel",
            composition=_VERTICAL,
            min_duration=30,
            max_duration=90,
            max_bytes=300_000_000,  # Instagram Content Publishing API, reels, 2026-10
            safe_area=_VERTICAL_SAFE,
        ),
        Preset(
            name="tiktok",
            composition=_VERTICAL,
            min_duration=30,
            max_duration=180,
            max_bytes=4_000_000_000,  # TikTok Content Posting API, 2026-10
            safe_area=_VERTICAL_SAFE,
        ),
    )
}

FORM_COMPOSITIONS: Final[dict[VideoForm, Composition]] = {
    VideoForm.SHORT: _VERTICAL,
    VideoForm.LONG: _HORIZONTAL,
}


def shared_renders() -> dict[Composition, tuple[str, ...]]:
    """Preset names by the composition they share: one render serves each group."""
    groups: dict[Composition, list[str]] = {}
    for preset in PRESETS.values():
        groups.setdefault(preset.composition, []).append(preset.name)
    return {composition: tuple(names) for composition, names in groups.items()}

"""What the places that a video goes to, and the settings, make of its composition."""

from igny8_media.settings import Settings
from igny8_media.video.model import VideoForm
from igny8_media.video.presets import (
    FORM_COMPOSITIONS,
    PRESETS,
    Composition,
    Preset,
    Quality,
    shared_renders,
)


def presets_of(form: VideoForm) -> tuple[Preset, ...]:
    """The places that one render of this form serves, the one for the shortest videos first."""
    names = shared_renders()[FORM_COMPOSITIONS[form]]
    return tuple(sorted((PRESETS[name] for name in names), key=lambda each: each.max_duration))


def composed(
    base: Composition, settings: Settings, quality: Quality
) -> tuple[Composition, tuple[str, ...]]:
    """What to plan and render at a quality, with the smaller files of IGNY8_VIDEO_ALSO, and notes.

    A size that would not be smaller is left out, and a note says so.
    """
    composition = base.at(quality)
    own = min(composition.size)
    sides = tuple(dict.fromkeys(settings.video_also))
    notes = tuple(
        f"There is no file at {side}p: the {quality} video itself has {own} pixels there."
        for side in sides
        if side >= own
    )
    also = tuple(side for side in sides if side < own)
    return composition.model_copy(update={"also": also}), notes

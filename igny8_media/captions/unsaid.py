"""Captions that would say what type says already."""

from collections.abc import Sequence

from igny8_media.captions.cues import Cue
from igny8_media.video.cards import Shown, type_shown
from igny8_media.video.model import Narration, VideoScript
from igny8_media.video.plan import ScenePlan


def beside_type(
    cues: Sequence[Cue], script: VideoScript, narration: Narration, plan: ScenePlan
) -> tuple[Cue, ...]:
    """The cues to burn in: without those whose very words stand on a card at the time.

    Subtitle files keep them all. A video that is nothing but such cards keeps its captions.
    """
    shown = [
        one
        for section, spoken, scene in zip(
            script.sections, narration.sections, plan.scenes, strict=True
        )
        # What is shown is the plan's to say: a picture may have come, or not been there.
        if not scene.pictures
        for one in type_shown(
            section.model_copy(update={"visual_cue": scene.kind}), spoken, script.language
        )
    ]
    kept = tuple(cue for cue in cues if not any(_says(one, cue) for one in shown))
    return kept or tuple(cues)


def _says(shown: Shown, cue: Cue) -> bool:
    if not shown.start <= cue.words[0].start < shown.end:
        return False
    said = _plain(" ".join(word.text for word in cue.words))
    return any(said in _plain(text) for text in shown.texts)


def _plain(text: str) -> str:
    """The words between spaces, so that only whole ones are found in one another."""
    kept = "".join(c if c.isalnum() else "" if c in "'’" else " " for c in text.casefold())
    return f" {' '.join(kept.split())} "

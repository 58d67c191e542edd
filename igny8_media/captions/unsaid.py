"""Captions that would say what type says already."""

from collections.abc import Sequence

from igny8_media.captions.cues import Cue
from igny8_media.narration.segments import join_words
from igny8_media.video.model import Narration, VideoScript
from igny8_media.video.plan import ScenePlan
from igny8_media.video.shown import Shown, type_shown


def beside_type(
    cues: Sequence[Cue], script: VideoScript, narration: Narration, plan: ScenePlan
) -> tuple[Cue, ...]:
    """The cues to burn in: without those whose very words stand on a card at the time.

    Subtitle files keep them all. There may be none left, where type says everything.
    """
    shown = [
        one
        for section, spoken, scene in zip(
            script.sections, narration.sections, plan.scenes, strict=True
        )
        # What is shown is the plan's to say: a picture may have come, or not been there.
        if not scene.pictures
        for one in type_shown(
            section.model_copy(update={"visual_cue": scene.kind}),
            spoken,
            script.language,
            upright=plan.height > plan.width,
        )
    ]
    silent = [one for one in shown if one.said]
    left = (_outside(cue, silent) for cue in cues)
    return tuple(cue for cue in left if cue and not any(_says(one, cue) for one in shown))


def _outside(cue: Cue, silent: Sequence[Shown]) -> Cue | None:
    """What is left of a cue beside cards that take its room; None if nothing is."""
    words = tuple(
        word for word in cue.words if not any(one.start <= word.start < one.end for one in silent)
    )
    if not words:
        return None
    # The last card may have left a little early, and the next one is not to be waited for.
    begin = max((o.end for o in silent if o.end <= words[0].start), default=0.0)
    end = min((o.start for o in silent if o.start > words[-1].start), default=cue.end)
    lines = cue.lines if words == cue.words else (join_words([word.text for word in words]),)
    return cue.model_copy(
        update={
            "words": words,
            "lines": lines,
            "start": max(cue.start if words[0] is cue.words[0] else words[0].start, begin),
            "end": min(cue.end, end),
        }
    )


def _says(shown: Shown, cue: Cue) -> bool:
    if not shown.start <= cue.words[0].start < shown.end:
        return False
    said = _plain(join_words([word.text for word in cue.words]))
    return any(said in _plain(text) for text in shown.texts)


def _plain(text: str) -> str:
    """The words between spaces, so that only whole ones are found in one another."""
    kept = "".join(c if c.isalnum() else "" if c in "'’" else " " for c in text.casefold())
    return f" {' '.join(kept.split())} "

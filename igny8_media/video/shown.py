"""Which words stand on a section's cards, and when: what captions need not say again."""

from typing import NamedTuple

from igny8_media.video.cards import later_cards
from igny8_media.video.flow import flow
from igny8_media.video.model import Section, SpokenSection
from igny8_media.video.wording import opening_of


class Shown(NamedTuple):
    """Texts on screen from `start` to `end`, in seconds of the narration; `said` is whether they
    are all that is spoken, and may stand where captions would."""

    texts: tuple[str, ...]
    start: float
    end: float
    said: bool = False


def type_shown(
    section: Section, spoken: SpokenSection, language: str, *, upright: bool
) -> tuple[Shown, ...]:
    """The type that stands on the cards of a section without a picture, and when."""
    if section.visual_cue == "code_snippet":
        return ()
    if upright:
        return tuple(
            Shown(
                (turn.text,) if turn.text else (section.text_overlay, *section.items),
                spoken.start + turn.start,
                spoken.start + turn.end,
                turn.said,
            )
            for turn in flow(section, spoken, language)
        )
    own = section.items or (section.text_overlay or opening_of(section.narration),)
    cards = later_cards(section, spoken, language)
    until = spoken.start + cards[0].start if cards else spoken.end
    return (
        Shown(own, spoken.start, until),
        *(Shown((c.text,), spoken.start + c.start, spoken.start + c.end) for c in cards),
    )

"""Long sections of type alone: several cards, and no caption that says what a card says."""

from itertools import pairwise

from igny8_media.ai.speech import Word
from igny8_media.captions.cues import Cue, captions
from igny8_media.captions.unsaid import beside_type
from igny8_media.video.cards import LONG, later_cards
from igny8_media.video.flow import flow
from igny8_media.video.model import Narration, Section, SpokenSection, VideoForm, VideoScript
from igny8_media.video.plan import Scene, ScenePlan, Shot

_PACE = 0.4  # seconds a word
_SHORT = "Nobody keeps minutes any more."
_LONG = (
    f"{_SHORT} We keep recordings, which nobody watches, and transcripts, which nobody reads. "
    "They fill a server in another country, and nobody will ever search it for what was agreed."
)


def _section(narration: str, overlay: str = "") -> Section:
    return Section(
        section_id="s1",
        type="point",
        narration=narration,
        visual_cue="animated_text",
        text_overlay=overlay,
        duration_estimate=5,
    )


def _spoken(narration: str) -> SpokenSection:
    words, at = [], 2.0
    for text in narration.split():
        words.append(Word(text=text, start=at, end=at + 0.7 * _PACE))
        at += _PACE + 0.3 * text.endswith(".")
    return SpokenSection(section_id="s1", start=2, end=at, words=tuple(words))


def _burned(
    section: Section, *, picture: bool = False, wide: bool = False
) -> tuple[tuple[Cue, ...], tuple[Cue, ...]]:
    """All cues of a video of one section, and those that are burned in."""
    spoken = _spoken(section.narration)
    narration = Narration(
        audio="voice.wav",
        duration=spoken.end,
        sections=(spoken,),
        engine="x",
        voice="x",
        language="en",
        timing="engine",
        loudness=-14,
        true_peak=-1,
    )
    script = VideoScript(
        title="A title",
        description="",
        tags=(),
        sections=(section,),
        total_duration_estimate=5,
        language="en",
        writer="x",
    )
    scene = Scene(
        section_id="s1",
        kind=section.visual_cue,
        first=0,
        frames=30,
        shots=(Shot(base="a.jpg", moves_for=30),),
        pictures=("a.jpg",) if picture else (),
    )
    width, height = (160, 90) if wide else (90, 160)
    plan = ScenePlan(width=width, height=height, fps=30, frames=30, scenes=(scene,))
    cues = captions(narration, VideoForm.SHORT)
    return cues, beside_type(cues, script, narration, plan)


def test_a_short_section_has_one_card_and_a_long_one_several() -> None:
    assert later_cards(_section(_SHORT), _spoken(_SHORT), "en") == ()
    spoken = _spoken(_LONG)
    cards = later_cards(_section(_LONG, "Nobody keeps minutes any more"), spoken, "en")
    edges = [0.0, *(card.start for card in cards), spoken.end - spoken.start]
    stands = [after - before for before, after in pairwise(edges)]
    assert cards[0].text == "They fill a server in another country"
    assert max(stands) <= LONG
    assert min(stands) >= 2.5
    assert cards[-1].end == spoken.end - spoken.start
    assert all(card.text in _LONG for card in cards)


def test_lists_go_on_by_themselves() -> None:
    listed = _section(_LONG).model_copy(update={"visual_cue": "list", "items": ("One", "Two")})
    assert later_cards(listed, _spoken(_LONG), "en") == ()


def test_captions_are_silent_where_type_says_every_word() -> None:
    cues, burned = _burned(_section(_LONG, _SHORT))
    assert cues
    assert burned == ()


def test_captions_begin_where_such_a_card_ends() -> None:
    """Beside a heading that is not said they stand; none reaches into the card that follows."""
    section = _section(_LONG, "A look abroad")
    cues, burned = _burned(section)
    turns = flow(section, _spoken(_LONG), "en")
    assert [turn.said for turn in turns][:2] == [False, True]
    assert " ".join(line for cue in burned for line in cue.lines) == " ".join(
        word.text for word in turns[0].words
    )
    assert burned[-1].end <= 2 + turns[1].start
    assert len(burned) < len(cues)


def test_on_wide_frames_no_caption_says_what_the_card_says() -> None:
    narration = f"{_SHORT} And there it ends for all of us today."
    cues, burned = _burned(_section(narration, _SHORT), wide=True)
    said = [line for cue in burned for line in cue.lines]
    assert " ".join(said) == "And there it ends for all of us today."
    assert len(burned) < len(cues)


def test_captions_stay_over_a_picture_and_where_type_says_something_else() -> None:
    cues, burned = _burned(_section(_LONG, _SHORT), picture=True)
    assert burned == cues
    cues, burned = _burned(_section("That is the short version. Follow us.", "Thanks for watching"))
    assert burned[0] == cues[0]

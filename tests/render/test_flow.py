"""The cards of a short without pictures follow what is said, and none stands for long."""

from itertools import pairwise

import pytest

from igny8_media.ai.speech import Word
from igny8_media.video.flow import Turn, flow
from igny8_media.video.model import CodeBlock, Section, SpokenSection

_PACE = 0.35  # seconds a word
_STEPS = (
    "Push the edge forward over the stone",
    "Work from heel to tip in ten strokes",
    "Turn the knife over and repeat it all",
)
_LONG = (
    "Never put a sharpened knife in the dishwasher, because the edge knocks against the plates "
    "and the heat loosens the handle. Cut on wood or soft plastic, never on glass. It lasts. "
    "A survey of many cooks found that 72% sharpen every week, and nobody regrets it at all."
)


def _section(narration: str, cue: str = "animated_text", **fields: object) -> Section:
    values = {"section_id": "s1", "type": "point", "narration": narration, "duration_estimate": 5}
    return Section.model_validate({**values, "visual_cue": cue, **fields})


def _flow(section: Section, pace: float = _PACE) -> tuple[Turn, ...]:
    words, at = [], 2.0
    for text in section.narration.split():
        words.append(Word(text=text, start=at, end=at + 0.7 * pace))
        at += pace + 0.3 * text.endswith(".")
    spoken = SpokenSection(section_id="s1", start=2, end=at, words=tuple(words))
    return flow(section, spoken, "en")


def _words(turns: tuple[Turn, ...]) -> str:
    return " ".join(word.text for turn in turns for word in turn.words)


@pytest.mark.parametrize(
    ("cue", "fields"),
    [
        ("animated_text", {"text_overlay": "It lasts"}),
        ("title_card", {"text_overlay": "Keep it sharp"}),
        ("statistic", {"items": ("72%", "sharpen every week")}),
        ("quote", {"items": ("Cut on wood or soft plastic, never on glass", "A cook")}),
        ("list", {"items": ("Wood", "Soft plastic")}),
        ("image", {}),
    ],
)
def test_cards_tile_the_section_and_hold_every_word(cue: str, fields: dict[str, object]) -> None:
    turns = _flow(_section(_LONG, cue, **fields))
    assert turns[0].start == 0
    assert all(before.end == after.start for before, after in pairwise(turns))
    assert _words(turns) == _LONG
    # What leads to a list may be short: "Take:".
    assert min(turn.end - turn.start for turn in turns) >= (0.6 if cue == "list" else 1.4)


def test_no_card_of_sentences_stands_long() -> None:
    turns = _flow(_section(_LONG, text_overlay="It lasts"))
    assert max(turn.end - turn.start for turn in turns) <= 6
    assert all(turn.text and turn.said for turn in turns), "a part of a sentence is no card"
    texts = [turn.text for turn in turns]
    assert texts[0] == "Never put a sharpened knife in the dishwasher"
    assert texts[1].startswith("…because"), "what goes on says so"
    assert texts[-1] == "…and nobody regrets it at all"


def test_a_figure_comes_with_its_sentence_and_goes_with_it() -> None:
    turns = _flow(_section(_LONG, "statistic", items=("72%", "sharpen every week")))
    (own,) = [turn for turn in turns if not turn.text]
    assert "72%" in _words((own,))
    assert own.end - own.start <= 6
    assert turns.index(own) > 0
    assert not own.said, "the figure is not all that is said"


def test_a_heading_that_nobody_says_stands_first_and_gives_way() -> None:
    turns = _flow(_section(_LONG, "title_card", text_overlay="Keep it sharp"))
    assert [bool(turn.text) for turn in turns] == [False] + [True] * (len(turns) - 1)
    assert 2.2 <= turns[0].end <= 5


def test_long_items_come_one_by_one_after_what_leads_to_them() -> None:
    said = ". ".join(("Raise a burr", *_STEPS)) + "."
    turns = _flow(_section(said, "list", text_overlay="Raise a burr", items=_STEPS))
    assert [turn.item for turn in turns] == [None, 0, 1, 2]
    assert [turn.text for turn in turns] == ["Raise a burr", *_STEPS]
    assert all(turn.said for turn in turns)
    more = _flow(_section(f"{said} Then you are done with all of it.", "list", items=_STEPS))
    assert [turn.item for turn in more] == [None, 0, 1, 2, None]


def test_short_items_gather_on_one_card_that_does_not_wait_for_them() -> None:
    lead = "For four weeks we weighed whatever was left over in our kitchen:"
    section = _section(f"{lead} peelings, coffee, and shells.", "list", items=_items())
    *before, last = _flow(section)
    assert " ".join(turn.text for turn in before) == lead.rstrip(":")
    assert last.text == ""
    assert last.said, "all of it but the conjunction"


def test_items_that_are_told_in_other_words_share_the_time() -> None:
    turns = _flow(_section("something else is said here " * 6, "list", items=_items()))
    assert [turn.item for turn in turns if turn.item is not None] == [0, 1, 2]
    assert not any(turn.said for turn in turns if turn.item is not None)


def _items() -> tuple[str, ...]:
    return "Peelings", "Coffee", "Shells"


def test_an_abbreviation_ends_no_card() -> None:
    turns = _flow(_section("We add lime, z. B. some three spoons of it for each of the beds."))
    assert not any(turn.text.endswith("z. B") for turn in turns)


def test_code_goes_on_by_itself() -> None:
    code = CodeBlock(text="print(1)", language="python")
    assert _flow(_section(_LONG, "code_snippet", code_block=code)) == ()

"""Type and captions share what the players leave free, and never each other's part of it."""

import pytest

from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import caption_area, safe_area, text_room
from igny8_media.video.coverage import missing_glyphs, unseen_letters
from igny8_media.video.model import CodeBlock, Section, VideoScript
from igny8_media.video.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
@pytest.mark.parametrize("shorter", [1080, 720, 540])
def test_both_keep_to_every_presets_safe_area(preset, shorter: int) -> None:
    size = preset.composition.scaled(shorter).size
    left, top, right, bottom = (
        share * size[number % 2] for number, share in enumerate(preset.safe_area)
    )
    room, captions = text_room(size), caption_area(size)
    assert room.left >= left
    assert room.top >= top
    assert room.right <= right + 1e-6
    assert captions.left >= left
    assert captions.right <= right + 1e-6
    assert captions.bottom <= bottom + 1e-6
    assert room.bottom < captions.top
    assert captions.left + captions.right == pytest.approx(size[0]), "in the middle"
    assert safe_area(size).left <= room.left
    alone = text_room(size, captions=False)
    assert room.bottom < alone.bottom <= bottom + 1e-6
    assert (alone.left, alone.top, alone.right) == (room.left, room.top, room.right)


def _script(**fields: object) -> VideoScript:
    values = {
        "section_id": "s1",
        "type": "point",
        "narration": "Plain words, 🚀 and مرحبا.",
        "visual_cue": "quote",
        "duration_estimate": 3,
        **fields,
    }
    return VideoScript(
        title="A title",
        description="",
        tags=(),
        sections=(Section.model_validate(values),),
        total_duration_estimate=3,
        language="en",
        writer="test",
    )


def test_what_can_be_drawn_is_not_mentioned() -> None:
    assert missing_glyphs(_script(code_block=CodeBlock(text="a = '⚡'")), Theme()) == ()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"narration": "\U00012000\U00012001"}, "the narration"),
        ({"text_overlay": "\U00012000"}, "the text overlay"),
        ({"items": ("fine", "\U00012000")}, "an item"),
        ({"code_block": {"text": "x = '\U00012000'"}}, "the code"),
    ],
)
def test_letters_no_font_has_are_named_with_place_and_remedy(fields, place: str) -> None:
    (sentence,) = missing_glyphs(_script(**fields), Theme())
    assert sentence.startswith(f"Section s1: {place} cannot be drawn.")
    assert "Cuneiform" in sentence
    assert "Debian package fonts-noto-core" in sentence


def test_characters_that_no_font_can_have_are_told() -> None:
    (note,) = unseen_letters(_script(text_overlay="A mark \uf8d0 here"), Theme())
    assert "the text overlay" in note
    assert "U+F8D0" in note
    assert unseen_letters(_script(text_overlay="Plain, 😀 and \u200d"), Theme()) == ()

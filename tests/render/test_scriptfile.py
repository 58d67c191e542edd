"""Scripts as people write them: what may be left out, and what every mistake is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.errors import InputError
from igny8_media.video.model import VideoScript
from igny8_media.video.scriptfile import is_clip, read_script


@pytest.fixture
def read(tmp_path: Path):
    def go(content: Any) -> VideoScript:
        path = tmp_path / "script.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
        return read_script(path)

    return go


def _sections(*sections: Any, **more: Any) -> dict[str, Any]:
    return {"language": "en", "sections": list(sections), **more}


def test_only_what_is_said_is_needed(read) -> None:
    script = read({"sections": [{"narration": "Bread needs time. Nothing else is as cheap."}]})
    (section,) = script.sections
    assert script.title == "Bread needs time"
    assert (script.language, script.description, script.tags) == ("en", "", ())
    assert (section.section_id, section.type, section.visual_cue) == ("s1", "hook", "animated_text")
    assert 1 < section.duration_estimate < 6
    assert script.total_duration_estimate == section.duration_estimate


def test_sections_may_be_bare_texts_and_the_script_a_bare_list(read) -> None:
    script = read(["One is here.", "Two is here.", {"narration": "Three is here."}])
    assert [s.narration for s in script.sections] == [
        "One is here.", "Two is here.", "Three is here.",
    ]  # fmt: skip
    assert [s.type for s in script.sections] == ["hook", "point", "outro"]


@pytest.mark.parametrize(
    ("fields", "cue"),
    [
        ({}, "animated_text"),
        ({"items": ["a", "b"]}, "list"),
        ({"image": "a.jpg"}, "image"),
        ({"image": "CLIP.MOV"}, "stock_video"),
        ({"image": "https://example.com/a.mp4?x=1"}, "stock_video"),
        ({"code_block": "print(1)"}, "code_snippet"),
        ({"code_block": {"text": "x", "language": "c"}, "image": "a.png"}, "code_snippet"),
        ({"text_overlay": "31 % more readers"}, "statistic"),
        ({"text_overlay": "$5 a day"}, "statistic"),
        ({"text_overlay": "3 steps"}, "animated_text"),
        ({"text_overlay": "31 % more readers", "visual_cue": "Title-Card"}, "title_card"),
        ({"visual_cue": "quote"}, "quote"),
    ],
)  # fmt: skip
def test_what_is_shown_follows_from_what_is_there(read, fields, cue) -> None:
    script = read(_sections("First.", {"narration": "This is said.", **fields}))
    assert script.sections[1].visual_cue == cue


def test_the_first_line_of_type_opens_as_a_title(read) -> None:
    script = read(_sections({"narration": "This is said.", "text_overlay": "Look at this"}))
    assert script.sections[0].visual_cue == "title_card"
    assert script.title == "Look at this"


def test_a_clip_called_a_picture_is_shown_as_a_clip_and_that_is_said(read) -> None:
    script = read(_sections({"narration": "Said.", "visual_cue": "image", "image": "a.mp4"}))
    assert script.sections[0].visual_cue == "stock_video"
    assert "a.mp4" in script.notes[0]


def test_the_language_is_told_from_the_words_or_taken_as_given(read) -> None:
    said = "Wer früh aufsteht, sieht die Stadt noch ganz still und leer vor sich liegen."
    assert read({"sections": [said]}).language == "de"
    assert read({"sections": [said], "language": "pt-BR"}).language == "pt"
    unsure = read({"sections": ["3 4 5"]})
    assert unsure.language == "en"
    assert "language" in unsure.notes[0]


def test_null_means_left_out_and_junk_characters_go(read) -> None:
    script = read(
        b'{"title": null, "language": "en", "sections": [{"narration": "A\\u0000 b\\ud800\\u200b '
        b'c.", "image": null, "text_overlay": "x\\u202ey", "items": ["", "one"]}]}'
    )
    section = script.sections[0]
    assert (section.narration, section.text_overlay, section.items) == ("A b c.", "xy", ("one",))
    script.model_dump_json().encode("utf-8")


def test_a_script_of_ours_can_be_edited_and_read_again(read) -> None:
    script = read(_sections("One is here.", {"narration": "Two.", "image": "content/x/y.jpg"}))
    assert read(script.model_dump(mode="json")) == script


def test_own_section_ids_stay_and_never_meet_ours(read) -> None:
    script = read(_sections("One.", {"narration": "Two.", "section_id": "s1"}, "Three."))
    ids = [s.section_id for s in script.sections]
    assert ids[1] == "s1"
    assert len(set(ids)) == 3


def test_a_section_of_ten_thousand_characters_is_read(read) -> None:
    script = read(_sections("All of this is said. " * 500))
    assert script.total_duration_estimate > 300


MISTAKES = {
    b"": "is empty",
    b"  \n": "is empty",
    b"[]": "sections is empty",
    b"{}": "has no sections",
    b"null": "not null",
    b"5": "not a number",
    b'"x"': "not a text",
    b'{"sections": {}}': "field sections: it must be a list in square brackets, not an object",
    b'{"sections": []}': "sections is empty",
    b'{"sections": [5]}': "section 1: it must be",
    b'{"sections": ["a", {}]}': "section 2 has no narration",
    b'{"sections": ["a", {"narration": " "}]}': "section 2, field narration: it is empty",
    b'{"sections": ["a", "..."]}': "section 2, field narration: '...' cannot be said",
    b'{"sections": ["\xf0\x9f\x9a\x80"]}': "section 1, field narration",
    b'{"sections": ["a"], "titel": "x"}': "the script has an unknown field 'titel'; did you",
    b'{"sections": [{"naration": "a"}]}': 'field \'naration\'; did you mean "narration"',
    b'{"sections": [{"narration": "a", "picture": "b"}]}': 'did you mean "image"',
    b'{"sections": [{"narration": "a", "start": 3}]}': "last as long as their speech",
    b'{"sections": [{"narration": "a", "zorg": 3}]}': "known are narration",
    b'{"sections": [{"narration": 5}]}': "section 1, field narration: it must be a text",
    b'{"sections": [{"narration": ["a"]}]}': "not a list",
    b'{"sections": [{"narration": "a", "items": "b"}]}': "field items: it must be a list",
    b'{"sections": [{"narration": "a", "items": ["b", 5]}]}': "field items, entry 2",
    b'{"sections": [{"narration": "a", "visual_cue": "lst"}]}': 'did you mean "list"',
    b'{"sections": [{"narration": "a", "type": "end"}]}': '"end" is not one of hook',
    b'{"sections": [{"narration": "a", "code_block": 5}]}': "code_block: it must be",
    b'{"sections": [{"narration": "a", "code_block": {"txt": "b"}}]}': "section 1, code_block has",
    b'{"sections": [{"narration": "a", "duration_estimate": 0}]}': "number of seconds, not 0",
    b'{"sections": [{"narration": "a", "section_id": "x"}, {"narration": "b", "section_id": "x"}]}':
        "sections 1 and 2 both have the section_id 'x'",
    b'{"sections": ["a"], "language": "English"}': "'English' is not a code",
    b'{"sections": ["a"],"chapter_markers":[{"time": 1,"title": "x"}, {"time": 1, "title": ""}]}':
        "chapter_markers must ascend",
    b'{"sections": ["a"], "chapter_markers": [{"time": -1, "title": "x"}]}': "entry 1, time",
    b'{"sections": ["a",]}': "line 1, column",
    b'{"sections": [{"narration": "a", "narration": "b"}]}': "'narration' twice",
    b'{"sections": ["a"], "total_duration_estimate": NaN}': "holds NaN",
    b'{"sections": [\xe4]}': "not UTF-8",
    b"\xff\xfe{\x00}\x00": "not UTF-8",
    b"\x89PNG\r\n\x1a\n": "not UTF-8",
    b"[" * 100_000: "nested too deeply",
    b"[1" + b"0" * 5000 + b"]": "script.json",
    b'{"sections": ["' + b"a" * 2_100_000 + b'"]}': "larger than 2 MB",
}  # fmt: skip


@pytest.mark.parametrize(("content", "says"), MISTAKES.items())
def test_every_mistake_gets_one_clear_sentence(read, content: bytes, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read(content)
    text = str(refused.value)
    assert says in text
    assert "script.json" in text
    assert "\n" not in text
    assert "pydantic" not in text.lower()
    assert len(text) < 300


def test_what_is_not_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no script at"):
        read_script(tmp_path / "gone.json")
    with pytest.raises(InputError, match="is a folder"):
        read_script(tmp_path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sections", "narration", "items", "code_block", "text", "tags", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(section=_JSON, rest=st.dictionaries(st.sampled_from(["title", "tags", "y"]), _JSON))
def test_whatever_is_written_is_a_script_or_one_sentence(tmp_path_factory, section, rest) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps({**rest, "language": "en", "sections": [section]}), "utf-8")
    try:
        said = read_script(path).model_dump_json()
    except InputError as error:
        said = str(error)
    said.encode("utf-8")
    assert "\n" not in said


def test_clips_are_told_by_their_suffix() -> None:
    assert is_clip("a/b.WebM")
    assert is_clip("https://example.com/a.mp4?token=1.jpg")
    assert not is_clip("https://example.com/mp4")
    assert not is_clip("mp4")

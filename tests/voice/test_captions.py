import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voice_scripts import narration_of, words_of

from igny8_media.ai.speech import Word
from igny8_media.captions.cues import Cue, captions, write_srt, write_vtt
from igny8_media.errors import InputError
from igny8_media.narration.segments import width
from igny8_media.video.ffmpeg import run
from igny8_media.video.model import Narration, SpokenSection, VideoForm

BOTH = pytest.mark.parametrize("form", list(VideoForm))


def texts(cues: tuple[Cue, ...]) -> list[str]:
    return [" / ".join(cue.lines) for cue in cues]


def test_short_form_breaks_where_a_reader_would() -> None:
    text = "First, group your meetings: put them on two days, and keep the rest of the week free."
    assert texts(captions(narration_of(text), VideoForm.SHORT)) == [
        "First, group your meetings:",
        "put them on two days,",
        "and keep the rest",
        "of the week free.",
    ]


def test_long_form_fills_two_even_lines() -> None:
    text = "People switch tools many times an hour, and every switch costs minutes of focus."
    (cue,) = captions(narration_of(text), VideoForm.LONG)
    assert cue.lines == (
        "People switch tools many times an hour,",
        "and every switch costs minutes of focus.",
    )


def test_a_full_stop_inside_a_short_form_is_no_end() -> None:
    text = "Teams in the U.S. agree."
    assert texts(captions(narration_of(text), VideoForm.LONG)) == [text]


def test_scripts_without_spaces_are_cut_by_width() -> None:
    text = "我们今天学习如何写好文章，然后发布到五个平台，并且每周检查一次结果。" * 2
    words = words_of(text, "zh")
    for form in VideoForm:
        cues = captions(narration_of(text, "zh"), form)
        assert [word for cue in cues for word in cue.words] == list(words)
        assert len(cues) > 1
        for cue in cues:
            assert all(width(line) <= 42 for line in cue.lines)
            assert " " not in "".join(cue.lines)


_WORDS = st.lists(
    st.tuples(
        st.text(alphabet="abcdefgh中文مر", min_size=1, max_size=14),
        st.sampled_from(["", "", "", ",", ".", "?", "…"]),
        st.floats(0.05, 1.2),
        st.sampled_from([0.0, 0.0, 0.0, 0.03, 0.3, 0.9]),
    ),
    min_size=1,
    max_size=60,
)


@BOTH
@given(spoken=_WORDS)
def test_cues_keep_every_promise(
    form: VideoForm, spoken: list[tuple[str, str, float, float]]
) -> None:
    clock = 0.2
    words: list[Word] = []
    for text, mark, seconds, pause in spoken:
        words.append(Word(text=text + mark, start=clock, end=clock + seconds))
        clock += seconds + pause
    half = len(words) // 2
    sections = (words[:half], words[half:])
    cues = captions(_narration(sections, clock + 1), form)

    assert [word for cue in cues for word in cue.words] == words
    assert all(a.end <= b.start for a, b in pairwise(cues))
    for cue in cues:
        assert abs(cue.start - cue.words[0].start) <= 0.1 + 1e-9
        assert abs(cue.end - cue.words[-1].end) <= 0.1 + 1e-9
        assert cue.start < cue.end
        shown = "".join(cue.lines).replace(" ", "")
        assert shown == "".join(word.text for word in cue.words)
        if form is VideoForm.SHORT:
            assert len(cue.words) <= 5
            assert len(cue.lines) == 1
        else:
            assert len(cue.lines) <= 2
            assert all(width(line) <= 42 for line in cue.lines)


def _narration(sections: tuple[list[Word], ...], end: float) -> Narration:
    """Sections that tile the narration, each one ending where the next one's words begin."""
    edges = [words[0].start if words else end for words in sections[1:]]
    return Narration(
        audio="narration.wav",
        duration=end,
        sections=tuple(
            SpokenSection(section_id=f"s{n}", start=begin, end=until, words=tuple(words))
            for n, (words, begin, until) in enumerate(
                zip(sections, (0, *edges), (*edges, end), strict=True)
            )
        ),
        engine="test",
        voice="test",
        language="en",
        timing="engine",
        loudness=-14,
        true_peak=-1,
    )


def test_a_real_narration_is_captioned_in_sync(spoken: tuple[Narration, Path]) -> None:
    narration, _ = spoken
    for form in VideoForm:
        cues = captions(narration, form)
        assert sum(len(cue.words) for cue in cues) == sum(len(s.words) for s in narration.sections)
        assert sum(len(cue.words) == 1 for cue in cues) == 0


def test_no_words_no_captions() -> None:
    with pytest.raises(InputError, match="no words"):
        captions(_narration(([],), 1.0), VideoForm.SHORT)


CUES = (
    Cue(start=0.0, end=1.5, lines=("R&D <b>", "first"), words=()),
    Cue(start=3599.9996, end=3661.25, lines=("مرحبا 中文",), words=()),
)


def test_other_programs_read_both_files(tmp_path: Path) -> None:
    write_srt(CUES, tmp_path / "c.srt")
    write_vtt(CUES, tmp_path / "c.vtt")
    for name in ("c.srt", "c.vtt"):
        run(["-y", "-i", name, f"{name}.ass"], cwd=tmp_path, task="read captions")
        events = [
            line
            for line in (tmp_path / f"{name}.ass").read_text().splitlines()
            if line.startswith("Dialogue:")
        ]
        assert [event.split(",")[1:3] for event in events] == [
            ["0:00:00.00", "0:00:01.50"],
            ["1:00:00.00", "1:01:01.25"],
        ]
        assert events[1].endswith("مرحبا 中文")
        assert r"\Nfirst" in events[0]
        assert "R&D" in events[0]


def test_numbers_and_clocks_of_srt(tmp_path: Path) -> None:
    write_srt(CUES, tmp_path / "c.srt")
    text = (tmp_path / "c.srt").read_text()
    assert text.startswith("1\n00:00:00,000 --> 00:00:01,500\n")
    assert re.search(r"\n\n2\n01:00:00,000 --> 01:01:01,250\n", text)
    assert text.endswith("\n")


@BOTH
@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("z. B. 20", "Zieht man z. B. 20 Prozent von dem Regen ab, bleibt für den Garten genug."),
        ("i. d. R. fünf", "Ein Fass hält i. d. R. fünf Jahre, bevor der Boden zu tropfen beginnt."),
        ("(d. h. ohne", "Kaltes Wasser (d. h. ohne Sonne im Fass) schadet jungen Pflanzen sehr."),
        ("p. ej. diez", "Un barril que guarda p. ej. diez litros no basta para todo el verano."),
        ("e. g. ten", "A barrel that holds, e. g. ten litres of rain is too small for a garden."),
    ],
)
@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_an_abbreviation_is_not_parted(kept: str, text: str, pause: float, form: VideoForm) -> None:
    clock = 0.1
    words: list[Word] = []
    for word in text.split():
        words.append(Word(text=word, start=clock, end=clock + 0.3))
        clock += 0.3 + (pause if word.endswith(".") else 0.0)  # as voices rest after a full stop
    lines = [line for cue in captions(_narration((words,), clock + 1), form) for line in cue.lines]
    assert any(kept in line for line in lines), lines

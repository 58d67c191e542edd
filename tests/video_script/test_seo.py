"""Metadata within what each video site takes."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.articles.model import Article
from igny8_media.scripts.seo import (
    measured_chapters,
    merge_chapters,
    metadata,
    problems,
    stamp,
    tags_length,
)
from igny8_media.scripts.targets import TARGET_RULES
from igny8_media.scripts.writer import write_script
from igny8_media.video.model import (
    ChapterMarker,
    Narration,
    SpokenSection,
    VideoForm,
    VideoScript,
    VideoTarget,
)
from tests.words_corpus import corpus


def _script(article: Article, form: VideoForm = VideoForm.LONG) -> VideoScript:
    script = write_script(article, form, 150.0)
    assert isinstance(script, VideoScript)
    return script


@pytest.mark.parametrize("target", list(VideoTarget))
@pytest.mark.parametrize("name", ["faster-web-page", "compost-en-casa", "write-less"])
def test_metadata_is_accepted(name: str, target: VideoTarget) -> None:
    article = corpus()[name]
    script = _script(article)
    made = metadata(script, article, target, script.chapter_markers, 400.0)
    assert problems(made) == []
    assert made.description.strip()
    assert ("0:00 " in made.description) == (target is VideoTarget.YOUTUBE)
    assert bool(made.title) == (target in (VideoTarget.YOUTUBE, VideoTarget.YOUTUBE_SHORTS))
    assert bool(made.tags) == bool(made.title)
    link = article.canonical_url in made.description
    assert link == TARGET_RULES[target].clickable_links


def test_youtube_stamps_obey_the_rules_read_from_the_text(english: Article) -> None:
    script = _script(english)
    made = metadata(script, english, VideoTarget.YOUTUBE, script.chapter_markers, 400.0)
    stamps = re.findall(r"^(\d+):(\d\d) .+$", made.description, re.MULTILINE)
    times = [int(m) * 60 + int(s) for m, s in stamps]
    assert times[0] == 0
    assert len(times) >= 3
    assert all(b - a >= 10 for a, b in pairwise([*times, 400]))


@given(
    st.lists(st.floats(0, 900, allow_nan=False), max_size=30),
    st.floats(1, 1000, allow_nan=False),
)
def test_merged_chapters_are_valid_or_none(times: list[float], duration: float) -> None:
    markers = [ChapterMarker(time=t, title=f"Part {n}") for n, t in enumerate(times)]
    kept = merge_chapters(markers, duration)
    if not kept:
        return
    assert kept[0].time == 0
    assert len(kept) >= 3
    starts = [int(marker.time) for marker in kept]
    assert all(b - a >= 10 for a, b in pairwise([*starts, int(duration)]))


def test_short_chapters_are_joined_to_the_one_before() -> None:
    times = {"Intro": 0.0, "A": 4.0, "B": 15.2, "C": 30.0, "D": 36.0, "E": 95.0}
    markers = [ChapterMarker(time=t, title=name) for name, t in times.items()]
    assert [m.title for m in merge_chapters(markers, 100.0)] == ["Intro", "B", "C"]


def test_too_few_chapters_are_left_out_and_said(english: Article) -> None:
    markers = (ChapterMarker(time=0, title="One"), ChapterMarker(time=60, title="Two"))
    made = metadata(_script(english), english, VideoTarget.YOUTUBE, markers, 120.0)
    assert made.chapters == ()
    assert "0:00" not in made.description
    assert made.notes


def test_chapters_follow_the_voice(english: Article) -> None:
    script = _script(english)
    at, spoken = 0.0, []
    for section in script.sections:
        end = at + section.duration_estimate * 1.1
        spoken.append(SpokenSection(section_id=section.section_id, start=at, end=end, words=()))
        at = end
    narration = Narration(
        audio="narration.wav",
        duration=at,
        sections=tuple(spoken),
        engine="test",
        voice="test",
        language="en",
        timing="engine",
        loudness=-14,
        true_peak=-1,
    )
    found = measured_chapters(script, narration)
    assert [m.title for m in found] == [m.title for m in script.chapter_markers]
    for measured, guessed in zip(found, script.chapter_markers, strict=True):
        assert measured.time == pytest.approx(guessed.time * 1.1, abs=0.1)


def test_limits_hold_for_unruly_words(english: Article) -> None:
    script = _script(english).model_copy(
        update={
            "title": "<b>Übergröße</b> " * 30,
            "description": "Ein Satz mit Umlauten: äöü <ß> 日本語. " * 400,
            "tags": tuple(f'tag "{n}", with comma and spaces' for n in range(80)),
        }
    )
    for target in VideoTarget:
        made = metadata(script, english, target, script.chapter_markers, 400.0)
        assert problems(made) == []
        if made.title:
            assert len(made.description.encode()) <= 5000
            assert len(made.title) <= 100


def test_problems_are_seen(english: Article) -> None:
    script = _script(english)
    good = metadata(script, english, VideoTarget.YOUTUBE, script.chapter_markers, 400.0)
    assert problems(good) == []
    for change in (
        {"title": "x" * 101},
        {"title": "a < b"},
        {"description": "ä" * 2501},
        {"tags": ("two words",) * 50},
        {"description": "0:05 One\n1:00 Two\n2:00 Three"},
        {"description": "0:00 One\n0:05 Two\n2:00 Three"},
    ):
        assert problems(good.model_copy(update=change)), change


def test_counting() -> None:
    assert tags_length(["one", "two words"]) == 3 + 1 + 9 + 2
    assert stamp(0) == "0:00"
    assert stamp(75.9) == "1:15"
    assert stamp(3675) == "1:01:15"

"""Sections tile the video in whole frames, and list items appear when they are spoken."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.ai.speech import Word
from igny8_media.errors import InputError
from igny8_media.video.model import Narration, SpokenSection
from igny8_media.video.timeline import item_times, section_frames


def _narration(lengths: list[float]) -> Narration:
    edges = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    return Narration(
        audio="voice.wav",
        duration=edges[-1],
        sections=tuple(
            SpokenSection(section_id=f"s{i}", start=a, end=b, words=())
            for i, (a, b) in enumerate(pairwise(edges))
        ),
        engine="test",
        voice="test",
        language="en",
        timing="engine",
        loudness=-14,
        true_peak=-1,
    )


@given(st.lists(st.floats(0.1, 20), min_size=1, max_size=60))
def test_frames_tile_the_narration_without_drift(lengths: list[float]) -> None:
    narration = _narration(lengths)
    spans = section_frames(narration, 30)
    position = 0
    for (first, frames), section in zip(spans, narration.sections, strict=True):
        assert first == position
        assert abs(first / 30 - section.start) <= 1 / 60 + 1e-6
        position += frames
    assert position == round(narration.duration * 30)


def test_a_section_without_a_frame_is_named() -> None:
    with pytest.raises(InputError, match=r"Section s1 .* less than one frame"):
        section_frames(_narration([2.0, 0.001, 2.0]), 30)


def _spoken(text: str) -> SpokenSection:
    words = tuple(
        Word(text=word, start=10 + i * 0.5, end=10.4 + i * 0.5)
        for i, word in enumerate(text.split())
    )
    return SpokenSection(section_id="s", start=10, end=10 + len(words) * 0.5, words=words)


def test_items_are_found_where_they_are_spoken() -> None:
    spoken = _spoken("Two rules: empty the cache before loading, then write down every number.")
    assert item_times(("Empty the cache", "Write down numbers"), spoken) == (1.0, 4.0)


def test_items_nobody_speaks_are_spread() -> None:
    spoken = _spoken("one two three four five six seven eight nine ten")
    times = item_times(("alpha", "beta", "gamma"), spoken)
    assert list(times) == sorted(times)
    assert 0 < times[0] < times[-1] < 5


@given(st.lists(st.text(max_size=12), max_size=7), st.text(max_size=80))
def test_times_always_rise_within_the_section(items: list[str], text: str) -> None:
    spoken = _spoken(text or "x")
    times = item_times(tuple(items), spoken)
    assert len(times) == len(items)
    assert list(times) == sorted(times)
    assert all(0 <= t <= spoken.end - spoken.start for t in times)

"""What is encoded again and what is not, and that cached pieces fit together without a seam."""

import logging
import os
import signal
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.errors import OutsideError
from igny8_media.storage.cache import FolderCache
from igny8_media.video.burned import BurnedCaptions, Line
from igny8_media.video.compose import Composer
from igny8_media.video.encoders import choose
from igny8_media.video.inspect import Expectation, inspect
from igny8_media.video.plan import ScenePlan, Transition
from igny8_media.video.planes import Frame
from igny8_media.video.presets import Composition, Encoder, Quality
from igny8_media.video.render import Progress, render
from igny8_media.video.segments import Segment, batches, segments_of
from tests.processes import children

HEADER = """[Script Info]
ScriptType: v4.00+
PlayResX: 180
PlayResY: 320
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: D,Sans,30,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,5,0,0,0,1
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
SQUARE = r"{\p1}m 0 0 l 60 0 60 60 0 60{\p0}"


def _event(start: float, end: float, text: str = SQUARE) -> str:
    def clock(t: float) -> str:
        return f"0:{int(t // 60):02}:{t % 60:05.2f}"

    return f"Dialogue: 0,{clock(start)},{clock(end)},D,,0,0,0,,{text}\n"


@pytest.fixture
def make(tmp_path: Path, composition: Composition, voice: Callable[[float], Path]):
    def go(plan: ScenePlan, out: str = "video.mp4", **changes: object):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        arguments = {
            "plan": plan,
            "sound": voice(plan.duration),
            "ass": None,
            "composition": composition,
            "out": tmp_path / out,
            "folder": tmp_path / "scenes",
            "work_dir": work,
            "segments": FolderCache(tmp_path / "segments", 10**9),
            "quality": Quality.FAST,
            **changes,
        }
        return render(**arguments)

    return go


def _frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [f.to_ndarray()[: f.height].astype(int) for f in container.decode(video=0)]


def _edited(plan: ScenePlan, number: int, more: int) -> ScenePlan:
    """The plan with one scene shown otherwise and longer; those after it start later."""
    scenes, first = [], 0
    for n, scene in enumerate(plan.scenes):
        changes: dict[str, object] = {"first": first}
        if n == number:
            changes |= {"frames": scene.frames + more, "layers": ()}
        scenes.append(scene.model_copy(update=changes))
        first += scenes[-1].frames
    return plan.model_copy(update={"scenes": tuple(scenes), "frames": first})


def test_an_edited_scene_costs_itself_and_the_ways_beside_it(make, plan, tmp_path) -> None:
    """Scenes of 25, 31 and 40 frames with fades of 8: the middle one becomes 37."""
    first = make(plan)
    assert first.reused == 0
    again = make(plan, "again.mp4")
    assert (again.reused, again.encode_seconds < 1) == (plan.frames, True)
    edited = _edited(plan, 1, 6)
    second = make(edited, "edited.mp4")
    assert second.reused == 25 + (40 - 8)
    found = inspect(second.path, expected=Expectation(duration=edited.duration, size=edited.size))
    assert found.problems == ()
    pictures = _frames(second.path)
    composer, frame = Composer(edited, tmp_path / "scenes"), Frame(*edited.size)
    at = 0
    for number, scene in enumerate(edited.scenes):
        for within in range(scene.frames):
            composer.paint(number, within, frame)
            assert np.abs(frame.y.astype(int) - pictures[at]).mean() < 4, f"frame {at}"
            at += 1
    assert at == len(pictures)


def test_one_word_of_a_caption_costs_the_segments_that_show_it(make, plan, tmp_path) -> None:
    ass = tmp_path / "captions.ass"
    ass.write_text(HEADER + _event(0.1, 0.6) + _event(1.3, 1.6))
    make(plan, ass=ass)
    ass.write_text(HEADER + _event(0.1, 0.6) + _event(1.3, 1.7))
    assert make(plan, ass=ass).reused == plan.frames - (31 - 8), "1.3 s to 1.7 s lie in scene 2"


def test_a_killed_render_goes_on_where_it_was(make, plan, monkeypatch) -> None:
    """Finished segments are kept, the unfinished one is not."""

    others = children()

    def kill(progress: Progress) -> None:
        if progress.done >= 70:
            for pid in children() - others:
                os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr("igny8_media.video.render._REPORT_EVERY", 0.0)
    with pytest.raises(OutsideError, match="killed by signal 9"):
        make(plan, encoders=1, progress=kill)
    second = make(plan, encoders=1)
    assert 0 < second.reused < plan.frames
    assert inspect(second.path, expected=Expectation(duration=plan.duration)).problems == ()


def test_a_smaller_file_comes_from_the_same_frames(make, plan, composition) -> None:
    both = composition.model_copy(update={"also": (90,)})
    result = make(plan, composition=both)
    (small,) = result.smaller
    assert small.name == "video-90.mp4"
    found = inspect(small, expected=Expectation(duration=plan.duration, size=(90, 160)))
    assert found.problems == ()
    large = [f[::2, ::2].mean() for f in _frames(result.path)]
    assert np.allclose(large, [f.mean() for f in _frames(small)], atol=3)
    assert make(plan, composition=both).reused == plan.frames


def test_another_encoder_or_quality_makes_other_segments(make, plan) -> None:
    make(plan)
    assert make(plan, quality=Quality.STANDARD).reused == 0
    result = make(plan, encoder=Encoder.X265)
    assert result.reused == 0
    assert result.encoder.startswith("libx265")
    with av.open(str(result.path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.codec_tag) == ("hevc", "hvc1")
        assert sum(1 for _ in container.decode(stream)) == plan.frames


def test_an_encoder_that_is_not_here_gives_way_and_says_so(make, plan) -> None:
    if choose(Encoder.VIDEOTOOLBOX).encoder is Encoder.VIDEOTOOLBOX:
        pytest.skip("this machine has VideoToolbox")
    result = make(plan, encoder=Encoder.VIDEOTOOLBOX)
    assert result.encoder.startswith("libx264")
    assert any("x264" in note and "videotoolbox" in note for note in result.notes)


def test_every_transition_has_its_own_frames(make, plan, tmp_path) -> None:
    marks = set()
    for kind in ("fade", "slide", "zoom"):
        changed = plan.scenes[1].model_copy(update={"transition": Transition(kind=kind, frames=8)})
        other = plan.model_copy(update={"scenes": (plan.scenes[0], changed, plan.scenes[2])})
        pieces = segments_of(other, tmp_path / "scenes", None, [])
        assert [piece.frames for piece in pieces] == [25, 8, 23, 8, 32]
        marks.add(tuple(piece.mark for piece in pieces))
    assert len({mark[1] for mark in marks}) == 3, "the way into scene 2"
    assert len({(mark[0], *mark[2:]) for mark in marks}) == 1, "and nothing else"


@given(
    st.lists(st.tuples(st.integers(1, 90), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 200),
)
def test_batches_keep_every_missing_segment_once_and_in_order(pieces, most: int) -> None:
    segments, begins = [], 0
    for number, (frames, missing) in enumerate(pieces):
        if missing:
            segments.append(Segment(number, 0, frames, begins, str(number)))
        begins += frames
    made = batches(segments, most)
    assert [segment for batch in made for segment in batch] == segments
    for batch in made:
        inside = sum(segment.frames for segment in batch)
        assert len(batch) == 1 or inside - batch[-1].frames / 2 < most
        for a, b in pairwise(batch):
            assert a.begins + a.frames == b.begins


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=12),
    st.integers(0, 300),
    st.integers(1, 200),
    st.integers(0, 1000),
)
def test_captions_survive_being_cut_and_moved(tmp_path_factory, events, first, frames, offset):
    """Written at any place and read again, they are shown in the same frames."""
    folder = tmp_path_factory.getbasetemp()
    text = HEADER + "".join(
        _event((a - 0.5) / 30 if a else 0, (a + n - 0.5) / 30) for a, n in events
    )
    (folder / "a.ass").write_text(text)
    captions = BurnedCaptions.read(folder / "a.ass", 30)
    shown = captions.within(first, frames)
    expected = [
        (max(a, first) - first, min(a + n, first + frames) - first)
        for a, n in events
        if a < first + frames and a + n > first
    ]
    assert [(line.start, line.end) for line in shown] == expected
    moved = [Line(a + offset, b + offset, event) for a, b, event in shown]
    (folder / "b.ass").write_text(captions.text(moved))
    back = BurnedCaptions.read(folder / "b.ass", 30).within(offset, frames)
    assert [line.mark for line in back] == [line.mark for line in shown]


def test_sound_shorter_than_the_picture_is_filled_with_silence(make, plan, tmp_path) -> None:
    path = tmp_path / "short.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(48_000))
    streams = inspect(make(plan, sound=path).path).streams
    assert streams.audio_duration == pytest.approx(plan.duration, abs=0.03)


def test_reading_captions_sets_up_no_logging(tmp_path) -> None:
    """A handler on the root logger would print every line of progress twice."""
    (tmp_path / "a.ass").write_text(HEADER + _event(0, 1))
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    try:
        BurnedCaptions.read(tmp_path / "a.ass", 30)
        assert root.handlers == []
    finally:
        root.handlers = before

"""Rendered files are decoded by PyAV, which knows nothing of how they were made."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from igny8_media.errors import InputError, OutsideError
from igny8_media.storage.cache import FolderCache
from igny8_media.video import ffmpeg
from igny8_media.video.compose import Composer
from igny8_media.video.inspect import Expectation, inspect
from igny8_media.video.plan import ScenePlan
from igny8_media.video.planes import Frame
from igny8_media.video.presets import PRESETS, Composition, Quality, shared_renders
from igny8_media.video.render import Progress, RenderResult, render
from tests.processes import children

ASS = """[Script Info]
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
Dialogue: 0,0:00:00.50,0:00:02.00,D,,0,0,0,,{\\p1}m 0 0 l 60 0 60 60 0 60{\\p0}
"""


@pytest.fixture
def run(
    tmp_path: Path, plan: ScenePlan, composition: Composition, voice: Callable[[float], Path]
) -> Callable[..., RenderResult]:
    def go(**changes: object) -> RenderResult:
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        arguments = {
            "plan": plan,
            "sound": voice(plan.duration),
            "ass": None,
            "composition": composition,
            "out": tmp_path / "video.mp4",
            "folder": tmp_path / "scenes",
            "work_dir": work,
            "segments": FolderCache(tmp_path / "segments", 10**9),
            "quality": Quality.FAST,
            **changes,
        }
        return render(**arguments)

    return go


def _decoded(path: Path) -> tuple[list[int], list[np.ndarray]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        times = [round(f.pts * f.time_base * 30 * 1000) for f in frames]
        return times, [f.to_ndarray()[: f.height] for f in frames]


_OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    """Servers that other tests of this session started are none of our business."""
    _OTHERS.clear()
    _OTHERS.update(children())


def test_a_render_passes_the_inspection_and_every_frame_is_there_once(run, plan, tmp_path) -> None:
    reports: list[Progress] = []
    result = run(progress=reports.append)
    found = inspect(result.path, expected=Expectation(duration=plan.duration, size=plan.size))
    assert found.problems == ()
    assert found.streams.frames == plan.frames == result.frames
    times, pictures = _decoded(result.path)
    assert times == [1000 * n for n in range(plan.frames)]
    composer, frame = Composer(plan, tmp_path / "scenes"), Frame(*plan.size)
    position = 0
    for number, scene in enumerate(plan.scenes):
        for at in range(scene.frames):
            composer.paint(number, at, frame)
            error = np.abs(frame.y.astype(int) - pictures[position].astype(int)).mean()
            assert error < 4, f"frame {position} is not what was planned"
            position += 1
    done = [report.done for report in reports]
    assert done == sorted(done)
    assert (done[0], done[-1], reports[-1].seconds_left) == (0, plan.frames, 0)
    assert result.size == result.path.stat().st_size
    assert [p.name for p in (tmp_path / "work").iterdir()] == []


def test_captions_run_on_over_the_joins_of_scenes(run, plan, tmp_path) -> None:
    """The white square is on from 0.5 s to 2.0 s; scenes change at 25 and 56 of 96 frames."""
    ass = tmp_path / "captions.ass"
    ass.write_text(ASS)
    _, pictures = _decoded(run(ass=ass).path)
    _, plain = _decoded(run().path)
    on = [
        bool(np.abs(a.astype(int) - b.astype(int))[130:190, 60:120].mean() > 25)
        for a, b in zip(pictures, plain, strict=True)
    ]
    assert on == [15 <= n < 60 for n in range(plan.frames)]


def test_sound_is_where_it_was_spoken(run, plan, write_wav, tmp_path) -> None:
    """A click at one second is heard at one second, though no edit list says to skip anything."""
    samples = np.zeros(round(plan.duration * 48_000))
    samples[48_000:48_480] = 0.9 * np.sin(np.arange(480) * 0.3)
    path = run(sound=write_wav(samples, "click.wav")).path
    with av.open(str(path)) as container:
        sound = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    assert sound.shape[0] == 2
    assert np.allclose(sound[0], sound[1], atol=0.01)
    loud = np.flatnonzero(np.abs(sound[0]) > 0.3)
    assert abs(loud[0] - 48_000) < 150
    assert sound.shape[1] / 48_000 == pytest.approx(plan.duration, abs=0.03)


def test_loudness_of_one_channel_is_kept_on_two(run, tmp_path) -> None:
    found = inspect(run().path)
    assert found.loudness == pytest.approx(-14, abs=1)


def test_a_narration_that_cannot_be_read_is_named(run, tmp_path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"not sound")
    with pytest.raises(InputError, match=r"broken\.wav cannot be read"):
        run(sound=tmp_path / "broken.wav")
    with pytest.raises(InputError, match=r"gone\.wav cannot be read"):
        run(sound=tmp_path / "gone.wav")


def test_missing_captions_are_named_and_a_wrong_size_is_refused(run, tmp_path) -> None:
    with pytest.raises(InputError, match=r"gone\.ass is missing"):
        run(ass=tmp_path / "gone.ass")
    with pytest.raises(InputError, match="planned for 180x320"):
        run(composition=Composition(width=320, height=180))


def test_a_lost_scene_picture_stops_the_render_cleanly(run, tmp_path) -> None:
    (tmp_path / "scenes" / "1.png").unlink()
    with pytest.raises(OutsideError, match=r"1\.png cannot be read"):
        run()
    _assert_nothing_left(tmp_path)


def test_a_killed_encoder_is_one_sentence_and_leaves_nothing(run, tmp_path) -> None:
    def kill(_: float) -> None:
        for pid in children() - _OTHERS:
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(OutsideError, match=r"scene \d: it was killed by signal 9"):
        run(progress=kill)
    _assert_nothing_left(tmp_path)


def test_an_interrupt_ends_every_process(run, tmp_path) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=interrupt)
    _assert_nothing_left(tmp_path)


def test_an_old_file_survives_a_failed_render(run, tmp_path) -> None:
    (tmp_path / "video.mp4").write_bytes(b"the last good one")
    (tmp_path / "scenes" / "2.png").write_bytes(b"")
    with pytest.raises(OutsideError):
        run()
    assert (tmp_path / "video.mp4").read_bytes() == b"the last good one"


def test_a_full_disk_is_said_as_such(tmp_path) -> None:
    """FFmpeg's own words, from writing to a device that is always full."""
    arguments = ["-y", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=2"]
    with pytest.raises(OutsideError, match="the disk is full; free some space"):
        ffmpeg.run([*arguments, "-f", "rawvideo", "/dev/full"], cwd=tmp_path, task="write")


def test_a_disk_that_fills_up_at_the_end_names_the_file_that_was_asked_for(
    run, tmp_path, monkeypatch
) -> None:
    full = tmp_path / "ffmpeg"
    full.write_text(
        "#!/bin/sh\ncase \"$*\" in *.part*) echo 'No space left on device' >&2; exit 1;; esac\n"
        f'exec "{ffmpeg.executable()}" "$@"\n'
    )
    full.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(full))
    with pytest.raises(OutsideError, match=r"scenes of video\.mp4: the disk is full"):
        run()


def test_a_folder_that_cannot_be_written_is_one_sentence(run, tmp_path) -> None:
    with pytest.raises(OutsideError, match=r"video\.mp4"):
        run(out=tmp_path / "nowhere" / "video.mp4")


def test_a_missing_ffmpeg_names_the_remedy(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "no-ffmpeg"))
    with pytest.raises(OutsideError, match="FFmpeg"):
        ffmpeg.run(["-version"], cwd=tmp_path, task="start")


def test_a_render_stops_promptly_when_it_fails(run, tmp_path) -> None:
    """Workers must not go on encoding for a result nobody will use."""
    before = threading.active_count()
    (tmp_path / "scenes" / "0.png").unlink()
    with pytest.raises(OutsideError):
        run()
    assert threading.active_count() == before


def test_identical_presets_share_one_render() -> None:
    shared = shared_renders()
    assert sorted(shared.values()) == [
        ("youtube_long",),
        ("youtube_short", "instagram_reel", "tiktok"),
    ]
    assert sum(len(names) for names in shared.values()) == len(PRESETS)


@pytest.mark.parametrize("shorter", [100, 270, 333, 541])
def test_smaller_sizes_keep_even_sides(shorter: int) -> None:
    for preset in PRESETS.values():
        assert all(side % 2 == 0 for side in preset.composition.scaled(shorter).size)


def _assert_nothing_left(tmp_path: Path) -> None:
    assert children() == _OTHERS
    assert list((tmp_path / "work").iterdir()) == []
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.part"))
    assert not (tmp_path / "video.mp4").exists()

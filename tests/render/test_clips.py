"""Stock clips as people have them, read back and held against what FFmpeg itself shows."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from igny8_media.errors import InputError
from igny8_media.video import ffmpeg
from igny8_media.video.clips import ClipReader, cover, probe_clip
from igny8_media.video.planes import Frame

WHOLE = (0.0, 0.0, 1.0, 1.0)
# Each picture's brightness tells its place: 20 more with every tenth of a second.
STEPS = "color=black:s=192x108:r=10,geq=lum='20+20*N':cb=128:cr=128"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(
        *options: str,
        picture: str = STEPS,
        seconds: float = 1.0,
        name: str = "clip.mp4",
        before: tuple[str, ...] = (),
    ) -> Path:
        arguments = ["-y", "-loglevel", "error", *before, "-f", "lavfi", "-i", picture]
        arguments += ["-t", str(seconds), *options, name]
        ffmpeg.run(arguments, cwd=tmp_path, task="make a clip")
        return tmp_path / name

    return build


def _brightness(path: Path, *moments: float) -> list[int]:
    frame = Frame(64, 36)
    reader = ClipReader(path)
    found = []
    for seconds in moments:
        reader.paint(seconds, WHOLE, frame)
        found.append(round(float(np.median(frame.y))))
    reader.close()
    return found


def close(levels: list[int]) -> object:
    """Small clips count as BT.601; turning them into BT.709 rounds."""
    return pytest.approx(levels, abs=2)


X264 = ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p")


def test_each_moment_shows_the_picture_that_is_due(make: Make) -> None:
    path = make(*X264)
    assert _brightness(path, 0.0, 0.05, 0.1, 0.95) == close([20, 20, 40, 200])
    assert probe_clip(path).duration == pytest.approx(1.0, abs=0.01)


def test_moments_may_come_in_any_order(make: Make) -> None:
    assert _brightness(make(*X264, "-g", "5"), 0.9, 0.1, 0.6, 0.0) == close([200, 40, 140, 20])


def test_after_the_end_the_last_picture_stays(make: Make) -> None:
    assert _brightness(make(*X264), 0.95, 7.0, 100.0) == close([200, 200, 200])


def test_far_jumps_seek_and_land_on_the_right_picture(make: Make) -> None:
    slow = "color=black:s=192x108:r=10,geq=lum='20+2*N':cb=128:cr=128"
    path = make(*X264, "-g", "10", picture=slow, seconds=10)
    assert _brightness(path, 0.0, 8.0, 2.0) == close([20, 180, 60])


def test_a_variable_frame_rate_keeps_time(make: Make) -> None:
    thinned = STEPS + ",select='not(mod(n\\,3))+eq(n\\,7)'"
    path = make(*X264, "-fps_mode", "vfr", picture=thinned)
    # Pictures 0, 3, 6, 7, 9 are there; in between, the one before stays.
    assert _brightness(path, 0.0, 0.25, 0.3, 0.55, 0.6, 0.75, 0.95) == close(
        [20, 20, 80, 80, 140, 160, 200]
    )


def test_a_clip_that_does_not_begin_at_zero_keeps_time(make: Make) -> None:
    path = make(*X264, "-output_ts_offset", "5", name="late.ts")
    assert _brightness(path, 0.0, 0.1, 0.95) == close([20, 40, 200])


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv444p"), "444.mp4"),
        (("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p10le"), "ten.mp4"),
        (("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv422p"), "422.mp4"),
        (("-c:v", "libvpx-vp9", "-lossless", "1", "-pix_fmt", "yuv420p"), "clip.webm"),
        (("-c:v", "ffv1", "-pix_fmt", "yuv420p"), "clip.mkv"),
        (("-c:v", "mpeg4", "-q:v", "1"), "clip.avi"),
        (("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"), "clip.mov"),
        (
            (
                "-c:v",
                "gif",
            ),
            "clip.gif",
        ),
    ],
)
def test_every_kind_of_picture_comes_out_as_ours(make: Make, options, name: str) -> None:
    shown = _brightness(make(*options, name=name), 0.0, 0.4, 0.9)
    assert shown == pytest.approx([20, 100, 200], abs=3)


def test_full_range_is_brought_into_ours(make: Make) -> None:
    full = "color=black:s=192x108:r=10,format=yuvj420p,geq=lum=255:cb=128:cr=128"
    path = make("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuvj420p", picture=full)
    assert _brightness(path, 0.0) == pytest.approx([235], abs=1)


def test_colours_of_small_untagged_clips_are_those_of_bt601(make: Make, tmp_path: Path) -> None:
    """A red that FFmpeg wrote as BT.601 is the same red in BT.709."""
    red = "color=red:s=192x108:r=10,scale=out_color_matrix=bt601:out_range=tv,format=yuv420p"
    path = make("-c:v", "libx264", "-qp", "0", picture=red)
    frame = Frame(64, 36)
    reader = ClipReader(path)
    reader.paint(0.0, WHOLE, frame)
    reader.close()
    # BT.709, limited range: red is (63, 102, 240) (ITU-R BT.709-6, 3.2 to 3.5).
    means = [float(np.median(plane)) for plane in (frame.y, frame.u, frame.v)]
    assert means == pytest.approx([63, 102, 240], abs=2)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rotation_flag_turns_the_picture_as_players_do(
    make: Make, tmp_path: Path, turn: int
) -> None:
    corner = "color=black:s=192x108:r=10,drawbox=x=0:y=0:w=96:h=54:color=white:t=fill"
    make(*X264, picture=corner, seconds=0.5)
    command = ["-y", "-loglevel", "error", "-display_rotation", str(turn), "-i", "clip.mp4"]
    ffmpeg.run([*command, "-c", "copy", "turned.mp4"], cwd=tmp_path, task="turn a clip")
    # FFmpeg turns pictures upright by itself when it decodes.
    ffmpeg.run(
        ["-y", "-loglevel", "error", "-i", "turned.mp4", "-frames:v", "1", "upright.png"],
        cwd=tmp_path,
        task="show a clip",
    )
    with av.open(str(tmp_path / "upright.png")) as container:
        upright = next(container.decode(video=0)).to_ndarray(format="gray")
    facts = probe_clip(tmp_path / "turned.mp4")
    assert (facts.height, facts.width) == upright.shape
    frame = Frame(facts.width // 2 * 2, facts.height // 2 * 2)
    reader = ClipReader(tmp_path / "turned.mp4")
    reader.paint(0.0, WHOLE, frame)
    reader.close()
    near = slice(10, -10)
    difference = np.abs((frame.y[near, near] > 128) ^ (upright[near, near] > 128))
    assert float(difference.mean()) < 0.03


def test_odd_sides_are_filled_to_the_edge(make: Make) -> None:
    path = make(
        "-c:v", "ffv1", "-pix_fmt", "yuv420p", picture="color=white:s=191x107:r=10", name="o.mkv"
    )
    assert (probe_clip(path).width, probe_clip(path).height) == (191, 107)
    frame = Frame(200, 120)
    reader = ClipReader(path)
    reader.paint(0.0, cover(reader.facts, (200, 120)), frame)
    reader.close()
    assert frame.y.min() >= 230


def test_interlaced_clips_show_no_combs(make: Make) -> None:
    """Lines that jump from one field to the next are no picture: half of them has to give way."""
    bar = "if(between(X\\,4*N\\,4*N+40)\\,220\\,20)"
    moving = f"color=black:s=192x108:r=50,geq=lum='{bar}':cb=128:cr=128"
    path = make(
        *("-vf", "interlace=scan=tff:lowpass=0", "-c:v", "libx264", "-qp", "0"),
        *("-flags", "+ilme+ildct", "-x264-params", "tff=1", "-pix_fmt", "yuv420p"),
        picture=moving,
    )
    with av.open(str(path)) as container:
        raw = next(container.decode(video=0))
        assert raw.interlaced_frame
    frame = Frame(192, 108)
    reader = ClipReader(path)
    reader.paint(0.2, WHOLE, frame)
    reader.close()
    rows = frame.y.astype(int)
    assert float(np.abs(rows[1:] - rows[:-1]).mean()) < 2


def test_the_middle_in_the_frames_shape_is_shown() -> None:
    class Facts:
        duration, width, height = 1.0, 1920, 1080

    left, top, width, height = cover(Facts, (1080, 1920))  # type: ignore[arg-type]
    assert (top, height) == (0.0, 1.0)
    assert width * 1920 / (height * 1080) == pytest.approx(1080 / 1920)
    assert left == pytest.approx((1 - width) / 2)


def test_sound_alone_has_nothing_to_show(tmp_path: Path) -> None:
    command = ["-y", "-loglevel", "error", "-f", "lavfi", "-i", "sine", "-t", "0.3", "a.m4a"]
    ffmpeg.run(command, cwd=tmp_path, task="make a sound")
    with pytest.raises(InputError, match=r"a\.m4a has no pictures"):
        probe_clip(tmp_path / "a.m4a")


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nclip.mp4\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\0" * 4000, PLAYLIST, b"ffconcat version 1.0\nfile clip.mp4\n"]
)
@pytest.mark.parametrize("name", ["no.mp4", "no.m3u8"])
def test_what_is_no_clip_is_refused(make: Make, tmp_path: Path, content: bytes, name: str) -> None:
    make(*X264, seconds=0.2)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="use another one"):
        probe_clip(tmp_path / name)


def test_a_missing_clip_and_a_tiny_one_are_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        probe_clip(tmp_path / "gone.mp4")
    with pytest.raises(InputError, match="only 32x18 pixels"):
        probe_clip(make(*X264, picture="color=red:s=32x18:r=10"))


def test_a_clip_that_breaks_off_lasts_as_long_as_it_can_be_shown(
    make: Make, tmp_path: Path
) -> None:
    noisy = "nullsrc=s=192x108:r=10,geq=random(1)*200:128:128"
    data = make(*X264, "-g", "5", "-movflags", "+faststart", picture=noisy, seconds=4).read_bytes()
    (tmp_path / "half.mp4").write_bytes(data[: len(data) // 2])
    facts = probe_clip(tmp_path / "half.mp4")
    assert facts.duration == pytest.approx(2, abs=0.5)
    assert len(_brightness(tmp_path / "half.mp4", 0.0, 1.5, 3.5)) == 3
    (tmp_path / "head.mp4").write_bytes(data[:2000])
    with pytest.raises(InputError, match=r"head\.mp4"):
        probe_clip(tmp_path / "head.mp4")

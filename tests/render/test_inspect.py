"""Files with one fault each, made by FFmpeg, must be found out for that fault."""

from pathlib import Path

import pytest

from igny8_media.errors import InputError
from igny8_media.video import ffmpeg
from igny8_media.video.inspect import Expectation, inspect

PICTURE = "testsrc2=size=180x320:rate=30"
SOUND = "sine=frequency=440:sample_rate=48000,volume=12dB,apulsator=hz=3"
TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
# fmt: off
GOOD = {
    "-c:v": "libx264", "-preset": "ultrafast", "-profile:v": "high", "-pix_fmt": "yuv420p",
    "-g": "60", "-x264-params": "8x8dct=1:cabac=1", "-c:a": "aac", "-ac": "2", "-ar": "48000",
    "-movflags": "+faststart+negative_cts_offsets", "-use_editlist": "0",
}
# fmt: on


@pytest.fixture
def make(tmp_path: Path):
    def build(
        picture: str = PICTURE,
        sound: str | None = SOUND,
        seconds: float = 3.0,
        tags: bool = True,
        **changes: str,
    ) -> Path:
        options = {**GOOD, **{f"-{name.replace('_colon_', ':')}": v for name, v in changes.items()}}
        tagged = f"{picture},format=yuv420p,{TAGS}" if tags else picture
        arguments = ["-y", "-loglevel", "error", "-f", "lavfi", "-i", tagged]
        if sound:
            arguments += ["-f", "lavfi", "-i", sound]
        arguments += ["-t", str(seconds)]
        arguments += [part for pair in options.items() if pair[1] for part in pair]
        ffmpeg.run([*arguments, "made.mp4"], cwd=tmp_path, task="make a test video")
        return tmp_path / "made.mp4"

    return build


def _problems(path: Path, **expected: object) -> str:
    wanted = Expectation.model_validate({"duration": 3.0, "size": (180, 320), **expected})
    return " ".join(inspect(path, expected=wanted).problems)


def test_a_good_file_has_no_problems(make) -> None:
    found = inspect(make(), expected=Expectation(duration=3.0, size=(180, 320)))
    assert found.problems == ()
    assert found.ok
    assert found.streams.profile == "High"
    assert found.duration == pytest.approx(3.0, abs=0.001)
    assert found.loudness == pytest.approx(-14, abs=1)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"picture": "testsrc2=s=180x320:r=25"}, "25 frames a second, not 30"),
        ({"picture": "testsrc2=s=320x180:r=30"}, "320x180, not 180x320"),
        ({"sound": None}, "There is no sound"),
        ({"sound": SOUND + ",volume=-8dB"}, "Loudness is -2"),
        ({"sound": "sine=frequency=440:sample_rate=48000,volume=22dB"}, "True peak"),
        ({"profile_colon_v": "baseline", "x264-params": ""}, "Constrained Baseline"),
        ({"pix_fmt": "yuv444p", "profile_colon_v": "high444"}, "yuv444p"),
        ({"tags": False}, "Colours are tagged"),
        ({"movflags": "+negative_cts_offsets"}, "index comes after the media"),
        ({"use_editlist": "1"}, "edit list"),
        ({"g": "90"}, "Keyframes are up to"),
        ({"ar": "44100"}, "44100 Hz"),
        ({"ac": "1"}, "1 channels"),
        ({"c_colon_a": "libmp3lame"}, "not AAC"),
        ({"seconds": 3.4}, "the voice 3.00 s"),
    ],
)
def test_each_fault_is_found(make, how: dict[str, object], says: str) -> None:
    assert says in _problems(make(**how))


def test_uneven_frames_are_found(make) -> None:
    jumpy = PICTURE + ",select='mod(n\\,4)'"
    assert "not evenly spaced" in _problems(make(jumpy, fps_mode="vfr"))


def test_black_frozen_and_silent_stretches_are_measured(make) -> None:
    picture = (
        "testsrc2=s=180x320:r=30,eq=brightness=-1:enable='between(t,1,2)',"
        "loop=loop=190:size=1:start=75"
    )
    sound = SOUND + ",volume=0:enable='between(t,2,5)'"
    found = inspect(make(picture, sound, seconds=10), expected=Expectation(duration=10))
    (black,) = found.black
    assert (black.start, black.end) == (pytest.approx(1, abs=0.1), pytest.approx(2, abs=0.1))
    (frozen,) = found.frozen
    assert (frozen.start, frozen.end) == (
        pytest.approx(2.5, abs=0.3),
        pytest.approx(8.83, abs=0.1),
    )
    (silent,) = found.silent
    assert (silent.start, silent.end) == (pytest.approx(2, abs=0.1), pytest.approx(5, abs=0.1))
    text = " ".join(found.problems)
    assert "black from 1.0 s" in text
    assert "Picture stands still from 2." in text
    assert "silent from 2.0 s" in text


def test_a_freeze_that_lasts_to_the_end_is_found(make) -> None:
    found = inspect(make("color=c=red:s=180x320:r=30", seconds=6))
    assert [round(s.end) for s in found.frozen] == [6]


def test_a_damaged_file_is_found_out(make, tmp_path) -> None:
    path = make()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    (tmp_path / "damaged.mp4").write_bytes(data)
    assert "damaged" in _problems(tmp_path / "damaged.mp4")


def test_a_size_limit_is_kept(make) -> None:
    assert "more than the 1,000 allowed" in _problems(make(), max_bytes=1000)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 5000])
def test_what_is_no_video_is_refused_in_one_sentence(tmp_path, content: bytes) -> None:
    (tmp_path / "no.mp4").write_bytes(content)
    with pytest.raises(InputError, match=r"no\.mp4 is not a video"):
        inspect(tmp_path / "no.mp4")


def test_a_missing_file_and_a_sound_file_are_refused(tmp_path, voice) -> None:
    with pytest.raises(InputError, match="There is no video file"):
        inspect(tmp_path / "gone.mp4")
    with pytest.raises(InputError, match="has no picture"):
        inspect(voice(0.5))

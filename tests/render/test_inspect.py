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
    wanted = Expectation.model_validate(
        {"duration": 3.0, "size": (180, 320), "fps": 30, **expected}
    )
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
        ({"c_colon_v": "mpeg4", "profile_colon_v": "", "x264-params": ""}, "mpeg4"),
        ({"pix_fmt": "yuv444p", "profile_colon_v": "high444"}, "yuv444p"),
        ({"tags": False}, "Colours are not tagged"),
        ({"colorspace": "bt470bg"}, "Colours are tagged"),
        ({"picture": "testsrc2=s=180x320:r=15"}, "15 frames a second, not 30"),
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


# A playlist names files and addresses; opening one would open them.
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n/etc/hostname\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize("name", ["no.mp4", "no.m3u8"])
@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"\0" * 5000, PLAYLIST, b"ffconcat version 1.0\nfile made.mp4\n"],
)
def test_what_is_no_video_is_refused_in_one_sentence(make, tmp_path, content, name) -> None:
    make(seconds=0.2)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"no\.{name[3:]} is not a video") as refused:
        inspect(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_a_still_picture_and_a_folder_are_no_videos(tmp_path, photograph) -> None:
    photograph(64, 64).save(tmp_path / "still.jpg")
    with pytest.raises(InputError, match="file of another kind"):
        inspect(tmp_path / "still.jpg")
    with pytest.raises(InputError, match="is a folder"):
        inspect(tmp_path)


def test_the_cover_of_a_piece_of_music_is_no_video(tmp_path, voice, photograph) -> None:
    photograph(64, 64).save(tmp_path / "cover.png")
    arguments = ["-y", "-loglevel", "error", "-i", str(voice(0.5)), "-i", "cover.png", "-map", "0"]
    arguments += ["-map", "1", "-disposition:v", "attached_pic", "song.mp3"]
    ffmpeg.run(arguments, cwd=tmp_path, task="make music with a cover")
    with pytest.raises(InputError, match="has no moving picture"):
        inspect(tmp_path / "song.mp3")


def _converted(source: Path, name: str, *arguments: str, before: tuple[str, ...] = ()) -> Path:
    command = ["-y", "-loglevel", "error", *before, "-i", str(source), *arguments, name]
    ffmpeg.run(command, cwd=source.parent, task="convert a test video")
    return source.with_name(name)


def test_every_container_is_measured_and_held_against_what_platforms_take(make) -> None:
    source = make()
    webm = inspect(_converted(source, "a.webm", "-c:v", "libvpx", "-b:v", "200k", "-an"))
    assert "vp8 yuv420p, not H.264 or H.265" in " ".join(webm.problems)
    assert "container is matroska" in " ".join(webm.problems)
    assert "There is no sound" in " ".join(webm.problems)
    assert (webm.faststart, webm.duration) == (None, pytest.approx(3, abs=0.05))
    tail = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
    assert inspect(_converted(source, "a.mov", "-c", "copy", *tail)).problems == ()
    turned = _converted(source, "t.mp4", "-c", "copy", *tail, before=("-display_rotation", "90"))
    assert "turn it by 90" in " ".join(inspect(turned).problems)


def test_h265_is_good_under_the_name_that_apple_opens(make) -> None:
    coded = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=60")
    rest = ("-c:a", "copy", "-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
    source = make(seconds=1)
    good = inspect(_converted(source, "good.mp4", *coded, "-tag:v", "hvc1", *rest))
    assert good.problems == ()
    assert good.streams.video_codec == "hevc"
    other = inspect(_converted(source, "other.mp4", *coded, "-tag:v", "hev1", *rest))
    assert ["hvc1" in problem for problem in other.problems] == [True]


def test_interlaced_pictures_are_found(make) -> None:
    path = make(flags="+ilme+ildct", **{"x264-params": "tff=1", "field_order": "tt"})
    assert "interlaced" in _problems(path)


def test_a_file_that_breaks_off_is_measured_as_far_as_it_goes(make, tmp_path) -> None:
    data = make().read_bytes()
    (tmp_path / "half.mp4").write_bytes(data[: len(data) // 2])
    text = _problems(tmp_path / "half.mp4")
    assert "damaged" in text
    assert "breaks off after" in text
    (tmp_path / "head.mp4").write_bytes(data[:400])
    with pytest.raises(InputError, match=r"head\.mp4"):
        inspect(tmp_path / "head.mp4")


def test_how_long_a_place_takes_is_kept(make) -> None:
    assert "lasts 3.0 s, not 30 to 60 s" in _problems(make(), lasts=(30, 60))
    assert _problems(make(), lasts=(2, 60)) == ""


def test_a_missing_file_and_a_sound_file_are_refused(tmp_path, voice) -> None:
    with pytest.raises(InputError, match="There is no video file"):
        inspect(tmp_path / "gone.mp4")
    with pytest.raises(InputError, match="has no moving picture"):
        inspect(voice(0.5))

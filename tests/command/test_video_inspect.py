"""`video inspect` as a person meets it, with captions that keep time and captions that do not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.speech import Voice, Word
from igny8_media.cli import main
from igny8_media.command.video_captions import read_captions
from igny8_media.errors import InputError
from igny8_media.video import ffmpeg

SAID = (
    "most of the teams in the office waste half of their week and nobody knows why "
    "the water was cold but the children stayed in it for hours"
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Word, ...]]:
    """A moving picture with English speech at full loudness, and when each word is said."""
    folder = tmp_path_factory.mktemp("film")
    with Espeak() as espeak:
        voice = Voice(name="en-us", language="en")
        said = espeak.speak(SAID, voice, folder / "voice.wav")
    # fmt: off
    arguments = [
        "-y", "-loglevel", "error", "-i", "voice.wav", "-f", "lavfi",
        "-i", "testsrc2=s=108x192:r=30,format=yuv420p,setparams=range=tv:color_primaries=bt709:"
        "color_trc=bt709:colorspace=bt709", "-map", "1:v", "-map", "0:a",
        "-af", "loudnorm=I=-14:TP=-2,pan=stereo|c0=c0|c1=c0", "-ar", "48000",
        "-t", f"{said.duration:.3f}", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60",
        "-c:a", "aac", "-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0",
        "film.mp4",
    ]
    # fmt: on
    ffmpeg.run(arguments, cwd=folder, task="make a film")
    return folder / "film.mp4", said.words


def _srt(words: tuple[Word, ...], late: float = 0.0) -> str:
    def clock(seconds: float) -> str:
        return f"00:00:{seconds:06.3f}".replace(".", ",")

    groups = [words[at : at + 4] for at in range(0, len(words), 4)]
    return "\n".join(
        f"{number}\n{clock(group[0].start + late)} --> {clock(group[-1].end + late)}\n"
        f"{' '.join(word.text for word in group)}\n"
        for number, group in enumerate(groups, start=1)
    )


def call(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["video", "inspect", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_captions_in_time_are_measured_as_such(film, tmp_path: Path) -> None:
    path, words = film
    (tmp_path / "in-time.srt").write_text(_srt(words), "utf-8")
    status, out, err = call(path, "--captions", tmp_path / "in-time.srt", "--json")
    found = json.loads(out)
    assert found["captions"]["method"] == "pocketsphinx"
    assert found["captions"]["median"] <= 0.06
    assert found["captions"]["most"] <= 0.15
    assert [p for p in found["problems"] if "aption" in p] == []
    assert (status, found["ok"]) == ((1, False) if found["problems"] else (0, True)), err


def test_captions_that_come_late_are_found_out_and_by_how_much(film, tmp_path: Path) -> None:
    path, words = film
    (tmp_path / "late.srt").write_text(_srt(words, late=0.5), "utf-8")
    status, out, _ = call(path, "--captions", tmp_path / "late.srt", "--json")
    found = json.loads(out)
    assert status == 1
    assert found["captions"]["bias"] == pytest.approx(0.5, abs=0.06)
    assert "Captions keep bad time" in " ".join(found["problems"])


def test_captions_are_held_against_the_script(film, tmp_path: Path) -> None:
    path, words = film
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"language": "en", "sections": [SAID]}), "utf-8")
    captions = tmp_path / "c.srt"
    captions.write_text(_srt(words), "utf-8")
    _, out, _ = call(path, "--script", script, "--captions", captions)
    assert "does not say" not in out
    assert "against pocketsphinx" in out
    captions.write_text(_srt(words).replace("office", "kitchen"), "utf-8")
    status, out, _ = call(path, "--script", script, "--captions", captions)
    assert status == 1
    assert "Caption 2 shows" in out.replace("\n", " ")
    captions.write_text(_srt(words[:8]), "utf-8")
    assert "end before the script does" in call(path, "--script", script, "--captions", captions)[1]


def test_the_captions_beside_the_video_are_taken(film, tmp_path: Path) -> None:
    path, words = film
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"language": "de", "sections": [SAID]}), "utf-8")
    assert "none beside the video" in call(path, "--script", script)[1]
    path.with_suffix(".srt").write_text(_srt(words), "utf-8")
    try:
        told = " ".join(call(path, "--script", script)[1].split())
        assert "there is no aligner for the language 'de' here" in told
    finally:
        path.with_suffix(".srt").unlink()


def test_what_the_place_takes_is_told(film) -> None:
    status, out, _ = call(film[0], "--preset", "instagram_reel")
    assert status == 1
    assert "not 1080x1920" in out
    assert "not 30 to 90 s" in out
    assert "% of the 300 MB" in out


@pytest.mark.parametrize("content", [None, b"", b"hello", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_inspected_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.mp4").write_bytes(content)
    status, out, err = call(tmp_path / "a.mp4")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "a.mp4" in err


ASS = r"""[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:01.50,C,,0,0,0,,{\1c&H00}One{\1c&HFF} two,
Dialogue: 0,0:00:01.50,0:00:02.00,C,,0,0,0,,One {\1c&H00}two,
Dialogue: 0,0:00:01.00,0:00:01.50,C,,0,0,0,,three \{4\}
Dialogue: 0,0:00:01.50,0:00:02.00,C,,0,0,0,,three{\1c&H00} \{4\}
Dialogue: 0,0:00:01.00,0:00:02.00,C,,0,0,0,,{\an7\p1}m 0 0 l 9 9{\p0}
Dialogue: 0,0:01:02.00,0:01:03.00,C,,0,0,0,,Q&A <5
Comment: 0,0:01:02.00,0:01:03.00,C,,0,0,0,,no caption
"""
VTT = """WEBVTT

NOTE 00:00 is no cue

first
00:01.000 --> 00:02.000 align:start
<c.loud>One</c> two,
three {4}

NOTE about the next one

last
01:02.000 --> 01:03.000
Q&amp;A &lt;5
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>One</i> two,\r\nthree {4}\r\n\r\n"
    "2\r\n00:01:02,000 --> 00:01:03,000\r\nQ&A <5\r\n"
)


@pytest.mark.parametrize(("suffix", "text"), [("ass", ASS), ("vtt", VTT), ("srt", "\ufeff" + SRT)])
def test_the_three_kinds_of_caption_files_are_read_alike(tmp_path, suffix: str, text: str) -> None:
    path = tmp_path / f"c.{suffix}"
    path.write_bytes(text.encode("utf-8"))
    cues = [(cue.start, cue.end, cue.text) for cue in read_captions(path)]
    assert cues == [(1.0, 2.0, "One two, three {4}"), (62.0, 63.0, "Q&A <5")]


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe1\x00", b"WEBVTT\n\nno times\n"])
def test_a_file_without_captions_is_refused(film, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.srt").write_bytes(content)
    with pytest.raises(InputError):
        read_captions(tmp_path / "c.srt")
    status, _, err = call(film[0], "--captions", tmp_path / "c.srt")
    assert status == 2
    assert "c.srt" in err
    assert call(film[0], "--captions", tmp_path / "gone.srt")[0] == 2
    assert call(film[0], "--captions", tmp_path / "c.txt")[0] == 2


def test_captions_that_overlap_or_go_on_after_the_end_are_told(film, tmp_path: Path) -> None:
    (tmp_path / "c.srt").write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nmost of\n\n2\n00:00:02,000 --> 00:00:59,000\nthe teams\n"
    )
    out = call(film[0], "--captions", tmp_path / "c.srt")[1].replace("\n", " ")
    assert "Caption 2 starts before the one before it ends" in out
    assert "The captions go on to 59.0 s" in out

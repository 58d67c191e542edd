"""`video render` as a person meets it: German scripts, which espeak-ng speaks in no time."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from igny8_media.cli import main
from igny8_media.cli.video import _PRESETS, _QUALITIES
from igny8_media.video.presets import PRESETS, Quality

SECTIONS: list[dict[str, Any]] = [
    {"narration": "Brot braucht Zeit.", "text_overlay": "Brot braucht Zeit"},
    {"narration": "Mehl, Wasser und Salz.", "items": ["Mehl", "Wasser", "Salz"]},
    {"narration": "Morgen wird gebacken.", "image": "bilder/brot.jpg"},
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all tests: what was spoken and drawn once is there for the next."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def call(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IGNY8_HOME", str(home))

    def run(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["video", "render", *arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


def write(sections: list[Any], name: str = "brot.json", **more: Any) -> str:
    Path(name).write_text(json.dumps({"language": "de", "sections": sections, **more}), "utf-8")
    return name


def picture(name: str = "bilder/brot.jpg", seed: int = 0) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    coarse = np.random.default_rng(seed).integers(20, 235, (9, 9, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((640, 800), Image.Resampling.BICUBIC).save(name)


def test_the_choices_are_those_of_the_presets() -> None:
    assert set(_PRESETS) == set(PRESETS)
    assert set(_QUALITIES) == set(Quality)


def test_a_script_becomes_a_video_and_an_edit_redoes_one_section(call) -> None:
    picture()
    arguments = ("--preview", "--json", "--out", "film/brot.mp4", "--captions", "film/brot.srt")
    status, out, err = call(write(SECTIONS), *arguments, "--captions", "film/brot.vtt")
    assert status == 0, err
    made = json.loads(out)
    with av.open("film/brot.mp4") as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == (540, 960)
        assert sum(1 for _ in container.decode(video)) == made["frames"]
    assert made["duration"] == pytest.approx(made["frames"] / 30, abs=0.01)
    assert made["engine"] == "espeak-ng"
    assert made["music"]["licence"] == "MIT"
    assert made["measured"]["problems"] == []
    assert [s["section_id"] for s in made["sections"]] == ["s1", "s2", "s3"]
    assert "Brot braucht Zeit." in Path("film/brot.srt").read_text("utf-8")
    assert Path("film/brot.vtt").read_text("utf-8").startswith("WEBVTT")
    assert any("should have at least 30 s" in note for note in made["notes"])
    assert "100 % rendered" in err
    assert sorted(p.name for p in Path("film").iterdir()) == ["brot.mp4", "brot.srt", "brot.vtt"]

    edited = [*SECTIONS[:2], {**SECTIONS[2], "narration": "Heute wird gebacken."}]
    status, out, _ = call(write(edited), *arguments)
    again = json.loads(out)
    assert status == 0
    assert again["frames_reused"] >= 0.4 * made["frames"]
    assert again["sections"][:2] == made["sections"][:2]


BAD = {
    "gone.jpg": None,
    "empty.jpg": b"",
    "text.png": b"hello",
    "damaged.jpg": b"\xff\xd8\xff\xe0" + bytes(500),
    "no-sound-no-picture.mp4": b"hello",
    "https://127.0.0.1/secret.jpg": None,
}


def test_no_bad_picture_stops_a_render(call) -> None:
    for name, content in BAD.items():
        if content is not None:
            Path(name).write_bytes(content)
    Image.new("RGB", (1, 1)).save("dot.png")
    Image.new("CMYK", (300, 400), (10, 200, 30, 0)).save("cmyk.jpg")
    Image.new("RGB", (20_000, 60), "teal").save("wide.png")
    frames = [Image.new("RGB", (120, 160), colour) for colour in ("red", "blue")]
    frames[0].save("moving.gif", save_all=True, append_images=frames[1:], duration=100)
    Image.fromarray(np.full((300, 200), 30_000, np.uint16)).save("deep.png")
    bad = [*BAD, "dot.png", "wide.png"]
    names = [*bad, "cmyk.jpg", "moving.gif", "deep.png"]
    sections = [{"narration": "Ein Bild.", "image": name} for name in names]
    status, out, err = call(write(sections), "--preview", "--json", "--music", "none")
    assert status == 0, err
    made = json.loads(out)
    told = [note for note in made["notes"] if "Section s" in note]
    assert len(told) == len(bad), "\n".join(told)
    for number in range(1, len(bad) + 1):
        assert any(f"Section s{number} " in note for note in told)
    assert made["measured"]["problems"] == []


def _nothing_was_made() -> bool:
    return not [p for p in Path().rglob("*") if p.suffix in (".mp4", ".part", ".srt")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("gone.json",), "There is no script at gone.json"),
        ((".",), "is a folder"),
        (("brot.json", "--out", "film.avi"), "must end in .mp4"),
        (("brot.json", "--out", "folder.mp4"), "is a folder"),
        (("brot.json", "--out", "brot.json/film.mp4"), "Cannot write to the output folder"),
        (("brot.json", "--captions", "film.txt"), "must end in .srt, .vtt or .ass"),
        (("brot.json", "--preview", "--quality", "high"), "--preview is a quality of its own"),
        (("brot.json", "--music", "loud.mp3"), "There is no music at loud.mp3"),
        (("wrong.json",), "section 1 has an unknown field 'naration'"),
        (("japanese.json",), "No voice here reads Japanese"),
    ],
)
def test_what_cannot_be_made_is_told_before_any_work(call, arguments, says: str) -> None:
    Path("folder.mp4").mkdir()
    write(SECTIONS)
    write([{"naration": "Ein Satz."}], "wrong.json")
    write(["おはよう。"], "japanese.json", language="ja")
    status, out, err = call(*arguments)
    assert status == 2
    assert says in err
    assert err.splitlines()[-1].startswith("igny8-media: ")
    assert "Traceback" not in err
    assert out == ""
    Path("folder.mp4").rmdir()
    assert _nothing_was_made()


def test_a_script_far_too_long_is_refused_unspoken(call) -> None:
    status, _, err = call(write(["Das ist ein Satz mit sieben Wörtern. " * 280]))
    assert status == 2
    assert "speaking" not in err
    assert "youtube_short allows 60 s: cut about 18" in err
    assert "of its 1960 words" in err
    assert len(err.splitlines()) == 1


def test_letters_without_a_font_are_told_before_any_work(call, monkeypatch) -> None:
    from igny8_media.imaging import fonts

    monkeypatch.setattr(fonts, "system_fonts", tuple)
    fonts._first_covering.cache_clear()
    try:
        status, _, err = call(write(["你泡的绿茶总是很苦吗？"], language="zh"))
    finally:
        fonts._first_covering.cache_clear()
    assert status == 2
    assert "fonts-noto-cjk" in err
    assert "speaking" not in err
    assert _nothing_was_made()


@pytest.fixture
def short_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place for videos of 5 to 8 seconds, to save minutes of speech."""
    small = PRESETS["youtube_short"].model_copy(update={"min_duration": 5, "max_duration": 8})
    monkeypatch.setitem(PRESETS, "youtube_short", small)


PLAIN = "Satz {} sagt etwas, das nicht jeder weiß."


def test_a_script_too_long_is_measured_and_told_what_to_cut(call, short_preset: None) -> None:
    sections = [PLAIN.format(n) for n in range(4)]
    status, _, err = call(write(sections), "--out", "film.mp4")
    assert status == 2
    assert "rendering" not in err
    assert "or use --preset instagram_reel (up to 90 s) or --preset tiktok" in err
    cut = int(err.split("cut about ")[1].split(" ")[0])
    assert _nothing_was_made()
    # What it says is enough, and not far more than enough.
    words = " ".join(sections).split()
    kept = " ".join(words[: len(words) - cut])
    status, out, err = call(write([f"{kept}."]), "--preview", "--json", "--music", "none")
    assert status == 0, err
    assert 4 < json.loads(out)["duration"] <= 8


def test_the_tempo_gives_a_little_for_a_script_that_nearly_fits(call, short_preset: None) -> None:
    words = " ".join(PLAIN.format(n) for n in range(4)).split()
    for count in range(len(words), 8, -1):
        script = write([f"{' '.join(words[:count])}."])
        status, out, err = call(script, "--preview", "--json", "--music", "none")
        if status == 0:
            break
        assert "cut about" in err
    made = json.loads(out)
    assert 7.5 < made["duration"] <= 8
    assert any("faster than usual" in note for note in made["notes"])


@pytest.fixture
def broken_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An FFmpeg that does what the file `ill` says when it is to encode frames."""
    real = imageio_ffmpeg.get_ffmpeg_exe()
    ill, script = tmp_path / "ill", tmp_path / "ffmpeg"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *rawvideo*) [ -f "{ill}" ] && . "{ill}";; esac\n'
        f'exec "{real}" "$@"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))
    yield ill
    ill.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("illness", "says"),
    [
        ("kill -9 $$", "was killed by signal 9; run it again"),
        ("echo 'write: No space left on device' >&2; exit 1", "the disk is full; free some space"),
    ],
)
def test_an_encoder_that_fails_is_told_and_the_next_run_works(
    call, broken_ffmpeg: Path, illness: str, says: str
) -> None:
    script = write([f"In diesem Satz stehen nur {len(illness)} ganz gewöhnliche Worte."])
    broken_ffmpeg.write_text(illness)
    status, _, err = call(script, "--preview", "--out", "film.mp4")
    assert status == 1, err
    assert says in err
    assert len([line for line in err.splitlines() if line.startswith("igny8-media:")]) == 1
    assert "Traceback" not in err
    assert _nothing_was_made()
    broken_ffmpeg.unlink()
    status, _, err = call(script, "--preview", "--out", "film.mp4")
    assert status == 0, err


@pytest.fixture
def interrupts() -> Iterator[None]:
    """What a shell started in the background ignores SIGINT, and so would whoever we start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_a_stopped_render_leaves_nothing_behind(call, home: Path) -> None:
    # Pictures in motion keep the encoder busy for longer than it takes to stop it.
    picture("a.jpg")
    for how in (signal.SIGINT, signal.SIGTERM):
        sections = [{"narration": PLAIN.format(n + how), "image": "a.jpg"} for n in range(2)]
        arguments = (write(sections), "--quality", "high", "--music", "none", "--out", "film.mp4")
        process = subprocess.Popen(
            [sys.executable, "-m", "igny8_media", "video", "render", *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "IGNY8_HOME": str(home)},
        )
        with process:
            assert process.stderr is not None
            next(line for line in process.stderr if "rendering" in line)
            time.sleep(0.25)  # until encoders run
            process.send_signal(how)
            err = process.stderr.read()
        assert process.returncode == 130
        assert "what was finished is kept" in err
        assert "Traceback" not in err
        assert _nothing_was_made()
        assert not list((home / "media" / "scratch").iterdir())
        children = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        assert str(home) not in children.stdout

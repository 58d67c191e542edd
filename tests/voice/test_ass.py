"""Burned-in captions, judged by the pixels that libass draws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from voice_scripts import narration_of

from igny8_media.captions.ass import escaped, write_ass
from igny8_media.captions.cues import captions
from igny8_media.captions.frames import clock_of, frame_of
from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.video.ffmpeg import run
from igny8_media.video.model import VideoForm

SIZES = {VideoForm.SHORT: (540, 960), VideoForm.LONG: (960, 540)}
THEME = Theme()
_LONG_WORD = "Rechtsschutzversicherungsgesellschaftskapitänsmützen"

Pixels = NDArray[np.int16]


def rendered(
    text: str, form: VideoForm, folder: Path, *, language: str = "en", at: float = 0.2
) -> Pixels:
    """The frame at `at` seconds, on plain green, as libass draws it."""
    size = SIZES[form]
    write_ass(
        captions(narration_of(text, language), form),
        folder / "c.ass",
        form=form,
        size=size,
        theme=THEME,
        language=language,
        fonts_dir=folder / "fonts",
    )
    background = f"color=0x00ff00:s={size[0]}x{size[1]}:r=20:d=30"
    run(
        [
            *("-y", "-f", "lavfi", "-ss", f"{at}", "-copyts", "-i", background),
            *("-vf", "ass=filename=c.ass:fontsdir=fonts", "-frames:v", "1", "-update", "1"),
            "f.png",
        ],
        cwd=folder,
        task="draw captions",
    )
    with Image.open(folder / "f.png") as image:
        return np.asarray(image.convert("RGB")).astype(np.int16)


def near(frame: Pixels, colour: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels that have about this colour."""
    wanted = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)])
    found = np.abs(frame - wanted).max(axis=2) < 40
    rows, columns = np.nonzero(found)
    return rows, columns


def drawn(frame: Pixels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows, columns = np.nonzero(np.abs(frame - np.array([0, 255, 0])).max(axis=2) > 60)
    return rows, columns


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Every switch costs twenty-three minutes of focus.", "en"),
        (f"{_LONG_WORD} sind {_LONG_WORD}.", "de"),
        ("يبدأ كل فريق بكتابة خمس أفكار ثم ينشرها على LinkedIn.", "ar"),
    ],
)
def test_short_form_stays_clear_of_the_players_buttons(
    text: str, language: str, tmp_path: Path
) -> None:
    rows, columns = drawn(rendered(text, VideoForm.SHORT, tmp_path, language=language))
    width, height = SIZES[VideoForm.SHORT]
    assert rows.size > 500
    assert rows.min() > height * 0.55
    assert rows.max() < height * 0.75
    assert columns.min() > width * 0.06
    assert columns.max() < width - 120 / 1080 * width + 6
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < width * 0.03


def test_long_form_stands_in_two_lines_at_the_bottom(tmp_path: Path) -> None:
    text = "People switch tools thirteen times an hour, and every switch costs some focus."
    rows, columns = drawn(rendered(text, VideoForm.LONG, tmp_path))
    width, height = SIZES[VideoForm.LONG]
    assert rows.min() > height * 0.77
    assert rows.max() < height * 0.95
    assert columns.min() > width * 0.05
    assert columns.max() < width * 0.95


def test_the_word_being_said_is_lit(tmp_path: Path) -> None:
    places = []
    for at in (0.2, 0.5, 0.8):
        frame = rendered("Every switch costs", VideoForm.SHORT, tmp_path, at=at)
        _, lit = near(frame, THEME.accent)
        _, plain = near(frame, THEME.text)
        assert lit.size > 100
        assert plain.size > lit.size
        places.append(lit.mean())
    assert places == sorted(places)


def test_right_to_left_words_are_lit_from_the_right(tmp_path: Path) -> None:
    places = []
    for at in (0.2, 0.5, 0.8):
        frame = rendered("يبدأ كل فريق", VideoForm.SHORT, tmp_path, language="ar", at=at)
        _, lit = near(frame, THEME.accent)
        assert lit.size > 50
        places.append(lit.mean())
    assert places == sorted(places, reverse=True)


def test_commands_in_the_text_are_only_text(tmp_path: Path) -> None:
    def span(text: str) -> int:
        _, columns = drawn(rendered(text, VideoForm.LONG, tmp_path))
        return int(np.ptp(columns))

    # Were it a command, nothing of it would be drawn.
    assert span(r"a {\b1} b") > span("a b") + 20
    rows, _ = drawn(rendered(r"C:\News \Nothing", VideoForm.LONG, tmp_path))
    single, _ = drawn(rendered(r"C:xNews xNothing", VideoForm.LONG, tmp_path))
    assert abs(int(np.ptp(rows)) - int(np.ptp(single))) < 6  # `\N` did not break the line


def test_escapes() -> None:
    assert escaped("  two\nlines ") == "two lines"
    assert escaped("{x}") == r"\{x\}"
    assert "\\N" not in escaped("a\\Nb")


def test_letters_that_no_font_has_are_refused(tmp_path: Path) -> None:
    cues = captions(narration_of("\U00012000\U00012001 cuneiform"), VideoForm.SHORT)
    with pytest.raises(InputError, match="font"):
        write_ass(
            cues,
            tmp_path / "c.ass",
            form=VideoForm.SHORT,
            size=(540, 960),
            theme=THEME,
            language="en",
            fonts_dir=tmp_path,
        )
    assert not (tmp_path / "c.ass").exists()


BUSY_SIZE = (540, 960)


def _busy_white(folder: Path) -> Path:
    """Snow with twigs: mostly white, with hard dark lines everywhere."""
    rng = np.random.default_rng(4)
    pixels = rng.normal(245, 8, (BUSY_SIZE[1], BUSY_SIZE[0], 3))
    for _ in range(500):
        x, y = rng.integers(0, BUSY_SIZE[0]), rng.integers(0, BUSY_SIZE[1])
        pixels[y : y + rng.integers(2, 30), x : x + rng.integers(1, 4)] = rng.integers(10, 230)
    path = folder / "busy.png"
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path)
    return path


_TO_VIDEO = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
    "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
)
_TO_PICTURE = "scale=in_color_matrix=bt709:in_range=tv,format=rgb24"


def _over(folder: Path, picture: Path, theme: Theme, at: float) -> tuple[Pixels, Pixels]:
    """The picture with captions on it, and without, as the encoder sees them."""
    text = "Every switch costs twenty-three minutes"
    write_ass(
        captions(narration_of(text), VideoForm.SHORT),
        folder / "c.ass",
        form=VideoForm.SHORT,
        size=BUSY_SIZE,
        theme=theme,
        language="en",
        fonts_dir=folder / "fonts",
    )
    made = []
    for name, filters in (("with", "ass=filename=c.ass:fontsdir=fonts"), ("plain", "null")):
        run(
            [
                *("-y", "-loop", "1", "-framerate", "20", "-i", picture.name),
                *("-vf", f"{_TO_VIDEO},setpts=PTS+{at}/TB,{filters},{_TO_PICTURE}"),
                *("-frames:v", "1", "-update", "1"),
                f"{name}.png",
            ],
            cwd=folder,
            task="draw captions",
        )
        with Image.open(folder / f"{name}.png") as image:
            made.append(np.asarray(image.convert("RGB")).astype(np.int16))
    return made[0], made[1]


def _light(pixels: Pixels) -> NDArray[np.float64]:
    """Relative luminance, from the text of WCAG 2.2."""
    share = pixels / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _grown(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    grown = mask.copy()
    for y in range(-by, by + 1):
        for x in range(-by, by + 1):
            grown |= np.roll(mask, (y, x), (0, 1))
    return grown


@pytest.mark.parametrize("style", ["highlight", "plate", "reveal", "box", "plain"])
@pytest.mark.parametrize("dark", [True, False])
def test_letters_read_on_a_white_and_busy_picture(tmp_path: Path, style: str, dark: bool) -> None:
    theme = Theme.model_validate({"captions": style})
    if not dark:
        paper = {"background": "#faf7f2", "text": "#1f1b16", "accent": "#d9480f"}
        theme = theme.model_copy(update=paper)
    ink = np.array([int(theme.text[n : n + 2], 16) for n in (1, 3, 5)])
    Image.new("RGB", BUSY_SIZE, "#00ff00").save(tmp_path / "green.png")
    on_green, _ = _over(tmp_path, tmp_path / "green.png", theme, 0.7)
    letters = np.abs(on_green - ink).max(axis=2) < 14
    assert letters.sum() > 300
    shown, _ = _over(tmp_path, _busy_white(tmp_path), theme, 0.7)
    soft = letters | (np.abs(on_green - ink).max(axis=2) < 60)  # with their blended edges
    around = _grown(letters, 3) & ~_grown(soft, 1)
    light, behind = _light(ink[None, :].astype(np.int16))[0], _light(shown[around])
    high, low = np.maximum(light, behind), np.minimum(light, behind)
    assert np.percentile((high + 0.05) / (low + 0.05), 10) >= 4.5


def test_words_come_one_by_one_where_the_theme_wants_it(tmp_path: Path) -> None:
    picture = _busy_white(tmp_path)
    amounts = []
    for at in (0.2, 0.5, 0.8):
        shown, plain = _over(tmp_path, picture, Theme(captions="reveal"), at)
        amounts.append(int((np.abs(shown - plain).max(axis=2) > 30).sum()))
    assert amounts[0] < 0.7 * amounts[1] < 0.7 * amounts[2]


def test_libass_shows_a_cue_from_its_very_frame_to_its_last(tmp_path: Path) -> None:
    """Frame by frame, at 30 a second: a word of 0.3 s from 0.15 s is frames 5 to 13."""
    cues = captions(narration_of("One. Two."), VideoForm.SHORT)
    write_ass(
        cues,
        tmp_path / "c.ass",
        form=VideoForm.SHORT,
        size=(108, 192),
        theme=THEME,
        language="en",
        fonts_dir=tmp_path / "fonts",
    )
    run(
        [
            *("-y", "-f", "lavfi", "-i", "color=0x808080:s=108x192:r=30:d=1.5"),
            *("-vf", "ass=filename=c.ass:fontsdir=fonts", "-pix_fmt", "gray", "-f", "rawvideo"),
            "frames.raw",
        ],
        cwd=tmp_path,
        task="draw captions",
    )
    frames = np.fromfile(tmp_path / "frames.raw", np.uint8).reshape(-1, 192 * 108)
    shown = [bool(np.ptp(frame) > 20) for frame in frames]
    expected = [
        any(int(cue.start * 30 + 0.5001) <= n < int(cue.end * 30 + 0.5001) for cue in cues)
        for n in range(len(shown))
    ]
    assert shown == expected
    assert 0 < sum(shown) < len(shown)


@given(st.floats(0, 900), st.integers(0, 30_000), st.sampled_from([24, 25, 30, 50, 60]))
def test_a_moment_has_the_same_frame_wherever_its_section_starts(
    seconds: float, moved: int, fps: int
) -> None:
    assert frame_of(seconds + moved / fps, fps) == frame_of(seconds, fps) + moved
    if fps == 30:
        frame = frame_of(seconds, fps)
        hours, minutes, rest = clock_of(frame, fps).split(":")
        start = int(hours) * 3600 + int(minutes) * 60 + float(rest)
        first = next(n for n in range(max(0, frame - 3), frame + 4) if n / fps >= start)
        assert first == frame

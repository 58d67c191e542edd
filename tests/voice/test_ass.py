"""Burned-in captions, judged by the pixels that libass draws."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from voice_scripts import narration_of

from igny8_media.captions.ass import escaped, write_ass
from igny8_media.captions.cues import captions
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

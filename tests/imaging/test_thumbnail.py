"""Thumbnails: few words, large enough to read in a list on a phone."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging_samples import THEME, diagram, portrait
from PIL import Image

from igny8_media.errors import StorageError
from igny8_media.imaging.shorttitle import short_title
from igny8_media.imaging.social import SourcePicture
from igny8_media.imaging.thumbnail import thumbnail


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("How we cut our cloud bill by 43% without losing sleep", "How we cut our cloud bill"),
        ("Why boredom matters: an essay on doing nothing", "Why boredom matters"),
        ("Documentation nobody reads", "Documentation nobody reads"),
        ("Is it worth it? A long look at the numbers", "Is it worth it?"),
        ("How a rain barrel with a cheap sensor halved our bill", "Cheap sensor halved our bill"),
        (
            "Four small changes made this page three times faster",
            "Made this page three times faster",
        ),
        ("Wie man ohne Hefe backt und trotzdem satt und froh wird", "Wie man ohne Hefe backt"),
        ("The complete guide to deployment of the services", "The complete guide to deployment"),
        (
            "Warum der Strom an der Börse billig ist und auf der Rechnung nicht",
            "Warum der Strom an der Börse billig ist",
        ),
        (
            "À Lanvarec, le tramway roulera la nuit dès le 12 janvier",
            "À Lanvarec, le tramway roulera la nuit",
        ),
    ],
)
def test_short_titles(title: str, short: str) -> None:
    assert short_title(title) == short


@given(st.lists(st.text(alphabet="abcdefgé", min_size=1, max_size=9), min_size=1, max_size=30))
def test_a_short_title_is_a_few_words_of_the_title(words: list[str]) -> None:
    short = short_title(" ".join(words))
    assert 1 <= len(short.split()) <= 8
    assert short.casefold() in " ".join(words).casefold()


@pytest.mark.parametrize("kind", ["photo", "diagram", "none"])
@pytest.mark.parametrize("title", ["How we cut our cloud bill by 43%", "كيف خفضنا فاتورة السحابة"])
def test_letters_are_large_and_stand_out_at_160_pixels(
    kind: str, title: str, tmp_path: Path
) -> None:
    sources = []
    if kind != "none":
        image = diagram() if kind == "diagram" else portrait((1600, 1000), (900, 200))
        image.save(tmp_path / "source.png")
        sources = [SourcePicture(path=tmp_path / "source.png", alt="", key="k")]
    out = tmp_path / "thumbnail.jpg"
    made = thumbnail(title, sources, THEME, out)
    assert made.contrast >= 4.5
    assert made.source == ("k" if sources else "card")
    assert made.size == out.stat().st_size <= 2_000_000
    shown = cv2.imdecode(np.frombuffer(out.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (720, 1280)
    half = shown[:, 640:] if title.startswith("ك") else shown[:, :640]
    bright = (half.min(axis=2) > 200).any(axis=1)
    runs = np.flatnonzero(np.diff(np.concatenate(([0], bright.view(np.int8), [0]))))
    tallest = (runs[1::2] - runs[::2]).max()
    assert tallest / 8 >= 7, "a line of letters is at least seven pixels high at 160 pixels"


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="thumbnail cannot be written"):
        thumbnail("Title", [], THEME, tmp_path / "missing" / "thumbnail.jpg")


def test_an_unreadable_picture_is_noted(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no")
    source = SourcePicture(path=tmp_path / "bad.png", alt="", key="k")
    made = thumbnail("Title", [source], THEME, tmp_path / "thumbnail.jpg")
    assert made.source == "card"
    assert "bad.png" in made.notes[0]
    with Image.open(tmp_path / "thumbnail.jpg") as image:
        assert image.size == (1280, 720)

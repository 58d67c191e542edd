"""Headlines read on anything, measured on the pixels; faces stay uncovered."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imaging_samples import LIGHT, THEME, noise, wcag
from PIL import Image

from igny8_media.imaging import overlay
from igny8_media.imaging.cards import overlay_layer
from igny8_media.imaging.overlay import headline_overlay
from igny8_media.imaging.theme import Theme

HEADLINE = "How we cut our cloud bill by 43% without losing sleep"
_hex = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def _checks(size: tuple[int, int]) -> Image.Image:
    squares = np.indices((size[1], size[0])).sum(axis=0) // 9 % 2 * 255
    return Image.fromarray(np.repeat(squares[..., None], 3, axis=2).astype(np.uint8))


def _measured(
    picture: Image.Image, theme: Theme, monkeypatch: pytest.MonkeyPatch, text: str = HEADLINE
) -> tuple[float, float]:
    """The contrast claimed, and the least of any letter with the pixels under and around it."""
    lettered, bare = picture.copy(), picture.copy()
    said = headline_overlay(lettered, text, theme)
    with monkeypatch.context() as patch:
        patch.setattr(overlay, "draw_text", lambda *_args: None)
        headline_overlay(bare, text, theme)
    letters = np.asarray(lettered).astype(int) - np.asarray(bare).astype(int)
    mask = np.abs(letters).max(axis=2) > 0
    around = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    ground = np.unique(np.asarray(bare)[around].reshape(-1, 3), axis=0)
    solid = np.asarray(lettered)[cv2.erode(mask.astype(np.uint8), np.ones((5, 5))).astype(bool)]
    values, counts = np.unique(solid.reshape(-1, 3), axis=0, return_counts=True)
    ink = tuple(int(v) for v in values[counts.argmax()])
    worst = min(wcag(ink, tuple(int(v) for v in pixel)) for pixel in ground[::3])
    return said.contrast, worst


@pytest.mark.parametrize("theme", [THEME, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", ["white", "black", "checks", "noise", "yellow"])
@pytest.mark.parametrize("size", [(1200, 627), (540, 960)])
def test_a_headline_is_legible_on_anything(
    theme: Theme, ground: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"checks": _checks(size), "noise": noise(size, spread=90)}
    picture = made.get(ground) or Image.new("RGB", size, ground)
    claimed, worst = _measured(picture, theme, monkeypatch)
    assert worst >= 4.5
    assert claimed >= 4.5


@settings(max_examples=15, deadline=None)
@given(_hex, _hex, _hex)
def test_any_theme_on_any_colour(background: str, text: str, picture: str) -> None:
    theme = Theme(background=background, text=text)
    image = Image.new("RGB", (600, 315), picture)
    assert headline_overlay(image, "Short words", theme).contrast >= 4.5


def test_the_picture_is_darkened_only_as_far_as_needed() -> None:
    dark, bright = Image.new("RGB", (1200, 627), "#202020"), Image.new("RGB", (1200, 627), "white")
    before = np.asarray(dark)[450, 1100].astype(int)
    headline_overlay(dark, "Words", THEME)
    headline_overlay(bright, "Words", THEME)
    assert np.abs(np.asarray(dark)[450, 1100].astype(int) - before).max() < 20
    assert np.asarray(bright)[10, 600].min() == 255, "far from the words it stays as it was"


@pytest.mark.parametrize(("face", "at_top"), [((0.3, 0.55, 0.6, 0.95), True), (None, False)])
def test_words_stand_where_no_face_is(
    face: tuple[float, float, float, float] | None, at_top: bool
) -> None:
    picture = Image.new("RGB", (1080, 1080), "#808080")
    headline_overlay(picture, HEADLINE, Theme(), faces=[face] if face else [])
    rows = np.flatnonzero((np.asarray(picture).min(axis=2) > 235).any(axis=1))
    assert (rows.mean() < 540) == at_top
    if face:
        assert rows.max() < 0.55 * 1080


@pytest.mark.parametrize(
    "text",
    [
        "كيف خفضنا فاتورة السحابة بنسبة 43%",
        "W" * 60,
        "Sentence after sentence. " * 40,
        "Ångström ÄÖÜ ẤỆ gjpqy",
    ],
)
@pytest.mark.parametrize("size", [(1200, 627), (1080, 1080), (1080, 1920)])
def test_nothing_is_clipped(text: str, size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, "black")
    said = headline_overlay(plain, text, Theme())
    inked = np.argwhere(np.asarray(plain).min(axis=2) > 60)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
    margin = 0.05 * min(size)
    assert left > margin
    assert right < size[0] - margin
    assert top > margin
    assert bottom < size[1] - margin
    assert said.shortened == (text.startswith("Sentence"))


@pytest.mark.parametrize("position", ["top", "middle", "bottom"])
def test_an_overlay_layer_reads_over_black_and_white(position: str) -> None:
    layer = overlay_layer((960, 540), "Idle machines cost more", THEME, position)  # type: ignore[arg-type]  # parametrised strings
    assert layer.mode == "RGBA"
    pixels = np.asarray(layer)
    assert pixels[0, -1, 3] == 0
    panel = pixels[(pixels[..., 3] > 190)]
    for ground in (0, 255):
        alpha = panel[:, 3:] / 255
        shown = panel[:, :3] * alpha + ground * (1 - alpha)
        darkest = tuple(int(v) for v in shown[shown.sum(axis=1).argmin()])
        median = tuple(int(v) for v in np.median(shown, axis=0))
        assert wcag((248, 250, 252), median) >= 4.5
        assert wcag((248, 250, 252), darkest) >= 4.5

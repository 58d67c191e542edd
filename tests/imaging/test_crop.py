"""Crops keep faces, and whatever else people look at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imaging_samples import diagram, noise, portrait
from PIL import Image, ImageDraw

from igny8_media.imaging.attention import attention
from igny8_media.imaging.crop import crop_box, cropped


@pytest.mark.parametrize("left", [100, 1400, 2400])
@pytest.mark.parametrize("ratio", [1.0, 9 / 16, 1200 / 627])
def test_a_face_stays_whole_wherever_it_is(left: int, ratio: float) -> None:
    image = portrait((3000, 1000), (left, 250))
    crop = crop_box(image, ratio)
    assert not crop.cuts_face
    assert crop.box[0] <= left + 60
    assert crop.box[2] >= left + 360
    width, height = crop.box[2] - crop.box[0], crop.box[3] - crop.box[1]
    assert width / height == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("top", [60, 1500])
def test_a_face_in_a_tall_picture(top: int) -> None:
    crop = crop_box(portrait((1000, 2000), (300, top)), 16 / 9)
    assert crop.box[1] <= top + 60
    assert crop.box[3] >= top + 360


@pytest.mark.parametrize("centre", [300, 1500, 2600])
def test_what_stands_out_is_kept(centre: int) -> None:
    image = noise((3000, 1000), spread=6)
    ImageDraw.Draw(image).ellipse((centre - 150, 350, centre + 150, 650), fill="#e03131")
    crop = crop_box(image, 0.8)
    assert crop.box[0] < centre < crop.box[2]
    assert crop.kept > 0.3


def test_text_is_kept_in_a_screenshot() -> None:
    image = Image.new("RGB", (2000, 600), "white")
    draw = ImageDraw.Draw(image)
    for row in range(12):
        draw.rectangle((1500, 60 + row * 40, 1900 - (row % 3) * 60, 76 + row * 40), fill="black")
    crop = crop_box(image, 1.0)
    assert crop.box[2] >= 1880


def test_graphics_are_told_from_photographs() -> None:
    assert attention(np.asarray(diagram())).graphic
    assert not attention(np.asarray(noise((800, 600)))).graphic
    illustration = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    ImageDraw.Draw(illustration).ellipse((200, 100, 600, 500), fill="#e8590c")
    assert attention(np.asarray(illustration)).graphic
    x = np.linspace(0, 255, 900)
    sky = np.stack([np.add.outer(x[:600] * 0.3, x * 0.2 + s) for s in (40, 80, 120)], axis=2)
    assert not attention(np.clip(sky, 0, 255).astype(np.uint8)).graphic


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 600), st.integers(1, 600), st.floats(0.2, 5))
def test_the_window_is_always_inside_and_of_the_right_shape(
    width: int, height: int, ratio: float
) -> None:
    image = noise((width, height), seed=width)
    left, top, right, bottom = crop_box(image, ratio).box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    wide, tall = right - left, bottom - top
    assert abs(wide - tall * ratio) <= max(1, ratio) * 1.01
    assert wide == width or tall == height, "nothing is cut that need not be"
    assert cropped(np.asarray(image), (left, top, right, bottom), (64, 48)).size == (64, 48)


def test_a_blank_picture_is_cropped_in_the_middle() -> None:
    crop = crop_box(Image.new("RGB", (900, 300), "#336699"), 1.0)
    assert crop.box == (300, 0, 600, 300)

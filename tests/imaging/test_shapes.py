"""The quick ways of laying things on give the pixels of the plain ways."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from igny8_media.imaging.colour import luminance, luminances
from igny8_media.imaging.crop import cropped
from igny8_media.imaging.shapes import lay_rounded, rounded_mask, shadow


def _noise(width: int, height: int, seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 60))
def test_rounded_pictures_are_masked_pictures(width: int, height: int, radius: int) -> None:
    ground, picture = _noise(120, 110, 1), _noise(width, height, 2)
    expected = ground.copy()
    expected.paste(picture, (13, 9), rounded_mask(width, height, radius))
    lay_rounded(ground, picture, (13, 9), radius)
    assert ImageChops.difference(ground, expected).getbbox() is None


@pytest.mark.parametrize("box", [(60, 50, 260, 190), (-20, 100, 90, 280), (5, 5, 295, 215)])
def test_a_covered_shadow_looks_like_a_whole_one(box: tuple[int, int, int, int]) -> None:
    size = (box[2] - box[0], box[3] - box[1])
    made = []
    for covered in (None, 14):
        ground = Image.new("RGB", (300, 220), "#8899aa")
        shadow(ground, box, 20, 0.5, covered=covered)
        assert ImageChops.difference(ground, Image.new("RGB", ground.size, "#8899aa")).getbbox()
        lay_rounded(ground, Image.new("RGB", size, "#ffffff"), box[:2], 14)
        made.append(ground)
    assert ImageChops.difference(*made).getbbox() is None


@pytest.mark.parametrize("width", [1100, 950, 800, 640, 590, 500, 411, 390, 300])
def test_shrinking_is_nearly_as_clean_as_area_averaging(width: int) -> None:
    # Rings of ever finer pitch: whatever does not blur enough turns them into other rings.
    y, x = np.mgrid[-400:400, -600:600] / 1200
    rings = (127.5 + 127.5 * np.cos(2500 * (x * x + y * y))).astype(np.uint8)
    pixels = np.repeat(rings[..., None], 3, axis=2)
    size = (width, round(width * 2 / 3))
    ideal = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)

    def off(made: object) -> float:
        return float(np.sqrt(np.mean((np.asarray(made, np.float32) - np.asarray(ideal)) ** 2)))

    area = off(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    assert off(cropped(pixels, (0, 0, 1200, 800), size)) < 1.25 * area


def test_luminance_is_the_same_for_one_colour_and_for_many() -> None:
    colours = [(0, 0, 0), (255, 255, 255), (10, 200, 60), (200, 3, 90), (11, 12, 13)]
    found = luminances(np.array(colours, np.uint8))
    assert found == pytest.approx([luminance(colour) for colour in colours], abs=1e-6)
    assert luminances(np.zeros((0, 3), np.uint8)).shape == (0,)

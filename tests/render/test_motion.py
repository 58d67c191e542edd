"""Cameras never leave their picture, and what they show moves evenly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.video.cameras import (
    backdrop_move,
    photograph_move,
    shot_lengths,
    whole_move,
)
from igny8_media.video.compose import Composer
from igny8_media.video.motion import eased, view_at, window_of
from igny8_media.video.plan import Scene, ScenePlan, Shot, View
from igny8_media.video.planes import Frame

FRAME = (180, 320)
fractions = st.floats(0, 1)


@given(
    view=st.builds(View, x=fractions, y=fractions, width=st.floats(0.05, 1)),
    base=st.tuples(st.integers(90, 4000), st.integers(90, 4000)),
)
def test_windows_stay_inside_the_picture_and_keep_the_frame_s_shape(view, base) -> None:
    window = window_of(view, base, FRAME)
    assert window.left >= 0
    assert window.top >= 0
    assert window.left + window.width <= base[0] + 1e-6
    assert window.top + window.height <= base[1] + 1e-6
    assert window.width / window.height == pytest.approx(FRAME[0] / FRAME[1])


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_movement_never_turns_back(a: float, b: float) -> None:
    first, second = sorted((a, b))
    assert eased(first) <= eased(second) + 1e-12
    assert (eased(0), eased(1)) == (0, 1)


@given(
    seconds=st.floats(0.5, 60),
    focus=st.tuples(fractions, fractions),
    turn=st.integers(0, 50),
    picture=st.tuples(st.integers(200, 4000), st.integers(200, 4000)),
)
def test_moves_show_one_base_pixel_or_more_for_each_pixel(seconds, focus, turn, picture) -> None:
    for move in (
        photograph_move(FRAME, picture, focus, seconds, turn),
        whole_move(FRAME, seconds, turn),
        backdrop_move(FRAME, seconds, turn),
    ):
        assert move.camera.start != move.camera.end  # never a dead picture
        for frame in (0, 5, 10):
            window = window_of(view_at(move.camera, frame, 10), move.base, FRAME)
            assert 1 - 1e-9 <= window.scale <= 1.25


@given(st.floats(0.3, 300))
def test_long_pictures_get_another_framing(seconds: float) -> None:
    lengths = shot_lengths(seconds)
    assert sum(lengths) == pytest.approx(seconds)
    assert max(lengths) <= 8.1


@pytest.mark.parametrize("turn", range(4))
def test_what_is_shown_moves_smoothly(tmp_path, turn) -> None:
    """A blob's centre of mass follows the camera by fractions of a pixel, rounding aside."""
    from PIL import Image

    move = photograph_move(FRAME, (900, 1600), (0.3, 0.6), 4.0, turn)
    y, x = np.mgrid[0 : move.base[1], 0 : move.base[0]]
    blob = 230 * np.exp(-((x - 100.3) ** 2 + (y - 170.7) ** 2) / (2 * 8.0**2))
    Image.fromarray(blob.astype(np.uint8)).convert("RGB").save(tmp_path / "blob.png")
    shot = Shot(base="blob.png", camera=move.camera, moves_for=120)
    scene = Scene(section_id="s", kind="image", first=0, frames=120, shots=(shot,))
    plan = ScenePlan(width=FRAME[0], height=FRAME[1], fps=30, frames=120, scenes=(scene,))
    composer, frame = Composer(plan, tmp_path), Frame(*FRAME)
    places = []
    for at in range(0, 120, 2):
        composer.paint(0, at, frame)
        light = frame.y.astype(float) - 16
        total = light.sum()
        places.append(
            (
                (light.sum(0) * np.arange(180)).sum() / total,
                (light.sum(1) * np.arange(320)).sum() / total,
            )
        )
    steps = np.diff(np.array(places), axis=0)
    assert np.abs(steps).max() > 0.02  # it moves
    assert np.abs(np.diff(steps, axis=0)).max() < 0.25  # whole-pixel movement would give 1

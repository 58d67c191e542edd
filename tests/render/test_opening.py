"""The moment of a film that can stand before it."""

import pytest

from igny8_media.video.opening import title_moment
from igny8_media.video.plan import Layer, Scene, ScenePlan, Shot


def plan(*layers: Layer, frames: int = 100, fps: int = 25) -> ScenePlan:
    shots = (Shot(base="base.jpg", moves_for=frames),)
    scenes = [
        Scene(section_id="s01", kind="title_card", first=0, frames=frames, shots=shots,
              layers=layers),
        Scene(section_id="s02", kind="title_card", first=frames, frames=frames, shots=shots,
              layers=(Layer(file="later.png", x=0, y=0), Layer(file="more.png", x=0, y=0))),
    ]  # fmt: skip
    return ScenePlan(width=90, height=160, fps=fps, frames=2 * frames, scenes=tuple(scenes))


def type_(**more: int) -> Layer:
    return Layer(file="type.png", x=0, y=0, **more)


@pytest.mark.parametrize(
    ("layers", "frame"),
    [
        ((), None),
        ((type_(),), 50),  # there from the first frame to the last
        ((type_(fade=20),), 60),
        ((type_(start=10, cells=6, step=2), type_(start=30, wipe=30)), 80),  # all of it, at rest
        ((type_(fade=10, end=59),), 30),  # 10 to 50: then it fades out over 8 frames
        ((type_(end=49), type_(start=60, fade=20)), 20),  # never together: the first of them
        ((type_(start=99, fade=20),), None),  # never there
    ],
)
def test_the_opening_title_is_taken_where_it_stands(
    layers: tuple[Layer, ...], frame: int | None
) -> None:
    found = title_moment(plan(*layers))
    assert found == (None if frame is None else pytest.approx(frame / 25))

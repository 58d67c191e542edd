"""Layers at rest are laid together: what comes out is what laying them one by one gives."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from igny8_media.video.layers import LayerPainter
from igny8_media.video.pieces import Piece, layer_of
from igny8_media.video.plan import Layer, Scene, Shot
from igny8_media.video.planes import Frame, load_overlay

SIZE = (160, 120)


def _scene(*layers: Layer) -> Scene:
    shot = Shot(base="none.jpg", moves_for=100)
    return Scene(section_id="s", kind="quote", first=0, frames=100, shots=(shot,), layers=layers)


def _blot(seed: int, size: tuple[int, int]) -> Image.Image:
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rng.integers(0, 256, (*size[::-1], 4), dtype=np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((4, 4, size[0] - 9, size[1] - 9), fill=(*rng.integers(0, 256, 3).tolist(), 255))
    return picture


def _ground() -> Frame:
    frame = Frame(*SIZE)
    frame.buffer[:] = np.random.default_rng(9).integers(16, 236, frame.buffer.shape, np.uint8)
    return frame


def test_layers_at_rest_look_as_if_laid_one_by_one(tmp_path: Path) -> None:
    places = [(0, 0), (20, 10), (90, 60), (96, 66), (60, 100), (140, 90)]
    layers = []
    for number, (x, y) in enumerate(places):
        _blot(number, (60, 40)).save(tmp_path / f"{number}.png")
        layers.append(Layer(file=f"{number}.png", x=x, y=y))
    frame = _ground()
    LayerPainter(tmp_path).paint(_scene(*layers), 50, frame)
    exact = [plane.astype(float) for plane in (_ground().y, _ground().u, _ground().v)]
    for layer in layers:  # the formula of "over", in floating point
        own = load_overlay(tmp_path / layer.file)
        for plane, colour, keep, step in (
            (exact[0], own.y, own.keep, 1),
            (exact[1], own.u, own.keep_half, 2),
            (exact[2], own.v, own.keep_half, 2),
        ):
            window = plane[layer.y // step :, layer.x // step :][: keep.shape[0], : keep.shape[1]]
            part = np.s_[: window.shape[0], : window.shape[1]]
            window[:] = window * keep[part] / 255 + colour[part]
    for made, wanted in zip((frame.y, frame.u, frame.v), exact, strict=True):
        assert np.abs(made - wanted).max() <= 3


def test_a_strip_shows_one_picture_after_the_other_and_stays_on_the_last(tmp_path: Path) -> None:
    cells = [Image.new("RGBA", (20, 10), (shade, shade, shade, 255)) for shade in (40, 120, 200)]
    piece = Piece(cells[2], 30, 20, cells=tuple(cells[:2]), step=2)
    layer = layer_of(piece, 1.0, tmp_path, "strip", fps=10, height=120, end=None)
    assert layer is not None
    painter = LayerPainter(tmp_path)
    seen = []
    for at in range(9, 18):
        frame = Frame(*SIZE)
        painter.paint(_scene(layer), at, frame)
        seen.append(int(frame.y[25, 40]))
    assert seen[0] == 0
    assert seen[1] == seen[2] < seen[3] == seen[4] < seen[5]
    assert set(seen[5:]) == {seen[5]}


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_wipe_uncovers_from_its_side(tmp_path: Path, side: str) -> None:
    Image.new("RGBA", (100, 10), "white").save(tmp_path / "bar.png")
    layer = Layer(file="bar.png", x=20, y=20, wipe=20, wipe_from=side)
    widths, firsts = [], []
    for at in (0, 6, 10, 14, 20, 60):
        frame = Frame(*SIZE)
        LayerPainter(tmp_path).paint(_scene(layer), at, frame)
        shown = np.flatnonzero(frame.y[24] > 100)
        widths.append(shown.size)
        firsts.append(shown[0] if shown.size else None)
    assert widths == sorted(widths)
    assert widths[0] < 10
    assert widths[-2] == widths[-1] == 100
    assert (firsts[2] == 20) == (side == "left")


def test_scrolling_stays_in_its_window(tmp_path: Path) -> None:
    tall = Image.new("RGBA", (40, 200))
    for row in range(200):
        tall.paste((row, row, row, 255), (0, row, 40, row + 1))
    tall.save(tmp_path / "tall.png")
    layer = Layer(
        file="tall.png",
        x=20,
        y=30,
        scroll=((10, 10, 0, 60), (40, 0, 0, 100)),
        window=(20, 30, 60, 90),
    )
    tops = []
    for at in (0, 15, 25, 45):
        frame = Frame(*SIZE)
        frame.y[:] = 255
        LayerPainter(tmp_path).paint(_scene(layer), at, frame)
        assert (frame.y[:30] == 255).all()
        assert (frame.y[90:] == 255).all()
        tops.append(round((int(frame.y[30, 40]) - 16) * 255 / 219))
    assert tops[0] == 0
    assert 10 < tops[1] < 50
    assert tops[2:] == pytest.approx([60, 100], abs=1)


def test_what_leaves_the_frame_is_cut(tmp_path: Path) -> None:
    Image.new("RGBA", (80, 60), "white").save(tmp_path / "box.png")
    for x, y in ((120, 90), (-20, -10)):
        frame = Frame(*SIZE)
        layer = Layer(file="box.png", x=x, y=y)
        LayerPainter(tmp_path).paint(_scene(layer), 5, frame)
        inside = (slice(max(0, y), y + 60), slice(max(0, x), x + 80))
        assert (frame.y[inside] > 200).all()
        assert int((frame.y > 200).sum()) == frame.y[inside].size


def test_a_card_that_has_arrived_is_cheap_while_its_bar_goes_on_growing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty words: laid together, not read from their files again for every frame."""
    layers = []
    for number in range(30):
        _blot(number, (24, 16)).save(tmp_path / f"{number}.png")
        layers.append(Layer(file=f"{number}.png", x=number // 6 * 24, y=number % 6 * 14))
    layers.append(Layer(file="0.png", x=100, y=100, wipe=90))
    painter = LayerPainter(tmp_path)
    painter.paint(_scene(*layers), 40, _ground())
    read: list[Path] = []
    monkeypatch.setattr("igny8_media.video.layers.load_overlay", read.append)
    for at in range(41, 80):
        painter.paint(_scene(*layers), at, _ground())
    assert read == []

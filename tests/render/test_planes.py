"""Colours and chroma position, checked against FFmpeg's own converter."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from igny8_media.errors import OutsideError
from igny8_media.video import ffmpeg
from igny8_media.video.compose import Composer
from igny8_media.video.plan import Camera, Layer, Scene, ScenePlan, Shot, View
from igny8_media.video.planes import Frame, load_still, still


def _as_video(picture: Image.Image, folder: Path) -> list[np.ndarray]:
    """Planes as FFmpeg makes them: BT.709, limited range, 4:2:0, chroma level with left luma."""
    picture.save(folder / "reference.png")
    to_video = "scale=out_color_matrix=bt709:out_range=tv:out_chroma_loc=left:flags=bicubic"
    arguments = ["-y", "-loglevel", "error", "-i", "reference.png", "-vf"]
    arguments += [f"{to_video}+accurate_rnd+full_chroma_inp,format=yuv420p", "reference.yuv"]
    ffmpeg.run(arguments, cwd=folder, task="convert the reference")
    raw = np.fromfile(folder / "reference.yuv", np.uint8)
    width, height = picture.size
    luma, quarter = width * height, width * height // 4
    return [
        raw[:luma].reshape(height, width),
        raw[luma : luma + quarter].reshape(height // 2, width // 2),
        raw[luma + quarter :].reshape(height // 2, width // 2),
    ]


def _waves(width: int, height: int) -> Image.Image:
    """Steep but smooth in both directions, another phase in each colour."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 60 * np.sin(x / 6 + k) + 60 * np.sin(y / 7 + 2 * k) for k in range(3)]
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8))


def _shown(folder, picture: Image.Image, camera: Camera) -> Frame:
    picture.save(folder / "base.png")
    frame = Frame(160, 240)
    scene = Scene(
        section_id="s",
        kind="image",
        first=0,
        frames=10,
        shots=(Shot(base="base.png", camera=camera, moves_for=10),),
    )
    plan = ScenePlan(width=160, height=240, fps=30, frames=10, scenes=(scene,))
    Composer(plan, folder).paint(0, 0, frame)
    return frame


@pytest.mark.parametrize(
    ("size", "view"),
    [
        ((160, 240), View()),  # natural size
        ((200, 300), View(x=0.5, y=0.5)),  # shrunk as a whole
        ((200, 300), View(x=0, y=0, width=0.9)),  # out of each corner
        ((200, 300), View(x=1, y=0, width=0.9)),
        ((200, 300), View(x=0, y=1, width=0.9)),
        ((200, 300), View(x=1, y=1, width=0.9)),
        ((200, 300), View(x=0.52, y=0.47, width=0.8)),  # natural size, between pixels
        ((200, 300), View(x=0.52, y=0.47, width=0.91)),  # any window
    ],
)
def test_every_way_of_showing_a_window_agrees_with_an_independent_one(tmp_path, size, view) -> None:
    picture = _waves(*size)
    shown = _shown(tmp_path, picture, Camera(start=view, end=view))
    width = view.width * size[0]
    height = width * 1.5
    left = min(max(view.x * size[0] - width / 2, 0), size[0] - width)
    top = min(max(view.y * size[1] - height / 2, 0), size[1] - height)
    expected = _as_video(
        picture.resize(
            (160, 240), Image.Resampling.BILINEAR, box=(left, top, left + width, top + height)
        ),
        tmp_path,
    )
    for name, mine, theirs in zip("yuv", (shown.y, shown.u, shown.v), expected, strict=True):
        off = (mine.astype(int) - theirs.astype(int))[4:-4, 4:-4]
        assert np.abs(off).mean() < 2, name
        # What lies a fraction of a sample beside its place differs by the slope of the picture.
        for axis in (0, 1):
            slope = np.gradient(theirs.astype(float), axis=axis)[4:-4, 4:-4]
            displaced = (off * slope).sum() / (slope * slope).sum()
            assert abs(displaced) < 0.08, (name, axis)


@pytest.mark.parametrize(
    "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (12, 200, 99)]
)
def test_flat_colours_survive_the_way_to_video_and_back(colour: tuple[int, int, int]) -> None:
    planes = still(Image.new("RGB", (32, 48), colour))
    frame = Frame(32, 48)
    frame.y[:], frame.u[:], frame.v[:] = planes.y, planes.u, planes.v
    back = np.asarray(frame.rgb()).reshape(-1, 3)
    assert np.abs(back.astype(int) - colour).max() <= 3
    assert planes.y.min() >= 16
    assert planes.y.max() <= 235


def test_a_frame_is_laid_out_as_the_encoder_reads_it() -> None:
    frame = Frame(4, 4)
    frame.y[:], frame.u[:], frame.v[:] = 1, 2, 3
    assert bytes(frame.bytes) == b"\1" * 16 + b"\2" * 4 + b"\3" * 4


def test_odd_pictures_lose_their_last_row_not_their_shape(tmp_path) -> None:
    Image.new("RGB", (33, 21), "#336699").save(tmp_path / "odd.png")
    planes = load_still(tmp_path / "odd.png")
    assert planes.size == (32, 20)
    assert planes.u.shape == (10, 16)


def test_a_lost_scene_picture_is_one_sentence(tmp_path) -> None:
    with pytest.raises(OutsideError, match=r"gone\.png cannot be read"):
        load_still(tmp_path / "gone.png")


def test_a_layer_is_blended_as_a_picture_program_would(tmp_path, photograph) -> None:
    base = photograph(160, 240, seed=5)
    rng = np.random.default_rng(1)
    alpha = Image.fromarray(rng.integers(0, 255, (6, 8), dtype=np.uint8)).resize((80, 60))
    layer = Image.new("RGBA", (80, 60), "#f59e0b")
    layer.putalpha(alpha)
    layer.save(tmp_path / "layer.png")
    base.save(tmp_path / "base.png")
    scene = Scene(
        section_id="s",
        kind="image",
        first=0,
        frames=30,
        shots=(Shot(base="base.png", moves_for=30),),
        layers=(Layer(file="layer.png", x=40, y=100, start=3, fade=6, rise=8),),
    )
    plan = ScenePlan(width=160, height=240, fps=30, frames=30, scenes=(scene,))
    composer, frame = Composer(plan, tmp_path), Frame(160, 240)
    composer.paint(0, 2, frame)
    before = frame.buffer.copy()
    composer.paint(0, 20, frame)
    wanted = base.convert("RGBA")
    wanted.alpha_composite(layer, (40, 100))
    luma, *chroma = _as_video(wanted.convert("RGB"), tmp_path)
    assert np.abs(frame.y.astype(int) - luma.astype(int)).max() <= 3
    for mine, theirs in zip((frame.u, frame.v), chroma, strict=True):
        assert np.abs(mine.astype(int) - theirs.astype(int)).mean() < 2.5
    composer.paint(0, 2, frame)
    assert np.array_equal(frame.buffer, before)  # not there before its time
    composer.paint(0, 4, frame)
    part = np.abs(frame.y.astype(int) - before[:240].astype(int)).mean()
    composer.paint(0, 20, frame)
    whole = np.abs(frame.y.astype(int) - before[:240].astype(int)).mean()
    assert 0 < part < whole


def test_a_layer_at_the_frame_s_edge_is_cut_not_refused(tmp_path) -> None:
    Image.new("RGB", (160, 240), "#000000").save(tmp_path / "base.png")
    Image.new("RGBA", (40, 40), "#ffffff").save(tmp_path / "layer.png")
    scene = Scene(
        section_id="s",
        kind="image",
        first=0,
        frames=5,
        shots=(Shot(base="base.png", moves_for=5),),
        layers=(Layer(file="layer.png", x=140, y=220, fade=4, rise=30),),
    )
    plan = ScenePlan(width=160, height=240, fps=30, frames=5, scenes=(scene,))
    frame = Frame(160, 240)
    Composer(plan, tmp_path).paint(0, 0, frame)
    Composer(plan, tmp_path).paint(0, 4, frame)
    assert frame.y[-1, -1] == 235
    assert frame.y[0, 0] == 16

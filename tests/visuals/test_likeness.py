"""One picture is recognised however it was saved; two are told apart."""

from itertools import combinations
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from igny8_media.errors import InputError
from igny8_media.visuals.likeness import same_picture, sight_of, sight_of_clip
from tests.stock.servers import clip, scene
from tests.words_corpus import EXAMPLES

REAL = sorted((EXAMPLES / "images").iterdir())


def _save(picture: Image.Image, path: Path, **options: int) -> Path:
    picture.convert("RGB").save(path, **options)
    return path


def _pictures() -> list[Image.Image]:
    return [Image.open(path).convert("RGB") for path in REAL] + [scene(n) for n in range(1, 9)]


def test_a_picture_saved_otherwise_is_the_same(tmp_path: Path) -> None:
    for number, picture in enumerate(_pictures()):
        width, height = picture.size
        copies = {
            "small.jpg": picture.resize((width // 2, height // 2)),
            "poor.jpg": picture,
            "grey.png": picture.convert("L"),
            "cut.jpg": picture.crop(
                (width // 10, height // 12, width - width // 9, height - height // 11)
            ),
            "square.webp": picture.crop((0, 0, min(picture.size), min(picture.size))),
        }
        first = sight_of(_save(picture, tmp_path / "original.png"))
        for name, copy in copies.items():
            options = {"quality": 25} if name == "poor.jpg" else {}
            again = sight_of(_save(copy, tmp_path / name, **options))
            assert same_picture(first, again), (number, name)
            assert same_picture(again, first), (number, name)


def test_different_pictures_are_different(tmp_path: Path) -> None:
    sights = [
        sight_of(_save(picture, tmp_path / f"{number}.png"))
        for number, picture in enumerate(_pictures())
    ]
    for one, other in combinations(sights, 2):
        assert not same_picture(one, other)


def test_a_plain_colour_is_like_another_only(tmp_path: Path) -> None:
    red = sight_of(_save(Image.new("RGB", (300, 200), "red"), tmp_path / "red.png"))
    blue = sight_of(_save(Image.new("RGB", (200, 300), "blue"), tmp_path / "blue.png"))
    other = sight_of(_save(scene(1), tmp_path / "scene.png"))
    assert same_picture(red, blue)
    assert not same_picture(red, other)


def test_a_picture_turned_by_its_camera(tmp_path: Path) -> None:
    picture = scene(3)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "turned.jpg", exif=exif)
    upright = sight_of(_save(picture, tmp_path / "upright.jpg"))
    assert same_picture(upright, sight_of(tmp_path / "turned.jpg"))


def test_a_clip_is_seen_by_its_first_picture(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(clip(4))
    seen = sight_of_clip(tmp_path / "clip.mp4")
    assert same_picture(seen, sight_of(_save(scene(4), tmp_path / "same.png")))
    assert not same_picture(seen, sight_of(_save(scene(5), tmp_path / "other.png")))


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    path = tmp_path / "no.jpg"
    path.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"no\.jpg"):
        sight_of(path)
    with pytest.raises(InputError, match=r"no\.jpg"):
        sight_of_clip(path)
    with av.open(str(tmp_path / "sound.mp4"), "w") as out:
        stream = out.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 48000
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with pytest.raises(InputError, match=r"sound\.mp4"):
        sight_of_clip(tmp_path / "sound.mp4")

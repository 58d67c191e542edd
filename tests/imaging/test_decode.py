"""Any picture becomes upright, opaque, 8-bit sRGB, or one clear sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
from imaging_samples import THEME
from PIL import Image, ImageCms

from igny8_media.errors import InputError
from igny8_media.imaging.decode import Decoded, decode
from igny8_media.imaging.theme import Theme


def _saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def _decoded(path: Path, theme: Theme = THEME) -> Decoded:
    found = decode(path, theme)
    assert found.pixels.dtype == np.uint8
    assert found.pixels.shape[2] == 3
    return found


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    image = Image.new("RGB", (200, 100), "blue")
    image.paste("red", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rows run from right to left
    path = _saved(image, tmp_path / "turned.jpg", exif=exif, quality=95)
    found = _decoded(path)
    assert (found.width, found.height) == (100, 200) == found.size
    assert found.pixels[50, 50, 0] > 200, "red, which was left, is on top"
    assert found.pixels[150, 50, 2] > 200
    assert "turned upright" in found.notes


def test_a_colour_profile_is_converted(tmp_path: Path) -> None:
    # sRGB with the red and green primaries exchanged: what is stored as red is shown as green.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = (
        profile.replace(b"rXYZ", b"\0tmp").replace(b"gXYZ", b"rXYZ").replace(b"\0tmp", b"gXYZ")
    )
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))
    path = _saved(
        Image.new("RGB", (64, 64), (255, 0, 0)), tmp_path / "wide.png", icc_profile=swapped
    )
    found = _decoded(path)
    assert found.pixels[32, 32, 1] > 240
    assert found.pixels[32, 32, 0] < 20
    assert any("to sRGB" in note for note in found.notes)


def test_a_broken_colour_profile_costs_only_the_profile(tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 64), (200, 10, 10))
    path = _saved(image, tmp_path / "odd.png", icc_profile=b"not a profile")
    found = _decoded(path)
    assert tuple(found.pixels[5, 5]) == (200, 10, 10)
    assert any("profile" in note for note in found.notes)


@pytest.mark.parametrize(
    ("mode", "colour", "expected", "suffix"),
    [
        ("CMYK", (0, 255, 255, 0), (255, 0, 0), ".jpg"),
        ("L", 128, (128, 128, 128), ".png"),
        ("1", 1, (255, 255, 255), ".png"),
        ("P", 0, None, ".gif"),
        ("I;16", 32896, (128, 128, 128), ".png"),
        ("LA", (90, 255), (90, 90, 90), ".png"),
        ("F", 0.5, None, ".tiff"),
    ],
)
def test_every_mode(
    tmp_path: Path,
    mode: str,
    colour: float | tuple[int, ...],
    expected: tuple[int, int, int] | None,
    suffix: str,
) -> None:
    path = _saved(Image.new(mode, (80, 60), colour), tmp_path / f"picture{suffix}")
    found = _decoded(path)
    assert found.size == (80, 60)
    if expected:
        assert np.abs(found.pixels[30, 40].astype(int) - expected).max() <= 3


def test_sixteen_bit_greys_keep_their_range(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (50, 1))
    path = _saved(Image.fromarray(ramp), tmp_path / "ramp.png")
    row = _decoded(path).pixels[25, :, 0]
    assert row[0] == 0
    assert row[-1] == 255
    assert (np.diff(row.astype(int)) >= 0).all()


@pytest.mark.parametrize("ink", [(15, 15, 20), (250, 250, 250)])
def test_transparency_is_laid_on_a_ground_the_content_stands_out_from(
    tmp_path: Path, ink: tuple[int, int, int]
) -> None:
    logo = Image.new("RGBA", (200, 200), (*ink, 0))
    logo.paste((*ink, 255), (60, 60, 140, 140))
    found = _decoded(_saved(logo, tmp_path / "logo.png"))
    ground = found.pixels[5, 5].astype(int)
    assert np.abs(ground - ink).mean() > 120
    assert any("transparency" in note for note in found.notes)


def test_the_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 60), c) for c in ("red", "green", "blue")]
    path = tmp_path / "moving.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    found = _decoded(path)
    assert tuple(found.pixels[30, 30]) == (255, 0, 0)
    assert "first frame of an animation" in found.notes


def test_sizes_from_a_dot_to_a_ribbon(tmp_path: Path) -> None:
    dot = _decoded(_saved(Image.new("RGB", (1, 1), "red"), tmp_path / "dot.png"))
    assert dot.size == (1, 1)
    ribbon = _decoded(_saved(Image.new("RGB", (20_000, 40), "red"), tmp_path / "ribbon.png"))
    assert ribbon.size == (20_000, 40)
    large = _decoded(_saved(Image.new("L", (6000, 4500)), tmp_path / "large.jpg"))
    assert min(large.size) == 1920
    assert (large.width, large.height) == (6000, 4500)


def test_bad_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(whole, "PNG")
    files = {
        "cut short": whole.getvalue()[:5000],
        "not a picture": b"<html>not found</html>",
    }
    for words, content in files.items():
        path = tmp_path / "bad picture.png"
        path.write_bytes(content)
        with pytest.raises(InputError, match=rf"bad picture\.png.*{words}|{words}"):
            decode(path, THEME)
    with pytest.raises(InputError, match=r"gone\.png does not exist"):
        decode(tmp_path / "gone.png", THEME)


def test_a_decompression_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = _saved(Image.new("1", (20_000, 10_000)), tmp_path / "bomb.png")
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"bomb\.png has .*pixels.*100 megapixels"):
        decode(path, THEME)


def test_a_picture_is_decoded_once_until_it_changes(tmp_path: Path) -> None:
    path = _saved(Image.new("RGB", (80, 80), "red"), tmp_path / "one.png")
    first = decode(path, THEME)
    assert decode(path, THEME) is first
    _saved(Image.new("RGB", (81, 80), "red"), path)
    assert decode(path, THEME).size == (81, 80)

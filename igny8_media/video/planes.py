"""Pictures as the planes video is made of: 8-bit Y, U and V, BT.709, limited range, 4:2:0.

Frames are made here rather than as RGB because the encoder wants planes: converting two million
pixels thirty times a second would cost as much as fast encoding itself.
Chroma is sited as H.264 expects it by default: level with the left luma column of each pair,
between the two luma rows.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.errors import OutsideError

Plane = NDArray[np.uint8]
Matrix = NDArray[np.float64]

# ITU-R BT.709-6: luma 16..235, chroma 16..240, from full-range R, G, B.
_KR: Final = 0.2126
_KB: Final = 0.0722
_KG: Final = 1 - _KR - _KB
_Y: Final = np.array([_KR, _KG, _KB]) * 219 / 255
_U: Final = np.array([-_KR, -_KG, 1 - _KB]) / (2 * (1 - _KB)) * 224 / 255
_V: Final = np.array([1 - _KR, -_KG, -_KB]) / (2 * (1 - _KR)) * 224 / 255
TO_YUV: Final[Matrix] = np.column_stack([np.stack([_Y, _U, _V]), [16.0, 128.0, 128.0]])
_INVERSE: Final[Matrix] = np.linalg.inv(TO_YUV[:, :3]).astype(np.float64)
TO_RGB: Final[Matrix] = np.column_stack([_INVERSE, -_INVERSE @ TO_YUV[:, 3]])


@dataclass(frozen=True, slots=True)
class Planes:
    """A still picture: `y` at full size, `u` and `v` averaged over 2x2 pixels (centred)."""

    y: Plane
    u: Plane
    v: Plane

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.y.shape[1], self.y.shape[0]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A still picture with alpha, premultiplied, chroma already sited for a frame.

    `keep` and `keep_half` are what shows through, 255 minus alpha, at the two plane sizes.
    """

    y: Plane
    u: Plane
    v: Plane
    keep: Plane
    keep_half: Plane


class Frame:
    """One picture of the video in the encoder's own layout: `buffer` holds Y, then U, then V;
    `bytes` is the same memory."""

    __slots__ = ("buffer", "bytes", "u", "v", "y")

    def __init__(self, width: int, height: int) -> None:
        self.bytes = bytearray(width * height * 3 // 2)
        self.buffer: Plane = np.frombuffer(self.bytes, np.uint8).reshape(height * 3 // 2, width)
        quarter = width * height // 4
        chroma = self.buffer[height:].reshape(-1)
        self.y = self.buffer[:height]
        self.u = chroma[:quarter].reshape(height // 2, width // 2)
        self.v = chroma[quarter:].reshape(height // 2, width // 2)

    @property
    def size(self) -> tuple[int, int]:
        return self.y.shape[1], self.y.shape[0]

    def rgb(self) -> Image.Image:
        """The frame as a picture for people (previews); chroma is brought up smoothly."""
        width, height = self.size
        # Undo the siting: full-size column x lies at chroma position x / 2.
        lift = np.array([[0.5, 0, 0.0], [0, 0.5, -0.25]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        u, v = (
            cv2.warpAffine(p, lift, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
            for p in (self.u, self.v)
        )
        return Image.fromarray(cv2.transform(cv2.merge([self.y, u, v]), TO_RGB))


def _halved(plane: Plane) -> Plane:
    height, width = plane.shape
    return np.asarray(
        cv2.resize(plane, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8
    )


def still(picture: Image.Image) -> Planes:
    """Convert an RGB picture; an odd last row or column is left out."""
    pixels = np.asarray(picture.convert("RGB"))
    pixels = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
    y, u, v = cv2.split(cv2.transform(pixels, TO_YUV))
    return Planes(np.asarray(y, np.uint8), _halved(np.asarray(u)), _halved(np.asarray(v)))


def overlay(picture: Image.Image) -> Overlay:
    """Convert an RGBA picture whose sides are even."""
    pixels = np.asarray(picture.convert("RGBA"))
    alpha = pixels[..., 3]
    planes = cv2.split(cv2.transform(pixels[..., :3], TO_YUV))
    # A quarter of a chroma pixel to the left: from the centre of a pair to its left column.
    site = np.array([[1, 0, -0.25], [0, 1, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def sited(plane: Plane) -> Plane:
        half = _halved(plane)
        size = (half.shape[1], half.shape[0])
        moved = cv2.warpAffine(half, site, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.uint8)

    y, u, v = (
        np.asarray(cv2.multiply(np.asarray(plane), alpha, scale=1 / 255), np.uint8)
        for plane in planes
    )
    keep = np.asarray(255 - alpha, np.uint8)
    return Overlay(y, sited(u), sited(v), keep, sited(keep))


def load_still(path: Path) -> Planes:
    """Read a picture a plan made. Raises OutsideError if the file is gone or damaged."""
    return still(_open(path, "RGB"))


def load_overlay(path: Path) -> Overlay:
    """Read a layer a plan made. Raises OutsideError if the file is gone or damaged."""
    return overlay(_open(path, "RGBA"))


def _open(path: Path, mode: str) -> Image.Image:
    try:
        with Image.open(path) as picture:
            converted: Image.Image = picture.convert(mode)
            return converted
    except OSError as error:
        raise OutsideError(
            f"The scene picture {path.name} cannot be read ({error}): plan the scenes again."
        ) from error

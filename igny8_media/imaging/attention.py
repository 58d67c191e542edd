"""What matters in a picture: faces, salient areas, text and edges; photograph or graphic."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom as fractions of the picture
_SIDE = 160  # pixels; where attention is computed
_FACE_SIDE = 320


@dataclass(frozen=True, eq=False)
class Attention:
    """Where people look: `plain` sums to 1 over a small copy, faces not yet counted.

    `graphic` says screenshot, diagram or drawing. Faces take longest to find and are looked for
    when first asked for.
    """

    plain: Map
    graphic: bool
    grey: NDArray[np.uint8]

    @cached_property
    def faces(self) -> tuple[Box, ...]:
        return () if self.graphic else _faces(self.grey)

    @cached_property
    def weight(self) -> Map:
        """`plain` with more than half of all attention on the faces, if there are any."""
        height, width = self.plain.shape
        weight = self.plain.copy()
        for left, top, right, bottom in self.faces:
            mask = np.zeros_like(weight)
            mask[
                round(top * height) : max(round(top * height) + 1, round(bottom * height)),
                round(left * width) : max(round(left * width) + 1, round(right * width)),
            ] = 1
            weight += mask * np.float32(1.5 / len(self.faces) / mask.sum())
        summed: Map = (weight / weight.sum()).astype(np.float32)
        return summed


def attention(pixels: NDArray[np.uint8]) -> Attention:
    """The attention of RGB pixels (rows, columns, 3); worth keeping."""
    size = (pixels.shape[1], pixels.shape[0])
    skip = max(1, max(size) // 1000)
    near = cv2.resize(pixels[::skip, ::skip], _fit(size, _FACE_SIDE), interpolation=cv2.INTER_AREA)
    small = cv2.resize(near, _fit(size, _SIDE), interpolation=cv2.INTER_AREA)
    graphic = _is_graphic(pixels)
    grey = cv2.cvtColor(near, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    return Attention(_plain(small.astype(np.uint8), graphic=graphic), graphic, grey)


def _plain(small: NDArray[np.uint8], *, graphic: bool) -> Map:
    height, width = small.shape[:2]
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    weight = _unit(cv2.GaussianBlur(slope, (0, 0), 2.0).astype(np.float32))
    if not graphic:  # photographers put what matters near the middle; drawings fill their frame
        lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
        unusual = np.linalg.norm(lab - lab.mean(axis=(0, 1)), axis=2)
        weight = weight + _unit(_spectral_residual(grey)) + 0.7 * _unit(unusual)
        y, x = np.mgrid[0:height, 0:width]
        middle = ((x / width - 0.5) ** 2 + (y / height - 0.48) ** 2) / (2 * 0.33**2)
        weight = weight * (0.35 + 0.65 * np.exp(-middle)).astype(np.float32)
    total = float(weight.sum())
    if not np.isfinite(total) or total <= 0:  # one flat colour: everywhere is alike
        return np.full((height, width), 1 / (height * width), np.float32)
    return (weight / total).astype(np.float32)


def _spectral_residual(grey: Map) -> Map:
    """Hou and Zhang, "Saliency detection: a spectral residual approach", CVPR 2007."""
    tiny = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(tiny)
    amplitude = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = amplitude - cv2.blur(amplitude, (3, 3))
    rebuilt = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    smooth = cv2.GaussianBlur(rebuilt.astype(np.float32), (0, 0), 2.5)
    size = (grey.shape[1], grey.shape[0])
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _unit(values: Map) -> Map:
    high = float(np.percentile(values, 99))
    return np.clip(values / high, 0, 1).astype(np.float32) if high > 0 else np.zeros_like(values)


def _is_graphic(pixels: NDArray[np.uint8]) -> bool:
    """Flat areas with sharp borders: drawn, not photographed.

    On photographs at most half of all neighbours are equal (smooth skies, enlarged); on charts,
    screenshots and illustrations, JPEG ones too, two thirds are. Thin-lined ones have few colours.
    """
    rows = np.ascontiguousarray(pixels[:: max(1, pixels.shape[0] // 48), :2048])
    if rows.shape[1] < 16:
        return False
    apart = cv2.absdiff(rows[:, 1:], rows[:, :-1])
    steps = cv2.transform(apart.astype(np.float32), np.ones((1, 3), np.float32))
    if float((steps > 120).mean()) < 0.001:
        return False
    if float((steps == 0).mean()) > 0.6:
        return True
    high = rows.astype(np.int16) >> 4
    codes = high[..., 0] * 256 + high[..., 1] * 16 + high[..., 2]
    counts = np.sort(np.bincount(codes.ravel(), minlength=4096))[::-1]
    return bool((steps <= 2).mean() > 0.7 and counts[:6].sum() / codes.size > 0.6)


def _faces(grey: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Frontal faces, as fractions, with hair and chin; OpenCV's bundled cascade."""
    height, width = grey.shape
    if min(width, height) < 48:
        return ()
    least = max(20, min(width, height) // 12)
    found = _cascade().detectMultiScale(
        cv2.equalizeHist(grey), scaleFactor=1.15, minNeighbors=4, minSize=(least, least)
    )
    return tuple(
        (
            max(0.0, (x - 0.1 * w) / width),
            max(0.0, (y - 0.25 * h) / height),
            min(1.0, (x + 1.1 * w) / width),
            min(1.0, (y + 1.15 * h) / height),
        )
        for x, y, w, h in found
    )


@cache
def _cascade() -> cv2.CascadeClassifier:
    folder = Path(cv2.__file__).parent / "data"
    return cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))


def _fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))

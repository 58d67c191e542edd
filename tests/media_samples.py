"""Small files of the kinds that posts carry, made in a few milliseconds."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image
from pypdf import PdfWriter

SRT = "1\n00:00:00,000 --> 00:00:01,000\nGrüezi mitenand\n\n"


def write_picture(path: Path, size: tuple[int, int] = (64, 64), seed: int = 0) -> Path:
    """A noisy picture in the format of its suffix."""
    shape = (size[1], size[0], 3)
    pixels = np.random.default_rng(seed).integers(0, 255, shape, dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def write_pdf(path: Path, pages: int = 3) -> Path:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(540, 540)
    writer.write(path)
    return path


def write_video(
    path: Path,
    *,
    seconds: float = 1.0,
    size: tuple[int, int] = (64, 64),
    rate: int = 25,
    options: Mapping[str, str] | None = None,
    kind: str | None = None,
) -> Path:
    """H.264 noise with silent AAC beside it; `options` are the container's."""
    noise = np.random.default_rng(0)
    with av.open(str(path), "w", format=kind, options=dict(options or {})) as file:
        video = file.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        sound = file.add_stream("aac", rate=48_000, layout="mono")
        for number in range(round(seconds * rate)):
            pixels = noise.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            file.mux(video.encode(frame))
        for number in range(round(seconds * 48_000 / 1024)):
            file.mux(sound.encode(_silence(number * 1024)))
        file.mux(video.encode(None))
        file.mux(sound.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """An MP4 file without a picture."""
    with av.open(str(path), "w", format="mp4") as file:
        sound = file.add_stream("aac", rate=48_000, layout="mono")
        file.mux(sound.encode(_silence(0)))
        file.mux(sound.encode(None))
    return path


def _silence(at: int) -> av.AudioFrame:
    samples = np.zeros((1, 1024), dtype=np.float32)
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
    frame.sample_rate = 48_000
    frame.pts = at
    return frame

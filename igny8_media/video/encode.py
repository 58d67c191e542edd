"""One encoder at work on a batch of segments: frames go in, and each segment is kept when done.

FFmpeg encodes in a process of its own and hands the compressed pictures back through a pipe. They
are cut at the keyframes that were asked for, so a process that is killed costs one segment.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from igny8_media.errors import OutsideError
from igny8_media.storage.cache import FolderCache
from igny8_media.video import ffmpeg
from igny8_media.video.burned import BurnedCaptions, Line
from igny8_media.video.cutting import BrokenStream, Cutter, Parts
from igny8_media.video.encoder import CAPTIONS_FILE, FONTS_FOLDER, batch_arguments
from igny8_media.video.planes import Frame
from igny8_media.video.presets import Composition, Encoder, Quality
from igny8_media.video.segments import Segment

Paint = Callable[[int, int, Frame], None]
"""`paint(scene, at, frame)` paints frame `at` of scene number `scene` into the frame."""


@dataclass(frozen=True)
class Encoding:
    """How a video is encoded, and what its encoders share."""

    composition: Composition
    quality: Quality
    encoder: Encoder
    captions: BurnedCaptions | None
    fonts_dir: Path | None
    kept: FolderCache
    work_dir: Path


def encode_batch(
    encoding: Encoding, batch: Sequence[Segment], paint: Paint, tick: Callable[[], None]
) -> tuple[float, float]:
    """Paint and encode neighbouring segments; each is in `kept` under its mark when finished.

    `tick` is called before every frame and may raise to stop. Returns CPU seconds of painting and
    of encoding. Raises OutsideError if FFmpeg or the disk fails.
    """
    begun = time.thread_time()
    sizes = encoding.composition.sizes
    starts = list(accumulate((segment.frames for segment in batch), initial=0))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=encoding.work_dir)))
        _lay_out(encoding, folder, batch, starts)
        parts = stack.enter_context(Parts(encoding.kept, batch, len(sizes)))
        ends = [os.pipe() for _ in sizes]
        cutters = [
            Cutter(read, f"{width}x{height}.mp4", parts, encoding.composition.fps)
            for (read, _), (width, height) in zip(ends, sizes, strict=True)
        ]
        for cutter in cutters:
            stack.enter_context(cutter)
        writes = [write for _, write in ends]
        arguments = batch_arguments(
            encoding.composition,
            encoding.quality,
            encoding.encoder,
            keyframes=starts[:-1],
            captions=encoding.captions is not None,
            pipes=writes,
        )
        task = f"encode scene {batch[0].scene + 1}"
        try:
            encoder = ffmpeg.FFmpeg(arguments, cwd=folder, task=task, pipes=writes)
        finally:
            for write in writes:
                os.close(write)
        try:
            with encoder:
                for cutter in cutters:
                    cutter.start()
                _feed(encoder, batch, paint, encoding.composition, tick)
        except OutsideError as error:
            # FFmpeg stops when nobody takes what it made: then that is what went wrong.
            refused = (c.error for c in cutters if not isinstance(c.error, BrokenStream | None))
            raise next(refused, error) from error
        for cutter in cutters:
            cutter.finish()
        return time.thread_time() - begun, encoder.cpu_seconds


def _feed(
    encoder: ffmpeg.FFmpeg,
    batch: Sequence[Segment],
    paint: Paint,
    composition: Composition,
    tick: Callable[[], None],
) -> None:
    pipe = encoder.frames(composition.size)
    for segment in batch:
        for at in range(segment.first, segment.first + segment.frames):
            tick()
            paint(segment.scene, at, pipe.frame)
            with encoder.reading():
                pipe.send()
    encoder.finish()


def _lay_out(
    encoding: Encoding, folder: Path, batch: Sequence[Segment], starts: Sequence[int]
) -> None:
    """Put captions, timed for this batch, and fonts under plain names where FFmpeg runs."""
    captions = encoding.captions
    if captions is None:
        return
    lines = [
        Line(line.start + start, line.end + start, line.event)
        for segment, start in zip(batch, starts, strict=False)
        for line in captions.within(segment.begins, segment.frames)
    ]
    (folder / CAPTIONS_FILE).write_text(captions.text(lines), encoding="utf-8")
    if encoding.fonts_dir is None:
        (folder / FONTS_FOLDER).mkdir()
    else:
        (folder / FONTS_FOLDER).symlink_to(encoding.fonts_dir.absolute(), target_is_directory=True)

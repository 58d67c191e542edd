"""From a plan to a file: scenes become segments once, segments are joined, sound is added.

Frames are painted in this process and piped into FFmpeg, which draws the captions and encodes.
Finished segments are kept, so that a render goes on where it was stopped, and an edited section
costs that section.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Final

import av
import cv2

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.storage.cache import FolderCache
from igny8_media.video.burned import BurnedCaptions
from igny8_media.video.compose import Composer
from igny8_media.video.encode import Encoding, encode_batch
from igny8_media.video.encoder import ENCODER_THREADS
from igny8_media.video.encoders import choose, describe, is_hevc
from igny8_media.video.joining import join
from igny8_media.video.plan import ScenePlan
from igny8_media.video.presets import Composition, Encoder, Quality
from igny8_media.video.segments import Segment, batches, segments_of

_LONGEST_BATCH: Final = 30.0
"""Seconds that one encoder is given: starting one costs as much as three frames, and at the end
nobody should wait long for the last."""
_REPORT_EVERY: Final = 0.5


class Progress(Frozen):
    """How far a render is: frames, frames a second just now, seconds left (None: not yet known)."""

    done: int
    total: int
    fps: float
    seconds_left: float | None

    @property
    def fraction(self) -> float:
        return self.done / self.total


class RenderResult(Frozen):
    """Finished files; seconds, bytes, and who encoded them.

    `smaller` are the files in the composition's further sizes. `cpu_seconds` counts painting and
    FFmpeg, `encode_seconds` FFmpeg's part of it, `reused` frames came from kept segments.
    """

    path: Path
    smaller: tuple[Path, ...] = ()
    duration: float
    frames: int
    reused: int
    size: int
    encoder: str
    cpu_seconds: float
    encode_seconds: float
    wall_seconds: float
    notes: tuple[str, ...] = ()


class _Stopped(Exception):
    """Another scene failed, or the person gave up: this one need not be finished."""


class _Meter:
    """Counts frames and CPU seconds over all workers, and tells them when to stop."""

    def __init__(
        self, total: int, reused: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.stop = threading.Event()
        self.paint_seconds = 0.0
        self.encode_seconds = 0.0
        self._total = total
        self._reused = reused
        self._done = reused
        self._progress = progress
        self._begun = self._told = time.monotonic()
        self._lock = threading.Lock()

    def frame(self) -> None:
        if self.stop.is_set():
            raise _Stopped
        with self._lock:
            self._done += 1
            now = time.monotonic()
            if self._done == self._total or now - self._told >= _REPORT_EVERY:
                self._told = now
                self.tell()

    def tell(self) -> None:
        if self._progress is None:
            return
        made = self._done - self._reused
        fps = made / max(0.001, time.monotonic() - self._begun)
        left = (self._total - self._done) / fps if made else None
        self._progress(
            Progress(done=self._done, total=self._total, fps=round(fps, 1), seconds_left=left)
        )

    def spent(self, *, paint: float = 0.0, encode: float = 0.0) -> None:
        with self._lock:
            self.paint_seconds += paint
            self.encode_seconds += encode


def render(
    plan: ScenePlan,
    sound: Path,
    ass: Path | None,
    composition: Composition,
    out: Path,
    *,
    folder: Path,
    work_dir: Path,
    segments: FolderCache,
    fonts_dir: Path | None = None,
    quality: Quality = Quality.STANDARD,
    encoder: Encoder = Encoder.X264,
    progress: Callable[[Progress], None] | None = None,
    encoders: int | None = None,
) -> RenderResult:
    """Render `plan`, whose pictures lie in `folder`, to `out`.

    `ass` is the caption file, timed in seconds from the start of the sound; `fonts_dir` holds the
    fonts it names. Segments found in `segments` are not made again. `progress` is called from
    worker threads. At most `encoders` run at a time, by default one for every two cores. Files
    of the composition's further sizes are named after `out`: `video-720.mp4`. Raises InputError
    if plan, composition and sound do not fit together, OutsideError if FFmpeg or the disk fails;
    then nothing is left at `out`, and finished segments are kept.
    """
    if plan.size != composition.size or plan.fps != composition.fps:
        raise InputError(
            f"The scenes were planned for {plan.width}x{plan.height} at {plan.fps} frames a "
            f"second, the render asks for {composition.width}x{composition.height} at "
            f"{composition.fps}: plan them again."
        )
    channels = _channels(sound)
    captions = BurnedCaptions.read(ass, plan.fps) if ass else None
    chosen = choose(encoder)
    encoding = Encoding(
        composition, quality, chosen.encoder, captions, fonts_dir, segments, work_dir
    )
    decides = [
        composition.model_dump(mode="json", exclude={"audio_bitrate"}),
        describe(chosen.encoder, quality),
    ]
    begun = time.monotonic()
    with _disk_errors(out):
        pieces = segments_of(plan, folder, captions, decides)
        missing = [piece for piece in pieces if segments.get(piece.mark) is None]
        reused = plan.frames - sum(piece.frames for piece in missing)
        meter = _Meter(plan.frames, reused, progress)
        meter.tell()
        workers = encoders or max(1, _cores() // ENCODER_THREADS)
        _encode(plan, folder, encoding, missing, meter, workers)
        files = _join(encoding, pieces, sound, channels, plan.frames, out, meter)
    return RenderResult(
        path=out,
        smaller=tuple(files[1:]),
        duration=plan.duration,
        frames=plan.frames,
        reused=reused,
        size=out.stat().st_size,
        encoder=describe(chosen.encoder, quality),
        cpu_seconds=meter.paint_seconds + meter.encode_seconds,
        encode_seconds=meter.encode_seconds,
        wall_seconds=time.monotonic() - begun,
        notes=(*plan.notes, *([chosen.note] if chosen.note else [])),
    )


def _encode(
    plan: ScenePlan,
    folder: Path,
    encoding: Encoding,
    missing: list[Segment],
    meter: _Meter,
    workers: int,
) -> None:
    """Make the missing segments, several encoders at a time."""
    if not missing:
        return
    frames = sum(piece.frames for piece in missing)
    longest = round(_LONGEST_BATCH * plan.fps)
    rounds = math.ceil(frames / (workers * longest))
    most = math.ceil(frames / (workers * rounds))

    def one(batch: list[Segment]) -> None:
        with Composer(plan, folder) as composer:
            paint, encode = encode_batch(encoding, batch, composer.paint, meter.frame)
        meter.spent(paint=paint, encode=encode)

    # The longest first: then no worker is left alone with a long batch at the end.
    queue = sorted(batches(missing, most), key=lambda batch: -sum(one.frames for one in batch))
    with (
        _one_thread_each(),
        ThreadPoolExecutor(max_workers=workers, thread_name_prefix="scene") as pool,
    ):
        futures: list[Future[None]] = []
        try:
            futures = [pool.submit(one, batch) for batch in queue]
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            meter.stop.set()
            pool.shutdown(cancel_futures=True)
        stopped = None
        for future in futures:
            error = None if future.cancelled() else future.exception()
            if isinstance(error, _Stopped):
                stopped = error
            elif error:
                raise error
        if stopped:
            raise stopped


def _join(
    encoding: Encoding,
    pieces: tuple[Segment, ...],
    sound: Path,
    channels: int,
    frames: int,
    out: Path,
    meter: _Meter,
) -> list[Path]:
    """Put the segments of each size behind one another, with the sound."""
    made: dict[Path, Path] = {}  # each file's name, and where it is until all are whole
    try:
        for width, height in encoding.composition.sizes:
            target = out.with_stem(f"{out.stem}-{min(width, height)}") if made else out
            made[target] = partial = target.with_name(f".{target.name}.{os.getpid()}.part")
            begun = time.thread_time()
            encode = join(
                [encoding.kept.path(piece.mark) / f"{width}x{height}.mp4" for piece in pieces],
                sound.absolute(),
                channels,
                encoding.composition,
                frames,
                partial,
                name=target.name,
                hevc=is_hevc(encoding.encoder),
                work_dir=encoding.work_dir,
            )
            meter.spent(paint=time.thread_time() - begun, encode=encode)
        for target, partial in made.items():
            partial.replace(target)
    finally:
        for partial in made.values():
            partial.unlink(missing_ok=True)
    return list(made)


def _cores() -> int:
    """Those this process may use, where the system tells (Linux); else all there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _channels(audio: Path) -> int:
    try:
        with av.open(str(audio)) as container:
            if not container.streams.audio:
                raise InputError(f"The narration {audio.name} has no sound: make it again.")
            return int(container.streams.audio[0].codec_context.channels)
    except (av.error.FFmpegError, OSError) as error:
        raise InputError(f"The narration {audio.name} cannot be read: make it again.") from error


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Scenes already run side by side; OpenCV's own threads would only wait for each other."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


@contextmanager
def _disk_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == ENOSPC:
            raise OutsideError(
                f"{out.name} could not be rendered: the disk is full; free some space and run it "
                "again."
            ) from error
        raise OutsideError(
            f"{out.name} could not be rendered: {error.strerror or error}."
        ) from error

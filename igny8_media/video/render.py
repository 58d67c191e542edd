"""From a plan to a file: every scene becomes a segment once, segments are joined, sound is added.

Frames are painted in this process and piped into FFmpeg, which draws the captions and encodes.
Scenes are independent of each other, so several are rendered at a time.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import av
import cv2

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.video import ffmpeg
from igny8_media.video.compose import Composer
from igny8_media.video.encoder import (
    CAPTIONS_FILE,
    FONTS_FOLDER,
    describe,
    join_arguments,
    list_file,
    segment_arguments,
)
from igny8_media.video.plan import ScenePlan
from igny8_media.video.planes import Frame
from igny8_media.video.presets import Composition, Quality

Progress = Callable[[float], None]


class RenderResult(Frozen):
    """A finished file; seconds, bytes, and who encoded it.

    `cpu_seconds` counts painting and FFmpeg, `encode_seconds` FFmpeg's part of it.
    """

    path: Path
    duration: float
    frames: int
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

    def __init__(self, frames: int, progress: Progress | None) -> None:
        self.stop = threading.Event()
        self.paint_seconds = 0.0
        self.encode_seconds = 0.0
        self._frames = frames
        self._done = 0
        self._progress = progress
        self._lock = threading.Lock()

    def frame(self) -> None:
        if self.stop.is_set():
            raise _Stopped
        with self._lock:
            self._done += 1
            # A report a second of video is enough for a bar and costs nothing.
            if self._progress and (self._done % 30 == 0 or self._done == self._frames):
                self._progress(self._done / self._frames)

    def spent(self, *, paint: float = 0.0, encode: float = 0.0) -> None:
        with self._lock:
            self.paint_seconds += paint
            self.encode_seconds += encode


def render(
    plan: ScenePlan,
    narration_audio: Path,
    ass: Path | None,
    composition: Composition,
    out: Path,
    *,
    folder: Path,
    work_dir: Path,
    fonts_dir: Path | None = None,
    quality: Quality = Quality.STANDARD,
    progress: Progress | None = None,
    threads: int = 2,
) -> RenderResult:
    """Render `plan`, whose pictures lie in `folder`, to `out`.

    `ass` is the caption file, timed in seconds from the start of the narration; `fonts_dir` holds
    the fonts it names. `progress` is called with 0..1 from worker threads. At most `threads`
    scenes are rendered at a time. Raises InputError if plan, composition and sound do not fit
    together, OutsideError if FFmpeg or the disk fails; then nothing is left at `out`.
    """
    if plan.size != composition.size or plan.fps != composition.fps:
        raise InputError(
            f"The scenes were planned for {plan.width}x{plan.height} at {plan.fps} frames a "
            f"second, the render asks for {composition.width}x{composition.height} at "
            f"{composition.fps}: plan them again."
        )
    channels = _channels(narration_audio)
    begun = time.monotonic()
    meter = _Meter(plan.frames, progress)
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    with _disk_errors(out):
        try:
            with (
                tempfile.TemporaryDirectory(dir=work_dir, prefix="render-") as name,
                _one_thread_each(),
            ):
                work = Path(name)
                _lay_out(work, ass, fonts_dir)
                segments = _segments(
                    plan, folder, work, composition, quality, meter, threads, ass is not None
                )
                (work / "segments.txt").write_text(list_file(segments), encoding="ascii")
                _, cpu = ffmpeg.run(
                    join_arguments(
                        composition,
                        segments="segments.txt",
                        narration=narration_audio,
                        channels=channels,
                        frames=plan.frames,
                        out=partial,
                    ),
                    cwd=work,
                    task=f"join the scenes of {out.name}",
                )
                meter.spent(encode=cpu)
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)
    return RenderResult(
        path=out,
        duration=plan.duration,
        frames=plan.frames,
        size=out.stat().st_size,
        encoder=describe(quality),
        cpu_seconds=meter.paint_seconds + meter.encode_seconds,
        encode_seconds=meter.encode_seconds,
        wall_seconds=time.monotonic() - begun,
        notes=plan.notes,
    )


def _segments(
    plan: ScenePlan,
    folder: Path,
    work: Path,
    composition: Composition,
    quality: Quality,
    meter: _Meter,
    threads: int,
    captions: bool,
) -> list[str]:
    """Render every scene, several at a time; the names of the segments in order."""
    names = [f"{number:04}.mp4" for number in range(len(plan.scenes))]

    def one(number: int) -> None:
        scene = plan.scenes[number]
        begun = time.thread_time()
        command = segment_arguments(
            composition,
            quality,
            first=scene.first,
            captions=captions,
            threads=1,
            out=names[number],
        )
        composer, frame = Composer(plan, folder), Frame(*plan.size)
        with ffmpeg.FFmpeg(command, cwd=work, task=f"encode scene {scene.section_id}") as encoder:
            for at in range(scene.frames):
                meter.frame()
                composer.paint(number, at, frame)
                encoder.write(memoryview(frame.bytes))
            encoder.finish()
            meter.spent(paint=time.thread_time() - begun, encode=encoder.cpu_seconds)

    # The longest first: then no worker is left alone with a long scene at the end.
    order = sorted(range(len(names)), key=lambda number: -plan.scenes[number].frames)
    with ThreadPoolExecutor(max_workers=max(1, threads), thread_name_prefix="scene") as pool:
        try:
            futures = [pool.submit(one, number) for number in order]
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
    return names


def _lay_out(work: Path, ass: Path | None, fonts_dir: Path | None) -> None:
    """Put captions and fonts under plain names where FFmpeg runs."""
    if ass is None:
        return
    try:
        shutil.copyfile(ass, work / CAPTIONS_FILE)
    except FileNotFoundError as error:
        raise InputError(f"The caption file {ass.name} is missing: make it again.") from error
    if fonts_dir is None:
        (work / FONTS_FOLDER).mkdir()
    else:
        (work / FONTS_FOLDER).symlink_to(fonts_dir.absolute(), target_is_directory=True)


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

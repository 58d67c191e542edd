"""Cutting an encoder's stream into segments while it runs, and keeping each as it is finished."""

import errno
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from igny8_media.errors import Igny8Error, OutsideError
from igny8_media.storage.cache import FolderCache
from igny8_media.video.segments import Segment

_SCALE: Final = 1000
"""Joining adds up segment durations: in the usual milliseconds, 47 frames would not fit."""
_CHUNK: Final = 1 << 16


class BrokenStream(OutsideError):
    """The encoder's stream ended early: its own error says why."""


class Parts:
    """The unfinished segments of one batch; leaving the context removes what is not finished."""

    def __init__(self, kept: FolderCache, batch: Sequence[Segment], sizes: int) -> None:
        self.batch = batch
        self._kept = kept
        self._folders: dict[int, Path] = {}
        self._missing = [sizes] * len(batch)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)

    def folder(self, number: int) -> Path:
        """Where the files of a segment are written."""
        with self._lock:
            if number not in self._folders:
                self._folders[number] = self._kept.open()
            return self._folders[number]

    def finished(self, number: int) -> None:
        """One file of a segment is whole; with the last one the segment is kept."""
        with self._lock:
            self._missing[number] -= 1
            if not self._missing[number]:
                self._kept.keep(self.batch[number].mark, self._folders.pop(number))


class Cutter:
    """Reads fragmented MP4 from a pipe in a thread of its own and writes the segments of one size.

    As a context manager it closes the pipe and waits for the thread. What went wrong is in
    `error`, a sentence for people.
    """

    def __init__(self, pipe: int, name: str, parts: Parts, fps: int) -> None:
        self.error: Igny8Error | None = None
        self._pipe = os.fdopen(pipe, "rb", buffering=_CHUNK)
        self._name = name
        self._parts = parts
        self._fps = fps
        self._thread = threading.Thread(target=self._run, name=f"cut {name}", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread.ident is None:
            self._pipe.close()
        else:
            self._thread.join()

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Wait until every segment is kept. Raises what went wrong, if anything did."""
        self._thread.join()
        if self.error:
            raise self.error

    def _run(self) -> None:
        try:
            with self._pipe, av.open(self._pipe, "r", format="mp4") as source:
                stream = source.streams.video[0]
                self._cut(source.demux(stream), stream)
                # The encoder still writes its index. With nobody left to read, it would fail.
                while self._pipe.read(_CHUNK):
                    pass
        except Igny8Error as error:
            self.error = error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                said = "the disk is full; free some space and run it again"
            else:
                said = error.strerror or str(error)
            self.error = OutsideError(f"A segment could not be kept: {said}.")
        except av.error.FFmpegError as error:
            self.error = BrokenStream(f"The encoder's stream broke off: {error}; run it again.")

    def _cut(self, packets: "Iterator[Packet[VideoStream]]", stream: VideoStream) -> None:
        step = int(1 / (self._fps * Fraction(stream.time_base or 1)))  # in the stream's own ticks
        first = next(packets, None)
        if first is None or first.pts is None:
            raise BrokenStream("The encoder stopped before its first picture.")
        # Decoding runs ahead of showing, so the first picture is not at zero.
        begins = first.pts
        rest = chain([first], packets)
        for number, segment in enumerate(self._parts.batch):
            path = self._parts.folder(number) / self._name
            options = {"movie_timescale": str(self._fps * _SCALE)}
            with av.open(str(path), "w", format="mp4", container_options=options) as out:
                _copy(rest, out, stream, segment.frames, begins, step)
            self._parts.finished(number)
            begins += segment.frames * step


def _copy(
    packets: "Iterator[Packet[VideoStream]]",
    out: OutputContainer,
    stream: VideoStream,
    frames: int,
    begins: int,
    step: int,
) -> None:
    """Write the next `frames` packets, with times from the segment's own start."""
    target = out.add_stream_from_template(stream)
    for number in range(frames):
        packet = next(packets, None)
        if packet is None or packet.dts is None or packet.pts is None:
            raise BrokenStream("The encoder stopped before its segment was finished.")
        if number == 0 and (not packet.is_keyframe or packet.pts != begins):
            raise OutsideError("The encoder put no keyframe where a segment begins.")
        packet.pts -= begins
        packet.dts -= begins
        packet.duration = step
        packet.stream = target
        out.mux(packet)

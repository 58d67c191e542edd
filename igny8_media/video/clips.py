"""Stock clips as frames of a video: upright, cropped, in BT.709, at the video's own rate.

PyAV decodes them where they are needed, so that their frames are encoded once. A clip with a
variable frame rate simply shows at each moment the picture that is due.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.video.container import READ_ONLY_THIS
from igny8_media.video.planes import Frame, Plane

_JUMP: Final = 3.0
"""Seconds: a jump farther ahead than this seeks to a keyframe instead of decoding all between."""
_SMALLEST: Final = 64
_HD: Final = 720
"""Rows from which on untagged video is BT.709; below, it is BT.601 (ITU-R BT.709-6, BT.601-7)."""

_TAGGED: Final = (1, 4, 5, 6, 7)
"""Matrix coefficients a file can name that swscale knows (ISO/IEC 23091-2); 2 is "unspecified"."""

Crop = tuple[float, float, float, float]


class ClipFacts(Frozen):
    """`duration` in seconds; `width` and `height` of the upright picture in pixels."""

    duration: float
    width: int
    height: int


def probe_clip(path: Path) -> ClipFacts:
    """What a clip is. Raises InputError for a file that cannot be shown as one.

    The duration is that of the pictures which are really there: a file that breaks off still
    claims its whole length.
    """
    reader = ClipReader(path)
    try:
        return reader.facts.model_copy(update={"duration": reader.measured()})
    finally:
        reader.close()


def cover(clip: ClipFacts, size: tuple[int, int]) -> Crop:
    """The largest part of a clip in a frame's shape: its middle."""
    shape = size[0] / size[1] * clip.height / clip.width
    width, height = min(1.0, shape), min(1.0, 1 / shape)
    return (1 - width) / 2, (1 - height) / 2, width, height


class ClipReader:
    """Paints the pictures of one clip, cheapest in order of time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._container = av.open(str(path), options=READ_ONLY_THIS)
        except (av.error.FFmpegError, OSError) as error:
            raise InputError(
                f"The clip {path.name} cannot be read as video ({error.strerror or error}): "
                "use another one."
            ) from error
        if not self._container.streams.video:
            self._container.close()
            raise InputError(f"The clip {path.name} has no pictures in it: use another one.")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "NONE"  # scenes already run side by side
        self._base = float(self._stream.time_base or 0)
        self._origin = self._stream.start_time or 0
        self._reformatter = VideoReformatter()
        self._decode()
        first = self._next
        if first is None:
            self.close()
            raise InputError(f"The clip {path.name} has no picture that can be decoded.")
        self._quarter_turns = round((first.rotation or 0) / 90) % 4
        width, height = first.width, first.height
        if self._quarter_turns % 2:
            width, height = height, width
        if min(width, height) < _SMALLEST:
            self.close()
            raise InputError(
                f"The clip {path.name} has only {width}x{height} pixels: use a larger one."
            )
        self.facts = ClipFacts(duration=self._duration(), width=width, height=height)

    def close(self) -> None:
        self._container.close()

    def measured(self) -> float:
        """Seconds until the end of the last picture that is there; what is read is not decoded."""
        end = step = before = 0.0
        self._container.seek(self._origin, stream=self._stream)
        try:
            for packet in self._container.demux(self._stream):
                if packet.pts is not None and packet.size:
                    at = (packet.pts - self._origin) * self._base
                    step = abs(at - before) if packet.duration is None else 0.0
                    end = max(end, at + (packet.duration or 0) * self._base)
                    before = at
        except av.error.FFmpegError:
            pass  # as far as the file goes
        self._begin(0.0)
        return end + step

    def paint(self, seconds: float, crop: Crop, frame: Frame) -> None:
        """Fill `frame` with the picture due at `seconds`; after the end the last one stays."""
        self._advance(seconds)
        planes = self._upright()
        for plane, target in zip(planes, (frame.y, frame.u, frame.v), strict=True):
            height, width = plane.shape
            left, top = round(crop[0] * width), round(crop[1] * height)
            part = plane[
                top : top + max(1, round(crop[3] * height)),
                left : left + max(1, round(crop[2] * width)),
            ]
            smaller = part.shape[0] > target.shape[0]
            cv2.resize(
                part,
                (target.shape[1], target.shape[0]),
                dst=target,
                interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR,
            )

    def _duration(self) -> float:
        if self._stream.duration:
            return float(self._stream.duration) * self._base
        return float(self._container.duration or 0) / 1_000_000

    def _begin(self, seconds: float) -> None:
        """Start decoding at the keyframe before `seconds`."""
        self._container.seek(self._origin + int(seconds / self._base), stream=self._stream)
        self._decode()

    def _decode(self) -> None:
        """Decode from where the file is being read."""
        self._frames: Iterator[VideoFrame] = self._container.decode(self._stream)
        self._current: VideoFrame | None = None
        self._planes: tuple[Plane, Plane, Plane] | None = None
        self._next: VideoFrame | None = self._decoded()

    def _decoded(self) -> VideoFrame | None:
        """The next picture that has a time; None at the end, or where the file breaks off."""
        try:
            return next((frame for frame in self._frames if frame.pts is not None), None)
        except av.error.FFmpegError:
            return None

    def _time(self, frame: VideoFrame) -> float:
        return (int(frame.pts or 0) - self._origin) * self._base

    def _advance(self, seconds: float) -> None:
        ahead = seconds - (self._time(self._current) if self._current is not None else 0.0)
        if ahead > _JUMP or (ahead < -1e-6 and self._current is not None):
            self._begin(seconds)
        while self._next is not None and (
            self._current is None or self._time(self._next) <= seconds + 1e-6
        ):
            self._current, self._planes = self._next, None
            self._next = self._decoded()

    def _upright(self) -> tuple[Plane, Plane, Plane]:
        if self._planes is None:
            assert self._current is not None  # noqa: S101 the first picture was decoded at once
            self._planes = _planes(
                self._converted(self._current),
                self._quarter_turns,
                every=2 if self._current.interlaced_frame else 1,
            )
        return self._planes

    def _converted(self, frame: VideoFrame) -> VideoFrame:
        """In 8-bit 4:2:0 and limited BT.709, as our own frames are."""
        space = int(frame.colorspace)
        if space not in _TAGGED:
            space = Colorspace.ITU709 if frame.height >= _HD else Colorspace.ITU601
        limited = frame.color_range != ColorRange.JPEG
        if frame.format.name == "yuv420p" and space == Colorspace.ITU709 and limited:
            return frame
        return self._reformatter.reformat(
            frame,
            format="yuv420p",
            src_colorspace=space,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG if limited else ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )


def _planes(frame: VideoFrame, quarter_turns: int, every: int) -> tuple[Plane, Plane, Plane]:
    """The planes upright; of an interlaced picture (`every` is 2), the first of its two moments.

    That halves its rows, which the resizing to the frame makes good.
    """
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        # A copy: the decoder reuses its memory.
        found.append(np.ascontiguousarray(np.rot90(rows[::every, : plane.width], quarter_turns)))
    y, u, v = found
    return y, u, v

"""Segments behind one another, with the sound: the finished file."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from igny8_media.errors import OutsideError
from igny8_media.video import ffmpeg
from igny8_media.video.encoder import join_arguments
from igny8_media.video.presets import Composition

# Opening a file, libav decodes a picture to learn what the index says anyway: 35 ms of CPU for
# each segment, and a video has dozens.
_UNDECODED: Final = {"skip_frame": "all"}
_PIPED: Final = {"movflags": "empty_moov+default_base_moof+frag_keyframe"}


def join(
    segments: Sequence[Path],
    sound: Path,
    channels: int,
    composition: Composition,
    frames: int,
    out: Path,
    *,
    name: str,
    hevc: bool,
    work_dir: Path,
) -> float:
    """Write the segments, copied, and the sound as AAC to `out`; returns FFmpeg's CPU seconds.

    `name` is what people call the file, `channels` are those of the sound; FFmpeg runs in
    `work_dir`. Raises OutsideError if a segment cannot be read or FFmpeg fails.
    """
    arguments = join_arguments(
        composition, narration=sound, channels=channels, frames=frames, hevc=hevc, out=out
    )
    task = f"join the scenes of {name}"
    with ffmpeg.FFmpeg(arguments, cwd=work_dir, task=task) as process:
        with av.open(_Into(process), "w", format="mp4", container_options=_PIPED) as container:
            _copy(segments, container, composition.fps)
        process.finish()
        return process.cpu_seconds


class _Into:
    """The standard input of FFmpeg, as a file that libav writes to."""

    def __init__(self, process: ffmpeg.FFmpeg) -> None:
        self._process = process

    def write(self, data: bytes) -> int:
        self._process.write(memoryview(data))
        return len(data)


def _copy(segments: Sequence[Path], out: OutputContainer, fps: int) -> None:
    target: VideoStream | None = None
    begins = 0  # frames
    for path in segments:
        try:
            with av.open(str(path), "r", options=_UNDECODED) as source:
                stream = source.streams.video[0]
                if target is None:
                    target = out.add_stream_from_template(stream)
                step = int(1 / (fps * Fraction(stream.time_base or 1)))
                count = 0
                for packet in source.demux(stream):
                    if packet.pts is None or packet.dts is None:
                        continue  # the mark of the end
                    packet.pts += begins * step
                    packet.dts += begins * step
                    packet.stream = target
                    out.mux(packet)
                    count += 1
                begins += count
        except (FileNotFoundError, av.error.InvalidDataError) as error:
            raise OutsideError(
                "A finished segment was removed from the cache during the render; run it again."
            ) from error

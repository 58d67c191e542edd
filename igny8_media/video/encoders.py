"""Which encoder makes the pictures: x264, x265, or hardware that has proved to work."""

import math
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Final

import av

from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen
from igny8_media.video import ffmpeg
from igny8_media.video.presets import Encoder, Quality

_HARDWARE: Final = (Encoder.NVENC, Encoder.QSV, Encoder.VIDEOTOOLBOX)

# Preset and constant rate factor: where a point of VMAF costs least CPU. Measured on moving
# photographs full of grain at 1080x1920 against the painted frames (benchmarks/quality.py): x264
# 90.2, 94.3 and 95.1, x265 90.4, 94.4 and 95.2.
_X264: Final = {
    Quality.DRAFT: ("ultrafast", 27),
    Quality.FAST: ("veryfast", 22),
    Quality.STANDARD: ("faster", 19),
    Quality.HIGH: ("fast", 17),
}
_X265: Final = {
    Quality.DRAFT: ("ultrafast", 30),
    Quality.FAST: ("ultrafast", 22),
    Quality.STANDARD: ("superfast", 19),
    Quality.HIGH: ("superfast", 17),
}
_HARDWARE_LEVEL: Final = {
    Quality.DRAFT: 30,
    Quality.FAST: 26,
    Quality.STANDARD: 23,
    Quality.HIGH: 19,
}


class Chosen(Frozen):
    """The encoder that is used; `note` says why it is not the one that was asked for."""

    encoder: Encoder
    note: str | None = None


def describe(encoder: Encoder, quality: Quality) -> str:
    """The encoder and its settings, as they are recorded with what it made."""
    if encoder is Encoder.X264:
        return "libx264 {} CRF {}".format(*_X264[quality])
    if encoder is Encoder.X265:
        return "libx265 {} CRF {}".format(*_X265[quality])
    return f"{_codec(encoder)} quality {_HARDWARE_LEVEL[quality]}"


def x264_settings(quality: Quality) -> tuple[str, int]:
    """x264's speed preset and constant rate factor (0 is lossless, 51 the worst)."""
    return _X264[quality]


def codec_arguments(encoder: Encoder, quality: Quality, threads: int) -> list[str]:
    """What FFmpeg is told about the codec; closed groups of pictures, 8-bit 4:2:0."""
    codec = ["-c:v", _codec(encoder), "-pix_fmt", "yuv420p"]
    level = str(_HARDWARE_LEVEL[quality])
    if encoder is Encoder.X264:
        preset, crf = _X264[quality]
        return [
            *codec, *("-profile:v", "high", "-preset", preset, "-crf", str(crf)),
            # A thread of its own for looking ahead would hold a dozen frames more (36 MB at
            # 1920x1080) and bring nothing: painting already runs beside the encoder.
            *("-x264-params", "open-gop=0:sync-lookahead=0", "-threads", str(threads)),
        ]  # fmt: skip
    if encoder is Encoder.X265:
        preset, crf = _X265[quality]
        parameters = f"log-level=error:open-gop=0:pools={threads}:frame-threads=1"
        settings = ["-preset", preset, "-crf", str(crf), "-forced-idr", "1"]
        return [*codec, *settings, "-x265-params", parameters]
    if encoder is Encoder.NVENC:
        return [*codec, "-preset", "p5", "-rc", "vbr", "-cq", level, "-forced-idr", "1"]
    if encoder is Encoder.QSV:
        return [*codec, "-preset", "medium", "-global_quality", level, "-forced_idr", "1"]
    return [*codec, "-profile:v", "high", "-q:v", str(100 - 2 * int(level)), "-allow_sw", "0"]


def is_hevc(encoder: Encoder) -> bool:
    return encoder is Encoder.X265


def _codec(encoder: Encoder) -> str:
    software = {Encoder.X264: "libx264", Encoder.X265: "libx265"}
    return software.get(encoder, f"h264_{encoder}")


@lru_cache
def choose(wanted: Encoder) -> Chosen:
    """The encoder asked for if it really encodes here, else x264 and the reason.

    Hardware is believed only after it has encoded a second of video: a build of FFmpeg lists
    encoders for cards that a machine does not have.
    """
    if wanted is Encoder.X264:
        return Chosen(encoder=wanted)
    tried = _HARDWARE if wanted is Encoder.HARDWARE else (wanted,)
    reasons = []
    for encoder in tried:
        problem = _problem(encoder)
        if problem is None:
            return Chosen(encoder=encoder)
        reasons.append(f"{encoder}: {problem}")
    return Chosen(
        encoder=Encoder.X264,
        note=f"Encoded with x264, because the encoder {wanted} does not work here "
        f"({'; '.join(reasons)}).",
    )


def _problem(encoder: Encoder) -> str | None:
    """What is wrong with an encoder after a second of it, as the engine uses it."""
    cut = 17  # a forced keyframe somewhere in the middle
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = [
            *("-y", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=1"),
            *codec_arguments(encoder, Quality.STANDARD, 1),
            *("-force_key_frames", key_times([cut], 30), "test.mp4"),
        ]
        try:
            ffmpeg.run(arguments, cwd=folder, task=f"encode with {encoder}")
        except OutsideError as error:
            return str(error).removeprefix("FFmpeg could not ").rstrip(".")
        with av.open(str(folder / "test.mp4")) as container:
            stream = container.streams.video[0]
            frames = list(container.decode(stream))
        keys = [n for n, frame in enumerate(frames) if frame.key_frame]
        if len(frames) != 30 or cut not in keys or frames[0].format.name != "yuv420p":
            return "what it encoded is not what was asked for"
    return None


def key_times(frames: list[int], fps: int) -> str:
    """FFmpeg's `-force_key_frames` for these frames: the first one at or after each time."""
    return ",".join(f"{math.floor((frame - 0.5) / fps * 1e6) / 1e6:.6f}" for frame in frames)

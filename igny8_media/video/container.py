"""What a video file's container says, without decoding: streams, timing, order of its boxes."""

from pathlib import Path
from typing import BinaryIO, Final

import av
import av.container
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen

_TAGS: Final[dict[str, dict[int, str]]] = {
    "primaries": {ColorPrimaries.BT709: "bt709"},
    "transfer": {ColorTrc.BT709: "bt709"},
    "space": {Colorspace.ITU709: "bt709"},
    "range": {ColorRange.MPEG: "tv", ColorRange.JPEG: "pc"},
}


class Streams(Frozen):
    """The first picture and sound stream; times in seconds, `longest_gop` in frames.

    `colour` is (primaries, transfer, space, range) as FFmpeg names them.
    """

    video_codec: str
    profile: str
    pixel_format: str
    size: tuple[int, int]
    colour: tuple[str, str, str, str]
    fps: float
    frames: int
    constant_rate: bool
    longest_gop: int
    video_start: float
    video_duration: float
    edit_lists: bool
    has_audio: bool
    audio_codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    audio_start: float = 0.0
    audio_duration: float = 0.0


def read_streams(path: Path) -> Streams:
    """Read the container. Raises InputError if it is no video file."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise InputError(f"{path.name} has no picture: give a video file.")
            return _streams(container, path)
    except (av.error.FFmpegError, OSError) as error:
        raise InputError(f"{path.name} is not a video that can be read: {error}.") from error


def _streams(container: av.container.InputContainer, path: Path) -> Streams:
    video = container.streams.video[0]
    times: list[float] = []
    keys: list[int] = []
    end = 0.0
    for packet in container.demux(video):
        if packet.pts is None or packet.time_base is None:
            continue
        if packet.is_keyframe:
            keys.append(len(times))
        times.append(float(packet.pts * packet.time_base))
        end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    if not times:
        raise InputError(f"{path.name} has no pictures in it: render it again.")
    order = sorted(times)
    step = (order[-1] - order[0]) / (len(order) - 1) if len(order) > 1 else 0.0
    even = all(abs(time - order[0] - number * step) < 0.0005 for number, time in enumerate(order))
    context = video.codec_context
    audio = container.streams.audio[0] if container.streams.audio else None
    sound: dict[str, object] = {}
    if audio is not None:
        base = float(audio.time_base or 0)
        sound = {
            "audio_codec": audio.codec_context.name,
            "sample_rate": audio.codec_context.sample_rate,
            "channels": audio.codec_context.channels,
            "audio_start": (audio.start_time or 0) * base,
            "audio_duration": (audio.duration or 0) * base,
        }
    return Streams.model_validate(
        {
            "video_codec": context.name,
            "profile": str(context.profile or ""),
            "pixel_format": str(context.pix_fmt or ""),
            "size": (context.width, context.height),
            "colour": (
                _tag("primaries", context.color_primaries),
                _tag("transfer", context.color_trc),
                _tag("space", context.colorspace),
                _tag("range", context.color_range),
            ),
            "fps": 1 / step if step else 0.0,
            "frames": len(times),
            "constant_rate": even,
            "longest_gop": max(
                (b - a for a, b in zip(keys, [*keys[1:], len(times)], strict=True)), default=0
            ),
            "video_start": order[0],
            "video_duration": end - order[0],
            "edit_lists": "elst" in _boxes(path),
            "has_audio": audio is not None,
            **sound,
        }
    )


def _tag(kind: str, value: int) -> str:
    return _TAGS[kind].get(value, f"{kind} {value}")


def moov_first(path: Path) -> bool:
    """Whether the index (moov) comes before the media (mdat), so that playing can start at once."""
    order = [name for name in _boxes(path) if name in ("moov", "mdat")]
    return order[:1] == ["moov"]


def _boxes(path: Path) -> list[str]:
    """Names of the boxes of an MP4 file in order, those inside moov and its tracks included."""
    names: list[str] = []
    with path.open("rb") as file:
        _walk(file, path.stat().st_size, names)
    return names


def _walk(file: BinaryIO, end: int, names: list[str]) -> None:
    while file.tell() + 8 <= end:
        begin = file.tell()
        size = int.from_bytes(file.read(4), "big")
        name = file.read(4).decode("latin-1")
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
        elif size == 0:  # to the end of the file
            size = end - begin
        if size < 8:
            return
        names.append(name)
        if name in ("moov", "trak", "edts"):
            _walk(file, begin + size, names)
        file.seek(begin + size)

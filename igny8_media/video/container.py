"""What a video file's container says, without decoding: streams, timing, order of its boxes."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import av
import av.container
import av.packet
import av.stream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen

_TAGS: Final[dict[str, dict[int, str]]] = {
    "primaries": {ColorPrimaries.BT709: "bt709"},
    "transfer": {ColorTrc.BT709: "bt709"},
    "space": {Colorspace.ITU709: "bt709"},
    "range": {ColorRange.MPEG: "tv", ColorRange.JPEG: "pc"},
}


_UNSPECIFIED: Final = {"primaries": 2, "transfer": 2, "space": 2, "range": 0}
UNTAGGED: Final = "unspecified"

FORMATS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,live_flv,ogg,asf,mxf,gif,wav,mp3,"
    "flac,aac"
)
"""What FFmpeg may take a file for: containers of sound and pictures. Playlists are none of them,
because they can name other files and addresses, which FFmpeg would open."""
READ_ONLY_THIS: Final = {"protocol_whitelist": "file", "format_whitelist": FORMATS}


class Streams(Frozen):
    """The first picture and sound stream; times in seconds, `longest_gop` in frames.

    `container` is FFmpeg's name for it, `index` the number of the picture's stream. `colour` is
    (primaries, transfer, space, range) as FFmpeg names them. `rotation` is how many degrees
    players turn the picture. `declared` is how long the file says the picture lasts, which is
    more than `video_duration` where it breaks off.
    """

    container: str
    index: int
    video_codec: str
    tag: str
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
    declared: float
    interlaced: bool
    rotation: int
    edit_lists: bool
    has_audio: bool
    audio_codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    audio_start: float = 0.0
    audio_duration: float = 0.0


def read_streams(path: Path) -> Streams:
    """Read the container. Raises InputError if it is no video file."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a video file.")
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path.name} is not a video: it is empty.")
        with av.open(str(path), options=READ_ONLY_THIS) as container:
            video = _moving(container)
            if video is None:
                raise InputError(f"{path.name} has no moving picture: give a video file.")
            return _streams(container, video, path)
    except av.error.FFmpegError as error:
        raise InputError(f"{path.name} is not a video that can be read: {_why(error)}.") from error
    except (FileNotFoundError, PermissionError) as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def _why(error: av.error.FFmpegError) -> str:
    if isinstance(error, av.error.InvalidDataError):
        return "its beginning or its index is missing or damaged"
    if isinstance(error, av.error.ArgumentError):
        return "it is a file of another kind"
    return str(error.strerror or error)


def _moving(container: av.container.InputContainer) -> VideoStream | None:
    """The first picture stream that is not the cover of a piece of music."""
    cover = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & cover), None)


def _streams(container: av.container.InputContainer, video: VideoStream, path: Path) -> Streams:
    context = video.codec_context
    if context is None:
        raise InputError(f"{path.name} holds a kind of picture that FFmpeg cannot decode.")
    times: list[float] = []
    keys: list[int] = []
    end = 0.0
    for packet in _packets(container, video):
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
    even = all(abs(time - order[0] - number * step) < 0.0015 for number, time in enumerate(order))
    # The last picture of some containers has no duration.
    end = max(end, order[-1] + step)
    kind = container.format.name
    boxes = _boxes(path) if is_mp4(kind) else []
    return Streams.model_validate(
        {
            "container": kind,
            "index": video.index,
            "video_codec": context.name,
            "tag": context.codec_tag.strip("\0"),
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
            "declared": float((video.duration or 0) * (video.time_base or 0)),
            **_seen(path, video.index),
            "edit_lists": "elst" in boxes,
            **_sound(container),
        }
    )


def _packets(
    container: av.container.InputContainer, video: VideoStream
) -> "Iterator[av.packet.Packet[VideoStream]]":
    """The stream's packets, as far as the file goes."""
    try:
        yield from container.demux(video)
    except av.error.FFmpegError:
        return


def _seen(path: Path, index: int) -> dict[str, object]:
    """What only a decoded picture tells."""
    with av.open(str(path), options=READ_ONLY_THIS) as container:
        try:
            frame = next(container.decode(video=_place(container, index)), None)
        except av.error.FFmpegError:
            frame = None
    if frame is None:
        raise InputError(f"{path.name} has no picture that can be decoded: render it again.")
    return {"interlaced": bool(frame.interlaced_frame), "rotation": int(frame.rotation or 0)}


def _place(container: av.container.InputContainer, index: int) -> int:
    """Which of the picture streams has this number."""
    return [stream.index for stream in container.streams.video].index(index)


def _sound(container: av.container.InputContainer) -> dict[str, object]:
    if not container.streams.audio or container.streams.audio[0].codec_context is None:
        return {"has_audio": bool(container.streams.audio)}
    audio = container.streams.audio[0]
    base = float(audio.time_base or 0)
    whole = float(container.duration or 0) / 1_000_000  # some containers time no single stream
    return {
        "has_audio": True,
        "audio_codec": audio.codec_context.name,
        "sample_rate": audio.codec_context.sample_rate,
        "channels": audio.codec_context.channels,
        "audio_start": (audio.start_time or 0) * base,
        "audio_duration": audio.duration * base if audio.duration else whole,
    }


def is_mp4(container: str) -> bool:
    """Whether FFmpeg's name of a container means MP4 or QuickTime, which are built of boxes."""
    return "mp4" in container.split(",")


def _tag(kind: str, value: int) -> str:
    return _TAGS[kind].get(value, UNTAGGED if value == _UNSPECIFIED[kind] else f"{kind} {value}")


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

"""The FFmpeg command lines: frames into a segment, segments and sound into the finished file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from igny8_media.video.presets import SAMPLE_RATE, X264_SETTINGS, Composition, Quality

CAPTIONS_FILE: Final = "captions.ass"
FONTS_FOLDER: Final = "fonts"
AAC_PRIMING: Final = 1024
"""Samples that FFmpeg's AAC encoder puts before the sound. An edit list would tell players to
skip them, but Reels must not have one (Instagram Content Publishing API, 2026-10), so as many
samples of the narration's opening silence are dropped instead, and the sound stays in time."""

_AAC_TOOLS: Final = ("-aac_pns", "0", "-aac_is", "0")
"""Perceptual noise substitution and intensity stereo save bits that 192 kbit/s does not need to
save. With FFmpeg 9.0.2's encoder the first put a click 6 dB over the voice into one channel of a
narration (heard once in five minutes, and caught by the probe)."""

_GOP_SECONDS: Final = 2
_COLOUR: Final = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def describe(quality: Quality) -> str:
    """The encoder as it is recorded with what it made."""
    settings = X264_SETTINGS[quality]
    return f"libx264 {settings.preset} CRF {settings.crf}"


def segment_arguments(
    composition: Composition,
    quality: Quality,
    *,
    first: int,
    captions: bool,
    threads: int,
    out: str,
) -> list[str]:
    """Raw yuv420p frames on standard input become one H.264 segment.

    Captions are timed from the start of the video, so the frames carry their place in it
    (`first`) while libass draws, and start at zero again in the file. Run it in a folder that
    holds CAPTIONS_FILE and FONTS_FOLDER: relative names need none of the filter's quoting.
    """
    settings = X264_SETTINGS[quality]
    filters = [f"setparams={_COLOUR}"]
    if captions:
        filters += [
            f"setpts=PTS+{first}",
            f"ass=filename={CAPTIONS_FILE}:fontsdir={FONTS_FOLDER}",
            f"setpts=PTS-{first}",
        ]
    gop = composition.fps * _GOP_SECONDS
    # fmt: off
    return [
        "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pixel_format", "yuv420p",
        "-video_size", f"{composition.width}x{composition.height}",
        "-framerate", str(composition.fps), "-i", "pipe:0",
        "-vf", ",".join(filters),
        "-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-preset", settings.preset, "-crf", str(settings.crf),
        "-maxrate", str(composition.max_bitrate), "-bufsize", str(2 * composition.max_bitrate),
        "-g", str(gop), "-x264-params", "open-gop=0",
        "-threads", str(threads),
        "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
        "-color_range", "tv",
        # Joining adds up segment durations: in the usual milliseconds, 47 frames would not fit.
        "-movie_timescale", str(composition.fps * 1000),
        out,
    ]
    # fmt: on


def join_arguments(
    composition: Composition,
    *,
    segments: str,
    narration: Path,
    channels: int,
    frames: int,
    out: Path,
) -> list[str]:
    """The segments of the list file `segments`, copied, and the narration as AAC."""
    samples = frames * SAMPLE_RATE // composition.fps - AAC_PRIMING
    sound = [f"aresample={SAMPLE_RATE}"]
    if channels == 1:
        # Half the power to each side: together they are as loud as the one channel was.
        sound.append("pan=stereo|c0=0.707107*c0|c1=0.707107*c0")
    sound += [
        f"atrim=start_sample={AAC_PRIMING}",
        "asetpts=PTS-STARTPTS",
        f"apad=whole_len={samples}",
        f"atrim=end_sample={samples}",
    ]
    # fmt: off
    return [
        "-y", "-loglevel", "error",
        "-f", "concat", "-i", segments,
        "-i", str(narration.absolute()),
        "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1",
        "-c:v", "copy",
        "-c:a", "aac", "-b:a", str(composition.audio_bitrate), *_AAC_TOOLS, "-ac", "2",
        "-ar", str(SAMPLE_RATE), "-af", ",".join(sound),
        "-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0",
        "-f", "mp4", str(out.absolute()),
    ]
    # fmt: on


def list_file(segments: Sequence[str]) -> str:
    """The text FFmpeg's concat demuxer reads; names are ours and need no quoting."""
    return "".join(f"file {name}\n" for name in segments)

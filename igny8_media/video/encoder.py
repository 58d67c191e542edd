"""The FFmpeg command lines: frames into a segment, segments and sound into the finished file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from igny8_media.video.encoders import codec_arguments, key_times
from igny8_media.video.presets import SAMPLE_RATE, Composition, Encoder, Quality

ENCODER_THREADS: Final = 2
"""One encoder on two cores holds little more memory than one on one, and half of two encoders'."""
CAPTIONS_FILE: Final = "captions.ass"
FONTS_FOLDER: Final = "fonts"
AAC_PRIMING: Final = 1024
"""Samples that FFmpeg's AAC encoder puts before the sound. An edit list would tell players to
skip them, but Reels must not have one (Instagram Content Publishing API, 2026-10), so as many
samples of the narration's opening silence are dropped instead, and the sound stays in time."""

_AAC_TOOLS: Final = ("-aac_coder", "fast", "-aac_pns", "0", "-aac_is", "0")
"""The fast quantiser search takes half the time and, at this bit rate, came nearer to the voice:
53 dB signal to noise instead of 35. Perceptual noise substitution and intensity stereo save bits
that 192 kbit/s does not need to save; with FFmpeg 9.0.2's encoder the first put a click 6 dB over
the voice into one channel of a narration (heard once in five minutes, and caught by the probe)."""

_GOP_SECONDS: Final = 2
_COLOUR: Final = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def batch_arguments(
    composition: Composition,
    quality: Quality,
    encoder: Encoder,
    *,
    keyframes: list[int],
    captions: bool,
    pipes: Sequence[int],
) -> list[str]:
    """Raw yuv420p frames on standard input become video on the file descriptors `pipes`.

    One stream for each of the composition's sizes, in fragmented MP4, which a pipe can carry. A
    group of pictures begins at each of `keyframes`, where segments are cut. Run it in
    a folder that holds CAPTIONS_FILE and FONTS_FOLDER: relative names need none of the filter's
    quoting.
    """
    chain = f"[0:v]setparams={_COLOUR}"
    if captions:
        chain += f",ass=filename={CAPTIONS_FILE}:fontsdir={FONTS_FOLDER}"
    sizes = composition.sizes
    names = [f"v{number}" for number in range(len(sizes))]
    split = f",split={len(sizes)}" if len(sizes) > 1 else ""
    graph = f"{chain}{split}{''.join(f'[{name}]' for name in names)}"
    for name, (width, height) in list(zip(names, sizes, strict=True))[1:]:
        graph += f";[{name}]scale={width}:{height}:flags=bicubic[{name}s]"
    # fmt: off
    arguments = [
        "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pixel_format", "yuv420p",
        "-video_size", f"{composition.width}x{composition.height}",
        # A queue of frames as large as the usual would only hold memory.
        "-framerate", str(composition.fps), "-thread_queue_size", "2", "-i", "pipe:0",
        "-filter_complex", graph,
    ]
    for name, pipe in zip(names, pipes, strict=True):
        arguments += [
            "-map", f"[{name}]" if name == names[0] else f"[{name}s]",
            *codec_arguments(encoder, quality, ENCODER_THREADS),
            "-maxrate", str(composition.max_bitrate), "-bufsize", str(2 * composition.max_bitrate),
            "-g", str(composition.fps * _GOP_SECONDS),
            "-force_key_frames", key_times(keyframes, composition.fps),
            "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
            "-color_range", "tv", "-flush_packets", "1",
            "-movflags", "empty_moov+default_base_moof+frag_every_frame",
            "-f", "mp4", f"pipe:{pipe}",
        ]
    # fmt: on
    return arguments


def join_arguments(
    composition: Composition,
    *,
    narration: Path,
    channels: int,
    frames: int,
    hevc: bool,
    out: Path,
) -> list[str]:
    """MP4 on standard input, copied, and the narration as AAC."""
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
        "-f", "mp4", "-i", "pipe:0",
        "-i", str(narration.absolute()),
        "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1",
        # Apple's players open HEVC only under this name.
        "-c:v", "copy", *(["-tag:v", "hvc1"] if hevc else []),
        "-c:a", "aac", "-b:a", str(composition.audio_bitrate), *_AAC_TOOLS, "-ac", "2",
        "-ar", str(SAMPLE_RATE), "-af", ",".join(sound),
        "-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0",
        "-f", "mp4", str(out.absolute()),
    ]
    # fmt: on

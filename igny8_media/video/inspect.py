"""Measure a finished video file and say what is wrong with it.

One pass of FFmpeg decodes sound and picture together; the container is read without decoding.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.video import ffmpeg
from igny8_media.video.container import FORMATS, UNTAGGED, Streams, is_mp4, moov_first, read_streams

BLACK_SECONDS: Final = 0.5
FROZEN_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 2.0
SILENCE_DB: Final = -50
"""Room tone of a quiet recording lies near -60 dB, speech at -14 LUFS far above -50."""
LOUDNESS: Final = -14.0
LOUDNESS_TOLERANCE: Final = 1.0
TRUE_PEAK: Final = -1.0
DURATION_TOLERANCE: Final = 0.1
SYNC_TOLERANCE: Final = 0.04
BROKEN_SECONDS: Final = 0.5

RATES: Final = (23, 60)
"""Frames a second that Reels and TikTok take (Instagram Content Publishing API and TikTok Content
Posting API, 2026-10)."""
GOP_SECONDS: Final = 2
_CODECS: Final = ("h264", "hevc")

_DETECTION_WIDTH: Final = 180
"""Pixels: black and frozen pictures are seen as well in a small picture, which costs less."""
_FREEZE_NOISE: Final = 0.001
"""Mean difference, of full scale, under which a picture counts as the same. A still picture stays
below 0.0005 in spite of x264's noise and its keyframes; ours differ by 0.008 and more within five
seconds, even where a backdrop merely drifts behind a card."""


class Expectation(Frozen):
    """What the file should be; what is left open is held against what every platform takes.

    `duration` is seconds of voice, `size` (width, height), `fps` frames a second; `lasts` is the
    shortest and longest that the place it goes to takes, in seconds, `max_bytes` the most.
    """

    duration: float | None = None
    size: tuple[int, int] | None = None
    fps: int | None = None
    lasts: tuple[float, float] | None = None
    max_bytes: int | None = None


class Stretch(Frozen):
    """Seconds from the start of the file."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


class Inspection(Frozen):
    """What was measured; `problems` are sentences, none if the file may be published.

    Loudness is integrated LUFS, `true_peak` dBTP, both None for a file without sound; `duration`
    is seconds of picture, `offset` seconds by which sound starts after picture. `faststart` is None
    for a container that has no index to put first.
    """

    path: str
    bytes: int
    duration: float
    streams: Streams
    faststart: bool | None
    offset: float
    loudness: float | None
    true_peak: float | None
    black: tuple[Stretch, ...] = ()
    frozen: tuple[Stretch, ...] = ()
    silent: tuple[Stretch, ...] = ()
    problems: tuple[str, ...] = ()
    cpu_seconds: float = Field(ge=0)

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Measured:
    """What FFmpeg's detectors said."""

    black: tuple[Stretch, ...]
    frozen: tuple[Stretch, ...]
    silent: tuple[Stretch, ...]
    loudness: float | None
    true_peak: float | None
    complaints: tuple[str, ...]
    cpu_seconds: float


def inspect(path: Path, *, expected: Expectation | None = None) -> Inspection:
    """Measure the file at `path` against `expected` and the rules every upload has to keep.

    Raises InputError if it is missing or not a video. A video that is broken further on is
    measured as far as it goes, and the break is among the problems.
    """
    if not path.exists():
        raise InputError(f"There is no video file at {path}: render it first.")
    streams = read_streams(path)
    measured = _measure(path, streams)
    inspection = Inspection(
        path=str(path),
        bytes=path.stat().st_size,
        duration=streams.video_duration,
        streams=streams,
        faststart=moov_first(path) if is_mp4(streams.container) else None,
        offset=streams.audio_start - streams.video_start if streams.has_audio else 0.0,
        loudness=measured.loudness,
        true_peak=measured.true_peak,
        black=measured.black,
        frozen=measured.frozen,
        silent=measured.silent,
        cpu_seconds=measured.cpu_seconds,
    )
    found = (*measured.complaints, *_problems(inspection, expected or Expectation()))
    return inspection.model_copy(update={"problems": found})


def _measure(path: Path, streams: Streams) -> _Measured:
    picture = (
        f"[0:{streams.index}]scale={_DETECTION_WIDTH}:-2:flags=fast_bilinear,"
        f"blackdetect=d={BLACK_SECONDS}:pix_th=0.08,"
        f"freezedetect=n={_FREEZE_NOISE}:d={FROZEN_SECONDS}[v]"
    )
    sound = (
        f"[0:a:0]silencedetect=n={SILENCE_DB}dB:d={SILENCE_SECONDS},"
        "ebur128=peak=true:framelog=quiet[a]"
    )
    graph = f"{picture};{sound}" if streams.has_audio else picture
    # fmt: off
    arguments = [
        # The loop filter smooths what the detectors would not see anyway.
        "-loglevel", "level+info", "-skip_loop_filter", "all", "-threads", "1",
        "-protocol_whitelist", "file", "-format_whitelist", FORMATS,
        "-i", str(path.absolute()), "-filter_complex", graph, "-map", "[v]",
        *(["-map", "[a]"] if streams.has_audio else []), "-f", "null", "-",
    ]
    # fmt: on
    complaints: tuple[str, ...] = ()
    try:
        log, cpu = ffmpeg.run(arguments, cwd=path.parent, task=f"decode {path.name}")
    except OutsideError as error:
        return _Measured((), (), (), None, None, (str(error),), 0.0)
    broken = [line for line in log.splitlines() if "[error]" in line]
    if broken:
        said = broken[0].split("[error]", 1)[1].strip()
        complaints = (f"The file is damaged: FFmpeg says {said!r}.",)
    end = streams.video_duration
    summary = log[log.rfind("Summary:") :] if "Summary:" in log else ""
    return _Measured(
        black=_pairs(log, r"black_start:\s*([\d.]+) black_end:\s*([\d.]+)"),
        frozen=_marks(log, "freeze", end),
        silent=_marks(log, "silence", end),
        loudness=_number(summary, r"I:\s+(-?[\d.]+|-inf) LUFS"),
        true_peak=_number(summary, r"Peak:\s+(-?[\d.]+|-inf) dBFS"),
        complaints=complaints,
        cpu_seconds=cpu,
    )


def _pairs(log: str, pattern: str) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(start=float(found[1]), end=float(found[2])) for found in re.finditer(pattern, log)
    )


def _marks(log: str, word: str, end: float) -> tuple[Stretch, ...]:
    """Stretches whose start and end are logged apart; one still open lasts to the end."""
    starts = [float(found) for found in re.findall(rf"{word}_start: (-?[\d.]+)", log)]
    ends = [float(found) for found in re.findall(rf"{word}_end: ([\d.]+)", log)]
    return tuple(
        Stretch(start=max(0.0, start), end=ends[number] if number < len(ends) else end)
        for number, start in enumerate(starts)
    )


def _number(text: str, pattern: str) -> float | None:
    found = re.search(pattern, text)
    return float(found[1]) if found else None


def _problems(found: Inspection, expected: Expectation) -> list[str]:
    return [
        *_picture_problems(found, expected),
        *_sound_problems(found),
        *_file_problems(found, expected),
    ]


def _picture_problems(found: Inspection, expected: Expectation) -> list[str]:
    s = found.streams
    problems = _codec_problems(s)
    if s.colour != ("bt709", "bt709", "bt709", "tv"):
        problems.append(
            "Colours are not tagged, so that players have to guess: bt709 in tv range is wanted."
            if set(s.colour) <= {UNTAGGED, "tv"}
            else f"Colours are tagged {', '.join(s.colour)}, not bt709 in tv range."
        )
    if expected.size and s.size != expected.size:
        problems.append(
            f"Picture is {s.size[0]}x{s.size[1]}, not {expected.size[0]}x{expected.size[1]}."
        )
    if s.rotation:
        problems.append(f"Picture lies on its side: players are told to turn it by {s.rotation}°.")
    if s.interlaced:
        problems.append("Picture is interlaced, which phones show as combs.")
    if not s.constant_rate:
        problems.append("Frames are not evenly spaced in time.")
    elif expected.fps is not None and abs(s.fps - expected.fps) > 0.01:
        problems.append(f"It has {s.fps:.4g} frames a second, not {expected.fps}.")
    elif not RATES[0] - 0.03 <= s.fps <= RATES[1] + 0.03:
        problems.append(f"It has {s.fps:.4g} frames a second, not {RATES[0]} to {RATES[1]}.")
    if s.longest_gop > GOP_SECONDS * s.fps + 1:
        problems.append(
            f"Keyframes are up to {s.longest_gop} frames apart, more than {GOP_SECONDS} s."
        )
    problems += [
        f"Picture is black from {_span(stretch)}."
        for stretch in found.black
        if stretch.seconds > BLACK_SECONDS
    ]
    problems += [
        f"Picture stands still from {_span(stretch)}."
        for stretch in found.frozen
        if stretch.seconds > FROZEN_SECONDS
    ]
    return problems


def _codec_problems(s: Streams) -> list[str]:
    """H.264 or H.265 in 8-bit 4:2:0 in an MP4 or QuickTime file: what all four platforms take."""
    problems = []
    if s.video_codec not in _CODECS or s.pixel_format != "yuv420p":
        problems.append(
            f"Picture is {s.video_codec} {s.profile} {s.pixel_format}".replace("  ", " ")
            + ", not H.264 or H.265 in yuv420p."
        )
    if s.video_codec == "hevc" and s.tag != "hvc1":
        problems.append(f"H.265 is called {s.tag}, and Apple's players open it as hvc1 alone.")
    if not is_mp4(s.container):
        problems.append(f"The container is {s.container.split(',')[0]}, not MP4.")
    return problems


def _sound_problems(found: Inspection) -> list[str]:
    s = found.streams
    if not s.has_audio:
        return ["There is no sound."]
    problems = []
    if (s.audio_codec, s.sample_rate, s.channels) != ("aac", 48_000, 2):
        problems.append(
            f"Sound is {s.audio_codec} at {s.sample_rate} Hz with {s.channels} channels, "
            "not AAC at 48000 Hz in stereo."
        )
    if abs(found.offset) > SYNC_TOLERANCE:
        problems.append(f"Sound starts {found.offset * 1000:+.0f} ms off the picture.")
    if found.loudness is not None and abs(found.loudness - LOUDNESS) > LOUDNESS_TOLERANCE:
        problems.append(f"Loudness is {found.loudness:.1f} LUFS, not {LOUDNESS:g} within 1.")
    if found.true_peak is not None and found.true_peak > TRUE_PEAK:
        problems.append(f"True peak is {found.true_peak:.1f} dBTP, above {TRUE_PEAK:g}.")
    problems += [
        f"It is silent from {_span(stretch)}."
        for stretch in found.silent
        if stretch.seconds > SILENCE_SECONDS
    ]
    return problems


def _file_problems(found: Inspection, expected: Expectation) -> list[str]:
    problems = []
    voice = expected.duration
    if voice is not None and abs(found.duration - voice) > DURATION_TOLERANCE:
        problems.append(f"Picture lasts {found.duration:.2f} s, the voice {voice:.2f} s.")
    sound = found.streams.audio_duration
    if found.streams.has_audio and abs(found.duration - sound) > DURATION_TOLERANCE:
        problems.append(f"Picture lasts {found.duration:.2f} s, the sound {sound:.2f} s.")
    if expected.lasts is not None:
        low, high = expected.lasts
        if not low - DURATION_TOLERANCE <= found.duration <= high + DURATION_TOLERANCE:
            problems.append(f"It lasts {found.duration:.1f} s, not {low:g} to {high:g} s.")
    missing = found.streams.declared - found.duration
    if missing > BROKEN_SECONDS:
        problems.append(
            f"It breaks off after {found.duration:.1f} of {found.streams.declared:.1f} s."
        )
    if found.faststart is False:
        problems.append("The index comes after the media: players must load the whole file first.")
    if found.streams.edit_lists:
        problems.append("It has an edit list, which Instagram's guide rules out for reels.")
    if expected.max_bytes is not None and found.bytes > expected.max_bytes:
        problems.append(
            f"It has {found.bytes:,} bytes, more than the {expected.max_bytes:,} allowed."
        )
    return problems


def _span(stretch: Stretch) -> str:
    return f"{stretch.start:.1f} s to {stretch.end:.1f} s"

"""How loud a sound is, and bringing it to the level platforms expect.

Loudness after ITU-R BS.1770 and EBU R 128, measured by the bundled FFmpeg's `ebur128`.
"""

import re
from pathlib import Path
from typing import Final

from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen
from igny8_media.video.ffmpeg import run

TARGET: Final = -14.0
"""Integrated LUFS: what YouTube, TikTok and Instagram play at (YouTube "stats for nerds", 2026)."""
CEILING: Final = -1.0
"""dBTP that lossy encoding after us must not be pushed beyond."""

SILENT: Final = -69.0
"""Integrated LUFS, below which nothing was heard: the gate of BS.1770 is at -70."""
TOLERANCE: Final = 1.0
"""LU that a narration may be away from the target; very short ones cannot be brought closer."""

_GOOD = 0.3  # LU, at which no further round is worth its time
_ROUNDS = 5
_REFERENCE = -20.0  # LUFS at the compressor, whatever the voice's own level
_MAKE_UP = 9.5  # dB that the compressor takes off speech, as a first guess
_LIMIT = -1.7  # dBFS for the limiter; leaves room for the peaks that resampling and AAC add
_OVERSAMPLED = 192_000  # Hz, so that the limiter sees peaks between samples


class Loudness(Frozen):
    """`integrated` in LUFS, `true_peak` in dBTP, `range` in LU."""

    integrated: float
    true_peak: float
    range: float


def measure(path: Path) -> Loudness:
    """Loudness of a whole file. Raises OutsideError if it cannot be read as sound."""
    return read_summary(_ffmpeg(path, "ebur128=peak=true:framelog=quiet"), path)


def read_summary(report: str, path: Path) -> Loudness:
    """What FFmpeg's `ebur128=peak=true` logged about `path` at its end."""
    summary = report[report.rfind("Summary:") :]
    return Loudness(
        integrated=_value(summary, r"I:\s+(\S+) LUFS", path),
        true_peak=_value(summary, r"Peak:\s+(\S+) dBFS", path),
        range=_value(summary, r"LRA:\s+(\S+) LU", path),
    )


def normalise(source: Path, out: Path, *, rate: int, samples: int | None = None) -> Loudness:
    """Write `source` at -14 LUFS with no true peak above -1 dBTP, resampled to `rate` Hz.

    Given `samples`, exactly so many are written: resampling may lose or add a few at the end.

    A gentle compressor, a gain, and a limiter that looks ahead; the gain is corrected until the
    measured result is within 0.3 LU, or as near as it gets within 1 LU. Length and timing stay as
    they are. Returns what was measured on the result. Raises OutsideError for silence and for
    sound that cannot be brought to the target.
    """
    before = measure(source)
    if before.integrated < SILENT:
        raise OutsideError(f"{source.name} is silent, so it has no loudness to adjust.")
    level = _REFERENCE - before.integrated
    gain = TARGET - _REFERENCE + _MAKE_UP
    tried: dict[float, Loudness] = {}
    for _ in range(_ROUNDS):
        _render(source, out, level, gain, rate, samples)
        tried[gain] = after = measure(out)
        missing = TARGET - after.integrated
        if abs(missing) < _GOOD and after.true_peak <= CEILING:
            return after
        gain += missing * 1.3  # the limiter eats part of every step
    best = min(tried, key=lambda each: abs(tried[each].integrated - TARGET))
    _render(source, out, level, best, rate, samples)
    after = measure(out)
    if abs(after.integrated - TARGET) < TOLERANCE and after.true_peak <= CEILING:
        return after
    out.unlink()
    raise OutsideError(
        f"{source.name} stays at {after.integrated} LUFS and {after.true_peak} dBTP"
        f" instead of {TARGET} LUFS; the voice returned unusual sound, try another."
    )


def _render(
    source: Path, out: Path, level: float, gain: float, rate: int, samples: int | None
) -> None:
    """One pass: `level` dB before the compressor, `gain` dB after it."""
    exact = f",apad=whole_len={samples},atrim=end_sample={samples}" if samples else ""
    chain = (
        # Speech peaks stand 20 dB above its mean. The compressor takes most of that, smoothly;
        # the limiter is left with a decibel or two.
        f"volume={level:.2f}dB:precision=float,"
        "acompressor=threshold=-24dB:ratio=3.5:attack=3:release=80:knee=6:detection=rms,"
        f"volume={gain:.2f}dB:precision=float,"
        f"aresample={_OVERSAMPLED},"
        f"alimiter=limit={_LIMIT}dB:attack=4:release=60:level=false:latency=true,"
        f"aresample={rate}{exact}"
    )
    arguments = ["-i", str(source.resolve()), "-af", chain, "-ac", "1", "-c:a", "pcm_s16le"]
    task = f"level the sound of {source.name}"
    run(["-y", *arguments, str(out.resolve())], cwd=out.parent, task=task)


def _ffmpeg(path: Path, audio_filter: str) -> str:
    arguments = ["-i", str(path.resolve()), "-af", audio_filter, "-f", "null", "-"]
    report, _ = run(arguments, cwd=path.parent, task=f"measure {path.name}")
    return report


def _value(report: str, pattern: str, path: Path) -> float:
    found = re.search(pattern, report)
    if not found:
        raise OutsideError(f"{path.name} has no sound that could be measured.")
    return float(found[1])

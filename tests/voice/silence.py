"""Where a sound is silent, as FFmpeg's silencedetect hears it."""

import re
from pathlib import Path
from typing import NamedTuple

from igny8_media.video.ffmpeg import run


class Silence(NamedTuple):
    """Seconds."""

    start: float
    end: float


def silences(path: Path, *, floor: float = -50.0, shortest: float = 0.1) -> tuple[Silence, ...]:
    """Stretches of at least `shortest` seconds that stay below `floor` dBFS."""
    wanted = f"silencedetect=noise={floor}dB:duration={shortest}"
    arguments = ["-i", str(path.resolve()), "-af", wanted, "-f", "null", "-"]
    report, _ = run(arguments, cwd=path.parent, task="find the silences")
    starts = re.findall(r"silence_start: (\S+)", report)
    ends = re.findall(r"silence_end: (\S+)", report)
    return tuple(
        Silence(max(0.0, float(start)), float(end)) for start, end in zip(starts, ends, strict=True)
    )

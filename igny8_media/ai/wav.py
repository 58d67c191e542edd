"""Speech as it comes from an engine: mono 16-bit WAV files, read as arrays."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from igny8_media.errors import OutsideError

Samples = NDArray[np.int16]

_FLOOR = 10 ** (-45 / 20) * 32768  # below this (-45 dBFS) a voice is silent
_FRAME = 0.005  # seconds


def read_wav(path: Path, engine: str) -> tuple[Samples, int]:
    """The samples and the rate in Hz. Raises OutsideError if `engine` wrote anything else."""
    try:
        with wave.open(str(path), "rb") as wav:
            channels, width, rate = wav.getnchannels(), wav.getsampwidth(), wav.getframerate()
            promised = wav.getnframes() * channels * width
            data = wav.readframes(wav.getnframes())
    except (wave.Error, EOFError) as error:
        raise OutsideError(f"{engine} returned something that is not a WAV file: {error}") from None
    if (channels, width) != (1, 2):
        raise OutsideError(
            f"{engine} returned {channels}-channel {width * 8}-bit sound; set it to mono 16 bit."
        )
    # Streaming servers write 2 GiB or more there: they do not know the length when they begin.
    if len(data) < promised < 2**31 - 2**16:
        raise OutsideError(
            f"{engine} broke off: {len(data) / promised:.0%} of the sound it announced arrived."
        )
    return np.frombuffer(data[: len(data) // width * width], dtype="<i2"), rate


def voiced(samples: Samples, rate: int) -> tuple[float, float] | None:
    """Start and end in seconds of what can be heard, or None for silence."""
    loud = _loud_frames(samples, rate)
    if not loud.size:
        return None
    return float(loud[0]) * _FRAME, min(float(loud[-1] + 1) * _FRAME, len(samples) / rate)


def _loud_frames(samples: Samples, rate: int) -> NDArray[np.intp]:
    """Indices of the 5 ms frames whose peak is above the floor."""
    size = int(rate * _FRAME)
    padded = np.pad(samples.astype(np.int32), (0, -len(samples) % size))
    peaks = np.abs(padded).reshape(-1, size).max(axis=1) if len(padded) else np.zeros(0)
    return np.flatnonzero(peaks > _FLOOR)


def last_sound(samples: Samples, rate: int, start: float, end: float) -> float:
    """The moment between `start` and `end` (seconds) after which nothing is heard until `end`."""
    heard = voiced(samples[int(start * rate) : int(end * rate)], rate)
    return end if heard is None else min(end, start + heard[1])

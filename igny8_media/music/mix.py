"""The finished sound of a video: the narration, and music that steps back under it."""

import re
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.music.ducking import DEPTH, Interval, ducking, speech
from igny8_media.music.loop import RATE, Loop, Sound, looped
from igny8_media.music.source import Music, read_music
from igny8_media.music.tracks import Credit, Track
from igny8_media.narration.loudness import CEILING, SILENT, TARGET, Loudness, measure, read_summary
from igny8_media.video.ffmpeg import FFmpeg, run
from igny8_media.video.model import SpokenSection

_BELOW: Final = -6.5
"""LU of the music against the voice where nobody speaks; `ducking.DEPTH` lower under speech."""

_UNDER: Final = -DEPTH + 0.1
"""dB, below which the music is all the way down."""

_FADE_IN, _FADE_OUT = 0.4, 0.5  # seconds
_TOLERANCE = 0.3  # LU
_ROUNDS = 4
_TWO_CHANNELS = 3.01  # LU that the same sound gains when a second channel plays it too
_LIMIT = -2.0  # dBFS; leaves room for the peaks between samples
_MOST_MUSIC = 900.0  # seconds that are read of a piece
_STRETCH = 5 * RATE  # samples mixed at a time: memory does not grow with the length


class Mix(Frozen):
    """A finished sound file: 48 kHz stereo, exactly as long as its narration.

    `loudness` is integrated LUFS, `true_peak` dBTP, `mono_loss` LU that are lost when both
    channels are added up, `ducking` dB that the music is lower under speech than it would be,
    `under_voice` LU that the music stays below the voice while it speaks (0 without music).
    `track` says whom to credit.
    """

    audio: str
    duration: float
    track: Credit | None
    loudness: float
    true_peak: float
    mono_loss: float
    ducking: float = 0.0
    under_voice: float = 0.0
    notes: tuple[str, ...] = ()


class _Bed(NamedTuple):
    """Music ready to be mixed: endless, at its level in pauses."""

    loop: Loop
    side: float
    gain: float


class _Powers:
    """What the music would be under speech, and what it is."""

    def __init__(self) -> None:
        self.full = self.ducked = 0.0
        self.samples = 0

    def add(self, music: Sound, gain: Sound, spoken: NDArray[np.bool_]) -> None:
        inside = music[spoken]
        self.samples += len(inside)
        self.full += float(np.square(inside).sum())
        self.ducked += float(np.square(inside * gain[spoken][:, None]).sum())


def mix(
    narration: Path, out: Path, *, sections: Sequence[SpokenSection], music: Track | None
) -> Mix:
    """Write a narration (48 kHz mono) with music under it to `out`, a stereo WAV at -14 LUFS.

    `sections` tell when somebody speaks. Without `music` the voice alone is written, at the same
    level. Raises InputError for music that cannot be used, OutsideError for a narration that is
    silent or cannot be read; nothing is left at `out` then.
    """
    samples = _length(narration)
    voice = measure(narration)
    if voice.integrated < SILENT:
        raise OutsideError(f"{narration.name} is silent; narrate it again.")
    spoken = speech(sections) or [(0.0, samples / RATE)]  # rather too soft than over the voice
    notes: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory(prefix=".mixing-", dir=out.parent) as scratch:
        bed = None
        if music is not None:
            read = read_music(music, min(_MOST_MUSIC, samples / RATE), Path(scratch))
            notes = read.notes
            bed = _bed(read, samples, voice.integrated + _TWO_CHANNELS + _BELOW)
        made = Path(scratch) / "mix.wav"
        loudness, powers = _at_target(narration, made, voice, bed, spoken, samples)
        mono_loss = loudness.integrated - _in_mono(made)
        made.replace(out)
    ducked = 10 * np.log10(powers.full / powers.ducked) if powers.ducked else 0.0
    return Mix(
        audio=out.name,
        duration=samples / RATE,
        track=music.credit if music else None,
        loudness=loudness.integrated,
        true_peak=loudness.true_peak,
        mono_loss=round(mono_loss, 1),
        ducking=round(float(ducked), 1),
        under_voice=round(float(ducked) - _BELOW, 1) if music else 0.0,
        notes=notes,
    )


def _length(narration: Path) -> int:
    with wave.open(str(narration), "rb") as wav:
        if (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) != (RATE, 1, 2):
            raise InputError(f"{narration.name} is no 48 kHz mono 16-bit WAV; narrate it again.")
        return wav.getnframes()


def _bed(read: Music, samples: int, level: float) -> _Bed:
    return _Bed(looped(read.sound, samples), read.side, _ratio(level - read.loudness))


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _at_target(
    narration: Path,
    out: Path,
    voice: Loudness,
    bed: _Bed | None,
    spoken: Sequence[Interval],
    samples: int,
) -> tuple[Loudness, _Powers]:
    """Write the mix; what music adds is not known before, so the gain is corrected once or so."""
    gain = TARGET - voice.integrated - _TWO_CHANNELS
    for _ in range(_ROUNDS):
        powers = _Powers()
        loudness = _write(_mixed(narration, bed, spoken, samples, powers), out, gain)
        missing = TARGET - loudness.integrated
        if abs(missing) <= _TOLERANCE and loudness.true_peak <= CEILING:
            return loudness, powers
        gain += missing
    raise OutsideError(
        f"{narration.name} stays at {loudness.integrated} LUFS and {loudness.true_peak} dBTP"
        f" instead of {TARGET} LUFS when mixed; narrate it again with another voice."
    )


def _write(stretches: Iterator[Sound], out: Path, gain: float) -> Loudness:
    chain = (
        f"volume={gain:.3f}dB:precision=float,"
        f"alimiter=limit={_LIMIT}dB:attack=4:release=60:level=false:latency=true,"
        "ebur128=peak=true:framelog=quiet"
    )
    arguments = ["-y", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-", "-af", chain]
    arguments += ["-c:a", "pcm_s16le", "-bitexact", str(out.resolve())]
    with FFmpeg(arguments, cwd=out.parent, task="mix the sound") as process:
        for stretch in stretches:
            process.write(stretch.data.cast("B"))
        return read_summary(process.finish(), out)


def _mixed(
    narration: Path,
    bed: _Bed | None,
    spoken: Sequence[Interval],
    samples: int,
    powers: _Powers,
) -> Iterator[Sound]:
    """The mix before its last gain, a few seconds at a time: samples by two channels."""
    with wave.open(str(narration), "rb") as wav:
        for first in range(0, samples, _STRETCH):
            count = min(_STRETCH, samples - first)
            data = np.frombuffer(wav.readframes(count), dtype="<i2")
            voice = np.repeat(data.astype(np.float32)[:, None] / np.float32(32768), 2, axis=1)
            if bed is None:
                yield voice
                continue
            music = _shaped(bed.loop.read(first, count), bed)
            times = np.arange(first, first + count) / RATE
            decibels = ducking(times, spoken)
            gain = np.power(10, decibels / np.float32(20), dtype=np.float32)
            powers.add(music, gain, decibels < _UNDER)
            gain = gain * _fades(times, samples / RATE)
            yield np.ascontiguousarray(voice + music * gain[:, None])


def _shaped(music: Sound, bed: _Bed) -> Sound:
    if bed.side < 1:
        middle = music.mean(axis=1, keepdims=True)
        music = middle + (music - middle) * np.float32(bed.side)
    return music * np.float32(bed.gain)


def _fades(times: NDArray[np.float64], end: float) -> Sound:
    """The gain that fades the whole in and out, with equal power."""
    share = np.clip(np.minimum(times / _FADE_IN, (end - times) / _FADE_OUT), 0, 1)
    return np.sin(share * (np.pi / 2)).astype(np.float32)


def _in_mono(path: Path) -> float:
    """Integrated LUFS of both channels added up, as loud as two channels of the sum would be."""
    chain = "pan=mono|c0=0.5*c0+0.5*c1,ebur128=framelog=quiet"
    arguments = ["-i", str(path.resolve()), "-af", chain, "-f", "null", "-"]
    log, _ = run(arguments, cwd=path.parent, task="measure the sound in mono")
    heard = re.findall(r"I:\s+(\S+) LUFS", log)
    if not heard:
        raise OutsideError("The mixed sound cannot be measured; mix it again.")
    return float(heard[-1]) + _TWO_CHANNELS

"""Narrations and music made of tones and noise, and reading sound back."""

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from igny8_media.ai.speech import Word
from igny8_media.video.model import Section, SpokenSection, VideoScript

RATE = 48_000
Sound = NDArray[np.float64]


def write(path: Path, sound: Sound) -> Path:
    """Samples (by channels, if there are two dimensions) from -1 to 1."""
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def read(path: Path) -> Sound:
    with wave.open(str(path), "rb") as wav:
        data = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
        return data.reshape(-1, wav.getnchannels()).astype(float) / 32768


def decode(path: Path) -> NDArray[np.int16]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    command += ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")


def level(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def narration(path: Path, sections: int = 4, seconds: float = 4.0) -> tuple[SpokenSection, ...]:
    """A buzz that comes in words of 0.4 s, with 0.6 s of rest between sections."""
    rng = np.random.default_rng(1)
    sound = np.zeros(round(sections * seconds * RATE))
    told = []
    for number in range(sections):
        start, words = number * seconds, []
        clock = start + 0.17
        while clock + 0.4 < start + seconds - 0.4:
            at = np.arange(round(clock * RATE), round((clock + 0.4) * RATE))
            time = at / RATE
            buzz = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 20))
            sound[at] = 0.1 * buzz * np.hanning(len(at)) * rng.uniform(0.8, 1.2)
            words.append(Word(text="buzz", start=clock, end=clock + 0.4))
            clock += 0.45
        told.append(
            SpokenSection(
                section_id=f"s{number}", start=start, end=start + seconds, words=tuple(words)
            )
        )
    write(path, sound)
    return tuple(told)


def script(*texts: str, title: str = "A title", language: str = "en", cue: str = "title_card"):
    return VideoScript(
        title=title,
        description="",
        tags=(),
        sections=tuple(
            Section.model_validate(
                {
                    "section_id": f"s{number}",
                    "type": "point",
                    "narration": text,
                    "visual_cue": cue,
                    "duration_estimate": 5,
                }
            )
            for number, text in enumerate(texts)
        ),
        total_duration_estimate=30,
        language=language,
        writer="test",
    )

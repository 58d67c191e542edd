"""Small pictures, sounds, scripts and plans: everything here is made in a fraction of a second."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from igny8_media.ai.speech import Word
from igny8_media.imaging.theme import Theme
from igny8_media.video.model import Narration, Section, SpokenSection, VideoScript
from igny8_media.video.plan import Camera, Layer, Scene, ScenePlan, Shot, Transition, View
from igny8_media.video.presets import Composition

RATE = 48_000


@pytest.fixture
def composition() -> Composition:
    return Composition(width=180, height=320)


@pytest.fixture
def theme() -> Theme:
    return Theme(name="Example")


@pytest.fixture
def photograph() -> Callable[..., Image.Image]:
    """Soft blobs with some detail: moves visibly, compresses like a picture."""

    def make(width: int, height: int, seed: int = 0) -> Image.Image:
        rng = np.random.default_rng(seed)
        coarse = Image.fromarray(rng.integers(20, 235, (9, 9, 3), dtype=np.uint8))
        fine = Image.fromarray(rng.integers(20, 235, (60, 60, 3), dtype=np.uint8))
        size = (width, height)
        return Image.blend(coarse.resize(size, Image.Resampling.BICUBIC), fine.resize(size), 0.25)

    return make


@pytest.fixture
def write_wav(tmp_path: Path) -> Callable[..., Path]:
    """Write mono samples (-1..1) as 48 kHz 16-bit WAV."""

    def write(samples: np.ndarray, name: str = "voice.wav") -> Path:
        path = tmp_path / name
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        return path

    return write


@pytest.fixture
def voice(write_wav: Callable[..., Path]) -> Callable[[float], Path]:
    """That many seconds: 150 ms of silence, then a sound at -14 LUFS that pulses like syllables."""

    def make(seconds: float) -> Path:
        time = np.arange(round(seconds * RATE)) / RATE
        pulse = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
        samples = 0.45 * np.sin(2 * np.pi * 330 * time) * pulse
        samples[: RATE * 15 // 100] = 0
        return write_wav(samples)

    return make


@pytest.fixture
def plan(tmp_path: Path, photograph: Callable[..., Image.Image]) -> ScenePlan:
    """Three scenes of 25, 31 and 40 frames in `tmp_path / "scenes"`, with fades and a layer."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    scenes: list[Scene] = []
    first = 0
    for number, frames in enumerate((25, 31, 40)):
        photograph(216, 384, number).save(folder / f"{number}.png")
        scenes.append(
            Scene(
                section_id=f"s{number}",
                kind="image",
                first=first,
                frames=frames,
                transition=Transition(kind="fade", frames=8) if number else Transition(),
                shots=(
                    Shot(
                        base=f"{number}.png",
                        camera=Camera(start=View(x=0.45), end=View(x=0.55, width=0.85)),
                        moves_for=frames,
                    ),
                ),
                layers=(Layer(file="layer.png", x=20, y=60, start=4, fade=8, rise=16),),
            )
        )
        first += frames
    Image.new("RGBA", (100, 24), (255, 170, 0, 230)).save(folder / "layer.png")
    return ScenePlan(width=180, height=320, fps=30, frames=first, scenes=tuple(scenes))


@pytest.fixture
def narrate() -> Callable[..., tuple[VideoScript, Narration]]:
    """A script of these sections and a narration that gives every word 0.3 s, pauses 0.4 s."""

    def make(*sections: Section, language: str = "en") -> tuple[VideoScript, Narration]:
        spoken: list[SpokenSection] = []
        begin = clock = 0.0
        for section in sections:
            words = []
            for text in section.narration.split():
                words.append(Word(text=text, start=clock, end=clock + 0.28))
                clock += 0.3
            clock += 0.4
            spoken.append(
                SpokenSection(
                    section_id=section.section_id, start=begin, end=clock, words=tuple(words)
                )
            )
            begin = clock
        script = VideoScript(
            title="A title",
            description="",
            tags=(),
            sections=sections,
            total_duration_estimate=clock,
            language=language,
            writer="test",
        )
        narration = Narration(
            audio="voice.wav",
            duration=clock,
            sections=tuple(spoken),
            engine="test",
            voice="test",
            language=language,
            timing="estimate",
            loudness=-14,
            true_peak=-2,
        )
        return script, narration

    return make

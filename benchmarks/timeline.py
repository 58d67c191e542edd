"""A minute of video to measure with: ten sections, six photographs, two cards, a code and a clip.

The photographs are made here: noise whose power falls with frequency as it does in photographs
of the world, plus film grain, so that encoders find as much to do in them as in real ones.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from igny8_media.captions.ass import write_ass
from igny8_media.captions.cues import captions
from igny8_media.imaging.theme import Theme
from igny8_media.music.choose import choose_music
from igny8_media.music.mix import mix
from igny8_media.narration.narrate import narrate
from igny8_media.narration.speakers import open_speakers
from igny8_media.settings import Settings
from igny8_media.storage.cache import FolderCache
from igny8_media.video import ffmpeg
from igny8_media.video.model import CodeBlock, Narration, Section, VideoForm, VideoScript
from igny8_media.video.plan import ScenePlan
from igny8_media.video.presets import FORM_COMPOSITIONS, Composition
from igny8_media.video.scenes import plan_scenes

_CODE = """def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
"""
_SAID = (
    "Every figure on this page was measured twice, on a machine that did nothing else meanwhile.",
    "A photograph that fills the screen is the hardest thing there is for a video encoder.",
    "Grain looks like detail, and detail costs bits, so a grainy picture takes the longest.",
    "Seventy three percent of the time goes into the encoder, and nothing we do can change that.",
    "When the camera moves slowly across a picture, every single pixel of the frame is new.",
    "Here is how the median of a list is found, in six short lines of a language many people read.",
    "A clip from a stock library has to be decoded first, cut to shape, and encoded once more.",
    "Captions are drawn on every frame, and the word that is being said is lit while it is said.",
    "Music lies under the voice, and steps back by more than twelve decibels while somebody talks.",
    "So measure your own videos on your own machine, and then believe nobody else's figures.",
)
_TV = "scale=out_range=tv:out_color_matrix=bt709,format=yuv420p"


@dataclass(frozen=True)
class Timeline:
    """A script that was spoken, drawn and mixed, ready to be rendered; files lie in `folder`."""

    folder: Path
    script: VideoScript
    narration: Narration
    plan: ScenePlan
    sound: Path
    ass: Path
    composition: Composition
    pictures: dict[str, Path]
    theme: Theme

    @property
    def scenes(self) -> Path:
        return self.folder / "scenes"

    @property
    def fonts(self) -> Path:
        return self.folder / "fonts"


def photograph(width: int, height: int, seed: int) -> Image.Image:
    """Noise with a 1/f amplitude spectrum in three correlated channels, and grain of 3 levels."""
    rng = np.random.default_rng(seed)
    across, down = np.fft.rfftfreq(width), np.fft.fftfreq(height)[:, None]
    falling = 1 / np.maximum(1 / max(width, height), np.hypot(across, down))

    def channel() -> NDArray[np.float64]:
        noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((height, width))) * falling)
        return noise[:height, :width] / noise.std()

    light = channel()
    bands = [light * 45 + channel() * 12 + 118 + shift for shift in rng.uniform(-20, 20, 3)]
    grain = rng.normal(0, 3, (height, width, 1))
    return Image.fromarray(np.clip(np.stack(bands, -1) + grain, 0, 255).astype(np.uint8))


def script_of(sections: int = 10) -> VideoScript:
    made = []
    for number, said in enumerate(_SAID[:sections]):
        fields: dict[str, object] = {"visual_cue": "image", "image": f"photo-{number}"}
        if number == 3:
            fields = {"visual_cue": "statistic", "items": ("73 %", "of the time is the encoder's")}
        elif number == 5:
            fields = {
                "visual_cue": "code_snippet",
                "code_block": CodeBlock(text=_CODE, language="python"),
            }
        elif number == 6:
            fields = {"visual_cue": "stock_video", "image": "clip"}
        elif number == 9:
            fields = {"visual_cue": "title_card", "text_overlay": "Measure it yourself"}
        made.append(
            Section.model_validate(
                {
                    "section_id": f"s{number}",
                    "type": "hook" if number == 0 else "point",
                    "narration": said,
                    "duration_estimate": 6,
                    **fields,
                }
            )
        )
    return VideoScript(
        title="Where the time of a video goes",
        description="",
        tags=("video", "measurement"),
        sections=tuple(made),
        total_duration_estimate=60,
        language="en",
        writer="benchmark",
    )


@contextmanager
def timeline(form: VideoForm = VideoForm.SHORT, sections: int = 10) -> Iterator[Timeline]:
    """Everything before the render, made in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        pictures = {"clip": folder / "clip.mp4"}
        _clip(folder, pictures["clip"])
        for number in range(sections):
            pictures[f"photo-{number}"] = folder / f"photo-{number}.jpg"
            photograph(2000, 2400, number).save(pictures[f"photo-{number}"], quality=92)
        yield prepared(folder, script_of(sections), pictures, form)


def prepared(
    folder: Path, script: VideoScript, pictures: dict[str, Path], form: VideoForm
) -> Timeline:
    """Speak, mix and draw a script in `folder`."""
    theme, composition = Theme(), FORM_COMPOSITIONS[form]
    for part in ("voice", "scenes", "fonts", "work"):
        (folder / part).mkdir()
    with open_speakers(Settings(home=folder / "home")) as speakers:
        narration = narrate(
            script,
            folder / "voice",
            speakers=speakers.cast(script.language),
            takes=FolderCache(folder / "takes", 10**9),
        )
    sound = folder / "sound.wav"
    mix(
        folder / "voice" / narration.audio,
        sound,
        sections=narration.sections,
        music=choose_music(script).track,
    )
    write_ass(
        captions(narration, form),
        folder / "captions.ass",
        form=form,
        size=composition.size,
        theme=theme,
        fonts_dir=folder / "fonts",
        language=script.language,
    )
    plan = plan_scenes(
        script,
        narration,
        pictures,
        theme,
        composition.size,
        folder / "scenes",
        drawn=FolderCache(folder / "drawn", 10**9),
    )
    return Timeline(
        folder,
        script,
        narration,
        plan,
        sound,
        folder / "captions.ass",
        composition,
        pictures,
        theme,
    )


def _clip(folder: Path, out: Path) -> None:
    """Twelve seconds of a camera flying over a photograph, 1920x1080 at 25 frames a second."""
    photograph(2600, 1500, 99).save(folder / "world.jpg", quality=95)
    ffmpeg.run(
        [
            *("-y", "-loglevel", "error", "-loop", "1", "-framerate", "25", "-t", "12"),
            *("-i", "world.jpg", "-vf", f"crop=1920:1080:x='40*t':y='25*t',{_TV}"),
            *(
                "-colorspace",
                "bt709",
                "-color_range",
                "tv",
                "-c:v",
                "libx264",
                "-preset",
                "fast",
                "-crf",
                "18",
                str(out),
            ),
        ],
        cwd=folder,
        task="make a clip",
    )

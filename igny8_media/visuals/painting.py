"""Scenes that a model paints: what it is asked for, and what it answers."""

import colorsys
import re
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from igny8_media.frozen import Frozen
from igny8_media.imaging.colour import luminance, rgb
from igny8_media.imaging.theme import Theme
from igny8_media.video.model import Section, VideoScript
from igny8_media.visuals.choosing import queries

PROMPT_VERSION: Final = 1
"""Of the wording below, which is part of the fingerprint of what is painted by it."""
AVOID: Final = (
    "text, letters, numbers, captions, signature, watermark, logo, frame, collage, split screen, "
    "deformed hands, blurry"
)
"""For models that are told apart what should not be seen."""
_MOST_CHARACTERS: Final = 400
_HUES: Final = (
    "red", "orange", "yellow", "green", "green", "teal", "teal", "blue", "blue", "violet",
    "magenta", "rose",
)  # fmt: skip
_GREY: Final = 0.12
# What is quoted is what models write into pictures; what is unseen is not meant for readers.
_QUOTES: Final = re.compile(r"[\"“”„«»‹›`<>{}\[\]|\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")


class PaintedScene(Frozen):
    """A picture a model made: its file, who really made it, from which words and which seed.

    `passed_over` says why those asked before did not; `cost` is US dollars, where it was told;
    it is `fresh` unless it was kept from another time.
    """

    path: Path
    provider: str
    model: str
    prompt: str
    seed: int | None = None
    cost: Decimal | None = None
    passed_over: tuple[str, ...] = ()
    fresh: bool = True


class SceneMaker(Protocol):
    """An image model. `make` raises OutsideError when it cannot serve."""

    def make(self, prompt: str, size: tuple[int, int]) -> PaintedScene: ...


def scene_prompt(section: Section, script: VideoScript, theme: Theme, size: tuple[int, int]) -> str:
    """What to paint for a section: its subject in the video's colours, and nothing to read.

    In English around the section's own words, because image models understand that best.
    """
    about = plain(", ".join(queries(section, script)))
    said = plain(section.narration)[:_MOST_CHARACTERS]
    subject = f"of {about}" if about else ""
    return framed(
        f"{subject}, for this passage of a video about {plain(script.title)}: {said}", theme, size
    )


def framed(subject: str, theme: Theme, size: tuple[int, int]) -> str:
    """A subject as the prompt for a picture of this shape in the theme's colours."""
    wide, tall = size
    shape = "square" if wide == tall else ("wide" if wide > tall else "upright")
    return (
        f"A realistic editorial photograph in {shape} format {subject.strip(' .,')}. One clear "
        f"subject, in the middle, with calm space around it. Mood: {_mood(theme)}. Nobody "
        "recognisable, no brands. No text, letters, numbers, captions, logos or watermarks "
        "anywhere."
    )


def plain(text: str) -> str:
    """Somebody's words without signs that mean something to a model."""
    return " ".join(_QUOTES.sub(" ", text).split())


def _mood(theme: Theme) -> str:
    """The theme's colours as words, which models understand better than codes."""
    light = "dark and calm" if luminance(theme.background) < 0.2 else "bright and airy"
    names = dict.fromkeys((_name(theme.accent), _name(theme.accent_2)))
    return f"{light}, with touches of {' and '.join(names)}"


def _name(colour: str) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    return "grey" if saturation < _GREY else _HUES[round(hue * len(_HUES)) % len(_HUES)]

"""Scenes that a model paints: what it is asked for, and what it answers."""

from pathlib import Path
from typing import Protocol

from igny8_media.frozen import Frozen
from igny8_media.imaging.theme import Theme
from igny8_media.video.model import Section, VideoScript
from igny8_media.writing.keyphrases import key_phrases

_MOST_CHARACTERS = 400


class PaintedScene(Frozen):
    """A picture a model made: its file, who really made it, and from which words."""

    path: Path
    provider: str
    model: str
    prompt: str


class SceneMaker(Protocol):
    """An image model. `make` raises OutsideError when it cannot serve."""

    def make(self, prompt: str, size: tuple[int, int]) -> PaintedScene: ...


def scene_prompt(section: Section, script: VideoScript, theme: Theme, size: tuple[int, int]) -> str:
    """What to paint for a section: its subject in the video's colours, and nothing to read.

    In English around the section's own words, because image models understand that best.
    """
    said = " ".join(section.narration.split())[:_MOST_CHARACTERS]
    about = ", ".join(
        key_phrases(f"{section.text_overlay}. {section.narration}", script.language, 4)
    )
    shape = "wide" if size[0] > size[1] else "upright"
    subject = f"Subject: {about}. " if about else ""
    return (
        f"A realistic editorial photograph in {shape} format that illustrates this passage of a "
        f"video about “{script.title}”: “{said}” {subject}One clear subject, in the middle, with "
        f"calm space around it. Colour mood: {theme.background} with accents of {theme.accent} "
        f"and {theme.accent_2}. No text, letters, numbers, captions, logos or watermarks anywhere."
    )

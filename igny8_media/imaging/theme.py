"""The brand: one set of colours, a font and a logo, used by pictures and videos alike."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from igny8_media.frozen import Frozen


def _colour(value: str) -> str:
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ValueError(f"'{value[:40]}' is no colour such as #e11d48")
    return value


Colour = Annotated[str, AfterValidator(_colour)]


class Theme(Frozen):
    """Colours as `#rrggbb`; `font` is a bundled family name or the path of a TTF/OTF file."""

    name: str = ""
    background: Colour = "#0f172a"
    surface: Colour = "#1e293b"
    text: Colour = "#f8fafc"
    muted: Colour = "#94a3b8"
    accent: Colour = "#f59e0b"
    accent_2: Colour = "#38bdf8"
    font: str = "Inter"
    logo: Path | None = None
    transitions: Literal["mixed", "fade", "cut"] = "mixed"
    """Between the scenes of a video: mostly fades with a slide or zoom where a new part begins,
    fades alone, or plain cuts."""
    captions: Literal["highlight", "plate", "reveal", "box", "plain"] = "highlight"
    """Burned-in captions of short videos: the word that is said in the accent colour, or on a plate
    of it; words that appear as they are said; rows on a dark box; rows with an outline. Long videos
    have plain rows, or boxes."""

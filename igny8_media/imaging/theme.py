"""The brand: one set of colours, a font and a logo, used by pictures and videos alike."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from igny8_media.frozen import Frozen

Colour = str  # "#rrggbb"
_HEX = r"^#[0-9a-fA-F]{6}$"


class Theme(Frozen):
    """Colours as `#rrggbb`; `font` is a bundled family name or the path of a TTF/OTF file."""

    name: str = ""
    background: Colour = Field("#0f172a", pattern=_HEX)
    surface: Colour = Field("#1e293b", pattern=_HEX)
    text: Colour = Field("#f8fafc", pattern=_HEX)
    muted: Colour = Field("#94a3b8", pattern=_HEX)
    accent: Colour = Field("#f59e0b", pattern=_HEX)
    accent_2: Colour = Field("#38bdf8", pattern=_HEX)
    font: str = "Inter"
    logo: Path | None = None
    transitions: Literal["mixed", "fade", "cut"] = "mixed"
    """Between the scenes of a video: mostly fades with a slide or zoom where a new part begins,
    fades alone, or plain cuts."""
    captions: Literal["highlight", "plate", "reveal", "box", "plain"] = "highlight"
    """Burned-in captions of short videos: the word that is said in the accent colour, or on a plate
    of it; words that appear as they are said; rows on a dark box; rows with an outline. Long videos
    have plain rows, or boxes."""

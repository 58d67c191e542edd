"""Small static fonts for burned-in captions: one weight, and only the letters that are shown."""

import io
from collections.abc import Collection
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from igny8_media.errors import InputError
from igny8_media.imaging.fontfiles import FontFile, face, nearest_weight

_ALWAYS = " \u00a0\u2060\u200e\u200f…"
_OPTICAL_SIZE = 32.0  # points; the display cut of fonts that have one


def static_name(family: str, weight: int) -> str:
    """The family name inside the font that `caption_font` makes, for subtitle styles."""
    return f"{family} {weight}"


def caption_font(font: FontFile, weight: int, letters: Collection[str], folder: Path) -> Path:
    """Write `font` at `weight`, cut down to `letters`, into `folder`.

    libass cannot choose a weight of a variable font, so it gets a static instance under a name of
    its own (`static_name`): 40 KB made in milliseconds, where the whole of Inter would take
    seconds and 800 KB.
    """
    name = static_name(font.family, weight)
    path = folder / (name.replace(" ", "-") + ".ttf")
    best = nearest_weight(font, weight)
    whole = face(best.path, best.index)
    wanted = hb.SubsetInput()
    wanted.unicode_set.set({ord(letter) for letter in {*letters, *_ALWAYS}})
    axes = {axis.tag: axis for axis in whole.axis_infos}
    wanted.pin_all_axes_to_default(whole)
    for tag, value in (("wght", float(weight)), ("opsz", _OPTICAL_SIZE)):
        if tag in axes:
            place = min(max(value, axes[tag].min_value), axes[tag].max_value)
            wanted.pin_axis_location(whole, tag, place)
    cut = hb.subset(whole, wanted)
    if cut is None:
        raise InputError(f"The font {font.family} cannot be cut for captions; name another one.")
    folder.mkdir(parents=True, exist_ok=True)
    with TTFont(io.BytesIO(cut.blob.data)) as made:
        made["name"].names = []
        for name_id, text in {1: name, 2: "Regular", 4: name, 6: name.replace(" ", "")}.items():
            made["name"].setName(text, name_id, 3, 1, 0x409)
        made.save(path)
    return path

"""Whether everything a script shows can be drawn here, before anything is made of it."""

from collections.abc import Iterator
from typing import Final

import regex

from igny8_media.imaging.codelines import FAMILY
from igny8_media.imaging.fonts import missing_glyphs as missing_in
from igny8_media.imaging.fonts import remedy
from igny8_media.imaging.theme import Theme
from igny8_media.video.model import VideoScript

_STAND_INS: Final = ("Emoji", "Symbols")
"""Code shows a box where one of these is missing."""
_SHAPELESS: Final = regex.compile(r"[\p{Co}\p{Cn}]")


def missing_glyphs(script: VideoScript, theme: Theme) -> tuple[str, ...]:
    """What no installed font covers, a sentence each, with the font to install; empty if all is.

    Looks at the captions and at all type on cards. Each kind of letters is named once, with the
    place where it comes first.
    """
    found: dict[str, str] = {}
    for place, text, family in _texts(script, theme):
        # Captions are drawn by libass, which has no colours: what serves it serves all.
        missing = missing_in(text, family, colour=False)
        for kind, letters in missing.items():
            if family == FAMILY and kind in _STAND_INS:
                continue
            first = regex.match(r"\X", letters)
            if first and kind not in found:
                found[kind] = f"{place} cannot be drawn. {remedy(first[0])}"
    return tuple(found.values())


def unseen_letters(script: VideoScript, theme: Theme) -> tuple[str, ...]:
    """A sentence for each place with characters that have no shape anywhere, and are left out.

    These are private ones, which mean something to one font only, and those not assigned yet.
    """
    found = []
    for place, text, _ in _texts(script, theme):
        codes = dict.fromkeys(f"U+{ord(letter):04X}" for letter in _SHAPELESS.findall(text))
        if codes:
            found.append(
                f"{place} is shown without {', '.join(codes)}, which no font has: take it out or "
                "write what it stands for."
            )
    return tuple(found)


def _texts(script: VideoScript, theme: Theme) -> Iterator[tuple[str, str, str]]:
    """(where it stands, the text, the font family asked for) of all that is shown."""
    yield "The title", script.title, theme.font
    if theme.name:
        yield "The theme's name", theme.name, theme.font
    for section in script.sections:
        place = f"Section {section.section_id}:"
        yield f"{place} the narration", section.narration, theme.font
        yield f"{place} the text overlay", section.text_overlay, theme.font
        for item in section.items:
            yield f"{place} an item", item, theme.font
        if section.code_block:
            yield f"{place} the code", section.code_block.text, FAMILY

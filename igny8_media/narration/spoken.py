"""What is said for what is shown: every word of a caption, and how a voice should read it."""

import re
from typing import NamedTuple

import regex

from igny8_media.narration.segments import split_words
from igny8_media.narration.spoken_english import read_english
from igny8_media.narration.spoken_locale import read_localised
from igny8_media.narration.spoken_tables import LOCALES

_EMOJI = regex.compile(
    r"[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}"
    r"\ufe0f\u200d\u20e3--[©®™→←↔⇒]]",
    regex.V1,
)
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u200b\u2060\ufeff]")
_SAID = regex.compile(r"[\p{L}\p{N}]")


class SpokenWord(NamedTuple):
    """`display` is what the caption shows, `spoken` what the voice is given for it."""

    display: str
    spoken: str


def spoken_form(text: str, language: str) -> list[SpokenWord]:
    """The words of `text` as shown, each with its reading in the ISO 639-1 `language`.

    Emoji and control characters are dropped from both. A mark that is not said (a dash standing
    alone) is shown with the word before it. Where a language has no table here, figures and
    signs are left to the voice. Empty if there is nothing to say.
    """
    shown = split_words(clean(text), language)
    if language == "en":
        readings = read_english(shown)
    elif language in LOCALES:
        readings = read_localised(shown, language)
    else:
        readings = shown
    words: list[SpokenWord] = []
    held = ""  # unsaid marks before the first word
    for display, reading in zip(shown, readings, strict=True):
        spoken = " ".join(reading.split())
        if _SAID.search(spoken):
            words.append(SpokenWord(held + display, spoken))
            held = ""
        elif words:
            last = words[-1]
            pause = "," if _is_dash(display) and last.spoken[-1].isalnum() else ""
            words[-1] = SpokenWord(f"{last.display} {display}", last.spoken + pause)
        else:
            held += f"{display} "
    return words


def clean(text: str) -> str:
    """The text in one line, without control characters, lone surrogates and emoji."""
    text = _CONTROL.sub(" ", text)
    return re.sub(r"\s+", " ", _EMOJI.sub("", text)).strip()


def _is_dash(mark: str) -> bool:
    return all(character in "-–—" for character in mark)

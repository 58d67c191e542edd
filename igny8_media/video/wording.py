"""The words on a card: which pieces of type a section gets, and when each of them arrives."""

import re
from typing import Final

from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import (
    code_pieces,
    list_pieces,
    quote_pieces,
    statistic_pieces,
    title_pieces,
)
from igny8_media.video.model import Section, SpokenSection, VisualCue
from igny8_media.video.pieces import Piece
from igny8_media.video.timeline import item_times

_STAGGER_SECONDS: Final = 0.14
_LEAD_SECONDS: Final = 0.2
"""A list item is on screen just before it is spoken."""
_CARD_WORDS: Final = 15
_FIGURE: Final = re.compile(
    r"[~≈<>+\-−]?\s?[$€£¥]?\d[\d.,\s]*\d?\s?(?:%|‰|x|×|[kKMB]\b|°C|°F|ms|s\b)?"
)


def type_of(
    section: Section,
    spoken: SpokenSection,
    size: tuple[int, int],
    theme: Theme,
    language: str,
    *,
    opens: bool,
) -> tuple[VisualCue, list[Piece], list[float]]:
    """The cue really shown, its pieces of type, and the seconds at which they arrive.

    A cue whose material is missing becomes a card with the section's overlay or opening words.
    `opens` says that the video begins with this section.
    """
    cue, items, heading = section.visual_cue, section.items, section.text_overlay
    if cue == "statistic" and (figure := _figure(section)):
        pieces = statistic_pieces(size, *figure, theme, language=language)
    elif cue == "quote" and (items or heading):
        words, who = (*items, "", "")[:2] if items else (heading, "")
        pieces = quote_pieces(size, words, who, theme, language=language)
    elif cue == "list" and items:
        pieces = list_pieces(size, heading, items, theme, language=language)
        spoken_at = item_times(items[: len(pieces) - 1], spoken)
        return "list", pieces, [_start(opens), *(max(0.4, t - _LEAD_SECONDS) for t in spoken_at)]
    elif cue == "code_snippet" and section.code_block and section.code_block.text.strip():
        pieces = code_pieces(size, heading, section.code_block, theme, language=language)
    else:
        cue = "title_card" if cue == "title_card" else "animated_text"
        text = heading or _opening(section.narration)
        kicker = theme.name if section.type in ("hook", "outro") else ""
        pieces = title_pieces(size, text, theme, kicker=kicker, language=language)
    times = [_start(opens) + _STAGGER_SECONDS * index for index in range(len(pieces))]
    return cue, pieces, times


def _start(opens: bool) -> float:
    """Type arrives while the cross-fade ends; in the very first frame it is simply there."""
    return 0.0 if opens else 0.15


def _figure(section: Section) -> tuple[str, str] | None:
    """(figure, what it means) of a statistic: as the script gives it, or out of the overlay."""
    if section.items:
        return section.items[0], " ".join(section.items[1:]) or section.text_overlay
    found = _FIGURE.search(section.text_overlay)
    if not found:
        return None
    rest = section.text_overlay[: found.start()] + section.text_overlay[found.end() :]
    return found[0].strip(), " ".join(rest.split())


def _opening(narration: str) -> str:
    """The first sentence of a narration, or as many of its clauses as a card has room for."""
    sentence = re.split(r"(?<=[.!?。！？؟])\s", narration.strip(), maxsplit=1)[0]
    if len(sentence.split()) <= _CARD_WORDS:
        return sentence
    clauses = re.split(r"(?<=[,;:،—–])\s", sentence)
    kept = clauses[0]
    for clause in clauses[1:]:
        if len(f"{kept} {clause}".split()) > _CARD_WORDS:
            break
        kept = f"{kept} {clause}"
    words = kept.split()
    return kept.rstrip(",;:،—– ") if len(words) <= _CARD_WORDS else " ".join(words[:12]) + "…"

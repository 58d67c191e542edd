"""The words on a card: which pieces of type a section gets, and when each of them arrives."""

import re
from typing import Final

from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import (
    Pace,
    Timed,
    kinetic_board,
    list_board,
    quote_board,
    statistic_board,
    title_board,
)
from igny8_media.video.codeboard import code_board
from igny8_media.video.model import Section, VisualCue

_CARD_WORDS: Final = 15
_FIGURE: Final = re.compile(
    r"[~≈<>+\-−]?\s?[$€£¥]?\d[\d.,\s]*\d?\s?(?:%|‰|x|×|[kKMB]\b|°C|°F|ms|s\b)?"
)


def type_of(
    section: Section,
    size: tuple[int, int],
    theme: Theme,
    language: str,
    pace: Pace,
    *,
    said: bool = False,
) -> tuple[VisualCue, list[Timed]]:
    """The cue really shown, its pieces of type, and the seconds at which they arrive.

    `said` is whether they are all that is spoken, so that there are no captions below. A cue whose
    material is missing becomes a card with the section's overlay or opening words.
    """
    cue, items, heading = cue_of(section), section.items, section.text_overlay
    figure, code = figure_of(section), section.code_block
    if cue == "statistic" and figure:
        return cue, statistic_board(size, *figure, theme, pace, language=language, said=said)
    if cue == "quote":
        words, who = (*items, "", "")[:2] if items else (heading, "")
        return cue, quote_board(size, words, who, theme, pace, language=language, said=said)
    if cue == "list":
        return cue, list_board(size, heading, items, theme, pace, language=language, said=said)
    if cue == "code_snippet" and code:
        return cue, code_board(size, heading, code, theme, pace, language=language)
    text = heading or opening_of(section.narration)
    kicker = theme.name if section.type in ("hook", "outro") else ""
    board = title_board if cue == "title_card" else kinetic_board
    return cue, board(size, text, theme, pace, kicker=kicker, language=language, said=said)


def cue_of(section: Section) -> VisualCue:
    """The cue really shown: one whose material is missing becomes plain type."""
    cue, code = section.visual_cue, section.code_block
    has: dict[VisualCue, bool] = {
        "statistic": figure_of(section) is not None,
        "quote": bool(section.items or section.text_overlay),
        "list": bool(section.items),
        "code_snippet": bool(code and code.text.strip()),
        "title_card": True,
    }
    return cue if has.get(cue, False) else "animated_text"


def figure_of(section: Section) -> tuple[str, str] | None:
    """(figure, what it means) of a statistic: as the script gives it, or out of the overlay."""
    if section.items:
        return section.items[0], " ".join(section.items[1:]) or section.text_overlay
    found = _FIGURE.search(section.text_overlay)
    if not found:
        return None
    rest = section.text_overlay[: found.start()] + section.text_overlay[found.end() :]
    return found[0].strip(), " ".join(rest.split())


def opening_of(narration: str) -> str:
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

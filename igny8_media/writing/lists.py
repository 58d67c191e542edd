"""The lists of an article, each with a line that leads in and a short form of every item."""

import re
from dataclasses import dataclass

from igny8_media.articles.model import ListBlock, Paragraph
from igny8_media.writing.judge import is_code, is_symbols
from igny8_media.writing.outline import OutlineSection
from igny8_media.writing.sentences import UNSPACED, clean, split, word_count

_LEAST_HEADING = 3  # words: "Steps" alone says nothing away from its page
_LONGEST_SAID = 40  # words
_ENDS = " .;,，。"


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list, and the line that leads in ("Three things help:"), if any.

    The lead is the line above that ends with a colon; without one, the heading (`headed`). `heads`
    are the items by their first sentences ("Install restic"); `said` what can be read aloud of
    each, empty for an item of nothing but code.
    """

    section: int
    block: int
    lead: str
    items: tuple[str, ...]
    heads: tuple[str, ...]
    said: tuple[str, ...]
    ordered: bool
    headed: bool


def lists_of(
    sections: tuple[OutlineSection, ...], title: str, language: str
) -> tuple[BulletList, ...]:
    """All lists but those of back matter, in order."""
    found: list[BulletList] = []
    for section in sections:
        lead, lists = "", 0
        for place, (number, block) in enumerate(section.blocks):
            if isinstance(block, Paragraph):
                said = split(block.text, language)
                lead = said[-1] if said and said[-1].endswith((":", "：")) else ""
                continue
            if isinstance(block, ListBlock) and not section.skip:
                near = place == 0 or (block.ordered and not lists)
                heading = _heading_lead(section, block, title, language) if near else ""
                items = tuple(item for item in map(clean, block.items) if item)
                found.append(
                    BulletList(
                        section=section.index,
                        block=number,
                        lead=lead or heading,
                        items=items,
                        heads=tuple(split(item, language)[0].rstrip(_ENDS) for item in items),
                        said=tuple(_said(i, language, ordered=block.ordered) for i in items),
                        ordered=block.ordered,
                        headed=not lead and bool(heading),
                    )
                )
                lists += 1
            lead = ""
    return tuple(found)


def _heading_lead(section: OutlineSection, block: ListBlock, title: str, language: str) -> str:
    """The heading as a line that leads in; that of steps called "Method" is the title."""
    heading = section.title
    if word_count(heading) < _LEAST_HEADING:
        heading = title if block.ordered and word_count(title) >= _LEAST_HEADING else ""
    if is_code(heading):
        return ""
    if not heading or re.search(r"[?!？！؟]$", heading):
        return heading
    if UNSPACED.search(heading):
        return f"{heading}："
    return f"{heading} :" if language.startswith("fr") else f"{heading}:"


def _said(item: str, language: str, *, ordered: bool) -> str:
    """An item without its sentences of code; a step that is one is said by its words."""
    if word_count(item) <= _LONGEST_SAID and not is_code(item):
        return item
    kept: list[str] = []
    for sentence in split(item, language):
        if not is_code(sentence):
            kept.append(sentence)
        if word_count(" ".join(kept)) > _LONGEST_SAID:
            kept.pop()
            break
    if not kept and ordered:
        first = split(item, language)[0]
        return first if word_count(first) <= _LONGEST_SAID and not is_symbols(first) else ""
    return " ".join(kept)

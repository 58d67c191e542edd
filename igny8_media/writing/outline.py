"""An article as sections: a heading, and the blocks under it."""

import re
from dataclasses import dataclass

from igny8_media.articles.model import Article, Block, Heading
from igny8_media.writing.lexicon import Lexicon
from igny8_media.writing.sentences import clean

_NUMBERING = re.compile(
    r"^(?:(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*[.):]|\d{1,2}(?:\.\d{1,2})+"
    r"|(?:Chapter|Kapitel|Chapitre|Capitolo|Capítulo|Hoofdstuk) \d{1,3}[.:])\s+(?=\S)"
)
_TAIL = re.compile(r"[\s¶#:：]+$")


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """`title` is empty for what comes before the first heading; `chapter` counts top headings.

    `blocks` are (index in the article, block) without headings. `skip` marks back matter such as
    references; `closing` a conclusion.
    """

    index: int
    title: str
    level: int
    chapter: int
    blocks: tuple[tuple[int, Block], ...]
    skip: bool
    closing: bool


def heading_text(text: str) -> str:
    """A heading without numbering, permalink sign or colon."""
    return _TAIL.sub("", _NUMBERING.sub("", clean(text)))


def outline(article: Article, lexicon: Lexicon) -> tuple[OutlineSection, ...]:
    """The sections in order; a chapter starts at each heading of the topmost repeated level."""
    title = clean(article.title).casefold()
    levels = [b.level for b in article.blocks if isinstance(b, Heading)]
    repeated = [level for level in set(levels) if levels.count(level) > 1]
    top = min(repeated or levels or [1])

    sections: list[OutlineSection] = []
    heading, level, chapter, skip_below = "", top, 0, 0
    blocks: list[tuple[int, Block]] = []

    def close() -> None:
        if blocks or heading:
            name = heading.casefold().rstrip("?!.")
            sections.append(
                OutlineSection(
                    index=len(sections),
                    title=heading,
                    level=level,
                    chapter=chapter,
                    blocks=tuple(blocks),
                    skip=bool(skip_below),
                    closing=name in lexicon.closing_headings,
                )
            )

    for number, block in enumerate(article.blocks):
        if not isinstance(block, Heading):
            blocks.append((number, block))
            continue
        text = heading_text(block.text)
        if text.casefold() == title and not blocks and not sections:
            continue
        close()
        heading, level, blocks = text, block.level, []
        chapter += level <= top
        if skip_below and level <= skip_below:
            skip_below = 0
        if text.casefold().rstrip("?!.") in lexicon.skip_headings:
            skip_below = level
    close()
    return tuple(sections)

"""Where in the article things stand: its pictures, and what a script's sections tell of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from igny8_media.articles.model import Article, Block, Image, ListBlock, Table
from igny8_media.visuals.model import Shown, Spoken
from igny8_media.writing.digest import Digest
from igny8_media.writing.terms import stop_words, terms

_LEAST_SHARE = 0.5
"""Of a section's words that a block must have, so that the section counts as telling it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A block's stretch in words from the article's start, and the section it stands in."""

    start: float
    end: float
    chapter: int


def places_of(article: Article, digest: Digest) -> dict[int, Place]:
    """The place of every block under its index; headings have none of their own."""
    chapters = {number: s.index for s in digest.sections for number, _ in s.blocks}
    found: dict[int, Place] = {}
    at = 0.0
    for number, block in enumerate(article.blocks):
        length = len(terms(words_of(block), frozenset()))
        if number in chapters:
            found[number] = Place(at, at + length, chapters[number])
        at += length
    return found


def shown_in(article: Article, digest: Digest) -> list[Shown]:
    """The article's pictures in their order, each once."""
    places = places_of(article, digest)
    found: dict[str, Shown] = {}
    crowds = Counter(
        places[n].start
        for n, block in enumerate(article.blocks)
        if n in places and isinstance(block, Image)
    )
    for number, block in enumerate(article.blocks):
        if isinstance(block, Image) and block.picture and number in places:
            place = places[number]
            words = ". ".join(dict.fromkeys(filter(None, (block.alt, block.caption))))
            key = block.picture.key
            found.setdefault(
                key, Shown(key, words, place.start, place.chapter, crowds[place.start])
            )
    return list(found.values())


def told_in(texts: Sequence[str], article: Article, digest: Digest) -> list[Spoken]:
    """Which stretch of the article each text tells, judged by the words they share."""
    stop = stop_words(article.language)
    places = places_of(article, digest)
    blocks = [
        (place, frozenset(terms(words_of(article.blocks[number]), stop)))
        for number, place in places.items()
        if not isinstance(article.blocks[number], Image)
    ]
    found = []
    for text in texts:
        said = frozenset(terms(text, stop))
        shares = [len(said & words) / len(said) if said else 0.0 for _, words in blocks]
        best = max(range(len(blocks)), key=shares.__getitem__, default=None)
        if best is None or shares[best] < _LEAST_SHARE:
            found.append(Spoken(text))
        else:
            place = blocks[best][0]
            found.append(Spoken(text, (place.start, place.end), place.chapter))
    return found


def words_of(block: Block) -> str:
    """What a block says; a picture says nothing in the run of the text."""
    if isinstance(block, Image):
        return ""
    if isinstance(block, ListBlock):
        return "\n".join(block.items)
    if isinstance(block, Table):
        return "\n".join(" ".join(row) for row in (block.header, *block.rows))
    return block.text

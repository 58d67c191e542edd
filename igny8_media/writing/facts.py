"""Figures and names: what a post may not add to, or change in, an article."""

import re
from functools import lru_cache
from itertools import zip_longest

from igny8_media.articles.model import Article, Code, Image, ListBlock, Quote, Table
from igny8_media.writing.sentences import clean

_FIGURE = re.compile(r"\d+(?:[.,:/\u00a0\u202f’']\d+)*")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LINK = re.compile(r"https?://\S+|(?<![\w&])#\w+")
_POSSESSIVE = re.compile(r"['’]s$")
_OPENING = re.compile(r"(?:^|[.!?…:»”\"“(\[\n•→✅🔹–—-])\s*[\"“«„¿¡(]*$")


def figures(text: str) -> frozenset[str]:
    """The numbers in a text as they are written: "6.2", "1,200", "12:30".

    Lines numbered 1., 2., 3. are steps, and their numbers say nothing.
    """
    return frozenset(_FIGURE.findall(_LINK.sub(" ", _without_numbering(text))))


def _without_numbering(text: str) -> str:
    lines, number = [], 1
    for line in text.split("\n"):
        number = 1 if line.startswith("1. ") else number
        mark = f"{number}. "
        if line.startswith(mark):
            line, number = line[len(mark) :], number + 1
        lines.append(line)
    return "\n".join(lines)


def names(text: str) -> frozenset[str]:
    """Words capitalised inside a sentence, in German every noun; at its start only whole names.

    Whole names are those of two words or more, and those with capitals inside ("LinkedIn").
    """
    plain = _LINK.sub(" ", text)
    found = set()
    words = list(_WORD.finditer(plain))
    for match, after in zip_longest(words, words[1:]):
        word = match[0]
        if not word[0].isupper():
            continue
        inside = not _OPENING.search(plain[: match.start()][-12:])
        goes_on = after is not None and after[0][0].isupper() and after.start() == match.end() + 1
        if inside or goes_on or any(c.isupper() for c in word[1:]):
            found.add(_POSSESSIVE.sub("", word))
    return frozenset(found)


class _Same:
    """An article as a cache key: itself, for reading it takes longer than comparing with it."""

    __slots__ = ("article",)

    def __init__(self, article: Article) -> None:
        self.article = article

    def __hash__(self) -> int:
        return id(self.article)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.article is other.article


def full_text(article: Article) -> str:
    """Everything the article says, as one text; the last few are remembered."""
    return _full_text(_Same(article))


@lru_cache(maxsize=8)
def _full_text(key: _Same) -> str:
    article = key.article
    parts = [article.title, article.meta_description, *article.target_keywords]
    parts.append(article.author or "")
    for block in article.blocks:
        if isinstance(block, ListBlock):
            parts += block.items
        elif isinstance(block, Table):
            parts += block.header
            parts += (cell for row in block.rows for cell in row)
        elif isinstance(block, Image):
            parts += (block.alt, block.caption or "")
        elif isinstance(block, Quote):
            parts += (block.text, block.attribution or "")
        elif isinstance(block, Code):
            parts.append(block.text)
        else:
            parts.append(block.text)
    return clean("\n".join(parts))


def unsupported(text: str, article: Article, phrases: str = "") -> tuple[str, ...]:
    """The figures, then the names in `text` that stand neither in the article nor in `phrases`."""
    figures_known, words_known = _known(_Same(article), phrases)
    missing = sorted(figures(text) - figures_known)
    missing += sorted(name for name in names(text) if name.casefold() not in words_known)
    return tuple(missing)


@lru_cache(maxsize=8)
def _known(key: _Same, phrases: str) -> tuple[frozenset[str], frozenset[str]]:
    known = full_text(key.article) + "\n" + phrases
    return figures(known), frozenset(
        _POSSESSIVE.sub("", word.casefold()) for word in _WORD.findall(known)
    )

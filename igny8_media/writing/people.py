"""People by their surname: who meets one first does not know whose it is."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from igny8_media.writing.lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_GENITIVE = re.compile(r"['’]s?$")


def introductions(sentences: Sequence[str], title: str, lexicon: Lexicon) -> dict[str, int]:
    """Surnames, each with the index of the sentence that first says it after another name.

    What the title names needs no introduction; what stands after an article is a common noun, as
    German capitalises them, or a thing. Scripts without capitals have none.
    """
    known = {_bare(word) for word in _WORD.findall(title)}
    found: dict[str, int] = {}
    common: set[str] = set()
    for index, sentence in enumerate(sentences):
        words = _words(sentence)
        for place, (before, word, joined) in enumerate(_pairs(words)):
            if not word[0].isupper():
                continue
            if before.casefold() in lexicon.determiners:
                common.add(_bare(word))
            # The first word of a sentence is capitalised whatever it is.
            elif before[0].isupper() and joined and place:
                found.setdefault(_bare(word), index)
    return {name: at for name, at in found.items() if name not in common | known}


def leans_on_name(sentence: str, index: int, introduced: dict[str, int]) -> bool:
    """Whether somebody is named here by surname alone who was introduced further up."""
    words = _words(sentence)
    whole: set[int] = set()
    for place, (before, word, joined) in enumerate(_pairs(words)):
        if joined and before[0].isupper() and word[0].isupper():
            whole |= {place, place + 1}
    alone = (_bare(word) for n, (word, *_) in enumerate(words) if n not in whole)
    return any(introduced.get(word, index) < index for word in alone)


def _words(sentence: str) -> list[tuple[str, int, int]]:
    return [(match[0], match.start(), match.end()) for match in _WORD.finditer(sentence)]


def _pairs(words: list[tuple[str, int, int]]) -> Iterable[tuple[str, str, bool]]:
    """Each word with the one before it, and whether only a space is between them."""
    for (before, _, end), (word, start, _) in pairwise(words):
        yield before, word, start == end + 1


def _bare(word: str) -> str:
    return _GENITIVE.sub("", word)

"""A few words of a title that make sense by themselves, for a thumbnail."""

from typing import Final

import regex

from igny8_media.imaging.linebreak import break_units

_MOST_WORDS: Final = 6
_LONGER: Final = (7, 8)
"""Words of a whole phrase that are still better than six that are none."""
_LEAST_WORDS: Final = 3
_MOST_UNITS: Final = 14  # pieces between line breaks, for scripts without spaces
_LINKS: Final = frozenset({
    "about", "after", "and", "as", "at", "because", "before", "but", "by", "during", "for", "from",
    "if", "in", "into", "of", "on", "or", "over", "so", "than", "that", "the", "to", "under",
    "until", "when", "which", "while", "who", "with", "without",
    "aber", "als", "auf", "aus", "bei", "bis", "damit", "dass", "durch", "für", "gegen", "im",
    "mit", "nach", "oder", "ohne", "seit", "statt", "über", "und", "unter", "vom", "von", "vor",
    "weil", "wenn", "zu", "zum", "zur",
    "avec", "chez", "dans", "de", "des", "depuis", "du", "dès", "en", "et", "mais", "ou", "par",
    "pour", "quand", "sans", "sous", "sur",
    "cuando", "con", "del", "desde", "hasta", "para", "pero", "por", "porque", "que", "sin",
    "sobre", "y",
})  # fmt: skip
"""Words that tie what follows to what came before: a phrase may end before one, not after it."""
_GERMAN_JOINS: Final = frozenset({"und", "aber", "oder"})
"""After a small word, which in a German question is its verb, they begin another clause."""
_ARTICLES: Final = frozenset({
    "a", "an", "the", "my", "our", "your", "this", "der", "die", "das", "den", "dem", "ein",
    "eine", "einen", "einem", "unser", "unsere", "le", "la", "les", "un", "une", "el", "los",
    "las", "una", "is", "are", "was", "were",
})  # fmt: skip
"""Words that nothing may end with."""
_ASKING: Final = frozenset({
    "how", "why", "what", "when", "wie", "warum", "was", "comment", "pourquoi", "cómo", "qué",
})  # fmt: skip


def short_title(title: str) -> str:
    """At most six words of a title: its own first part where it has one, else a phrase of it.

    Eight where fewer are no phrase.

    The phrase is the title's beginning, as far as one is complete before "with", "and" and the
    like; without one, or for a question that has not come to its verb by then, the title's end,
    where such titles say what happened.
    """
    title = regex.sub(r"\s+", " ", title).strip()
    if _short(title):
        return title
    parts = [p.strip() for p in regex.split(r"\s+[–—|-]\s+|[:：;。?？!！]\s*|…", title)]
    for part in parts:
        if len(part.split()) >= 2 and _short(part):
            end = title.find(part) + len(part)
            return part + (title[end] if title[end : end + 1] in "?？!！" else "")
    if " " not in title:
        return "".join(break_units(title)[:_MOST_UNITS])
    words = title.split()
    asks = _bare(words[0]) in _ASKING and _bare(words[1]) in _ARTICLES
    most = 0 if asks else min(_MOST_WORDS, len(words) - 1)
    for count in range(most, _LEAST_WORDS - 1, -1):
        complete = _bare(words[count]) in _LINKS or words[count - 1].endswith(",")
        if complete and not _hangs(words[count - 1]):
            return _trimmed(words[:count])
    for count in _LONGER:
        if _is_phrase(words, count, asks=asks):
            return _trimmed(words[:count])
    return _trimmed(_ending(words))


def _is_phrase(words: list[str], count: int, *, asks: bool) -> bool:
    """Whether the first `count` words of a title are whole: of a question, with its verb."""
    if len(words) <= count or _hangs(words[count - 1]):
        return False
    if asks:
        return _bare(words[count]) in _GERMAN_JOINS and words[count - 1].islower()
    return _bare(words[count]) in _LINKS or words[count - 1].endswith(",")


def _ending(words: list[str]) -> list[str]:
    """The last words of a title, without those that only lead to them."""
    kept = words[-_MOST_WORDS:]
    while len(kept) > _LEAST_WORDS and _hangs(kept[0]):
        kept = kept[1:]
    return kept


def _hangs(word: str) -> bool:
    bare = _bare(word)
    return bare in _LINKS or bare in _ARTICLES


def _bare(word: str) -> str:
    return regex.sub(r"\P{L}", "", word).casefold()


def _trimmed(words: list[str]) -> str:
    phrase = regex.sub(r"[\s,;:–—-]+$", "", " ".join(words))
    return phrase[:1].upper() + phrase[1:]


def _short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS and len(break_units(text)) <= _MOST_UNITS

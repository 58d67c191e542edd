"""Shorter sentences that say the same: only what grammar allows to go is cut."""

import re

from igny8_media.writing.lexicon import Lexicon
from igny8_media.writing.terms import stop_words

_PARENTHESIS = re.compile(r"\s\([^()]{2,90}\)(?=[\s.,;:!?])")
_LONG = 140
_LONGEST_CONNECTIVE = 5


def compress(sentence: str, lexicon: Lexicon) -> str:
    """Cut an opening connective, parentheses without figures, and a trailing clause.

    >>> from igny8_media.writing.lexicon import lexicon
    >>> compress("However, the cache (a small one) is not shared.", lexicon("en"))
    'The cache is not shared.'
    """
    shorter = cut_opening(sentence, lexicon)
    shorter = _PARENTHESIS.sub(_unless_it_has_figures, shorter)
    if len(shorter) > _LONG:
        shorter = _cut_trailing_clause(shorter, lexicon)
    return shorter


def cut_opening(sentence: str, lexicon: Lexicon) -> str:
    """Drop "However," and the like, unless a name would then open the sentence in lower case."""
    length = connective_length(sentence, lexicon)
    if not length:
        return sentence
    return _capitalised(sentence[length:].lstrip(), lexicon) or sentence


def connective_length(sentence: str, lexicon: Lexicon) -> int:
    """How many characters an opening connective takes that grammar lets go; 0 if there is none."""
    words = sentence.split(" ", _LONGEST_CONNECTIVE + 1)
    for count in range(min(_LONGEST_CONNECTIVE, len(words) - 1), 0, -1):
        opening = " ".join(words[:count]).lower()
        bare = opening.rstrip(",")
        if bare in lexicon.connectives and _may_go(opening, bare, lexicon):
            return len(opening)
    return 0


def _may_go(opening: str, bare: str, lexicon: Lexicon) -> bool:
    if opening.endswith(","):
        return True
    return bare in lexicon.conjunctions or bare.endswith((" that", " que", " che"))


def _capitalised(rest: str, lexicon: Lexicon) -> str | None:
    """The rest with a capital, or None where the first word may be a name like "npm"."""
    first = re.split(r"[\s,.;:!?]", rest, maxsplit=1)[0]
    if not first[:1].islower():
        return rest
    if first.lower() not in stop_words(lexicon.language):
        return None
    return rest[0].upper() + rest[1:]


def _unless_it_has_figures(match: re.Match[str]) -> str:
    return match[0] if any(c.isdigit() for c in match[0]) else ""


def _cut_trailing_clause(sentence: str, lexicon: Lexicon) -> str:
    """Drop ", which ..." at the end, where what stays has no comma and is long enough to stand."""
    for relative in lexicon.relatives:
        match = re.fullmatch(rf"([^,;:()]+), {re.escape(relative)} [^,;:?!]+([.!])", sentence)
        if match and len(match[1].split()) >= 6:
            return match[1] + match[2]
    return sentence

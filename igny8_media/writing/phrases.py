"""Short phrases that a sentence can be told by: its own words, in their order, whole in themselves.

There is no parser here, so a phrase is taken only where punctuation or the small words of a
language mark both of its ends. A sentence that has none gives none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from igny8_media.writing.judge import is_code, lacks_noun, points_elsewhere
from igny8_media.writing.lexicon import Lexicon
from igny8_media.writing.sentences import UNSPACED, word_count
from igny8_media.writing.terms import stop_words

MOST_WORDS = 7
MOST_CHARACTERS = 60
_PART = re.compile(r"(?<=[,;:،؛])\s+|(?<=[、，；：])|\s+[–—]\s+")
_QUOTES = "\"'“”«»„‘’¿¡"
_MARKS = '"“”«»„'
_EDGES = " .,;:…–—、，；：。،؛"
_END = re.compile(r"[.!?…。！？؟]")
_DIGIT = re.compile(r"^[$€£]?\d")
_EACH = frozenset(
    ("each", "every", "cada", "jede", "jeden", "jedes", "chaque", "ogni", "elk", "elke")
)
_VERB_LAST = ("de", "nl")  # what ends a clause there is as often its verb
_LEAST_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Phrase:
    """`worth` is 0..1: a short sentence is worth more than a clause, that more than a noun."""

    text: str
    worth: float


def phrases(sentence: str, lexicon: Lexicon, *, alone: bool) -> list[Phrase]:
    """The phrases of a sentence, best first; `alone` says that it stands without its neighbours."""
    found: dict[str, float] = {}
    for text, worth in _candidates(sentence, lexicon, alone):
        line = _as_title(text)
        if line and fits(line) and worth > found.get(line, 0.0):
            found[line] = worth
    return [Phrase(t, w) for t, w in sorted(found.items(), key=lambda item: -item[1])]


def fits(line: str) -> bool:
    """Whether a line is short enough to be taken in at a glance."""
    return word_count(line) <= MOST_WORDS and len(line) <= MOST_CHARACTERS


def enumeration(sentence: str, lexicon: Lexicon) -> tuple[str, tuple[str, ...]] | None:
    """What stands before a colon, and the three or more short things listed after it."""
    head, colon, tail = sentence.partition(": ")
    if not colon or not lexicon.known or ":" in tail or any(c in sentence for c in '()[]"“«'):
        return None
    parts = re.split(r",\s+", _END.sub("", tail)) if not _END.search(tail.strip()[:-1]) else []
    if len(parts) < 2:
        return None
    *first, last = parts
    words = last.split(" ")
    joint = next((n for n, w in enumerate(words) if w.casefold() in lexicon.conjunctions), None)
    if joint == 0:
        items = [*first, " ".join(words[1:])]
    elif joint and joint + 1 < len(words):
        items = [*first, " ".join(words[:joint]), " ".join(words[joint + 1 :])]
    else:
        items = parts
    if len(items) < 3 or not all(_is_item(item, lexicon) for item in items):
        return None
    return head, tuple(_as_title(item) for item in items)


def _is_item(item: str, lexicon: Lexicon) -> bool:
    words = [word.casefold() for word in item.split()]
    opens_badly = not words or words[0] in lexicon.subordinators | lexicon.auxiliaries
    leans = lexicon.anaphora.intersection(words)
    return not opens_badly and not leans and len(words) <= MOST_WORDS and not is_code(item)


def _candidates(sentence: str, lexicon: Lexicon, alone: bool) -> Iterator[tuple[str, float]]:
    if is_code(sentence) or points_elsewhere(sentence, lexicon):
        return
    if alone:
        yield sentence, 1.0
    if not lexicon.known or UNSPACED.search(sentence):
        return
    parts = _PART.split(sentence)
    for place in range(len(parts) if len(parts) > 1 else 0):
        clause = _clause(parts, place, lexicon)
        if clause:
            yield clause, (0.8 if _predicates(clause, lexicon) else 0.62)
    for part in parts:
        yield from ((text, 0.66) for text in counted(part, lexicon, least=3))
        yield from ((text, 0.5) for text in _named(part, lexicon))


def _clause(parts: list[str], place: int, lexicon: Lexicon) -> str:
    """A part between punctuation without its conjunction, if it can be read by itself."""
    words = parts[place].split()
    joined = bool(words) and words[0].casefold() in lexicon.conjunctions
    words = words[1:] if joined else words
    if len(words) < 3 or sum(map(len, words)) < _LEAST_LETTERS:
        return ""
    first = _bare(words[0])
    if first in lexicon.subordinators | lexicon.prepositions | lexicon.auxiliaries:
        return ""
    if _bare(words[-1]) in lexicon.auxiliaries | lexicon.prepositions | lexicon.determiners:
        return ""  # an aside has cut it: "it will have, thus, ..."
    if place and not joined and not parts[place - 1].endswith((":", ";")):
        opens = lexicon.determiners | lexicon.subjects | lexicon.numerals
        if first not in opens and not _DIGIT.match(first):
            return ""  # the middle of a list, or an aside
    text = " ".join(words)
    aside = first in _EACH or _bare(words[1]) in lexicon.prepositions
    if place and aside and not _predicates(text, lexicon):
        return ""  # "each month", or "size to 1.8", which has lost its verb
    return "" if _leans(text, lexicon) or text.count('"') % 2 else text


def _predicates(clause: str, lexicon: Lexicon) -> bool:
    words = [_bare(word) for word in clause.split()]
    return words[0] in lexicon.subjects or bool(lexicon.auxiliaries.intersection(words[1:]))


def main_clause(sentence: str, lexicon: Lexicon) -> str:
    """What a long sentence says before ", and ...", ", because ..." or a colon; empty if nothing.

    It ends with a stop, as the sentence that it is.
    """
    parts = _PART.split(sentence)
    if (
        len(parts) < 2
        or not lexicon.known
        or sentence[0].islower()
        or any(c in parts[0] for c in '"“«(')
    ):
        return ""
    first, follows = _bare(parts[0].split(" ", 1)[0]), _bare(parts[1].split(" ", 1)[0])
    if first in lexicon.subordinators | lexicon.prepositions | lexicon.conjunctions:
        return ""
    goes_on = follows in lexicon.conjunctions | lexicon.subordinators
    if not goes_on and not parts[0].endswith((":", ";")):
        return ""
    return parts[0].rstrip(_EDGES) + "."


def _leans(text: str, lexicon: Lexicon) -> bool:
    words = {_bare(word) for word in text.split()}
    if words & lexicon.anaphora or words & {"then", "there", "here"} or lacks_noun(text, lexicon):
        return True
    if lexicon.dependents and lexicon.dependents.match(text):
        return True
    return bool(lexicon.dangling and lexicon.dangling.search(text))


def counted(part: str, lexicon: Lexicon, least: int = 2) -> Iterator[str]:
    """A number and what is counted: "four small changes", "256 files", of `least` words or more.

    Only in languages whose plural shows where such a phrase ends.
    """
    if lexicon.plural is None:
        return
    words = part.split()
    for at, word in enumerate(words):
        number = _bare(word)
        if number not in lexicon.numerals and not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})*", number):
            continue
        if at and (_bare(words[at - 1]) in lexicon.numerals or _DIGIT.match(words[at - 1])):
            continue
        for end in range(at + 1, min(at + 4, len(words))):
            noun = _bare(words[end])
            if noun in _function_words(lexicon) or not words[end][0].isalpha():
                break
            if lexicon.plural.search(noun):
                text = " ".join(words[at : end + 1]).strip(_EDGES)
                if end - at + 1 >= least and not _leans(text, lexicon):
                    yield text[0].upper() + text[1:]
                break
            if words[end][-1] in _EDGES:
                break


def _named(part: str, lexicon: Lexicon) -> Iterator[str]:
    """A noun phrase after a preposition, up to punctuation: "in a subordinate clause."."""
    if lexicon.language in _VERB_LAST:
        return
    words = part.split()
    stop = stop_words(lexicon.language)
    for at in range(1, len(words)):
        if _bare(words[at - 1]) not in lexicon.prepositions:
            continue
        tail = words[at:]
        if not 3 <= len(tail) <= 5 or _bare(tail[0]) not in lexicon.determiners:
            continue
        inner = [_bare(word) for word in tail[1:]]
        if any(w in _function_words(lexicon) or w in stop for w in inner):
            continue
        text = " ".join(tail)
        if not _leans(text, lexicon):
            yield text


def _function_words(lexicon: Lexicon) -> frozenset[str]:
    return (
        lexicon.subordinators
        | lexicon.prepositions
        | lexicon.determiners
        | lexicon.auxiliaries
        | lexicon.conjunctions
        | lexicon.anaphora
    )


def _bare(word: str) -> str:
    return word.strip(_QUOTES + _EDGES + "()?!").casefold()


def _as_title(text: str) -> str:
    """The phrase as a line of its own: no stop at its end, a capital at its start."""
    line = text.strip(_EDGES)
    marks = sum(c in _MARKS for c in line)
    if marks % 2 or (marks == 2 and line[0] in _MARKS and line[-1] in _MARKS):
        line = line.strip(_MARKS).strip(_EDGES)
    if not line:
        return ""
    first = line.split(" ", 1)[0]
    keeps = any(c.isupper() for c in first[1:])  # "iPhone"
    return line if keeps else line[0].upper() + line[1:]

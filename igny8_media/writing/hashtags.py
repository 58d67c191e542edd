"""Hashtags people might follow: from the article's keywords and key phrases."""

import re
from collections.abc import Iterable

from igny8_media.articles.model import Article
from igny8_media.writing.digest import Digest
from igny8_media.writing.keyphrases import keywords
from igny8_media.writing.sentences import UNSPACED, clean
from igny8_media.writing.terms import stop_words, terms

_SPLIT = re.compile(r"[\s_/–—-]+|(?<=\b\w)['’]|(?<=\b[qQ]u)['’]|(?<=\b\w{4})['’](?=\w{3})")
# A letter that belongs to its word, as in "B-tree" and "T-shirt": "#tree" is about something else.
_INITIAL = re.compile(r"\b([^\W\d_])[-–]([^\W\d_])(?=\w)")
_NOT_IN_TAG = re.compile(r"[^\w]|_")
_LONGEST = 28
_MOST_WORDS = 3


def hashtags(article: Article, digest: Digest, count: int) -> tuple[str, ...]:
    """Up to `count` hashtags with their sign, best first; no two alike.

    Few are better than many that nobody would look for.
    """
    stop = stop_words(article.language) | stop_words("en")
    found: list[str] = []
    taken: list[frozenset[str]] = []
    for phrase in _candidates(article, digest):
        words = _words(phrase, stop)
        tag = "".join(_cased(word, len(words)) for word in words)
        numbers = digest.lexicon.numerals.intersection(phrase.casefold().split())
        if not _fits(tag, words) or numbers.difference(map(str.casefold, words)):
            continue
        stems = frozenset(word.casefold()[:5] for word in words)
        if any(stems <= other or other <= stems for other in taken):
            continue
        taken.append(stems)
        found.append(f"#{tag}")
        if len(found) == count:
            break
    return tuple(found)


def _candidates(article: Article, digest: Digest) -> Iterable[str]:
    """The author's keywords; then phrases that title or headings speak of too, and names."""
    yield from keywords(article)
    stop = stop_words(article.language)
    title = digest.title.casefold()
    headings = digest.title_words.union(*(terms(s.title, stop) for s in digest.sections))
    short = [p for p in digest.key_phrases if len(p.split()) <= 2 and digest.is_subject(p)]
    short = [_whole(p, digest) for p in short]
    short = [p for p in short if not _counted(p, digest)]
    yield from (p for p in short if p.casefold() in title and len(p) > 3)
    yield from (p for p in short if " " in p and headings.issuperset(terms(p, stop)))
    yield from (p for p in short if digest.is_name(p) and headings.issuperset(terms(p, stop)))
    if digest.language != "de":
        yield from (p for p in short if digest.is_name(p))


def _whole(phrase: str, digest: Digest) -> str:
    """The name of which it is a piece: nobody follows "Royal Horticultural"."""
    inside = re.compile(rf"\b{re.escape(phrase)}\b")
    names = (p for p in digest.key_phrases if len(p) > len(phrase) and digest.is_name(p))
    return next((name for name in names if " " in phrase and inside.search(name)), phrase)


def _counted(phrase: str, digest: Digest) -> bool:
    """Whether it lost the number before it: "hundred rows" of "five hundred rows"."""
    numbers = "|".join(map(re.escape, digest.lexicon.numerals)) or r"\d+"
    counted = re.compile(rf"\b(?:\d[\d.,]*|{numbers})[ -]{re.escape(phrase)}\b", re.IGNORECASE)
    whole = (digest.title, *(s.title for s in digest.sections))
    return any(counted.search(text) for text in whole)


def _words(phrase: str, stop: frozenset[str]) -> list[str]:
    plain = _INITIAL.sub(lambda m: m[1].upper() + m[2].upper(), clean(phrase))
    words = [w for w in (_NOT_IN_TAG.sub("", w) for w in _SPLIT.split(plain)) if w]
    words = [w for w in words if len(w) > 1 or not w.isascii()] if len(words) > 1 else words
    while words and words[0].casefold() in stop:
        words.pop(0)
    while words and words[-1].casefold() in stop:
        words.pop()
    return words


def _cased(word: str, of: int) -> str:
    """CamelCase for several words; a word with capitals of its own keeps them."""
    if any(c.isupper() for c in word[1:]) or (of == 1 and word[0].isupper()):
        return word
    return word[0].upper() + word[1:] if of > 1 else word


def _fits(tag: str, words: list[str]) -> bool:
    least = 2 if UNSPACED.search(tag) or tag.isupper() else 3
    return (
        least <= len(tag) <= _LONGEST
        and 0 < len(words) <= _MOST_WORDS
        and tag.isalnum()
        and not tag[0].isdigit()
    )

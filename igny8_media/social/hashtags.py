"""Hashtags people might follow: from the article's keywords and key phrases."""

import re
from collections.abc import Iterable

from igny8_media.articles.model import Article
from igny8_media.writing.digest import Digest
from igny8_media.writing.keyphrases import keywords
from igny8_media.writing.sentences import UNSPACED, clean
from igny8_media.writing.terms import stop_words

_SPLIT = re.compile(r"[\s_/–—-]+|(?<=\b\w)['’]|(?<=\b[qQ]u)['’]|(?<=\b\w{4})['’](?=\w{3})")
_NOT_IN_TAG = re.compile(r"[^\w]|_")
_LONGEST = 28
_MOST_WORDS = 3


def hashtags(article: Article, digest: Digest, count: int) -> tuple[str, ...]:
    """Up to `count` hashtags with their sign, best first; no two alike.

    The author's keywords come first, then key phrases that stand in the title or that are names.
    """
    stop = stop_words(article.language) | stop_words("en")
    found: list[str] = []
    taken: list[frozenset[str]] = []
    for phrase in _candidates(article, digest):
        words = _words(phrase, stop)
        tag = "".join(_cased(word, len(words)) for word in words)
        if not _fits(tag, words):
            continue
        stems = frozenset(word.casefold()[:6] for word in words)
        if any(stems <= other or other <= stems for other in taken):
            continue
        taken.append(stems)
        found.append(f"#{tag}")
        if len(found) == count:
            break
    return tuple(found)


def _candidates(article: Article, digest: Digest) -> Iterable[str]:
    yield from keywords(article)
    stop = stop_words(article.language)
    title = digest.title.casefold()
    phrases = [p for p in digest.key_phrases if len(p.split()) <= 2]
    names = [p for p in phrases if digest.is_name(p)]
    yield from (p for p in phrases if p.casefold() in title and len(p) > 3)
    yield from names
    for phrase in digest.key_phrases:
        if len(phrase.split()) == 2 and not any(w.casefold() in stop for w in phrase.split()):
            yield phrase
    yield from (p for p in phrases if len(p) > 5)


def _words(phrase: str, stop: frozenset[str]) -> list[str]:
    words = [w for w in (_NOT_IN_TAG.sub("", w) for w in _SPLIT.split(clean(phrase))) if w]
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

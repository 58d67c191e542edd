"""The short line for the picture, and the words for those who cannot see it."""

import re

from igny8_media.articles.model import Article
from igny8_media.writing.digest import Digest
from igny8_media.writing.outline import heading_text
from igny8_media.writing.passages import shorten
from igny8_media.writing.sentences import UNSPACED, clean
from igny8_media.writing.terms import stop_words

_LONGEST = 60
_SITE = re.compile(r"\s[|·»]\s[^|·»]{2,40}$")
_BREAK = re.compile(r"(?::|\s[–—-]|：|\?|？|,)\s*(?=\S)")
_BRACKETS = re.compile(r"\s?[(\[][^()\[\]]*[)\]]")


def headline(article: Article) -> str:
    """The title, or the part of it before a colon, dash or comma if that says enough."""
    title = heading_text(article.title) or clean(article.title)
    if len(title) <= _LONGEST:
        return title
    title = _SITE.sub("", title)
    if len(title) > _LONGEST:
        title = _BRACKETS.sub("", title).strip() or title
    if len(title) <= _LONGEST:
        return title
    for cut in _BREAK.finditer(title):
        head = title[: cut.start()] + (cut[0].strip() if cut[0].strip() in "?？" else "")
        if len(head) <= _LONGEST and _says_enough(head, article.language):
            return head
    return title


def _says_enough(head: str, language: str) -> bool:
    words = head.split()
    enough = len(head) >= 6 if UNSPACED.search(head) else len(words) >= 3
    return enough and words[-1].casefold() not in stop_words(language)


def alt_text(article: Article, digest: Digest, line: str, limit: int) -> str:
    """What the post's picture shows: the picture's own words, or a title card.

    Nothing where the article has several pictures: which of them suits the post is decided when
    its image is made, and its words go with it then. Those of another would be untrue.
    """
    told = [clean(image.alt) or clean(image.caption or "") for image in article.images]
    if len(set(told)) > 1 and max(map(len, told)) <= limit:
        return ""
    for words in filter(None, told):
        return shorten(words, limit)
    card = digest.lexicon.phrase("title_card_alt", headline=line) or line
    return shorten(card, limit)

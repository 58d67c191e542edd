"""What the source did not say, worked out from the text: description, language, key phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from igny8_media.articles.model import Block, Code, Heading, Image, ListBlock, Paragraph, Quote
from igny8_media.articles.text import has_words, shorten

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MAX_DESCRIPTION = 300
MAX_TITLE = 100
MAX_KEY_PHRASES = 8
# Key phrases settle early in a text, and the extractor's time grows with it.
_KEY_PHRASE_WORDS = 700
_LANGUAGE_CHARACTERS = 4_000
# Below this the identifier is guessing: short or mixed text.
_SURE = 0.6


def prose(blocks: Iterable[Block]) -> list[str]:
    """The running text of the blocks: no code, no tables, no alt texts."""
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph | Quote):
            texts.append(block.text)
        elif isinstance(block, ListBlock):
            texts.extend(block.items)
    return texts


def title_from(blocks: Sequence[Block]) -> str | None:
    """The first heading, else the first sentence of the text."""
    texts = [b.text for b in blocks if isinstance(b, Heading) and has_words(b.text)]
    if texts:
        return shorten(texts[0], MAX_TITLE)
    texts = [text for text in prose(blocks) if has_words(text)]
    if not texts:
        return None
    sentence = re.match(r".+?(?:[.!?…](?=\s|$)|[。！？])", texts[0])
    return shorten((sentence[0] if sentence else texts[0]).rstrip(".。"), MAX_TITLE)


def description_from(blocks: Sequence[Block]) -> str:
    """The first paragraph that says something, cut at a sentence or a word."""
    paragraphs = [b.text for b in blocks if isinstance(b, Paragraph) and has_words(b.text)]
    paragraphs = paragraphs or [text for text in prose(blocks) if has_words(text)]
    telling = next((text for text in paragraphs if len(text) >= 40), None)
    return shorten(telling or (paragraphs[0] if paragraphs else ""), MAX_DESCRIPTION)


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the text's language, or None when there is too little to tell."""
    sample = " ".join(re.sub(r"https?://\S+", " ", text[:_LANGUAGE_CHARACTERS]).split())
    if not has_words(sample):
        return None
    code, sure = _identifier().classify(sample)
    return str(code) if sure >= _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    # Takes about 0.8 s, so only texts that do not say their language pay for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier


def key_phrases(blocks: Sequence[Block], title: str, language: str) -> tuple[str, ...]:
    """At most eight telling phrases of the text, none part of another, best first."""
    words = " . ".join([title, *prose(blocks)]).split()[:_KEY_PHRASE_WORDS]
    if not words:
        return ()
    # 0.7 s to import, and articles that name their keywords never need it.
    from yake import KeywordExtractor

    extractor = KeywordExtractor(lan=language, n=3, top=MAX_KEY_PHRASES * 4)
    chosen: list[str] = []
    for phrase, _ in extractor.extract_keywords(" ".join(words)):
        parts = set(phrase.casefold().split())
        if all(
            not (parts <= kept or kept <= parts)
            for kept in (set(c.casefold().split()) for c in chosen)
        ):
            chosen.append(phrase)
    return tuple(chosen[:MAX_KEY_PHRASES])


def carries_text(blocks: Sequence[Block]) -> bool:
    """Whether there is anything to write a post from: words in running text, a table or code."""
    if any(map(has_words, prose(b for b in blocks if not isinstance(b, Heading)))):
        return True
    return any(
        (isinstance(block, Code) and has_words(block.text))
        or (not isinstance(block, Code | Image) and block.kind == "table")
        for block in blocks
    )
